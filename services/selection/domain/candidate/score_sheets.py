"""The rules of score sheets, until a closing seals them, and of their moderation after a return.

Each assigned curator submits at most one sheet, which must be complete; the rubric of the round
gives its total. Until a closing has opened the sheet, its curator may retract it and submit another
sheet. From then on it is frozen, also after a return: the curator may only moderate it, with a
reason. The moderated sheet counts, and the sheet that it replaces is kept beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated

from pydantic import Field

from services.selection.domain.candidate.judgement import judged
from services.selection.domain.candidate.points import require_gates, total_of
from services.selection.domain.candidate.relations import UNKNOWN, KnownRelations
from services.selection.domain.candidate.state import Candidate
from services.selection.domain.rubric.decider import Rubric
from shared.contracts.selection.candidate import (
    CandidateEvent,
    ModerationCode,
    ScoreSheetRetracted,
    ScoreSheetSubmitted,
    ScoresModerated,
    Sheet,
)
from shared.contracts.words import Id, Text
from shared.kernel.decider import Context, Refused
from shared.kernel.four_eyes import require_no_contender

Level = Annotated[int, Field(ge=1, le=5)]
"""The level at which a candidate meets a criterion, by the anchors of the rubric."""

Levels = Annotated[dict[Id, Level], Field(min_length=1, max_length=50)]
"""The levels of a sheet by the criterion's code."""

Gates = Annotated[dict[Id, bool], Field(max_length=20)]
"""For each gate by its code: if the candidate meets it."""

# Commands


@dataclass(frozen=True, kw_only=True)
class SubmitScoreSheet:
    """Submit a level for every criterion and an answer for every gate of the rubric.

    They are those by which the candidate's sector is judged.
    """

    levels: Levels
    gates: Gates = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class RetractScoreSheet:
    """Take your own sheet back as a curator."""


@dataclass(frozen=True, kw_only=True)
class ModerateScores:
    """Replace your own opened sheet after a return, as a curator; `reason` stays private."""

    levels: Levels
    gates: Gates = field(default_factory=dict)
    code: ModerationCode
    reason: Text


@dataclass(frozen=True, kw_only=True)
class SheetFacts:
    """The rubric of the round, which never changes, and the curator's own enterprise.

    `contender` is the enterprise of the token if it is a candidate too; `known` are the relations
    of the panel.
    """

    rubric: Rubric
    contender: str | None = None
    known: KnownRelations = UNKNOWN


# Rules


def submit_score_sheet(
    command: SubmitScoreSheet, facts: SheetFacts, state: Candidate | None, context: Context
) -> Sequence[CandidateEvent]:
    """Record the first sheet of an assigned curator, with its total."""
    candidate = judged(state, context, facts.known)
    if candidate is None:
        return []
    require_no_contender(facts.contender, context)
    if context.actor not in candidate.curators:
        raise Refused(
            "not-assigned",
            "You are not assigned to this candidate: ask the selection officer to assign you.",
        )
    if candidate.sheet_of(context.actor) is not None:
        raise _submitted(candidate, context)
    sheet = _sheet(command, facts, candidate, context)
    return [ScoreSheetSubmitted(applicant=candidate.applicant, sheet=sheet)]


def retract_score_sheet(state: Candidate | None, context: Context) -> Sequence[CandidateEvent]:
    """Take the curator's own sheet back, which no closing has opened."""
    candidate = judged(state, context)
    if candidate is None:
        return []
    if candidate.sheet_of(context.actor) is None:
        raise Refused("no-sheet", "You have no sheet of this candidate, so you cannot retract it.")
    if context.actor in candidate.opened:
        raise _opened()
    return [ScoreSheetRetracted(applicant=candidate.applicant, curator=context.actor)]


def moderate_scores(
    command: ModerateScores, facts: SheetFacts, state: Candidate | None, context: Context
) -> Sequence[CandidateEvent]:
    """Let another sheet of the same curator count instead of its opened sheet."""
    candidate = judged(state, context, facts.known)
    if candidate is None:
        return []
    require_no_contender(facts.contender, context)
    counted = candidate.sheet_of(context.actor)
    if counted is None:
        raise Refused("no-sheet", "You have no sheet of this candidate, so you cannot moderate it.")
    if context.actor not in candidate.opened:
        raise Refused(
            "sheet-not-opened",
            "No closing has opened your sheet: retract it, then submit another sheet.",
        )
    sheet = _sheet(command, facts, candidate, context)
    if sheet == counted:
        return []
    return [
        ScoresModerated(
            applicant=candidate.applicant, code=command.code, sheet=sheet, reason=command.reason
        )
    ]


def _sheet(
    command: SubmitScoreSheet | ModerateScores,
    facts: SheetFacts,
    candidate: Candidate,
    context: Context,
) -> Sheet:
    rubric, sector = facts.rubric, candidate.applicant.sector
    require_gates(command.gates, rubric.gates_of(sector))
    total = total_of(command.levels, rubric.weights(sector), rubric.missing_answer)
    return Sheet(
        curator=context.actor, levels=command.levels, total=total, gates=dict(command.gates)
    )


def _submitted(candidate: Candidate, context: Context) -> Refused:
    if context.actor in candidate.opened:
        return _opened()
    return Refused(
        "sheet-submitted",
        "You have submitted a sheet: retract it before you submit another sheet.",
    )


def _opened() -> Refused:
    return Refused(
        "sheet-opened",
        "A closing has opened your sheet, so it is frozen: moderate your scores instead.",
    )
