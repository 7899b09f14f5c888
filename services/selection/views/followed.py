"""The mirrors of the subjects that selection follows: they store almost nothing.

Events bring all that selection needs into its own aggregates, so these mirrors serve as inboxes:
they count the events of each subject, so that every reaction happens once and in the subject's
order. They store the fields that an operator wants to see first if a subject is parked, and the
name of an exhibition for what is printed.
"""

from dataclasses import dataclass, field, replace
from typing import assert_never

from shared.contracts.budget.allocation import (
    AllocationLowered,
    AllocationRaised,
    AllocationRepriced,
    FundingReleased,
    PlaceFunded,
)
from shared.contracts.ids import enterprise_of
from shared.contracts.registration.application import (
    ApplicationClosed,
    ApplicationLapsed,
    ApplicationVerified,
    ApplicationWithdrawn,
    OfferExpired,
    PlaceAccepted,
    PlaceDeclined,
    RenewalExpired,
)
from shared.contracts.registration.commitment import CommitmentDelivered, CommitmentExpired
from shared.contracts.registration.exhibition import (
    CallOpened,
    ExhibitionCancelled,
    ExhibitionOpened,
    ExhibitionPlanned,
    ExhibitionRescheduled,
    VerificationClosed,
)
from shared.kernel.view import Mirror

FollowedExhibitionEvent = (
    ExhibitionPlanned
    | CallOpened
    | ExhibitionRescheduled
    | VerificationClosed
    | ExhibitionOpened
    | ExhibitionCancelled
)


@dataclass(frozen=True, kw_only=True)
class Exhibition:
    """An exhibition by its `name`; `cancelled` is True if it does not take place."""

    name: str = ""
    cancelled: bool = False


def _exhibition(state: Exhibition | None, event: FollowedExhibitionEvent) -> Exhibition:
    state = state or Exhibition()
    match event:
        case ExhibitionPlanned():
            return replace(state, name=event.name)
        case CallOpened() | ExhibitionRescheduled() | VerificationClosed() | ExhibitionOpened():
            return state
        case ExhibitionCancelled():
            return replace(state, cancelled=True)
        case _:
            assert_never(event)


FollowedApplicationEvent = (
    ApplicationVerified
    | ApplicationWithdrawn
    | ApplicationClosed
    | ApplicationLapsed
    | RenewalExpired
    | CommitmentDelivered
    | CommitmentExpired
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
        case ApplicationVerified() | PlaceAccepted() | CommitmentDelivered():
            return state or Application()
        case (
            ApplicationClosed()
            | ApplicationLapsed()
            | RenewalExpired()
            | CommitmentExpired()
            | PlaceDeclined()
            | OfferExpired()
        ):
            return Application(ended=True)
        case ApplicationWithdrawn():
            return Application(withdrawn=True)
        case _:
            assert_never(event)


@dataclass(frozen=True, kw_only=True)
class Allocation:
    """An allocation: its ceiling, and the number of places of it that got their money.

    `releases` counts how often the money of each enterprise was released: it tells money of a seat
    that was lost to an objection from money of the same enterprise's next seat.
    """

    funded: int = 0
    ceiling_idr: int = 0
    releases: dict[str, int] = field(default_factory=dict)


FollowedAllocationEvent = (
    PlaceFunded | FundingReleased | AllocationRaised | AllocationLowered | AllocationRepriced
)


def _allocation(state: Allocation | None, event: FollowedAllocationEvent) -> Allocation:
    state = replace(state or Allocation(), ceiling_idr=event.ceiling_idr)
    match event:
        case PlaceFunded():
            return replace(state, funded=state.funded + 1)
        case FundingReleased():
            enterprise = enterprise_of(event.application)
            releases = state.releases.get(enterprise, 0) + 1
            return replace(state, releases={**state.releases, enterprise: releases})
        case AllocationRaised() | AllocationLowered() | AllocationRepriced():
            return state
        case _:
            assert_never(event)


exhibitions = Mirror(follows=FollowedExhibitionEvent, state=Exhibition, evolve=_exhibition)
applications = Mirror(follows=FollowedApplicationEvent, state=Application, evolve=_application)
allocations = Mirror(follows=FollowedAllocationEvent, state=Allocation, evolve=_allocation)
