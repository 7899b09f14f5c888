"""The state of a candidate, and the fold of its events into it.

Curators are stored in lists and never as keys, because a token's subject may contain dots. A
candidate that was withdrawn or has ended keeps all that was recorded of it, sealed or not.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from shared.contracts.ids import without
from shared.contracts.selection.candidate import (
    CandidateEnd,
    CandidateEnded,
    CandidateEntered,
    CandidateEvent,
    CandidateReopened,
    CandidateScored,
    CandidateWithdrawn,
    ConflictDeclared,
    CuratorAssigned,
    CuratorUnassigned,
    ModerationCode,
    ScoreSheetRetracted,
    ScoreSheetSubmitted,
    ScoresModerated,
    Sheet,
)
from shared.contracts.words import Applicant

# State


class Status(StrEnum):
    """A candidate takes part (ENTERED) until its applicant withdraws or it gets no place."""

    ENTERED = "ENTERED"
    WITHDRAWN = "WITHDRAWN"
    ENDED = "ENDED"


class Progress(StrEnum):
    """The step of the scoring: curators, their sheets, the seal; OVER for who takes part no more.

    AWAITS_SHEETS: the sheet of an assigned curator is missing. SHEETS_IN: none is missing.
    UNSCORED: a closing has sealed too few sheets, so there is no score until a return.
    """

    UNASSIGNED = "UNASSIGNED"
    AWAITS_SHEETS = "AWAITS_SHEETS"
    SHEETS_IN = "SHEETS_IN"
    SEALED = "SEALED"
    UNSCORED = "UNSCORED"
    OVER = "OVER"


@dataclass(frozen=True, kw_only=True)
class Assignment:
    """A curator that is to score the candidate, and the officer who assigned it."""

    curator: str
    assigned_by: str


@dataclass(frozen=True, kw_only=True)
class Conflict:
    """A declared conflict of interest: this curator must neither see nor score the candidate."""

    curator: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Moderation:
    """The sheet that a moderated sheet of the same curator has replaced, with the reason."""

    replaced: Sheet
    code: ModerationCode
    reason: str


@dataclass(frozen=True, kw_only=True)
class Seal:
    """The closing that sealed the sheets, and the score: None if there were too few sheets.

    `not_passed` are the gates that most sheets find not met.
    """

    closing: int
    score: int | None
    not_passed: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """An application that curators score; `curators` are those who may see and score it.

    `sheets` are those that count. `opened` are the curators whose sheet a closing has opened: it is
    frozen. `set_aside` are sheets that count no more, because their curator was unassigned or has
    declared a conflict. `awaited` are the curators whose sheet is missing, as long as it can come;
    `moderators` are those who may moderate their opened sheet and have not done so since a return.
    `submitted_at` is None if the applicant withdrew before the application was entered.
    """

    exhibition: str
    applicant: Applicant
    status: Status
    progress: Progress = Progress.UNASSIGNED
    submitted_at: datetime | None = None
    curators: tuple[str, ...] = ()
    awaited: tuple[str, ...] = ()
    moderators: tuple[str, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    sheets: tuple[Sheet, ...] = ()
    opened: tuple[str, ...] = ()
    moderations: tuple[Moderation, ...] = ()
    set_aside: tuple[Sheet, ...] = ()
    seal: Seal | None = None
    end: CandidateEnd | None = None

    def conflicted(self, actor: str) -> bool:
        """Return True if this actor has declared a conflict of interest."""
        return any(conflict.curator == actor for conflict in self.conflicts)

    def closed_to(self, actor: str, enterprise: str | None) -> bool:
        """Return True if this actor, whose token speaks for `enterprise`, neither sees nor judges.

        It has declared a conflict of interest, or it is of the candidate's own enterprise.
        """
        return self.conflicted(actor) or enterprise == self.applicant.enterprise

    @property
    def scorers(self) -> tuple[str, ...]:
        """Return the curators that have scored it, also those whose sheet was set aside."""
        return tuple(sheet.curator for sheet in (*self.sheets, *self.set_aside))

    @property
    def spread(self) -> int:
        """Return how far the totals of its sheets lie apart, in hundredths.

        The sheet of a curator who was unassigned is among them, as long as that curator has
        declared no conflict: else who unassigns curators in turn would learn whose sheet lies
        apart.
        """
        aside = (sheet for sheet in self.set_aside if not self.conflicted(sheet.curator))
        totals = {sheet.curator: sheet.total for sheet in (*aside, *self.sheets)}.values()
        return max(totals) - min(totals) if totals else 0

    def is_wide(self, spread_max: int | None) -> bool:
        """Return True if its sheets lie further apart than this; None: they may."""
        return spread_max is not None and self.spread > spread_max

    def wanted(self, sheets_min: int, spread_max: int | None) -> int:
        """Return how many sheets it needs: one more if its sheets lie too far apart."""
        return sheets_min + self.is_wide(spread_max)

    def sheet_of(self, curator: str) -> Sheet | None:
        """Return the sheet of this curator that counts, or None."""
        return next((sheet for sheet in self.sheets if sheet.curator == curator), None)


# Rules


def evolve(state: Candidate | None, event: CandidateEvent) -> Candidate:
    """Fold an event."""
    return _with_progress(_evolve(_state_or_new(state, event), event))


def _state_or_new(state: Candidate | None, event: CandidateEvent) -> Candidate:
    return state or Candidate(
        exhibition=event.applicant.exhibition, applicant=event.applicant, status=Status.ENTERED
    )


def _evolve(state: Candidate, event: CandidateEvent) -> Candidate:
    match event:
        case CandidateEntered():
            return replace(state, submitted_at=event.submitted_at)
        case CandidateWithdrawn():
            return replace(state, status=Status.WITHDRAWN)
        case CandidateEnded():
            return replace(state, status=Status.ENDED, end=event.code)
        case CandidateScored():
            seal = Seal(closing=event.closing, score=event.score, not_passed=event.not_passed)
            opened = tuple(sheet.curator for sheet in event.sheets)
            return replace(state, seal=seal, opened=(*state.opened, *_new(opened, state.opened)))
        case CandidateReopened():
            scored = tuple(sheet.curator for sheet in state.sheets)
            opened = tuple(curator for curator in scored if curator in state.opened)
            return replace(state, seal=None, moderators=opened)
        case CuratorAssigned() | CuratorUnassigned() | ConflictDeclared():
            return _evolve_curators(state, event)
        case ScoreSheetSubmitted() | ScoreSheetRetracted() | ScoresModerated():
            return _evolve_sheets(state, event)
        case _:
            assert_never(event)


def _evolve_curators(
    state: Candidate, event: CuratorAssigned | CuratorUnassigned | ConflictDeclared
) -> Candidate:
    match event:
        case CuratorAssigned():
            assigned = Assignment(curator=event.curator, assigned_by=event.assigned_by)
            return replace(
                state,
                curators=(*state.curators, event.curator),
                assignments=(*state.assignments, assigned),
            )
        case CuratorUnassigned():
            return _without_curator(state, event.curator)
        case ConflictDeclared():
            conflict = Conflict(curator=event.curator, reason=event.reason)
            state = _without_curator(state, event.curator)
            return replace(state, conflicts=(*state.conflicts, conflict))
        case _:
            assert_never(event)


def _without_curator(state: Candidate, curator: str) -> Candidate:
    own = state.sheet_of(curator)
    return replace(
        state,
        curators=without(state.curators, curator),
        moderators=without(state.moderators, curator),
        assignments=tuple(each for each in state.assignments if each.curator != curator),
        sheets=_without_sheet(state.sheets, curator),
        set_aside=(*state.set_aside, own) if own else state.set_aside,
    )


def _evolve_sheets(
    state: Candidate, event: ScoreSheetSubmitted | ScoreSheetRetracted | ScoresModerated
) -> Candidate:
    match event:
        case ScoreSheetSubmitted():
            sheets = (*state.sheets, event.sheet) if event.sheet else state.sheets
            return replace(state, sheets=sheets)
        case ScoreSheetRetracted():
            return replace(state, sheets=_without_sheet(state.sheets, event.curator))
        case ScoresModerated():
            return _moderated(state, event)
        case _:
            assert_never(event)


def _moderated(state: Candidate, event: ScoresModerated) -> Candidate:
    moderated = event.sheet
    replaced = state.sheet_of(moderated.curator) if moderated else None
    if moderated is None or replaced is None:
        return state
    sheets = tuple(moderated if sheet is replaced else sheet for sheet in state.sheets)
    moderation = Moderation(replaced=replaced, code=event.code, reason=event.reason)
    moderators = without(state.moderators, moderated.curator)
    return replace(
        state,
        sheets=sheets,
        moderations=(*state.moderations, moderation),
        moderators=moderators,
    )


def _with_progress(state: Candidate) -> Candidate:
    """Return the state with the fields by which lists and tasks find it."""
    if state.status is not Status.ENTERED:
        return replace(state, progress=Progress.OVER, awaited=(), moderators=())
    if state.seal is not None:
        progress = Progress.UNSCORED if state.seal.score is None else Progress.SEALED
        return replace(state, progress=progress, awaited=(), moderators=())
    if not state.curators:
        return replace(state, progress=Progress.UNASSIGNED, awaited=())
    awaited = tuple(curator for curator in state.curators if state.sheet_of(curator) is None)
    progress = Progress.AWAITS_SHEETS if awaited else Progress.SHEETS_IN
    return replace(state, progress=progress, awaited=awaited)


def _without_sheet(sheets: tuple[Sheet, ...], curator: str) -> tuple[Sheet, ...]:
    return tuple(sheet for sheet in sheets if sheet.curator != curator)


def _new(curators: tuple[str, ...], known: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(curator for curator in curators if curator not in known)
