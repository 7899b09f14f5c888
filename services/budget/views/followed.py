"""The mirrors of the subjects that budget follows.

The mirrors of exhibitions and rounds store the facts of allotments and contracts: the programme,
scope and course of an exhibition, and the annex and day of a decree. The mirror of applications
stores who attended, and serves as an inbox for participants that did not come. The mirror of own
envelopes serves as an inbox too, because money travels from them to allocations as events.
"""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import assert_never

from services.budget.domain.course import Course
from shared.contracts.budget.envelope import AllotmentMade, CostCorrected
from shared.contracts.ids import without
from shared.contracts.registration.application import (
    AttendanceContested,
    AttendanceCorrected,
    ParticipantAbsent,
    ParticipantAttended,
)
from shared.contracts.registration.check_in import AttendanceRetracted
from shared.contracts.registration.exhibition import (
    ExhibitionCancelled,
    ExhibitionEnded,
    ExhibitionOpened,
    ExhibitionProposed,
)
from shared.contracts.selection.round import SelectionApproved
from shared.contracts.selection.round_seats import (
    AnnexAmended,
    ParticipantsDecreed,
    PlaceLost,
    ReservePromoted,
    RoundCancelled,
)
from shared.contracts.words import Scope
from shared.kernel.view import Mirror

FollowedExhibitionEvent = (
    ExhibitionProposed | ExhibitionOpened | ExhibitionEnded | ExhibitionCancelled
)


@dataclass(frozen=True, kw_only=True)
class Exhibition:
    """The programme and scope of an exhibition, and its course: no money goes to an ended one."""

    programme: str
    scope: Scope
    course: Course = Course.AHEAD


def _exhibition(state: Exhibition | None, event: FollowedExhibitionEvent) -> Exhibition:
    match event:
        case ExhibitionProposed():
            course = Course.AHEAD
        case ExhibitionOpened():
            course = Course.RUNNING
        case ExhibitionEnded():
            course = Course.ENDED
        case ExhibitionCancelled():
            course = Course.CANCELLED
        case _:
            assert_never(event)
    return Exhibition(programme=event.programme, scope=event.scope, course=course)


@dataclass(frozen=True, kw_only=True)
class Application:
    """The application of a participant; `attended` is True if it came and kept its place."""

    exhibition: str
    attended: bool


FollowedApplicationEvent = (
    ParticipantAttended
    | ParticipantAbsent
    | AttendanceCorrected
    | AttendanceContested
    | AttendanceRetracted
)


def _application(state: Application | None, event: FollowedApplicationEvent) -> Application:
    match event:
        case ParticipantAttended():
            attended = True
        case AttendanceCorrected():
            attended = event.present and not event.contested
        case ParticipantAbsent() | AttendanceContested() | AttendanceRetracted():
            attended = False
        case _:
            assert_never(event)
    return Application(exhibition=event.applicant.exhibition, attended=attended)


FollowedRoundEvent = (
    SelectionApproved
    | ReservePromoted
    | PlaceLost
    | ParticipantsDecreed
    | AnnexAmended
    | RoundCancelled
)


class Phase(StrEnum):
    """A round is not decreed yet, is decreed, or is cancelled."""

    AHEAD = "ahead"
    DECREED = "decreed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, kw_only=True)
class Round:
    """The decree's annex with its amendments: None before the decree, empty once cancelled.

    `decreed_on` is the day on which the decree was signed; `exhibition` and `phase` are the indexed
    fields.
    """

    exhibition: str
    phase: Phase = Phase.AHEAD
    annex: tuple[str, ...] | None = None
    decreed_on: date | None = None


def _round(state: Round | None, event: FollowedRoundEvent) -> Round:
    state = state or Round(exhibition=event.exhibition)
    match event:
        case SelectionApproved() | ReservePromoted() | PlaceLost():
            return state
        case ParticipantsDecreed():
            decreed = replace(state, phase=Phase.DECREED, annex=event.annex)
            return replace(decreed, decreed_on=event.signed_on)
        case AnnexAmended():
            return replace(state, annex=without(state.annex or (), event.without))
        case RoundCancelled():
            return replace(state, phase=Phase.CANCELLED, annex=(), decreed_on=None)
        case _:
            assert_never(event)


@dataclass(frozen=True, kw_only=True)
class FollowedEnvelope:
    """An own envelope, which is followed only for its allotments and its corrected costs."""

    programme: str
    scope: Scope


def _envelope(
    state: FollowedEnvelope | None, event: AllotmentMade | CostCorrected
) -> FollowedEnvelope:
    return FollowedEnvelope(programme=event.programme, scope=event.scope)


exhibitions = Mirror(follows=FollowedExhibitionEvent, state=Exhibition, evolve=_exhibition)
applications = Mirror(follows=FollowedApplicationEvent, state=Application, evolve=_application)
rounds = Mirror(
    follows=FollowedRoundEvent, state=Round, evolve=_round, indexes=("exhibition", "phase")
)
envelopes = Mirror(follows=AllotmentMade | CostCorrected, state=FollowedEnvelope, evolve=_envelope)
