"""The mirrors of two subjects of selection that registration follows.

`rubrics` stores the thresholds of each rubric: a call takes its threshold from there. `rounds`
stores the two lists of each round, from which an applicant reads its result; the reactions to a
round follow this mirror too. Figures of applications belong to reporting.
"""

from dataclasses import dataclass, replace
from typing import assert_never

from shared.contracts.ids import enterprise_of, without
from shared.contracts.selection.round import (
    CandidateStruck,
    ParticipantsDecreed,
    PlaceConfirmed,
    PlaceLost,
    PlaceOffered,
    ReservePromoted,
    SelectionApproved,
)
from shared.contracts.selection.rubric import RubricPublished
from shared.contracts.words import Scope
from shared.kernel.view import Mirror


@dataclass(frozen=True, kw_only=True)
class Rubric:
    """The thresholds of a rubric by scope, in hundredths of a point."""

    thresholds: dict[Scope, int]


def _rubric(state: Rubric | None, event: RubricPublished) -> Rubric:
    return Rubric(thresholds=event.thresholds)


FollowedRoundEvent = (
    SelectionApproved
    | ReservePromoted
    | CandidateStruck
    | PlaceOffered
    | PlaceConfirmed
    | PlaceLost
    | ParticipantsDecreed
)


@dataclass(frozen=True, kw_only=True)
class Round:
    """The enterprises of the two lists of a round, in order.

    `selected` is None until the selection is approved. An enterprise that has lost its seat stays
    in `selected`: the status of its application shows the loss.
    """

    selected: tuple[str, ...] | None = None
    reserve: tuple[str, ...] = ()


def _round(state: Round | None, event: FollowedRoundEvent) -> Round:
    state = state or Round()
    match event:
        case SelectionApproved():
            return Round(
                selected=tuple(enterprise_of(application) for application in event.selected),
                reserve=tuple(enterprise_of(application) for application in event.reserve),
            )
        case ReservePromoted():
            promoted = enterprise_of(event.application)
            selected = (*(state.selected or ()), promoted)
            return Round(selected=selected, reserve=without(state.reserve, promoted))
        case CandidateStruck():
            struck = enterprise_of(event.application)
            return replace(state, reserve=without(state.reserve, struck))
        case PlaceOffered() | PlaceConfirmed() | PlaceLost() | ParticipantsDecreed():
            return state
        case _:
            assert_never(event)


rubrics = Mirror(follows=RubricPublished, state=Rubric, evolve=_rubric)
rounds = Mirror(follows=FollowedRoundEvent, state=Round, evolve=_round)
