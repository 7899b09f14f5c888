"""The state of an allocation, and the fold of its events into it.

Every place is in one of three lists: it waits for money in rank order, has money reserved, or is
bound by a contract (`contract`). A place that was released is in none of them. `ceiling - reserved
- contracted` is free, and is never below zero. Balances are computed and not stored, so they always
agree with the lists.
"""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import TypedDict, TypeVar, assert_never

from services.budget.domain.allocation.contract import Contract, contract_of, evolve_contract
from shared.contracts.budget.allocation import (
    AllocationClosed,
    AllocationEvent,
    AllocationLowered,
    AllocationRaised,
    AllocationRepriced,
    CommitmentContracted,
    ContractClosed,
    ContractEvent,
    FundingDeclined,
    FundingReleased,
    FundingRequested,
    PlaceFunded,
    ReservationReleased,
    SunkCostRecognised,
    SunkCostReversed,
)
from shared.contracts.documents import comparable
from shared.contracts.ids import without
from shared.contracts.words import Scope

V = TypeVar("V")
PlaceEvent = (
    FundingRequested | PlaceFunded | FundingDeclined | FundingReleased | ReservationReleased
)

# State


class AllocationBalances(TypedDict):
    """The fields that every event of an allocation has; the balances are those after the event."""

    exhibition: str
    programme: str
    scope: Scope
    ceiling_idr: int
    reserved_idr: int
    contracted_idr: int
    realised_idr: int


@dataclass(frozen=True, kw_only=True)
class Allocation:
    """The money of an exhibition; `unit_cost_idr` is 0 until the first allotment fixes it.

    `ranked` are all applications in the order in which they last asked for money, and `waiting`
    those that wait, in this order; `reserved`, `contracted` and `sunk` are rupiah by application,
    `sunk` of those that lost their place or did not come after their contract.
    `released` names the officer that released the reservation of a place; `contracts` are by
    `comparable` of their numbers; `funding` says by an index if places wait; `lowerings` has the
    documents by which officers returned money.
    """

    exhibition: str
    programme: str
    scope: Scope
    ceiling_idr: int = 0
    unit_cost_idr: int = 0
    closed: bool = False
    ranked: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    reserved: dict[str, int] = field(default_factory=dict)
    contracted: dict[str, int] = field(default_factory=dict)
    sunk: dict[str, int] = field(default_factory=dict)
    released: dict[str, str] = field(default_factory=dict)
    contracts: dict[str, Contract] = field(default_factory=dict)
    lowerings: tuple[str, ...] = ()

    @property
    def reserved_idr(self) -> int:
        """Return the sum that is reserved for places and not bound by a contract yet."""
        return sum(self.reserved.values())

    @property
    def contracted_idr(self) -> int:
        """Return the sum that contracts bind, paid or not."""
        return sum(self.contracted.values())

    @property
    def realised_idr(self) -> int:
        """Return the sum that the treasury has paid by an SP2D (Realisasi)."""
        return sum(contract.paid_idr for contract in self.contracts.values())

    @property
    def free_idr(self) -> int:
        """Return the sum that can still be reserved or returned: never below zero."""
        return self.ceiling_idr - self.reserved_idr - self.contracted_idr

    def in_rank_order(self, applications: Collection[str]) -> tuple[str, ...]:
        """Return these applications in rank order."""
        return tuple(place for place in self.ranked if place in applications)

    def has_place(self, application: str) -> bool:
        """Return True if this place waits for money or has it."""
        return any(
            application in places for places in (self.waiting, self.reserved, self.contracted)
        )

    def balances(
        self, *, ceiling: int = 0, reserved: int = 0, contracted: int = 0, realised: int = 0
    ) -> AllocationBalances:
        """Return the balances after these changes, in rupiah."""
        return AllocationBalances(
            exhibition=self.exhibition,
            programme=self.programme,
            scope=self.scope,
            ceiling_idr=self.ceiling_idr + ceiling,
            reserved_idr=self.reserved_idr + reserved,
            contracted_idr=self.contracted_idr + contracted,
            realised_idr=self.realised_idr + realised,
        )


# Rules


def evolve(state: Allocation | None, event: AllocationEvent) -> Allocation:
    """Fold an event."""
    state = state or Allocation(
        exhibition=event.exhibition, programme=event.programme, scope=event.scope
    )
    match event:
        case AllocationRaised() | AllocationLowered() | AllocationClosed():
            return _evolve_ceiling(state, event)
        case AllocationRepriced():
            return _evolve_cost(state, event)
        case (
            FundingRequested()
            | PlaceFunded()
            | FundingDeclined()
            | FundingReleased()
            | ReservationReleased()
        ):
            return _evolve_places(state, event)
        case CommitmentContracted():
            return _evolve_commitment(state, event)
        case SunkCostRecognised():
            return replace(state, sunk={**state.sunk, event.application: event.amount_idr})
        case SunkCostReversed():
            return replace(state, sunk=_without_places(state.sunk, (event.application,)))
        case _:
            return _evolve_contract(state, event)


def _evolve_ceiling(
    state: Allocation, event: AllocationRaised | AllocationLowered | AllocationClosed
) -> Allocation:
    match event:
        case AllocationRaised():
            raised_idr = state.ceiling_idr + event.amount_idr
            return replace(state, ceiling_idr=raised_idr, unit_cost_idr=event.unit_cost_idr)
        case AllocationLowered():
            number = event.document_number
            lowerings = (*state.lowerings, comparable(number)) if number else state.lowerings
            ceiling_idr = state.ceiling_idr - event.amount_idr
            return replace(state, ceiling_idr=ceiling_idr, lowerings=lowerings)
        case AllocationClosed():
            return replace(state, closed=True)
        case _:
            assert_never(event)


def _evolve_cost(state: Allocation, event: AllocationRepriced) -> Allocation:
    funded = _without_places(state.reserved, event.unfunded)
    return replace(
        state,
        unit_cost_idr=event.unit_cost_idr,
        reserved=dict.fromkeys(funded, event.unit_cost_idr),
        waiting=state.in_rank_order({*event.unfunded, *state.waiting}),
    )


def _evolve_places(state: Allocation, event: PlaceEvent) -> Allocation:
    match event:
        case FundingRequested():
            released = _without_places(state.released, event.applications)
            before = tuple(place for place in state.ranked if place not in event.applications)
            return replace(
                state,
                ranked=before + event.applications,
                waiting=state.waiting + event.applications,
                released=released,
            )
        case PlaceFunded():
            reserved = {**state.reserved, event.application: event.amount_idr}
            waiting = without(state.waiting, event.application)
            return replace(state, waiting=waiting, reserved=reserved)
        case FundingDeclined():
            return state
        case FundingReleased():
            reserved = _without_places(state.reserved, (event.application,))
            waiting = without(state.waiting, event.application)
            return replace(state, waiting=waiting, reserved=reserved)
        case ReservationReleased():
            reserved = _without_places(state.reserved, (event.application,))
            waiting = without(state.waiting, event.application)
            released = {**state.released, event.application: event.released_by}
            return replace(state, reserved=reserved, waiting=waiting, released=released)
        case _:
            assert_never(event)


def _evolve_commitment(state: Allocation, event: CommitmentContracted) -> Allocation:
    bound = {application: state.reserved[application] for application in event.applications}
    contract = contract_of(event, bound)
    return replace(
        state,
        reserved=_without_places(state.reserved, bound),
        contracted={**state.contracted, **contract.costs},
        contracts={**state.contracts, comparable(event.contract): contract},
    )


def _evolve_contract(state: Allocation, event: ContractEvent) -> Allocation:
    number = comparable(event.contract)
    before = state.contracts[number]
    contract = evolve_contract(before, event)
    reserved = state.reserved
    if isinstance(event, ContractClosed):
        again = {application: before.costs[application] for application in event.applications}
        reserved = {**reserved, **again}
    contracted = _without_places(state.contracted, before.reservations) | contract.costs
    contracts = {**state.contracts, number: contract}
    return replace(state, reserved=reserved, contracted=contracted, contracts=contracts)


def _without_places(places: dict[str, V], applications: Collection[str]) -> dict[str, V]:
    return {place: value for place, value in places.items() if place not in applications}
