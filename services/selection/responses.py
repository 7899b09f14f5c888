"""Who sees what of candidates, rounds and proposals; pure, so that every case can be tested.

Sheets and scores open only when all are in: when the closing has sealed them, and then to those who
decide or audit. Until then a curator sees its own sheet and nobody else sees any. A conflicted
curator sees nothing of the candidate, whatever other roles its token holds. Lists are private until
they are approved. Each form names what it shows: what a state gains later stays hidden.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.selection.domain.candidate.state import Candidate, Conflict
from services.selection.domain.candidate.state import Status as CandidateStatus
from services.selection.domain.selection_round.state import (
    Decree,
    Proposal,
    Round,
    SeatStatus,
    Status,
)
from shared.contracts.selection.candidate import Sheet
from shared.contracts.words import Applicant, Scope
from shared.http import Caller, Role

DECIDING = frozenset({Role.SELECTION_OFFICER, Role.APPROVER, Role.AUDITOR})
"""Who decides on what the curators have sealed, or audits it."""


@dataclass(frozen=True, kw_only=True)
class CandidateShown:
    """A candidate for one reader; `score` in hundredths of a point."""

    exhibition: str
    applicant: Applicant
    status: CandidateStatus
    submitted_at: datetime | None
    sealed_by: int | None
    score: int | None
    curators: tuple[str, ...]
    conflicts: tuple[Conflict, ...]
    sheets: tuple[Sheet, ...]


@dataclass(frozen=True, kw_only=True)
class RoundSummary:
    """A round in a list: figures only; `threshold` in hundredths of a point."""

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
class RoundShown:
    """A round; seats, reserve and annex are empty until the selection is approved.

    `panel` is None for those who may not know who the curators are.
    """

    programme: str
    scope: Scope
    status: Status
    places: int
    rubric: str
    threshold: int
    sheets_min: int
    offer_hours: int
    panel_size: int
    panel: tuple[str, ...] | None
    listed: tuple[str, ...] | None
    struck: tuple[str, ...]
    closing: int
    seats: dict[str, SeatStatus]
    reserve: tuple[str, ...]
    decree: Decree | None


@dataclass(frozen=True, kw_only=True)
class Ranked:
    """A candidate at its place of a list, with its score in hundredths of a point."""

    application: str
    score: int


@dataclass(frozen=True, kw_only=True)
class ProposalShown:
    """The proposal: what the digest stands for, and the eyes that have been on it."""

    digest: str
    closing: int
    rubric: str
    threshold: int
    places: int
    selected: tuple[Ranked, ...]
    reserve: tuple[Ranked, ...]
    below: tuple[Ranked, ...]
    scored_by: tuple[str, ...]
    proposed_by: str


def may_see_candidate(state: Candidate, caller: Caller) -> bool:
    """Those who decide or audit, and who is assigned to it; nobody who declared a conflict."""
    if state.conflicted(caller.actor):
        return False
    return bool(caller.roles & DECIDING) or caller.actor in state.curators


def may_see_proposal(state: Round, caller: Caller) -> bool:
    """Officers and approvers see what is proposed, an auditor what has been approved."""
    sealed = state.status is Status.PROPOSED
    return not sealed or bool(caller.roles & (DECIDING - {Role.AUDITOR}))


def candidate_shown(state: Candidate, caller: Caller) -> CandidateShown:
    """The candidate, without what this caller may not see."""
    decides = bool(caller.roles & DECIDING) and not state.conflicted(caller.actor)
    opened = decides and state.seal is not None
    own = state.sheet_of(caller.actor)
    return CandidateShown(
        exhibition=state.exhibition,
        applicant=state.applicant,
        status=state.status,
        submitted_at=state.submitted_at,
        sealed_by=state.seal.closing if state.seal else None,
        score=state.seal.score if opened and state.seal else None,
        curators=tuple(one for one in state.curators if decides or one == caller.actor),
        conflicts=state.conflicts if decides else (),
        sheets=state.sheets if opened else (own,) if own else (),
    )


def round_summary(state: Round) -> RoundSummary:
    """The round's figures, which everybody may read."""
    return RoundSummary(
        programme=state.programme,
        scope=state.scope,
        status=state.status,
        places=state.places,
        rubric=state.rubric,
        threshold=state.threshold,
        closing=state.closing,
        candidates=len(state.remaining),
        seats_live=len(state.live),
        reserves=len(state.reserve),
    )


def round_shown(state: Round, caller: Caller) -> RoundShown:
    """The round, with its panel for those who may know it."""
    return RoundShown(
        programme=state.programme,
        scope=state.scope,
        status=state.status,
        places=state.places,
        rubric=state.rubric,
        threshold=state.threshold,
        sheets_min=state.sheets_min,
        offer_hours=state.offer_hours,
        panel_size=len(state.panel),
        panel=state.panel if caller.roles & DECIDING else None,
        listed=state.listed,
        struck=state.struck,
        closing=state.closing,
        seats=state.seats,
        reserve=state.reserve,
        decree=state.decree,
    )


def proposal_shown(proposal: Proposal, state: Round) -> ProposalShown:
    """The proposal of a round, for those who may see it."""
    return ProposalShown(
        digest=proposal.digest,
        closing=state.closing,
        rubric=state.rubric,
        threshold=state.threshold,
        places=state.places,
        selected=_ranked(proposal.selected, proposal),
        reserve=_ranked(proposal.reserve, proposal),
        below=_ranked(proposal.below, proposal),
        scored_by=proposal.scored_by,
        proposed_by=proposal.proposed_by,
    )


def _ranked(applications: Sequence[str], proposal: Proposal) -> tuple[Ranked, ...]:
    return tuple(Ranked(application=one, score=proposal.scores[one]) for one in applications)
