"""The record of a candidate: its state, and how its events are entered.

Curators are kept in lists and never as keys: a token's subject may hold dots. A withdrawn candidate
keeps what was recorded of it, sealed or not.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import assert_never

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
    """Whether the candidate is still in the running."""

    ENTERED = "ENTERED"
    WITHDRAWN = "WITHDRAWN"


@dataclass(frozen=True, kw_only=True)
class Conflict:
    """A curator that must neither see nor score this candidate, and why."""

    curator: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Seal:
    """The closing that sealed the sheets, and the score; None where too few sheets were in."""

    closing: int
    score: int | None


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """An application before the curators; `curators` are those who may see and score it.

    `submitted_at` is None where the applicant had given up before it was entered.
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
        """Whether this actor has declared a conflict of interest."""
        return any(conflict.curator == actor for conflict in self.conflicts)

    def sheet_of(self, curator: str) -> Sheet | None:
        """The sheet of this curator."""
        return next((sheet for sheet in self.sheets if sheet.curator == curator), None)


# Rules


def evolve(state: Candidate | None, event: CandidateEvent) -> Candidate:
    """Fold an event."""
    match event:
        case CandidateEntered():
            return replace(_known(state, event), submitted_at=event.submitted_at)
        case CandidateWithdrawn():
            return replace(_known(state, event), status=Status.WITHDRAWN)
        case CandidateScored():
            seal = Seal(closing=event.closing, score=event.score)
            return replace(_known(state, event), seal=seal)
        case CandidateReopened():
            return replace(_known(state, event), seal=None)
        case CuratorAssigned() | ConflictDeclared() | ScoreSheetSubmitted() | ScoreSheetRetracted():
            return _curated(_known(state, event), event)
        case _:
            assert_never(event)


def _known(state: Candidate | None, event: CandidateEvent) -> Candidate:
    return state or Candidate(
        exhibition=event.applicant.exhibition, applicant=event.applicant, status=Status.ENTERED
    )


def _curated(
    state: Candidate,
    event: CuratorAssigned | ConflictDeclared | ScoreSheetSubmitted | ScoreSheetRetracted,
) -> Candidate:
    match event:
        case CuratorAssigned():
            return replace(state, curators=(*state.curators, event.curator))
        case ConflictDeclared():
            conflict = Conflict(curator=event.curator, reason=event.reason)
            others = tuple(one for one in state.curators if one != event.curator)
            return replace(state, curators=others, conflicts=(*state.conflicts, conflict))
        case ScoreSheetSubmitted():
            sheets = (*state.sheets, event.sheet) if event.sheet else state.sheets
            return replace(state, sheets=sheets)
        case ScoreSheetRetracted():
            sheets = tuple(sheet for sheet in state.sheets if sheet.curator != event.curator)
            return replace(state, sheets=sheets)
        case _:
            assert_never(event)
