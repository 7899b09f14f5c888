"""The state of an allocation, and the fold of its events into it.

Every place is in one of three lists: it waits for money in rank order, has money reserved, or is
bound by a contract. A place that was released is in none of them. `ceiling - reserved - contracted`
is free, and is never below zero. Balances are computed and not stored, so they always agree with
the lists.
"""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TypedDict, assert_never

from shared.contracts.budget.allocation import (
    AllocationClosed,
    AllocationEvent,
    AllocationLowered,
    AllocationRaised,
    AllocationRepriced,
    CommitmentContracted,
    FundingDeclined,
    FundingReleased,
    FundingRequested,
    PaymentDisbursed,
    PaymentOrdered,
    PlaceFunded,
    SunkCostRecognised,
    SunkCostReversed,
)
from shared.contracts.documents import comparable
from shared.contracts.ids import without
from shared.contracts.words import Scope

# State


class Funding(StrEnum):
    """Places of an exhibition wait for money, or all have it; a closed allocation funds none."""

    WAITING = "WAITING"
    COVERED = "COVERED"


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
class Payment:
    """A payment order (SPM); it is paid once it has the treasury's number (SP2D)."""

    amount_idr: int
    sp2d: str | None = None


@dataclass(frozen=True, kw_only=True)
class Contract:
    """A commitment: its officer, its places, its amount, and its payments by SPM."""

    contracted_by: str
    applications: tuple[str, ...]
    amount_idr: int
    payments: dict[str, Payment] = field(default_factory=dict)

    @property
    def ordered_idr(self) -> int:
        """Return the sum of all payment orders, paid or not: never above the contract."""
        return sum(payment.amount_idr for payment in self.payments.values())

    @property
    def paid_idr(self) -> int:
        """Return the sum that the treasury has paid (Realisasi)."""
        return sum(payment.amount_idr for payment in self.payments.values() if payment.sp2d)


@dataclass(frozen=True, kw_only=True)
class Allocation:
    """The money of an exhibition; `unit_cost_idr` is 0 until the first allotment fixes it.

    `waiting` are applications in rank order; `reserved` and `contracted` are rupiah by application;
    `sunk` are contracted applications that lost their place or did not come. `funding` says by an
    index if places wait; `lowerings` has the documents by which officers returned money.
    """

    exhibition: str
    programme: str
    scope: Scope
    ceiling_idr: int = 0
    unit_cost_idr: int = 0
    closed: bool = False
    waiting: tuple[str, ...] = ()
    reserved: dict[str, int] = field(default_factory=dict)
    contracted: dict[str, int] = field(default_factory=dict)
    sunk: tuple[str, ...] = ()
    contracts: dict[str, Contract] = field(default_factory=dict)
    funding: Funding = Funding.COVERED
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
    state = _evolve(state, event)
    waits = state.waiting and not state.closed
    return replace(state, funding=Funding.WAITING if waits else Funding.COVERED)


def _evolve(state: Allocation | None, event: AllocationEvent) -> Allocation:
    state = state or Allocation(
        exhibition=event.exhibition, programme=event.programme, scope=event.scope
    )
    match event:
        case AllocationRaised() | AllocationLowered() | AllocationClosed():
            return _evolve_ceiling(state, event)
        case AllocationRepriced():
            return _evolve_cost(state, event)
        case FundingRequested() | PlaceFunded() | FundingDeclined() | FundingReleased():
            return _evolve_places(state, event)
        case CommitmentContracted() | SunkCostRecognised() | SunkCostReversed():
            return _evolve_commitments(state, event)
        case PaymentOrdered() | PaymentDisbursed():
            return _evolve_payments(state, event)
        case _:
            assert_never(event)


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
        waiting=(*event.unfunded, *state.waiting),
    )


def _evolve_places(
    state: Allocation, event: FundingRequested | PlaceFunded | FundingDeclined | FundingReleased
) -> Allocation:
    match event:
        case FundingRequested():
            return replace(state, waiting=state.waiting + event.applications)
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
        case _:
            assert_never(event)


def _evolve_commitments(
    state: Allocation, event: CommitmentContracted | SunkCostRecognised | SunkCostReversed
) -> Allocation:
    match event:
        case CommitmentContracted():
            bound = {application: state.reserved[application] for application in event.applications}
            contract = Contract(
                contracted_by=event.contracted_by,
                applications=event.applications,
                amount_idr=event.amount_idr,
            )
            return replace(
                state,
                reserved=_without_places(state.reserved, bound),
                contracted={**state.contracted, **bound},
                contracts={**state.contracts, event.contract: contract},
            )
        case SunkCostRecognised():
            return replace(state, sunk=(*state.sunk, event.application))
        case SunkCostReversed():
            return replace(state, sunk=without(state.sunk, event.application))
        case _:
            assert_never(event)


def _without_places(reserved: dict[str, int], applications: Collection[str]) -> dict[str, int]:
    return {
        application: amount_idr
        for application, amount_idr in reserved.items()
        if application not in applications
    }


def _evolve_payments(state: Allocation, event: PaymentOrdered | PaymentDisbursed) -> Allocation:
    contract = state.contracts[event.contract]
    match event:
        case PaymentOrdered():
            payment = Payment(amount_idr=event.amount_idr)
        case PaymentDisbursed():
            payment = Payment(amount_idr=event.amount_idr, sp2d=event.sp2d)
        case _:
            assert_never(event)
    contract = replace(contract, payments={**contract.payments, event.spm: payment})
    return replace(state, contracts={**state.contracts, event.contract: contract})
