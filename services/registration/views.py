"""The two mirrors of selection that registration keeps.

`rubrics` says which threshold a call gets; `rounds` gives applicants their result and is where the
seat's journey comes from. Both are small: of a rubric the thresholds, of a round the two lists of
enterprises in order. Figures of applications are reporting's.
"""

from dataclasses import dataclass, replace
from typing import Literal, assert_never

from services.registration.domain.application.state import Application, Status
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


RoundHeard = (
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
    """The enterprises of the two lists, in order; None while nothing is approved.

    Who once had a seat stays selected here: that it was lost again, the application itself says.
    """

    selected: tuple[str, ...] | None = None
    reserve: tuple[str, ...] = ()


def _round(state: Round | None, event: RoundHeard) -> Round:
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
rounds = Mirror(follows=RoundHeard, state=Round, evolve=_round)


@dataclass(frozen=True, kw_only=True)
class Result:
    """The result of the selection for an application; `place` counts the reserve list from 1."""

    outcome: Literal["selected", "reserve", "not-selected"]
    place: int | None = None


def result_of(state: Application, heard: Round | None) -> Result | None:
    """An applicant's own result; None while it is undecided, or where there was nothing to decide.

    An eligible application in neither list was scored below the threshold.
    """
    if heard is None or heard.selected is None:
        return None
    if state.enterprise in heard.selected:
        return Result(outcome="selected")
    if state.enterprise in heard.reserve:
        return Result(outcome="reserve", place=heard.reserve.index(state.enterprise) + 1)
    return Result(outcome="not-selected") if state.status is Status.ELIGIBLE else None
