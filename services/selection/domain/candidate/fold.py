"""The fold of the events of a candidate into its state."""

from dataclasses import replace
from typing import assert_never

from services.selection.domain.candidate.state import (
    Assignment,
    Candidate,
    Conflict,
    Moderation,
    Progress,
    Seal,
    Status,
)
from shared.contracts.ids import without
from shared.contracts.selection.candidate import (
    CandidateEnded,
    CandidateEntered,
    CandidateEvent,
    CandidateReopened,
    CandidateScored,
    CandidateWithdrawn,
    ConflictDeclared,
    ConflictInferred,
    CuratorAssigned,
    CuratorUnassigned,
    InferredConflictLifted,
    ScoreSheetRetracted,
    ScoreSheetSubmitted,
    ScoresModerated,
    Sheet,
)


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
            return replace(state, submitted_at=event.submitted_at, relations=event.relations)
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
        case CuratorAssigned() | CuratorUnassigned():
            return _evolve_curators(state, event)
        case ScoreSheetSubmitted() | ScoreSheetRetracted() | ScoresModerated():
            return _evolve_sheets(state, event)
        case _:
            return _evolve_conflicts(state, event)


def _evolve_curators(state: Candidate, event: CuratorAssigned | CuratorUnassigned) -> Candidate:
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
        case _:
            assert_never(event)


def _evolve_conflicts(
    state: Candidate, event: ConflictDeclared | ConflictInferred | InferredConflictLifted
) -> Candidate:
    # A conflict that is declared after it was inferred takes its place, and is for good.
    others = tuple(each for each in state.conflicts if each.curator != event.curator)
    match event:
        case ConflictDeclared():
            conflict = Conflict(curator=event.curator, reason=event.reason)
        case ConflictInferred():
            conflict = Conflict(curator=event.curator, reason="", kinds=event.kinds)
        case InferredConflictLifted():
            return replace(state, conflicts=others)
        case _:
            assert_never(event)
    return replace(_without_curator(state, event.curator), conflicts=(*others, conflict))


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
    if awaited:
        return replace(state, progress=Progress.AWAITS_SHEETS, awaited=awaited)
    progress = Progress.UNASSIGNED if _lacks_a_curator(state) else Progress.SHEETS_IN
    return replace(state, progress=progress, awaited=())


def _lacks_a_curator(state: Candidate) -> bool:
    """Return True if a late conflict has set a sheet of a closing aside that none has replaced."""
    has_lost = any(state.conflicted(curator) for curator in state.opened)
    return has_lost and len(state.curators) < len(state.opened)


def _without_sheet(sheets: tuple[Sheet, ...], curator: str) -> tuple[Sheet, ...]:
    return tuple(sheet for sheet in sheets if sheet.curator != curator)


def _new(curators: tuple[str, ...], known: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(curator for curator in curators if curator not in known)
