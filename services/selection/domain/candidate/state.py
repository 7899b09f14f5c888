"""The state of a candidate, and the fold of its events into it.

Curators are stored in lists and never as keys, because a token's subject may contain dots. A
withdrawn candidate keeps all that was recorded of it, sealed or not.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from shared.contracts.ids import without
from shared.contracts.selection.candidate import (
    CandidateEntered,
    CandidateEvent,
    CandidateReopened,
    CandidateScored,
    CandidateWithdrawn,
    ConflictDeclared,
    CuratorAssigned,
    ScoreSheetRetracted,
    ScoreSheetSubmitted,
    Sheet,
)
from shared.contracts.words import Applicant

# State


class Status(StrEnum):
    """A candidate takes part in the selection (ENTERED) until its applicant withdraws."""

    ENTERED = "ENTERED"
    WITHDRAWN = "WITHDRAWN"


@dataclass(frozen=True, kw_only=True)
class Conflict:
    """A declared conflict of interest: this curator must neither see nor score the candidate."""

    curator: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Seal:
    """The closing that sealed the sheets, and the score: None if there were too few sheets."""

    closing: int
    score: int | None


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """An application that curators score; `curators` are those who may see and score it.

    `submitted_at` is None if the applicant withdrew before the application was entered.
    """

    exhibition: str
    applicant: Applicant
    status: Status
    submitted_at: datetime | None = None
    curators: tuple[str, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    sheets: tuple[Sheet, ...] = ()
    seal: Seal | None = None

    def conflicted(self, actor: str) -> bool:
        """Return True if this actor has declared a conflict of interest."""
        return any(conflict.curator == actor for conflict in self.conflicts)

    def sheet_of(self, curator: str) -> Sheet | None:
        """Return the sheet of this curator, or None."""
        return next((sheet for sheet in self.sheets if sheet.curator == curator), None)


# Rules


def evolve(state: Candidate | None, event: CandidateEvent) -> Candidate:
    """Fold an event."""
    match event:
        case CandidateEntered():
            return replace(_state_or_new(state, event), submitted_at=event.submitted_at)
        case CandidateWithdrawn():
            return replace(_state_or_new(state, event), status=Status.WITHDRAWN)
        case CandidateScored():
            seal = Seal(closing=event.closing, score=event.score)
            return replace(_state_or_new(state, event), seal=seal)
        case CandidateReopened():
            return replace(_state_or_new(state, event), seal=None)
        case CuratorAssigned() | ConflictDeclared() | ScoreSheetSubmitted() | ScoreSheetRetracted():
            return _evolve_sheets(_state_or_new(state, event), event)
        case _:
            assert_never(event)


def _state_or_new(state: Candidate | None, event: CandidateEvent) -> Candidate:
    return state or Candidate(
        exhibition=event.applicant.exhibition, applicant=event.applicant, status=Status.ENTERED
    )


def _evolve_sheets(
    state: Candidate,
    event: CuratorAssigned | ConflictDeclared | ScoreSheetSubmitted | ScoreSheetRetracted,
) -> Candidate:
    match event:
        case CuratorAssigned():
            return replace(state, curators=(*state.curators, event.curator))
        case ConflictDeclared():
            conflict = Conflict(curator=event.curator, reason=event.reason)
            curators = without(state.curators, event.curator)
            return replace(state, curators=curators, conflicts=(*state.conflicts, conflict))
        case ScoreSheetSubmitted():
            sheets = (*state.sheets, event.sheet) if event.sheet else state.sheets
            return replace(state, sheets=sheets)
        case ScoreSheetRetracted():
            sheets = tuple(sheet for sheet in state.sheets if sheet.curator != event.curator)
            return replace(state, sheets=sheets)
        case _:
            assert_never(event)
