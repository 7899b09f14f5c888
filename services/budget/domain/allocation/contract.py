"""A contract (Komitmen) of an allocation: its places, its amount, its delivery and its payments.

A payment order (SPM) waits, is paid by an SP2D, or is void. A payment that the treasury sends back
waits again. Contracts, and the orders of a contract, are found by `comparable` of their numbers.
The cost of a place is its part of the contract: `parts` is the rule (ours).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
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

# State


@dataclass(frozen=True, kw_only=True)
class Payment:
    """A payment order (SPM); it is paid while it has the treasury's number (SP2D).

    `returned` are the SP2D numbers whose money came back, `returns` the numbers of those returns.
    `disbursers` recorded its payments, the last of them last; `returners` recorded that they came
    back, the last time on `returned_on`.
    """

    spm: str
    amount_idr: int
    ordered_on: date
    ordered_by: str
    sp2d: str | None = None
    paid_on: date | None = None
    disbursers: tuple[str, ...] = ()
    returners: tuple[str, ...] = ()
    voided: bool = False
    voided_by: str = ""
    returned: tuple[str, ...] = ()
    returns: tuple[str, ...] = ()
    returned_on: date | None = None

    @property
    def officers(self) -> frozenset[str]:
        """Return the officers that ordered, disbursed or took it back."""
        people = (self.ordered_by, self.voided_by, *self.disbursers, *self.returners)
        return frozenset(people) - {""}


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """A delivery (BAST): its number as written, its day, and the officer that recorded it."""

    number: str
    delivered_on: date
    recorded_by: str


@dataclass(frozen=True, kw_only=True)
class Amount:
    """An amount of a contract in rupiah, and the day on which it was signed."""

    signed_on: date
    amount_idr: int


@dataclass(frozen=True, kw_only=True)
class Contract:
    """A commitment: its number as written, its officers, its places and their reservations.

    `officers` made or amended it; `reservations` are those that it bound, by application;
    `amounts` are those of the contract and of its addenda, as they were recorded; `deliveries` are
    by `comparable` of their numbers.
    """

    number: str
    signed_on: date
    officers: tuple[str, ...]
    reservations: dict[str, int]
    amount_idr: int
    amounts: tuple[Amount, ...]
    closed: bool = False
    addenda: tuple[str, ...] = ()
    deliveries: dict[str, Delivery] = field(default_factory=dict)
    payments: dict[str, Payment] = field(default_factory=dict)

    @property
    def ordered_idr(self) -> int:
        """Return the sum of all orders that are not void, paid or not: never above the contract."""
        return sum(item.amount_idr for item in self.payments.values() if not item.voided)

    @property
    def paid_idr(self) -> int:
        """Return the sum that the treasury has paid (Realisasi)."""
        return sum(item.amount_idr for item in self.payments.values() if item.sp2d)

    @property
    def payers(self) -> frozenset[str]:
        """Return the officers that ordered, disbursed or took back its payments."""
        return frozenset().union(*(item.officers for item in self.payments.values()))

    @property
    def delivered_on(self) -> date | None:
        """Return the day of the first delivery, if there is one."""
        return min((item.delivered_on for item in self.deliveries.values()), default=None)

    def signed_idr(self, day: date) -> int:
        """Return the amount in force on a day: that of the last signature up to it."""
        signed = [amount.amount_idr for amount in self.amounts if amount.signed_on <= day]
        return signed[-1] if signed else 0

    @property
    def costs(self) -> dict[str, int]:
        """Return the cost of each place: its part of the amount."""
        return parts(self.amount_idr, self.reservations)


# Rules


def parts(amount_idr: int, reservations: Mapping[str, int]) -> dict[str, int]:
    """Divide an amount among places in proportion to their reservations, in whole rupiah.

    Each part is rounded down, in the order of the contract; the last place takes the rest.
    """
    if not reservations:
        return {}
    whole_idr = sum(reservations.values())
    divided = {place: amount_idr * idr // whole_idr for place, idr in reservations.items()}
    last = next(reversed(divided))
    rest_idr = amount_idr - sum(divided.values())
    return {**divided, last: divided[last] + rest_idr}


def contract_of(event: CommitmentContracted, reservations: dict[str, int]) -> Contract:
    """Return the contract that binds these reservations."""
    return Contract(
        number=event.contract,
        signed_on=event.signed_on,
        officers=(event.contracted_by,),
        reservations=reservations,
        amount_idr=event.amount_idr,
        amounts=(Amount(signed_on=event.signed_on, amount_idr=event.amount_idr),),
    )


def evolve_contract(state: Contract, event: ContractEvent) -> Contract:
    """Fold an event of a contract that has been made."""
    match event:
        case ContractAmended():
            amount = Amount(signed_on=event.signed_on, amount_idr=event.amount_idr)
            return replace(
                state,
                officers=(*state.officers, event.amended_by),
                amount_idr=event.amount_idr,
                amounts=(*state.amounts, amount),
                closed=False,
                addenda=(*state.addenda, event.addendum),
            )
        case ContractClosed():
            places = state.reservations if state.ordered_idr else {}
            amount_idr = state.amount_idr - event.released_idr
            return replace(state, closed=True, amount_idr=amount_idr, reservations=places)
        case DeliveryRecorded():
            delivery = Delivery(
                number=event.document_number,
                delivered_on=event.delivered_on,
                recorded_by=event.recorded_by,
            )
            number = comparable(event.document_number)
            return replace(state, deliveries={**state.deliveries, number: delivery})
        case DeliveryRetracted():
            return replace(state, deliveries=deliveries_without(event.document_number, state))
        case PaymentOrdered() | PaymentOrderVoided() | PaymentDisbursed() | PaymentReturned():
            return _evolve_payment(state, event)
        case _:
            assert_never(event)


def deliveries_without(number: str, state: Contract) -> dict[str, Delivery]:
    """Return the deliveries of a contract without that of this number."""
    retracted = comparable(number)
    return {key: item for key, item in state.deliveries.items() if key != retracted}


def _evolve_payment(
    state: Contract,
    event: PaymentOrdered | PaymentOrderVoided | PaymentDisbursed | PaymentReturned,
) -> Contract:
    spm = comparable(event.spm)
    match event:
        case PaymentOrdered():
            payment = Payment(
                spm=event.spm,
                amount_idr=event.amount_idr,
                ordered_on=event.ordered_on,
                ordered_by=event.ordered_by,
            )
        case PaymentOrderVoided():
            payment = replace(state.payments[spm], voided=True, voided_by=event.voided_by)
            # A closed contract has the amount of its orders.
            released_idr = event.amount_idr if state.closed else 0
            state = replace(state, amount_idr=state.amount_idr - released_idr)
        case PaymentDisbursed():
            order = state.payments[spm]
            payment = replace(
                order,
                sp2d=event.sp2d,
                paid_on=event.paid_on,
                disbursers=(*order.disbursers, event.disbursed_by),
            )
        case PaymentReturned():
            payment = _returned(state.payments[spm], event)
        case _:
            assert_never(event)
    return replace(state, payments={**state.payments, spm: payment})


def _returned(payment: Payment, event: PaymentReturned) -> Payment:
    returners = (*payment.returners, event.returned_by)
    payment = replace(payment, sp2d=None, paid_on=None, returners=returners)
    if event.return_number is None:
        # It was recorded by mistake: its SP2D belongs to another order.
        return payment
    return replace(
        payment,
        returned=(*payment.returned, event.sp2d),
        returns=(*payment.returns, event.return_number),
        returned_on=event.returned_on,
    )
