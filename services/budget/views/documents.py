"""The lists of contracts and payment orders of all exhibitions, folded from the own allocations.

Each document is a view under its number (`comparable`), so a list can be filtered and paged without
the allocations. A list may be a moment behind; the rules never use it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import assert_never

from shared.contracts.budget.allocation import (
    CommitmentContracted,
    ContractAmended,
    ContractClosed,
    ContractEvent,
    DeliveryRecorded,
    DeliveryRetracted,
    PaymentDisbursed,
    PaymentOrdered,
    PaymentOrderVoided,
    PaymentReturned,
)
from shared.contracts.documents import comparable
from shared.contracts.words import Scope
from shared.kernel.view import View


class ContractStatus(StrEnum):
    """A contract waits for its delivery, was delivered (in part), or is closed."""

    UNDELIVERED = "UNDELIVERED"
    DELIVERED = "DELIVERED"
    CLOSED = "CLOSED"


class ContractNeed(StrEnum):
    """A contract waits for the record of a delivery (BAST), or for an order of its rest (SPM)."""

    DELIVERY = "delivery"
    ORDER = "order"


class OrderStatus(StrEnum):
    """A payment order waits, is paid, came back and waits again, or is void."""

    ORDERED = "ORDERED"
    PAID = "PAID"
    RETURNED = "RETURNED"
    VOIDED = "VOIDED"


@dataclass(frozen=True, kw_only=True)
class ListedContract:
    """A contract with its sums in rupiah; `number` as it was written."""

    exhibition: str
    programme: str
    scope: Scope
    number: str
    signed_on: date
    places: int
    amount_idr: int
    ordered_idr: int = 0
    paid_idr: int = 0
    delivered_on: date | None = None
    status: ContractStatus = ContractStatus.UNDELIVERED
    waits_for: tuple[ContractNeed, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ListedOrder:
    """A payment order (SPM); `sp2d` is that of its payment, unless that came back.

    `returned_on` is the day on which a payment came back the last time.
    """

    exhibition: str
    programme: str
    scope: Scope
    contract: str
    spm: str
    ordered_on: date
    amount_idr: int
    sp2d: str | None = None
    paid_on: date | None = None
    returned_on: date | None = None
    status: OrderStatus = OrderStatus.ORDERED


ListedContractEvent = CommitmentContracted | ContractEvent
OrderEvent = PaymentOrdered | PaymentOrderVoided | PaymentDisbursed | PaymentReturned


def contract_key(event: ListedContractEvent) -> str:
    """Return the number of the contract, as numbers are compared."""
    return comparable(event.contract)


def order_key(event: OrderEvent) -> str:
    """Return the number of the payment order, as numbers are compared."""
    return comparable(event.spm)


def _contract(state: ListedContract | None, event: ListedContractEvent) -> ListedContract:
    after = _evolve(state, event)
    return replace(after, waits_for=tuple(_waits_for(after)))


def _waits_for(contract: ListedContract) -> Iterator[ContractNeed]:
    closed = contract.status is ContractStatus.CLOSED
    owed_idr = contract.ordered_idr - contract.paid_idr
    if contract.delivered_on is None and (owed_idr or not closed):
        yield ContractNeed.DELIVERY
    if contract.amount_idr > contract.ordered_idr and not closed:
        yield ContractNeed.ORDER


def _evolve(state: ListedContract | None, event: ListedContractEvent) -> ListedContract:
    if isinstance(event, CommitmentContracted):
        return ListedContract(
            exhibition=event.exhibition,
            programme=event.programme,
            scope=event.scope,
            number=event.contract,
            signed_on=event.signed_on,
            places=len(event.applications),
            amount_idr=event.amount_idr,
        )
    assert state is not None, "a contract begins with its commitment"
    return _contract_after(state, event)


def _contract_after(state: ListedContract, event: ContractEvent) -> ListedContract:
    match event:
        case ContractAmended():
            status = ContractStatus.DELIVERED if state.delivered_on else ContractStatus.UNDELIVERED
            return replace(state, amount_idr=event.amount_idr, status=status)
        case ContractClosed():
            places = state.places if state.ordered_idr else 0
            amount_idr = state.amount_idr - event.released_idr
            status = ContractStatus.CLOSED
            return replace(state, amount_idr=amount_idr, places=places, status=status)
        case DeliveryRecorded() | DeliveryRetracted():
            return _delivered(state, event)
        case PaymentOrdered():
            return replace(state, ordered_idr=state.ordered_idr + event.amount_idr)
        case PaymentOrderVoided():
            released_idr = event.amount_idr if state.status is ContractStatus.CLOSED else 0
            ordered_idr = state.ordered_idr - event.amount_idr
            return replace(
                state, amount_idr=state.amount_idr - released_idr, ordered_idr=ordered_idr
            )
        case PaymentDisbursed():
            return replace(state, paid_idr=state.paid_idr + event.amount_idr)
        case PaymentReturned():
            return replace(state, paid_idr=state.paid_idr - event.amount_idr)
        case _:
            assert_never(event)


def _delivered(
    state: ListedContract, event: DeliveryRecorded | DeliveryRetracted
) -> ListedContract:
    if isinstance(event, DeliveryRetracted):
        first = event.first_delivered_on
    else:
        first = min(state.delivered_on or event.delivered_on, event.delivered_on)
    status = ContractStatus.DELIVERED if first else ContractStatus.UNDELIVERED
    closed = state.status is ContractStatus.CLOSED
    return replace(state, delivered_on=first, status=state.status if closed else status)


def _order(state: ListedOrder | None, event: OrderEvent) -> ListedOrder:
    if isinstance(event, PaymentOrdered):
        return ListedOrder(
            exhibition=event.exhibition,
            programme=event.programme,
            scope=event.scope,
            contract=event.contract,
            spm=event.spm,
            ordered_on=event.ordered_on,
            amount_idr=event.amount_idr,
        )
    assert state is not None, "a payment begins with its order"
    match event:
        case PaymentDisbursed():
            return replace(state, sp2d=event.sp2d, paid_on=event.paid_on, status=OrderStatus.PAID)
        case PaymentReturned():
            return _returned(state, event)
        case PaymentOrderVoided():
            return replace(state, status=OrderStatus.VOIDED)
        case _:
            assert_never(event)


def _returned(state: ListedOrder, event: PaymentReturned) -> ListedOrder:
    # A payment that was recorded by mistake leaves its order as it was before.
    came_back = event.return_number is not None
    returned_on = event.returned_on if came_back else state.returned_on
    status = OrderStatus.RETURNED if returned_on else OrderStatus.ORDERED
    return replace(state, sp2d=None, paid_on=None, returned_on=returned_on, status=status)


INDEXES = ("exhibition", "programme", "scope", "status")

contracts = View(
    noun="contract",
    follows=ListedContractEvent,
    state=ListedContract,
    key=contract_key,
    evolve=_contract,
    indexes=(*INDEXES, "waits_for"),
)
payment_orders = View(
    noun="payment-order",
    follows=OrderEvent,
    state=ListedOrder,
    key=order_key,
    evolve=_order,
    indexes=INDEXES,
)
