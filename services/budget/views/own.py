"""The mirror of budget's own allocations, with the figures of each, and the tally of a scope.

Lists and tasks read the mirror, because an allocation has all its contracts. The tally `use` adds
up the figures of a programme's scope. Money travels between envelopes and allocations as events, so
budget follows its own topic.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

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
from shared.contracts.words import Scope
from shared.kernel.view import Contribution, Mirror, Tally


class PlaceNeed(StrEnum):
    """Places of an open allocation wait for money, or after the decree for a contract."""

    MONEY = "money"
    CONTRACT = "contract"


@dataclass(frozen=True, kw_only=True)
class AllocationUse:
    """The figures of an own allocation after its last event, in rupiah and places."""

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
    waits_for: tuple[PlaceNeed, ...] = ()


def _allocation(state: AllocationUse | None, event: AllocationEvent) -> AllocationUse:
    before = state or AllocationUse(programme=event.programme, scope=event.scope)
    after = replace(
        _with_places(before, event),
        ceiling_idr=event.ceiling_idr,
        reserved_idr=event.reserved_idr,
        contracted_idr=event.contracted_idr,
        realised_idr=event.realised_idr,
    )
    return with_waiting(after)


def with_waiting(use: AllocationUse) -> AllocationUse:
    """Return the figures with what their places wait for."""
    waits = {PlaceNeed.MONEY: use.places_waiting, PlaceNeed.CONTRACT: use.places_reserved}
    waits_for = () if use.closed else tuple(thing for thing, places in waits.items() if places)
    return replace(use, waits_for=waits_for)


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


allocations = Mirror(
    follows=AllocationEvent,
    state=AllocationUse,
    evolve=_allocation,
    indexes=("programme", "scope", "waits_for"),
)

use = Tally(name="use", of=allocations, dimensions=("programme", "scope"), contribution=_use)
"""The ceilings of a programme's scope, and what is reserved, contracted, paid and sunk of them."""
