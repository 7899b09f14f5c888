"""The mirrors of the subjects that budget follows, and the tally of its allocations.

The mirrors of exhibitions and rounds store the facts of allotments and contracts: the programme,
scope and course of an exhibition, and the annex and day of a decree. The mirror of applications
stores who attended, and serves as an inbox for participants that did not come. Budget also follows
its own envelopes and allocations, because money travels between the two as events. The mirror of
its allocations has the figures of each, for lists, and the tally `use` adds up those of each scope.
`document_views` lists their contracts and payment orders.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import assert_never

from services.budget.domain.allocation.state import Funding
from services.budget.domain.course import Course
from shared.contracts.budget.allocation import (
    AllocationClosed,
    AllocationEvent,
    AllocationRaised,
    AllocationRepriced,
    CommitmentContracted,
    ContractClosed,
    FundingReleased,
    FundingRequested,
    PlaceFunded,
    ReservationReleased,
    SunkCostRecognised,
    SunkCostReversed,
)
from shared.contracts.budget.envelope import AllotmentMade, CostCorrected
from shared.contracts.ids import without
from shared.contracts.registration.application import (
    AttendanceContested,
    AttendanceCorrected,
    ParticipantAbsent,
    ParticipantAttended,
)
from shared.contracts.registration.exhibition import (
    ExhibitionCancelled,
    ExhibitionEnded,
    ExhibitionOpened,
    ExhibitionProposed,
)
from shared.contracts.selection.round import (
    AnnexAmended,
    ParticipantsDecreed,
    PlaceLost,
    ReservePromoted,
    RoundCancelled,
    SelectionApproved,
)
from shared.contracts.words import Scope
from shared.kernel.view import Contribution, Mirror, Tally

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
    ParticipantAttended | ParticipantAbsent | AttendanceCorrected | AttendanceContested
)


def _application(state: Application | None, event: FollowedApplicationEvent) -> Application:
    match event:
        case ParticipantAttended():
            attended = True
        case AttendanceCorrected():
            attended = event.present and not event.contested
        case ParticipantAbsent() | AttendanceContested():
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


@dataclass(frozen=True, kw_only=True)
class Round:
    """The decree's annex with its amendments: None before the decree, empty once cancelled.

    `decreed_on` is the day on which the decree was signed.
    """

    annex: tuple[str, ...] | None = None
    decreed_on: date | None = None


def _round(state: Round | None, event: FollowedRoundEvent) -> Round:
    state = state or Round()
    match event:
        case SelectionApproved() | ReservePromoted() | PlaceLost():
            return state
        case ParticipantsDecreed():
            return Round(annex=event.annex, decreed_on=event.signed_on)
        case AnnexAmended():
            return replace(state, annex=without(state.annex or (), event.without))
        case RoundCancelled():
            return Round(annex=())
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


@dataclass(frozen=True, kw_only=True)
class AllocationUse:
    """The figures of an own allocation after its last event, in rupiah and places.

    `funding` is WAITING while places of an open allocation wait for money.
    """

    programme: str
    scope: Scope
    ceiling_idr: int = 0
    reserved_idr: int = 0
    contracted_idr: int = 0
    realised_idr: int = 0
    sunk_idr: int = 0
    unit_cost_idr: int = 0
    closed: bool = False
    places_waiting: int = 0
    places_reserved: int = 0
    places_contracted: int = 0
    funding: Funding = Funding.COVERED


def _allocation(state: AllocationUse | None, event: AllocationEvent) -> AllocationUse:
    before = state or AllocationUse(programme=event.programme, scope=event.scope)
    after = replace(
        _with_places(before, event),
        ceiling_idr=event.ceiling_idr,
        reserved_idr=event.reserved_idr,
        contracted_idr=event.contracted_idr,
        realised_idr=event.realised_idr,
    )
    waits = after.places_waiting and not after.closed
    return replace(after, funding=Funding.WAITING if waits else Funding.COVERED)


def _with_places(state: AllocationUse, event: AllocationEvent) -> AllocationUse:
    match event:
        case FundingRequested():
            return _moved(state, waiting=len(event.applications))
        case PlaceFunded():
            return _moved(state, waiting=-1, reserved=1)
        case FundingReleased() | ReservationReleased():
            return _moved(state, waiting=-1) if event.waited else _moved(state, reserved=-1)
        case AllocationRepriced():
            unfunded = len(event.unfunded)
            repriced = replace(state, unit_cost_idr=event.unit_cost_idr)
            return _moved(repriced, waiting=unfunded, reserved=-unfunded)
        case CommitmentContracted():
            bound = len(event.applications)
            return _moved(state, reserved=-bound, contracted=bound)
        case ContractClosed():
            again = len(event.applications)
            return _moved(state, reserved=again, contracted=-again - len(event.unreserved))
        case _:
            return _with_sums(state, event)


def _with_sums(state: AllocationUse, event: AllocationEvent) -> AllocationUse:
    match event:
        case AllocationRaised():
            return replace(state, unit_cost_idr=event.unit_cost_idr)
        case SunkCostRecognised():
            return replace(state, sunk_idr=state.sunk_idr + event.amount_idr)
        case SunkCostReversed():
            return replace(state, sunk_idr=state.sunk_idr - event.amount_idr)
        case AllocationClosed():
            return replace(state, closed=True)
        case _:
            return state


def _moved(
    state: AllocationUse, *, waiting: int = 0, reserved: int = 0, contracted: int = 0
) -> AllocationUse:
    return replace(
        state,
        places_waiting=state.places_waiting + waiting,
        places_reserved=state.places_reserved + reserved,
        places_contracted=state.places_contracted + contracted,
    )


def _use(state: AllocationUse) -> Contribution:
    return {
        (state.programme, state.scope.value): {
            "ceiling_idr": state.ceiling_idr,
            "reserved_idr": state.reserved_idr,
            "contracted_idr": state.contracted_idr,
            "realised_idr": state.realised_idr,
            "sunk_idr": state.sunk_idr,
        }
    }


exhibitions = Mirror(follows=FollowedExhibitionEvent, state=Exhibition, evolve=_exhibition)
applications = Mirror(follows=FollowedApplicationEvent, state=Application, evolve=_application)
rounds = Mirror(follows=FollowedRoundEvent, state=Round, evolve=_round)
envelopes = Mirror(follows=AllotmentMade | CostCorrected, state=FollowedEnvelope, evolve=_envelope)
allocations = Mirror(
    follows=AllocationEvent,
    state=AllocationUse,
    evolve=_allocation,
    indexes=("programme", "scope", "funding"),
)

use = Tally(name="use", of=allocations, dimensions=("programme", "scope"), contribution=_use)
"""The ceilings of a programme's scope, and what is reserved, contracted, paid and sunk of them."""
