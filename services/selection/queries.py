"""Load candidates, rounds and proposals, and make the response for a reader of them.

The routes of `services.selection.api` call these functions; `services.selection.responses` decides
which fields the reader sees.
"""

from collections.abc import Collection, Mapping, Sequence

from services.selection.domain.candidate.decider import candidate
from services.selection.domain.candidate.state import Candidate
from services.selection.domain.candidate.state import Status as CandidateStatus
from services.selection.domain.ranking.decider import ranking
from services.selection.domain.rubric.decider import rubric
from services.selection.domain.selection_round.decider import selection_round
from services.selection.domain.selection_round.state import Round, Status
from services.selection.relations import inferred_conflicts
from services.selection.responses.approvals import ApprovalsResponse, approvals_response
from services.selection.responses.candidate import (
    DECIDING,
    CandidateResponse,
    MissingSheets,
    candidate_response,
    may_see_candidate,
    missing_sheets,
)
from services.selection.responses.proposal import (
    ProposalResponse,
    may_see_proposal,
    proposal_response,
)
from services.selection.responses.selection_round import (
    AnnexResponse,
    LossesResponse,
    RoundResponse,
    RoundSummary,
    annex_response,
    round_response,
    round_summary,
)
from services.selection.views.own import rounds
from shared.contracts.ids import application_id
from shared.contracts.roles import Role
from shared.contracts.selection.round import DeclaredConflict
from shared.contracts.words import Scope
from shared.http import Caller
from shared.kernel.answers import Found
from shared.kernel.decider import Context
from shared.kernel.errors import Forbidden, NotFound
from shared.service import Service

CANDIDATES_AT_ONCE = 500
"""So many candidates are read in one query, to find those of them that are asked for."""


async def find_candidates(
    service: Service, reader: Caller, *, after: str, limit: int, equal: Mapping[str, str | None]
) -> list[Found[CandidateResponse]]:
    """Return the candidates that this reader may see, in order of id.

    A curator sees those to which it is assigned. `equal` are values of indexed fields.
    """
    if not reader.roles & DECIDING:
        if equal.get("curators") not in (None, reader.actor):
            return []
        equal = {**equal, "curators": reader.actor}
    visible: list[Found[CandidateResponse]] = []
    while len(visible) < limit:
        page = await service.find(candidate, after=after, limit=limit, **equal)
        page = await inferred_conflicts(service, page)
        contended = await _contended(service, page, reader)
        visible += [
            _candidate(found, reader, contended) for found in page if _may_see(found, reader)
        ]
        if len(page) < limit:
            break
        after = page[-1].id
    return visible[:limit]


async def get_candidate(service: Service, id: str, reader: Caller) -> Found[CandidateResponse]:
    """Return a candidate.

    Raises `NotFound`, and `Forbidden` for a reader that may not see it.
    """
    (found,) = await inferred_conflicts(service, [await service.get(candidate, id, yet=True)])
    if found.state is not None and not _may_see(found, reader):
        raise _hidden(found.state, reader)
    return _candidate(found, reader, await _contended(service, [found], reader))


async def find_rounds(
    service: Service,
    *,
    programme: str | None,
    scope: Scope | None,
    status: Status | None,
    after: str,
    limit: int,
) -> list[Found[RoundSummary]]:
    """Return the figures of rounds in order of exhibition, as far as their events were applied."""
    page = await service.find(
        rounds, after=after, limit=limit, programme=programme, scope=scope, status=status
    )
    return [
        Found(id=found.id, version=found.version, state=round_summary(found.state))
        for found in page
    ]


async def get_round(service: Service, id: str, *, roles: frozenset[str]) -> Found[RoundResponse]:
    """Return a round; raises `NotFound`."""
    found = await service.get(selection_round, id, yet=True)
    response = round_response(_round(found), roles=roles)
    return Found(id=found.id, version=found.version, state=response)


async def find_missing_sheets(
    service: Service, id: str, reader: Caller, *, after: str, limit: int
) -> list[Found[MissingSheets]]:
    """Return the remaining candidates whose sheets are not all in, in order of id.

    A candidate of the reader's own enterprise is left out, and one with which the reader has a
    conflict of interest.
    """
    state = _round(await service.get(selection_round, id, yet=True))
    remaining = frozenset(state.remaining)
    spread_max = await spread_max_of(service, state)
    rows: list[Found[MissingSheets]] = []
    while len(rows) < limit:
        page = await service.find(candidate, after=after, limit=CANDIDATES_AT_ONCE, exhibition=id)
        if not page:
            break
        rows += [
            Found(id=found.id, version=found.version, state=missing)
            for found in await inferred_conflicts(service, page)
            if found.state is not None
            and found.id in remaining
            and not found.state.closed_to(reader.actor, reader.enterprise)
            and (missing := missing_sheets(found.state, state.sheets_min, spread_max)) is not None
        ]
        after = page[-1].id
    return rows[:limit]


async def get_annex(service: Service, id: str) -> Found[AnnexResponse]:
    """Return the annex of a round with its digest; raises `NotFound`."""
    found = await service.get(selection_round, id, yet=True)
    return Found(id=found.id, version=found.version, state=annex_response(_round(found)))


async def get_losses(service: Service, id: str, reader: Caller) -> Found[LossesResponse]:
    """Return the losses that officers have requested in a round.

    Raises `NotFound`, and `Forbidden` for a reader with an interest in the selection.
    """
    found = await service.get(selection_round, id, yet=True)
    state = _round(found)
    require_no_interest(state, state.conflicts, reader)
    return Found(id=found.id, version=found.version, state=LossesResponse(losses=state.losses))


async def get_approvals(service: Service, id: str, reader: Caller) -> Found[ApprovalsResponse]:
    """Return the approvals and overrides of a round.

    Raises `NotFound`, and `Forbidden` as for its proposal.
    """
    found = await service.get(selection_round, id, yet=True)
    state = _round(found)
    if not reader.roles & (DECIDING - {Role.AUDITOR}) and state.approved_on is None:
        raise Forbidden(
            "not-approved-yet",
            "An auditor can read approvals only after the selection is approved.",
        )
    require_no_interest(state, state.conflicts, reader)
    return Found(id=found.id, version=found.version, state=approvals_response(state))


async def get_proposal(service: Service, id: str, reader: Caller) -> Found[ProposalResponse]:
    """Return the proposal of a round.

    Raises `NotFound`, and `Forbidden` for an auditor before the approval and for a reader with an
    interest in the selection: the place in the list and the digest would tell it a score.
    """
    found = await service.get(selection_round, id, yet=True)
    state = _round(found)
    if not may_see_proposal(state, roles=reader.roles):
        raise Forbidden(
            "not-approved-yet", "An auditor can read a proposal only after it has been approved."
        )
    if state.proposal is not None:
        require_no_interest(state, state.proposal.conflicts, reader)
    made = await service.load(ranking, state.proposal.ranking) if state.proposal else None
    if state.proposal is None or made is None:
        raise NotFound("proposal of round", id)
    response = proposal_response(state.proposal, made)
    return Found(id=found.id, version=found.version, state=response)


def require_no_interest(
    state: Round, conflicts: Collection[DeclaredConflict], reader: Caller
) -> None:
    """Raise `Forbidden` for a reader of an enterprise of this selection, or with a conflict."""
    own = reader.enterprise
    if own is not None and application_id(state.exhibition, own) in state.remaining:
        raise Forbidden(
            "own-enterprise",
            "Your token speaks for an enterprise of this selection, so you cannot see how it is "
            "judged: ask another officer.",
        )
    if any(conflict.curator == reader.actor for conflict in conflicts):
        raise Forbidden(
            "conflict-declared",
            "You have a conflict of interest with a candidate of this selection, so you "
            "cannot see how it is judged: ask another officer.",
        )


def _may_see(found: Found[Candidate | None], reader: Caller) -> bool:
    return found.state is not None and may_see_candidate(
        found.state, actor=reader.actor, roles=reader.roles, enterprise=reader.enterprise
    )


def _hidden(state: Candidate, reader: Caller) -> Forbidden:
    conflict = state.conflict_of(reader.actor)
    if conflict is not None and conflict.kinds:
        return Forbidden(
            "curator-related", "You are related to this candidate, so you cannot see it."
        )
    if conflict is not None:
        return Forbidden(
            "curator-conflicted",
            "You have declared a conflict of interest with this candidate, so you cannot see it.",
        )
    if reader.enterprise == state.applicant.enterprise:
        return Forbidden(
            "own-enterprise",
            "Your token speaks for this enterprise, so you cannot see how it is judged.",
        )
    return Forbidden(
        "not-assigned", "You can see only candidates to which you are assigned as a curator."
    )


async def spread_max_of(service: Service, state: Round) -> int | None:
    """Return how far apart the sheets of a candidate may lie by the rubric of this round."""
    published = await service.load(rubric, state.rubric)
    return published.spread_max if published else None


async def contender_of(service: Service, exhibition: str, caller: Context | Caller) -> str | None:
    """Return the enterprise of the caller's token if it has entered here and has not withdrawn.

    An application that enters after this was loaded is not known to the decision.
    """
    if caller.enterprise is None:
        return None
    own = await service.load(candidate, application_id(exhibition, caller.enterprise))
    entered = own is not None and own.status is not CandidateStatus.WITHDRAWN
    return caller.enterprise if entered else None


async def _contended(
    service: Service, page: Sequence[Found[Candidate | None]], reader: Caller
) -> frozenset[str]:
    """Return those of the exhibitions on a page for which the reader's enterprise contends."""
    exhibitions = {found.state.exhibition for found in page if found.state is not None}
    return frozenset(
        [
            exhibition
            for exhibition in sorted(exhibitions)
            if await contender_of(service, exhibition, reader) is not None
        ]
    )


def _candidate(
    found: Found[Candidate | None], reader: Caller, contended: Collection[str]
) -> Found[CandidateResponse]:
    if found.state is None:
        raise NotFound("candidate", found.id, yet=True)
    response = candidate_response(
        found.state,
        actor=reader.actor,
        roles=reader.roles,
        contends=found.state.exhibition in contended,
    )
    return Found(id=found.id, version=found.version, state=response)


def _round(found: Found[Round | None]) -> Round:
    if found.state is None:
        raise NotFound("round", found.id, yet=True)
    return found.state
