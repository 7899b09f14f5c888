"""The route of the explanation: an applicant reads why it was decided so, once it is approved."""

from collections.abc import Sequence
from typing import Annotated, Any
from weakref import WeakKeyDictionary

from fastapi import Path, Request, Response

from services.selection import queries
from services.selection.domain.candidate.decider import candidate
from services.selection.domain.ranking.decider import ranking
from services.selection.domain.ranking.explanation import trace_of
from services.selection.domain.ranking.order import Standing
from services.selection.domain.ranking.state import Ranking
from services.selection.domain.rubric.decider import rubric
from services.selection.domain.selection_round.decider import selection_round
from services.selection.domain.selection_round.state import Round
from services.selection.responses.explanation import ExplanationResponse, explanation_response
from shared.contracts.ids import enterprise_of, exhibition_of
from shared.contracts.words import PairId
from shared.http import Caller, Role, RunningService, entity, only_own, query, routes
from shared.kernel.answers import Found
from shared.kernel.errors import Busy, Forbidden, NotFound
from shared.service import Service

router = routes("candidate")

KEPT_MAX = 4
KEPT: WeakKeyDictionary[object, dict[str, Sequence[Standing]]] = WeakKeyDictionary()
"""The candidates of the rankings that an API explained last: a ranking never changes."""

Reader = Annotated[Caller, query("enterprise", "selection-officer", "approver", "auditor")]


@router.get("/candidates/{candidate}/explanation")
async def explain_candidate(
    id: Annotated[PairId, Path(alias="candidate")],
    request: Request,
    response: Response,
    reader: Reader,
    service: RunningService,
) -> dict[str, Any]:
    """Return why a candidate was selected or not: its scores, its rank, and what was in the way.

    An enterprise reads its own.
    """
    if not reader.roles & {Role.SELECTION_OFFICER, Role.APPROVER, Role.AUDITOR}:
        only_own(reader, enterprise_of(id))
    elif reader.enterprise != enterprise_of(id):
        await queries.get_candidate(service, id, reader)
        await queries.get_proposal(service, exhibition_of(id), reader)
    kept = KEPT.setdefault(request.app, {})
    return entity(response, await _explained(service, id, kept))


async def _explained(
    service: Service, id: str, kept: dict[str, Sequence[Standing]]
) -> Found[ExplanationResponse]:
    exhibition = exhibition_of(id)
    state = await service.load(selection_round, exhibition)
    if state is None or state.approved_on is None or state.proposal is None:
        raise Forbidden(
            "not-approved-yet", "The selection is not approved yet: come back when it is."
        )
    made = await service.load(ranking, state.proposal.ranking)
    found = await service.get(candidate, id, yet=True)
    published = await service.load(rubric, state.rubric)
    if made is None or found.state is None or published is None or id not in made.score_of():
        raise NotFound("explanation", id)
    trace = trace_of(id, await _standings(service, state, made, kept), made)
    answer = explanation_response(trace, found.state, published, made, state)
    return Found(id=id, version=found.version, state=answer)


async def _standings(
    service: Service, state: Round, made: Ranking, kept: dict[str, Sequence[Standing]]
) -> Sequence[Standing]:
    """Return the candidates of a ranking as they were ranked; raises `Busy`."""
    if made.id not in kept:
        standings = await _loaded_standings(service, state, made)
        if len(standings) < len(made.order):
            # A candidate that changes while all are read may be missed.
            raise Busy("candidates-changing", "Candidates are changing just now: try again.")
        while len(kept) >= KEPT_MAX:
            kept.pop(next(iter(kept)))
        kept[made.id] = standings
    return kept[made.id]


async def _loaded_standings(service: Service, state: Round, made: Ranking) -> Sequence[Standing]:
    scores, raw, gates = made.score_of(), made.raw_of(), made.gates_not_passed
    return [
        Standing(
            application=found.id,
            score=scores[found.id],
            raw=raw[found.id],
            first_timer=entrant.applicant.first_timer,
            province=entrant.applicant.province,
            submitted_at=entrant.submitted_at,
            not_passed=gates.get(found.id, ()),
        )
        async for found in service.find_all(candidate, exhibition=state.exhibition)
        if (entrant := found.state) is not None
        and entrant.submitted_at is not None
        and found.id in scores
    ]
