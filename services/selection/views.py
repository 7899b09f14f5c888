"""What selection keeps of what it follows: next to nothing.

All that it needs comes with the events into its own aggregates, so these four mirrors are inboxes:
they count each subject's events, so that every reaction happens once and in the subject's order.
What is kept is what an operator wants to see first when a subject is parked.
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

ExhibitionHeard = CallOpened | VerificationClosed | ExhibitionCancelled


@dataclass(frozen=True, kw_only=True)
class Exhibition:
    """Whether an exhibition is still to take place."""

    cancelled: bool = False


def _exhibition(state: Exhibition | None, event: ExhibitionHeard) -> Exhibition:
    match event:
        case CallOpened() | VerificationClosed():
            return state or Exhibition()
        case ExhibitionCancelled():
            return Exhibition(cancelled=True)
        case _:
            assert_never(event)


ApplicationHeard = (
    ApplicationVerified | ApplicationWithdrawn | PlaceAccepted | PlaceDeclined | OfferExpired
)


@dataclass(frozen=True, kw_only=True)
class Application:
    """Whether an application has been given up."""

    withdrawn: bool = False


def _application(state: Application | None, event: ApplicationHeard) -> Application:
    match event:
        case ApplicationVerified() | PlaceAccepted() | PlaceDeclined() | OfferExpired():
            return state or Application()
        case ApplicationWithdrawn():
            return Application(withdrawn=True)
        case _:
            assert_never(event)


RoundHeard = ScoringClosed | SelectionReturned


@dataclass(frozen=True, kw_only=True)
class RoundClosing:
    """The last closing of an own round whose seals the candidates have been told of."""

    closing: int
    sealed: bool


def _round(state: RoundClosing | None, event: RoundHeard) -> RoundClosing:
    match event:
        case ScoringClosed():
            return RoundClosing(closing=event.closing, sealed=True)
        case SelectionReturned():
            return RoundClosing(closing=event.closing, sealed=False)
        case _:
            assert_never(event)


@dataclass(frozen=True, kw_only=True)
class Allocation:
    """How many fundings of places have been heard of."""

    funded: int = 0


def _allocation(state: Allocation | None, event: PlaceFunded) -> Allocation:
    return Allocation(funded=(state or Allocation()).funded + 1)


exhibitions = Mirror(follows=ExhibitionHeard, state=Exhibition, evolve=_exhibition)
applications = Mirror(follows=ApplicationHeard, state=Application, evolve=_application)
rounds = Mirror(follows=RoundHeard, state=RoundClosing, evolve=_round)
allocations = Mirror(follows=PlaceFunded, state=Allocation, evolve=_allocation)
