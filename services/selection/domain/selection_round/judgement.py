"""The judgement of a round: the people of its scoring, and its proposal.

Both are private until the selection is approved.
"""

from dataclasses import dataclass, replace
from datetime import date

from shared.contracts.selection.approval import ApprovalLevel, Override, VoidReason
from shared.contracts.selection.round import (
    DeclaredConflict,
    ScoringClosed,
    SelectionProposed,
)


@dataclass(frozen=True, kw_only=True)
class Scoring:
    """The people of the last closing: who closed it, who scored, and the declared conflicts."""

    closed_by: str
    scored_by: tuple[str, ...]
    conflicts: tuple[DeclaredConflict, ...]


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """The proposed ranking, the proposer, the curators whose sheets count, declared conflicts."""

    ranking: str
    digest: str
    scored_by: tuple[str, ...]
    proposed_by: str
    conflicts: tuple[DeclaredConflict, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Approval:
    """An approval of a level, by whom and of which digest; `voided` says why it counts no more."""

    level: ApprovalLevel
    digest: str
    approved_by: str
    approved_on: date
    voided: VoidReason | None = None


@dataclass(frozen=True, kw_only=True)
class RecordedOverride:
    """An override with the private words and the officer who has recorded it."""

    override: Override
    words: str
    recorded_by: str


def without_effect(approvals: tuple[Approval, ...], reason: VoidReason) -> tuple[Approval, ...]:
    """Return the approvals once an input has changed: those that counted are void, and readable."""
    return tuple(
        replace(each, voided=reason) if each.voided is None else each for each in approvals
    )


def scoring_of(event: ScoringClosed) -> Scoring:
    """Return the people of the closed scoring."""
    return Scoring(closed_by=event.closed_by, scored_by=event.scored_by, conflicts=event.conflicts)


def proposal_of(event: SelectionProposed) -> Proposal:
    """Return the proposal that was made."""
    return Proposal(
        ranking=event.ranking,
        digest=event.digest,
        scored_by=event.scored_by,
        proposed_by=event.proposed_by,
        conflicts=event.conflicts,
    )
