"""The mirrors of the subjects that selection follows; each stores almost nothing.

Events bring all that selection needs into its own aggregates, so these four mirrors serve as
inboxes: they count the events of each subject, so that every reaction happens once and in the
subject's order. They store the fields that an operator wants to see first if a subject is parked.
"""

from dataclasses import dataclass
from typing import assert_never

from shared.contracts.budget.allocation import PlaceFunded
from shared.contracts.registration.application import (
    ApplicationVerified,
    ApplicationWithdrawn,
    OfferExpired,
    PlaceAccepted,
    PlaceDeclined,
)
from shared.contracts.registration.exhibition import (
    CallOpened,
    ExhibitionCancelled,
    VerificationClosed,
)
from shared.contracts.selection.round import ScoringClosed, SelectionReturned
from shared.kernel.view import Mirror

FollowedExhibitionEvent = CallOpened | VerificationClosed | ExhibitionCancelled


@dataclass(frozen=True, kw_only=True)
class Exhibition:
    """An exhibition; `cancelled` is True if it does not take place."""

    cancelled: bool = False


def _exhibition(state: Exhibition | None, event: FollowedExhibitionEvent) -> Exhibition:
    match event:
        case CallOpened() | VerificationClosed():
            return state or Exhibition()
        case ExhibitionCancelled():
            return Exhibition(cancelled=True)
        case _:
            assert_never(event)


FollowedApplicationEvent = (
    ApplicationVerified | ApplicationWithdrawn | PlaceAccepted | PlaceDeclined | OfferExpired
)


@dataclass(frozen=True, kw_only=True)
class Application:
    """An application; `withdrawn` is True if its applicant gave up."""

    withdrawn: bool = False


def _application(state: Application | None, event: FollowedApplicationEvent) -> Application:
    match event:
        case ApplicationVerified() | PlaceAccepted() | PlaceDeclined() | OfferExpired():
            return state or Application()
        case ApplicationWithdrawn():
            return Application(withdrawn=True)
        case _:
            assert_never(event)


FollowedRoundEvent = ScoringClosed | SelectionReturned


@dataclass(frozen=True, kw_only=True)
class RoundClosing:
    """The last closing of an own round that was passed on to its candidates.

    `sealed` is False if the selection has been returned since.
    """

    closing: int
    sealed: bool


def _round(state: RoundClosing | None, event: FollowedRoundEvent) -> RoundClosing:
    match event:
        case ScoringClosed():
            return RoundClosing(closing=event.closing, sealed=True)
        case SelectionReturned():
            return RoundClosing(closing=event.closing, sealed=False)
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
rounds = Mirror(follows=FollowedRoundEvent, state=RoundClosing, evolve=_round)
allocations = Mirror(follows=PlaceFunded, state=Allocation, evolve=_allocation)
