"""The rules of assignments, conflicts of interest and score sheets, until the sheets are sealed.

Only curators of the round's panel are assigned, and a panel only grows, so an assignment stays
valid. A curator declares its own conflict of interest, assigned or not; from then on it neither
sees nor scores this candidate. A curator that has submitted a sheet must retract it before it
declares a conflict: so no sheet of a conflicted curator ever counts, and history shows that the
sheet was there. Each curator submits at most one sheet, which must be complete; the rubric of the
round gives its total.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

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
from shared.kernel.decider import Context, Refused, absent, refuse_or_ignore

Level = Annotated[int, Field(ge=1, le=5)]
"""The level at which a candidate meets a criterion, by the anchors of the rubric."""

# Commands


@dataclass(frozen=True, kw_only=True)
class AssignCurator:
    """Assign a curator of the panel, who is then to score this candidate."""

    curator: Curator


@dataclass(frozen=True, kw_only=True)
class DeclareConflict:
    """Declare your own conflict of interest (Benturan Kepentingan) as a curator."""

    reason: Text


@dataclass(frozen=True, kw_only=True)
class PanelFacts:
    """The panel of the candidate's round, which only grows."""

    curators: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class SubmitScoreSheet:
    """Submit a level for every criterion of the round's rubric."""

    levels: Annotated[dict[Id, Level], Field(min_length=1, max_length=50)]


@dataclass(frozen=True, kw_only=True)
class SheetFacts:
    """The weights of the rubric's criteria by code; a rubric never changes."""

    weights: dict[str, int]


@dataclass(frozen=True, kw_only=True)
class RetractScoreSheet:
    """Take your own sheet back as a curator."""


# Rules


def assign_curator(
    command: AssignCurator, facts: PanelFacts, state: Candidate | None, context: Context
) -> Sequence[CandidateEvent]:
    """Assign a curator of the panel that has declared no conflict; do nothing if it is assigned."""
    candidate = _unsealed(state, context)
    if candidate is None:
        return []
    if command.curator not in facts.curators:
        raise Refused(
            "not-on-panel",
            f"{command.curator} is not on the panel of the round: appoint this curator first.",
        )
    if candidate.conflicted(command.curator):
        raise Refused(
            "curator-conflicted",
            f"{command.curator} has declared a conflict of interest: assign another curator.",
        )
    if command.curator in candidate.curators:
        return []
    return [CuratorAssigned(applicant=candidate.applicant, curator=command.curator)]


def declare_conflict(
    command: DeclareConflict, facts: PanelFacts, state: Candidate | None, context: Context
) -> Sequence[CandidateEvent]:
    """Record the conflict of interest of a curator of the panel, once."""
    candidate = _unsealed(state, context)
    if candidate is None:
        return []
    if context.actor not in facts.curators:
        raise Refused(
            "not-on-panel",
            "You are not on the panel of the round, so you have no conflict to declare.",
        )
    if candidate.conflicted(context.actor):
        return []
    if candidate.sheet_of(context.actor) is not None:
        raise Refused(
            "sheet-submitted",
            "You have submitted a sheet: retract it, then declare the conflict.",
        )
    return [
        ConflictDeclared(
            applicant=candidate.applicant, curator=context.actor, reason=command.reason
        )
    ]


def submit_score_sheet(
    command: SubmitScoreSheet, facts: SheetFacts, state: Candidate | None, context: Context
) -> Sequence[CandidateEvent]:
    """Record the first sheet of an assigned curator, with its total."""
    candidate = _unsealed(state, context)
    if candidate is None:
        return []
    if candidate.conflicted(context.actor):
        raise Refused(
            "curator-conflicted",
            "You have declared a conflict of interest, so you cannot score this candidate.",
        )
    if context.actor not in candidate.curators:
        raise Refused(
            "not-assigned",
            "You are not assigned to this candidate: ask the selection officer to assign you.",
        )
    if candidate.sheet_of(context.actor) is not None:
        raise Refused(
            "sheet-submitted",
            "You have submitted a sheet: retract it before you submit another sheet.",
        )
    sheet = Sheet(
        curator=context.actor,
        levels=command.levels,
        total=total_of(command.levels, facts.weights),
    )
    return [ScoreSheetSubmitted(applicant=candidate.applicant, sheet=sheet)]


def retract_score_sheet(state: Candidate | None, context: Context) -> Sequence[CandidateEvent]:
    """Take the curator's own sheet back."""
    candidate = _unsealed(state, context)
    if candidate is None:
        return []
    if candidate.sheet_of(context.actor) is None:
        raise Refused("no-sheet", "You have no sheet of this candidate, so you cannot retract it.")
    return [ScoreSheetRetracted(applicant=candidate.applicant, curator=context.actor)]


def _unsealed(state: Candidate | None, context: Context) -> Candidate | None:
    """Return the candidate if its sheets can still change.

    Otherwise refuse a person, and return None for a reaction, which is ignored.
    """
    if state is None:
        absent(context, "candidate", yet=True)
        return None
    if state.status is not Status.ENTERED:
        refuse_or_ignore(
            context,
            "candidate-withdrawn",
            "The applicant has withdrawn, so this candidate cannot be scored.",
        )
        return None
    if state.seal is not None:
        refuse_or_ignore(
            context,
            "sheets-sealed",
            "The scoring is closed and the sheets are sealed: "
            "they can change only after the selection is returned.",
        )
        return None
    return state
