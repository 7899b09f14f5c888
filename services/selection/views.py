"""The mirrors of the subjects that selection follows; most of them store almost nothing.

Events bring all that selection needs into its own aggregates, so the mirrors of other services'
subjects serve as inboxes: they count the events of each subject, so that every reaction happens
once and in the subject's order. They store the fields that an operator wants to see first if a
subject is parked. The mirror of its own rounds has the figures of each, for lists of rounds.
"""

from dataclasses import dataclass, replace
from typing import assert_never

from services.selection.domain.selection_round.state import Status
from shared.contracts.budget.allocation import PlaceFunded
from shared.contracts.registration.application import (
    ApplicationClosed,
    ApplicationLapsed,
    ApplicationVerified,
    ApplicationWithdrawn,
    OfferExpired,
    PlaceAccepted,
    PlaceDeclined,
)
from shared.contracts.registration.exhibition import (
    CallOpened,
    ExhibitionCancelled,
    ExhibitionOpened,
    VerificationClosed,
)
from shared.contracts.selection.round import (
    AmendmentRecorded,
    AnnexAmended,
    CandidatesListed,
    CandidateStruck,
    LossDeclined,
    LossRequested,
    PanelAppointed,
    ParticipantsDecreed,
    PlaceConfirmed,
    PlaceLost,
    PlaceOffered,
    ProposalVoided,
    ReservePromoted,
    RoundCancelled,
    RoundEvent,
    RoundOpened,
    ScoringClosed,
    SeatsFrozen,
    SelectionApproved,
    SelectionProposed,
    SelectionReturned,
)
from shared.contracts.words import Scope
from shared.kernel.view import Mirror

FollowedExhibitionEvent = CallOpened | VerificationClosed | ExhibitionOpened | ExhibitionCancelled


@dataclass(frozen=True, kw_only=True)
class Exhibition:
    """An exhibition; `cancelled` is True if it does not take place."""

    cancelled: bool = False


def _exhibition(state: Exhibition | None, event: FollowedExhibitionEvent) -> Exhibition:
    match event:
        case CallOpened() | VerificationClosed() | ExhibitionOpened():
            return state or Exhibition()
        case ExhibitionCancelled():
            return Exhibition(cancelled=True)
        case _:
            assert_never(event)


FollowedApplicationEvent = (
    ApplicationVerified
    | ApplicationWithdrawn
    | ApplicationClosed
    | ApplicationLapsed
    | PlaceAccepted
    | PlaceDeclined
    | OfferExpired
)


@dataclass(frozen=True, kw_only=True)
class Application:
    """An application; `withdrawn` if its applicant gave up, `ended` if it has no place any more."""

    withdrawn: bool = False
    ended: bool = False


def _application(state: Application | None, event: FollowedApplicationEvent) -> Application:
    match event:
        case ApplicationVerified() | PlaceAccepted():
            return state or Application()
        case ApplicationClosed() | ApplicationLapsed() | PlaceDeclined() | OfferExpired():
            return Application(ended=True)
        case ApplicationWithdrawn():
            return Application(withdrawn=True)
        case _:
            assert_never(event)


@dataclass(frozen=True, kw_only=True)
class RoundFigures:
    """The figures of an own round, for lists of rounds; `threshold` in hundredths of a point.

    `candidates` are those that were listed and not struck since.
    """

    programme: str
    scope: Scope
    status: Status = Status.AWAITED
    places: int = 0
    rubric: str = ""
    threshold: int = 0
    closing: int = 0
    listed: bool = False
    candidates: int = 0
    seats_live: int = 0
    reserves: int = 0


STATUSES: dict[type[RoundEvent], Status] = {
    RoundOpened: Status.OPEN,
    ScoringClosed: Status.SCORING_CLOSED,
    SelectionProposed: Status.PROPOSED,
    ProposalVoided: Status.SCORING_CLOSED,
    SelectionReturned: Status.OPEN,
    SelectionApproved: Status.APPROVED,
    ParticipantsDecreed: Status.DECREED,
    RoundCancelled: Status.CANCELLED,
}
"""The phase that begins with an event of this class."""


def _round(state: RoundFigures | None, event: RoundEvent) -> RoundFigures:
    state = state or RoundFigures(programme=event.programme, scope=event.scope)
    state = replace(state, status=STATUSES.get(type(event), state.status))
    match event:
        case RoundOpened():
            return replace(
                state, places=event.places, rubric=event.rubric, threshold=event.threshold
            )
        case CandidatesListed():
            return replace(state, listed=True, candidates=len(event.applications))
        case CandidateStruck():
            # An application that is struck before the list is final is not counted on it.
            candidates = state.candidates - state.listed
            reserves = state.reserves - event.from_reserve
            return replace(state, candidates=candidates, reserves=reserves)
        case ScoringClosed():
            return replace(state, closing=event.closing)
        case (
            PanelAppointed()
            | SelectionProposed()
            | ProposalVoided()
            | SelectionReturned()
            | PlaceOffered()
            | PlaceConfirmed()
            | LossRequested()
            | LossDeclined()
            | AnnexAmended()
            | AmendmentRecorded()
            | SeatsFrozen()
        ):
            return state
        case _:
            return _with_seats(state, event)


def _with_seats(
    state: RoundFigures,
    event: SelectionApproved | PlaceLost | ReservePromoted | ParticipantsDecreed | RoundCancelled,
) -> RoundFigures:
    match event:
        case SelectionApproved():
            return replace(state, seats_live=len(event.selected), reserves=len(event.reserve))
        case PlaceLost():
            return replace(state, seats_live=state.seats_live - 1)
        case ReservePromoted():
            return replace(state, seats_live=state.seats_live + 1, reserves=state.reserves - 1)
        case ParticipantsDecreed() | RoundCancelled():
            return replace(state, reserves=0)
        case _:
            assert_never(event)


@dataclass(frozen=True, kw_only=True)
class Allocation:
    """An allocation; `funded` counts the places of it that got their money."""

    funded: int = 0


def _allocation(state: Allocation | None, event: PlaceFunded) -> Allocation:
    return Allocation(funded=(state or Allocation()).funded + 1)


exhibitions = Mirror(follows=FollowedExhibitionEvent, state=Exhibition, evolve=_exhibition)
applications = Mirror(follows=FollowedApplicationEvent, state=Application, evolve=_application)
rounds = Mirror(
    follows=RoundEvent,
    state=RoundFigures,
    evolve=_round,
    indexes=("programme", "scope", "status"),
)
allocations = Mirror(follows=PlaceFunded, state=Allocation, evolve=_allocation)
