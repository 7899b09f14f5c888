"""The mirrors of registration: two subjects of selection, and its own exhibitions.

`rubrics` stores the thresholds of each rubric: a call takes its threshold from there. `rounds`
stores the two lists of each round, from which an applicant that waits for a place reads how it
stands, and the record from which its minutes and its annex are printed; the reactions to a round
follow this mirror too. Figures of applications belong to reporting.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import assert_never

from services.registration.domain.selection_record import (
    SelectionRecord,
    recorded,
    struck,
)
from shared.contracts.ids import enterprise_of, without
from shared.contracts.registration.exhibition import ExhibitionCancelled, ExhibitionRescheduled
from shared.contracts.registration.quota import PassedOver, QuotaStop
from shared.contracts.selection.objection import ObjectionUpheld
from shared.contracts.selection.round import (
    CandidatesListed,
    CandidateStruck,
    PanelAppointed,
    RoundOpened,
    ScoringClosed,
    SelectionApproved,
)
from shared.contracts.selection.round_seats import (
    AmendmentRecorded,
    AnnexAmended,
    ParticipantsDecreed,
    PlaceConfirmed,
    PlaceLost,
    PlaceOffered,
    ReservePromoted,
    ReservesPassedOver,
    RoundCancelled,
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
    RoundOpened
    | PanelAppointed
    | ScoringClosed
    | SelectionApproved
    | ReservesPassedOver
    | ReservePromoted
    | ObjectionUpheld
    | CandidateStruck
    | PlaceOffered
    | PlaceConfirmed
    | PlaceLost
    | ParticipantsDecreed
    | AnnexAmended
    | AmendmentRecorded
    | CandidatesListed
    | RoundCancelled
)


@dataclass(frozen=True, kw_only=True)
class Round:
    """The enterprises of the two lists of a round, in order, and all that were `listed` for it.

    `selected` is None until the selection is approved. An enterprise that has lost its seat stays
    in `selected`, but for one that lost it to an objection and is the first reserve then. A decree
    or a cancellation changes no list: the application shows how it ended. `not_passed` are those in
    neither list that do not pass a gate of the rubric. `passed_over` are the reserves that a quota
    has stopped last, each with this quota. Those who are not selected may object until
    `objections_until` (None: there is no time for it). `record` is what printed documents state
    of the round.
    """

    selected: tuple[str, ...] | None = None
    reserve: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()
    not_passed: tuple[str, ...] = ()
    passed_over: dict[str, QuotaStop] = field(default_factory=dict)
    record: SelectionRecord = field(default_factory=SelectionRecord)
    objections_until: datetime | None = None


def _round(state: Round | None, event: FollowedRoundEvent) -> Round:
    state = state or Round()
    match event:
        case SelectionApproved():
            approved = replace(
                state,
                record=recorded(state.record, event),
                selected=tuple(enterprise_of(application) for application in event.selected),
                reserve=tuple(enterprise_of(application) for application in event.reserve),
                not_passed=tuple(enterprise_of(application) for application in event.not_passed),
                objections_until=event.objections_until,
            )
            return _passed_over(approved, event.passed_over)
        case ReservesPassedOver():
            return _passed_over(state, event.passed_over)
        case ReservePromoted():
            promoted = enterprise_of(event.application)
            selected = (*(state.selected or ()), promoted)
            reserve, record = without(state.reserve, promoted), recorded(state.record, event)
            return replace(state, selected=selected, reserve=reserve, record=record)
        case ObjectionUpheld() | PlaceLost():
            return _first_reserve(state, event)
        case CandidateStruck():
            left = enterprise_of(event.application)
            reserve, record = without(state.reserve, left), struck(state.record)
            return replace(state, reserve=reserve, record=record)
        case CandidatesListed():
            listed = tuple(enterprise_of(application) for application in event.applications)
            return replace(state, listed=listed)
        case _:
            return _recorded(state, event)


def _recorded(
    state: Round,
    event: (
        RoundOpened
        | PanelAppointed
        | ScoringClosed
        | ParticipantsDecreed
        | AnnexAmended
        | AmendmentRecorded
        | PlaceOffered
        | PlaceConfirmed
        | RoundCancelled
    ),
) -> Round:
    """Return the round with what printed documents state of it."""
    match event:
        case PlaceOffered() | PlaceConfirmed() | RoundCancelled():
            return state
        case _:
            return replace(state, record=recorded(state.record, event))


def _first_reserve(state: Round, event: ObjectionUpheld | PlaceLost) -> Round:
    """Return the round with the first reserve that an objection made: an objector, a holder."""
    state = replace(state, record=recorded(state.record, event))
    if isinstance(event, PlaceLost) and event.reason != "objection-upheld":
        return state
    first = enterprise_of(event.application)
    reserve = (first, *without(state.reserve, first))
    selected = state.selected
    if isinstance(event, PlaceLost):
        selected = without(selected or (), first)
    return replace(state, selected=selected, reserve=reserve)


def _passed_over(state: Round, stopped: Iterable[PassedOver]) -> Round:
    stops = {
        state.reserve[number - 1]: QuotaStop(quota=each.quota, bound=each.bound)
        for each in stopped
        for number in each.numbers
    }
    return replace(state, passed_over={**state.passed_over, **stops})


FollowedExhibitionEvent = ExhibitionRescheduled | ExhibitionCancelled


@dataclass(frozen=True, kw_only=True)
class OwnExhibition:
    """An own exhibition that was rescheduled or cancelled: reactions pass on its applications."""

    cancelled: bool = False


def _exhibition(state: OwnExhibition | None, event: FollowedExhibitionEvent) -> OwnExhibition:
    match event:
        case ExhibitionRescheduled():
            return state or OwnExhibition()
        case ExhibitionCancelled():
            return OwnExhibition(cancelled=True)
        case _:
            assert_never(event)


exhibitions = Mirror(follows=FollowedExhibitionEvent, state=OwnExhibition, evolve=_exhibition)
rubrics = Mirror(follows=RubricPublished, state=Rubric, evolve=_rubric)
rounds = Mirror(follows=FollowedRoundEvent, state=Round, evolve=_round)
