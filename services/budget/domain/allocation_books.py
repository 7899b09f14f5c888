"""The books of an allocation: its state, and how its events are entered.

Every place is in one of three lists: waiting for money in rank order, reserved, or contracted; one
that was released is in none. `ceiling - reserved - contracted` is free, and never below zero. Every
balance follows from what is kept here; none is kept twice.
"""

from dataclasses import dataclass, field, replace
from typing import TypedDict, assert_never

from shared.contracts.budget.allocation import (
    AllocationClosed,
    AllocationEvent,
    AllocationLowered,
    AllocationRaised,
    CommitmentContracted,
    FundingDeclined,
    FundingReleased,
    FundingRequested,
    PaymentDisbursed,
    PaymentOrdered,
    PlaceFunded,
    SunkCostRecognised,
)
from shared.contracts.ids import without
from shared.contracts.words import Scope

# State


class Balances(TypedDict):
    """Which allocation an event is about, and its balances after it."""

    exhibition: str
    programme: str
    scope: Scope
    ceiling_idr: int
    reserved_idr: int
    contracted_idr: int
    realised_idr: int


@dataclass(frozen=True, kw_only=True)
class Payment:
    """A payment order (SPM); with the treasury's number (SP2D) it is paid."""

    amount_idr: int
    sp2d: str | None = None


@dataclass(frozen=True, kw_only=True)
class Contract:
    """A commitment: who made it, for which places, and its payments by their SPM."""

    contracted_by: str
    applications: tuple[str, ...]
    amount_idr: int
    payments: dict[str, Payment] = field(default_factory=dict)

    @property
    def ordered_idr(self) -> int:
        """The sum of all payment orders, paid or not: never above the contract."""
        return sum(payment.amount_idr for payment in self.payments.values())

    @property
    def paid_idr(self) -> int:
        """The sum that the treasury has paid (Realisasi)."""
        return sum(payment.amount_idr for payment in self.payments.values() if payment.sp2d)


@dataclass(frozen=True, kw_only=True)
class Allocation:
    """The money of one exhibition; `unit_cost_idr` is 0 until the first allotment says it."""

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

    @property
    def reserved_idr(self) -> int:
        """Promised to places, not yet bound by a contract."""
        return sum(self.reserved.values())

    @property
    def contracted_idr(self) -> int:
        """Bound by contracts, paid or not."""
        return sum(self.contracted.values())

    @property
    def realised_idr(self) -> int:
        """Paid by an SP2D (Realisasi)."""
        return sum(contract.paid_idr for contract in self.contracts.values())

    @property
    def free_idr(self) -> int:
        """The sum that may still be reserved or returned: never below zero."""
        return self.ceiling_idr - self.reserved_idr - self.contracted_idr

    def knows(self, application: str) -> bool:
        """Return True if this place waits for money or has it."""
        held = application in self.reserved or application in self.contracted
        return held or application in self.waiting

    def balances(
        self, *, ceiling: int = 0, reserved: int = 0, contracted: int = 0, realised: int = 0
    ) -> Balances:
        """The balances after these changes."""
        return Balances(
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
            return _ceiling(state, event)
        case FundingRequested() | PlaceFunded() | FundingDeclined() | FundingReleased():
            return _places(state, event)
        case CommitmentContracted() | SunkCostRecognised():
            return _commitments(state, event)
        case PaymentOrdered() | PaymentDisbursed():
            return _payments(state, event)
        case _:
            assert_never(event)


def _ceiling(
    state: Allocation, event: AllocationRaised | AllocationLowered | AllocationClosed
) -> Allocation:
    match event:
        case AllocationRaised():
            raised_idr = state.ceiling_idr + event.amount_idr
            return replace(state, ceiling_idr=raised_idr, unit_cost_idr=event.unit_cost_idr)
        case AllocationLowered():
            return replace(state, ceiling_idr=state.ceiling_idr - event.amount_idr)
        case AllocationClosed():
            return replace(state, closed=True)
        case _:
            assert_never(event)


def _places(
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
            reserved = {**state.reserved}
            reserved.pop(event.application, None)
            waiting = without(state.waiting, event.application)
            return replace(state, waiting=waiting, reserved=reserved)
        case _:
            assert_never(event)


def _commitments(state: Allocation, event: CommitmentContracted | SunkCostRecognised) -> Allocation:
    match event:
        case CommitmentContracted():
            bound = {place: state.reserved[place] for place in event.applications}
            contract = Contract(
                contracted_by=event.contracted_by,
                applications=event.applications,
                amount_idr=event.amount_idr,
            )
            return replace(
                state,
                reserved={k: v for k, v in state.reserved.items() if k not in bound},
                contracted={**state.contracted, **bound},
                contracts={**state.contracts, event.contract: contract},
            )
        case SunkCostRecognised():
            return replace(state, sunk=(*state.sunk, event.application))
        case _:
            assert_never(event)


def _payments(state: Allocation, event: PaymentOrdered | PaymentDisbursed) -> Allocation:
    contract = state.contracts[event.contract]
    match event:
        case PaymentOrdered():
            payment = Payment(amount_idr=event.amount_idr)
        case PaymentDisbursed():
            payment = Payment(amount_idr=event.amount_idr, sp2d=event.sp2d)
        case _:
            assert_never(event)
    paid = replace(contract, payments={**contract.payments, event.spm: payment})
    return replace(state, contracts={**state.contracts, event.contract: paid})
