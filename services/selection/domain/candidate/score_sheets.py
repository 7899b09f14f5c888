"""What officers and curators do with a candidate until its sheets are sealed.

Only curators of the round's panel are assigned, and a panel only grows, so that an assignment stays
good. A curator declares its own conflict of interest, assigned or not; from then on it neither sees
nor scores this candidate. Who has a sheet in must retract it first: so no sheet of a conflicted
curator ever counts, and history shows that it was there. One sheet a curator, complete, and its
total comes from the rubric of the round.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, assert_never

from pydantic import Field

from services.selection.domain.candidate.points import total_of
from services.selection.domain.candidate.state import Candidate, Status
from shared.contracts.selection.candidate import (
    CandidateEvent,
    ConflictDeclared,
    Curator,
    CuratorAssigned,
    ScoreSheetRetracted,
    ScoreSheetSubmitted,
    Sheet,
)
from shared.contracts.words import Id, Text
from shared.kernel.decider import Context, Refused, given_facts, refuse_or_ignore

Level = Annotated[int, Field(ge=1, le=5)]
"""How well a criterion is met, by the anchors of the rubric."""

# Commands


@dataclass(frozen=True, kw_only=True)
class AssignCurator:
    """A curator of the panel is to score this candidate."""

    curator: Curator


@dataclass(frozen=True, kw_only=True)
class DeclareConflict:
    """The curator who says so has a conflict of interest (Benturan Kepentingan)."""

    reason: Text


@dataclass(frozen=True, kw_only=True)
class PanelFacts:
    """The panel of the candidate's round, which only grows."""

    curators: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class SubmitScoreSheet:
    """A level for every criterion of the round's rubric."""

    levels: Annotated[dict[Id, Level], Field(min_length=1, max_length=50)]


@dataclass(frozen=True, kw_only=True)
class SheetFacts:
    """The weights of the rubric's criteria by code; a rubric never changes."""

    weights: dict[str, int]


@dataclass(frozen=True, kw_only=True)
class RetractScoreSheet:
    """The curator takes its own sheet back."""


SheetCommand = AssignCurator | DeclareConflict | SubmitScoreSheet | RetractScoreSheet

# Rules


def decide_sheets(
    command: SheetCommand, facts: object, state: Candidate | None, context: Context
) -> Sequence[CandidateEvent]:
    """Only while the candidate is in the running and its sheets are not sealed."""
    if state is None:
        return refuse_or_ignore(
            context, "no-candidate", "No such candidate has been entered (yet)."
        )
    if state.status is not Status.ENTERED:
        return refuse_or_ignore(context, "candidate-withdrawn", "This candidate has given up.")
    if state.seal is not None:
        return refuse_or_ignore(
            context, "sheets-sealed", "The scoring is closed: sheets are sealed."
        )
    match command:
        case AssignCurator():
            return _assign(command, given_facts(PanelFacts, facts), state)
        case DeclareConflict():
            return _declare(command, given_facts(PanelFacts, facts), state, context)
        case SubmitScoreSheet():
            return _submit(command, given_facts(SheetFacts, facts), state, context)
        case RetractScoreSheet():
            return _retract(state, context)
        case _:
            assert_never(command)


def _assign(
    command: AssignCurator, panel: PanelFacts, state: Candidate
) -> Sequence[CandidateEvent]:
    _on_panel(command.curator, panel)
    _not_conflicted(command.curator, state)
    if command.curator in state.curators:
        return []
    return [CuratorAssigned(applicant=state.applicant, curator=command.curator)]


def _declare(
    command: DeclareConflict, panel: PanelFacts, state: Candidate, context: Context
) -> Sequence[CandidateEvent]:
    _on_panel(context.actor, panel)
    if state.conflicted(context.actor):
        return []
    if state.sheet_of(context.actor) is not None:
        raise Refused("sheet-submitted", "Your sheet is in: retract it, then declare the conflict.")
    declared = ConflictDeclared(
        applicant=state.applicant, curator=context.actor, reason=command.reason
    )
    return [declared]


def _submit(
    command: SubmitScoreSheet, rubric: SheetFacts, state: Candidate, context: Context
) -> Sequence[CandidateEvent]:
    _not_conflicted(context.actor, state)
    if context.actor not in state.curators:
        raise Refused("not-assigned", "You are not assigned to this candidate.")
    if state.sheet_of(context.actor) is not None:
        raise Refused("sheet-submitted", "Your sheet is in: retract it to submit another one.")
    sheet = Sheet(
        curator=context.actor,
        levels=command.levels,
        total=total_of(command.levels, rubric.weights),
    )
    return [ScoreSheetSubmitted(applicant=state.applicant, sheet=sheet)]


def _retract(state: Candidate, context: Context) -> Sequence[CandidateEvent]:
    if state.sheet_of(context.actor) is None:
        raise Refused("no-sheet", "You have no sheet here to retract.")
    return [ScoreSheetRetracted(applicant=state.applicant, curator=context.actor)]


def _on_panel(curator: str, panel: PanelFacts) -> None:
    if curator not in panel.curators:
        raise Refused("not-on-panel", "This curator is not on the panel of the round.")


def _not_conflicted(curator: str, state: Candidate) -> None:
    if state.conflicted(curator):
        raise Refused(
            "curator-conflicted", "A curator with a conflict of interest neither sees nor scores."
        )
