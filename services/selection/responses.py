"""The responses about candidates, rounds and proposals: the fields that each reader may see.

The functions are pure, so every case can be tested. Sheets and scores open once the closing has
sealed them, and then only to those who decide or audit; until then each curator sees its own sheet
and no other reader sees any sheet. A conflicted curator sees nothing of the candidate, whatever
other roles its token holds, and neither does a token that speaks for its enterprise: the caller
checks `may_see_candidate` first. Lists are private until they are approved. Each response names its
fields, so a field that is added to a state later stays hidden.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from services.selection.domain.candidate.state import (
    Assignment,
    Candidate,
    Conflict,
    Moderation,
    Progress,
)
from services.selection.domain.candidate.state import Status as CandidateStatus
from services.selection.domain.ranking.decider import Ranking
from services.selection.domain.selection_round.annex import Decree
from services.selection.domain.selection_round.decree import annex_digest
from services.selection.domain.selection_round.judgement import Proposal
from services.selection.domain.selection_round.loss import Loss
from services.selection.domain.selection_round.scoring_phase import sheets_of
from services.selection.domain.selection_round.state import Round, SeatStatus, Status
from services.selection.views.own import RoundFigures
from shared.contracts.roles import Role
from shared.contracts.selection.candidate import CandidateEnd, Sheet
from shared.contracts.selection.round import DeclaredConflict
from shared.contracts.words import Applicant, Scope

DECIDING = frozenset({Role.SELECTION_OFFICER, Role.APPROVER, Role.AUDITOR})
"""The roles that decide on sealed sheets, or audit the decision."""


@dataclass(frozen=True, kw_only=True)
class CandidateResponse:
    """The fields of a candidate that its reader may see; `score` in hundredths of a point.

    `sheets` are those that count; `moderations` and `set_aside` have those that they replace.
    """

    exhibition: str
    applicant: Applicant
    status: CandidateStatus
    end: CandidateEnd | None
    progress: Progress | None
    submitted_at: datetime | None
    sealed_by: int | None
    score: int | None
    curators: tuple[str, ...]
    assignments: tuple[Assignment, ...]
    conflicts: tuple[Conflict, ...]
    sheets: tuple[Sheet, ...]
    moderations: tuple[Moderation, ...]
    set_aside: tuple[Sheet, ...]


@dataclass(frozen=True, kw_only=True)
class RoundSummary:
    """A round in a list, figures only; `threshold` in hundredths of a point."""

    programme: str
    scope: Scope
    status: Status
    places: int
    rubric: str
    threshold: int
    closing: int
    candidates: int
    seats_live: int
    reserves: int


@dataclass(frozen=True, kw_only=True)
class RoundResponse:
    """A round; seats, reserve and annex are empty until the selection is approved.

    `panel` is None for readers who may not know the names of the curators.
    """

    programme: str
    scope: Scope
    status: Status
    places: int
    rubric: str
    threshold: int
    sheets_min: int
    offer_hours: int
    starts_on: date
    ends_on: date
    zone: str
    panel_size: int
    panel: tuple[str, ...] | None
    listed: tuple[str, ...] | None
    struck: tuple[str, ...]
    closing: int
    seats: dict[str, SeatStatus]
    reserve: tuple[str, ...]
    approved_on: date | None
    decree: Decree | None
    frozen: bool


@dataclass(frozen=True, kw_only=True)
class LossesResponse:
    """The losses that officers have requested, in the order of their requests."""

    losses: tuple[Loss, ...]


@dataclass(frozen=True, kw_only=True)
class MissingSheets:
    """A candidate whose sheets are not all in: so many of so many, and the awaited curators."""

    sheets: int
    sheets_min: int
    awaited: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class AnnexResponse:
    """The annex as it is now: before the decree the confirmed, after it without the amended."""

    digest: str
    annex: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class RankedCandidate:
    """A candidate in a ranked list, with its score in hundredths of a point."""

    application: str
    score: int


@dataclass(frozen=True, kw_only=True)
class ProposalResponse:
    """The proposal: the content of the digest, its scorers, its proposer, declared conflicts.

    `method` names the method of the `ranking`.
    """

    ranking: str
    method: str
    digest: str
    closing: int
    rubric: str
    threshold: int
    places: int
    selected: tuple[RankedCandidate, ...]
    reserve: tuple[RankedCandidate, ...]
    below: tuple[RankedCandidate, ...]
    scored_by: tuple[str, ...]
    proposed_by: str
    conflicts: tuple[DeclaredConflict, ...]


def may_see_candidate(
    state: Candidate, *, actor: str, roles: frozenset[str], enterprise: str | None = None
) -> bool:
    """Return True for those who decide or audit and for assigned curators.

    An actor that has declared a conflict never sees the candidate, nor does a token that speaks for
    its enterprise.
    """
    if state.closed_to(actor, enterprise):
        return False
    return bool(roles & DECIDING) or actor in state.curators


def may_see_proposal(state: Round, *, roles: frozenset[str]) -> bool:
    """Return True for officers and approvers, and for an auditor once it is approved."""
    awaits_approval = state.status is Status.PROPOSED
    return not awaits_approval or bool(roles & (DECIDING - {Role.AUDITOR}))


def candidate_response(
    state: Candidate, *, actor: str, roles: frozenset[str], contends: bool = False
) -> CandidateResponse:
    """Return the fields of the candidate that this actor may see.

    A token that speaks for a rival (`contends`) reads no opened sheet and no score.
    """
    decides = bool(roles & DECIDING) and not state.conflicted(actor)
    sees_sheets = decides and state.seal is not None and not contends
    return CandidateResponse(
        exhibition=state.exhibition,
        applicant=state.applicant,
        status=state.status,
        end=state.end,
        progress=state.progress if decides else None,
        submitted_at=state.submitted_at,
        sealed_by=state.seal.closing if state.seal else None,
        score=state.seal.score if sees_sheets and state.seal else None,
        curators=tuple(curator for curator in state.curators if decides or curator == actor),
        assignments=state.assignments if decides else (),
        conflicts=state.conflicts if decides else (),
        sheets=state.sheets if sees_sheets else _own(state.sheets, actor),
        moderations=tuple(
            moderation
            for moderation in state.moderations
            if sees_sheets or moderation.replaced.curator == actor
        ),
        set_aside=state.set_aside if sees_sheets else _own(state.set_aside, actor),
    )


def _own(sheets: Sequence[Sheet], curator: str) -> tuple[Sheet, ...]:
    return tuple(sheet for sheet in sheets if sheet.curator == curator)


def round_summary(figures: RoundFigures) -> RoundSummary:
    """Return the figures of the round, which every reader may see."""
    return RoundSummary(
        programme=figures.programme,
        scope=figures.scope,
        status=figures.status,
        places=figures.places,
        rubric=figures.rubric,
        threshold=figures.threshold,
        closing=figures.closing,
        candidates=figures.candidates,
        seats_live=figures.seats_live,
        reserves=figures.reserves,
    )


def round_response(state: Round, *, roles: frozenset[str]) -> RoundResponse:
    """Return the round, with its panel only for those who decide or audit."""
    return RoundResponse(
        programme=state.programme,
        scope=state.scope,
        status=state.status,
        places=state.places,
        rubric=state.rubric,
        threshold=state.threshold,
        sheets_min=state.sheets_min,
        offer_hours=state.offer_hours,
        starts_on=state.starts_on,
        ends_on=state.ends_on,
        zone=state.zone,
        panel_size=len(state.panel),
        panel=state.panel if roles & DECIDING else None,
        listed=state.listed,
        struck=state.struck,
        closing=state.closing,
        seats=state.seats,
        reserve=state.reserve,
        approved_on=state.approved_on,
        decree=state.decree,
        frozen=state.frozen,
    )


def annex_response(state: Round) -> AnnexResponse:
    """Return the annex with the digest that its decree or amendment names."""
    return AnnexResponse(digest=annex_digest(state), annex=state.annex)


def missing_sheets(candidate: Candidate, sheets_min: int) -> MissingSheets | None:
    """Return the sheets that a candidate lacks; None if all are in."""
    sheets = sheets_of(candidate)
    if sheets.are_in(sheets_min):
        return None
    return MissingSheets(sheets=len(sheets.scored), sheets_min=sheets_min, awaited=sheets.awaited)


def proposal_response(proposal: Proposal, ranking: Ranking) -> ProposalResponse:
    """Return the proposal of a round; the caller checks `may_see_proposal` first."""
    scores = ranking.score_of()
    return ProposalResponse(
        ranking=proposal.ranking,
        method=ranking.method,
        digest=proposal.digest,
        closing=ranking.closing,
        rubric=ranking.terms.rubric,
        threshold=ranking.terms.threshold,
        places=ranking.terms.places,
        selected=_ranked(ranking.selected, scores),
        reserve=_ranked(ranking.reserve, scores),
        below=_ranked(ranking.below, scores),
        scored_by=proposal.scored_by,
        proposed_by=proposal.proposed_by,
        conflicts=proposal.conflicts,
    )


def _ranked(applications: Sequence[str], scores: Mapping[str, int]) -> tuple[RankedCandidate, ...]:
    return tuple(
        RankedCandidate(application=application, score=scores[application])
        for application in applications
    )
