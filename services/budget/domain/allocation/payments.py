"""The rules of payments on a contract: payment order (SPM) and disbursement (SP2D).

Four eyes, compared by actor whatever roles a token holds: an officer of a contract neither orders
nor disburses its payments, and who ordered a payment does not disburse it. A token that speaks for
the enterprise of one of its places does neither. The orders never exceed the contract. A
disbursement pays exactly one order in full, once a delivery is recorded, by an SP2D number that no
other payment has or had. On no day do the orders exceed what was signed up to it.
`reversals` has the rules that take payments back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from services.budget.domain.allocation.commitments import require_contract, require_open
from services.budget.domain.allocation.contract import Contract, Payment
from services.budget.domain.allocation.dates import require_day, require_not_before
from services.budget.domain.allocation.numbers import (
    KEPT_FROM_ORDERS,
    Kind,
    require_new,
    require_room,
)
from services.budget.domain.allocation.state import Allocation
from services.budget.domain.money import rupiah
from shared.contracts.budget.allocation import AllocationEvent, PaymentDisbursed, PaymentOrdered
from shared.contracts.documents import DocumentNumber, TreasuryNumber, comparable
from shared.contracts.words import Positive
from shared.kernel.decider import Context, Refused
from shared.kernel.four_eyes import (
    CONTRACT_AND_DISBURSE,
    CONTRACT_AND_ORDER,
    ORDER_AND_DISBURSE,
    require_another_person,
    require_other_enterprises,
)

DISBURSEMENTS_MAX = 5
"""Of an order whose payments came back: then it is voided, and ordered with another SPM (ours)."""

# Commands


@dataclass(frozen=True, kw_only=True)
class OrderPayment:
    """Order a payment (SPM) on a contract."""

    contract: DocumentNumber
    spm: DocumentNumber
    ordered_on: date
    amount_idr: Positive


@dataclass(frozen=True, kw_only=True)
class DisbursePayment:
    """Record that the treasury has paid this order, by this SP2D."""

    contract: DocumentNumber
    spm: DocumentNumber
    sp2d: TreasuryNumber
    paid_on: date


# Rules


def order_payment(
    command: OrderPayment, state: Allocation, context: Context
) -> Sequence[AllocationEvent]:
    """Order a payment of a part of the contract, or all of it, that no order covers yet."""
    contract = require_contract(command.contract, state)
    require_orderer(contract, context)
    require_new(Kind.SPM, command.spm, state)
    require_open(contract)
    require_room(state, kept=KEPT_FROM_ORDERS)
    require_day("ordered_on", command.ordered_on, state, context)
    require_not_before(
        "ordered-before-signed", command.ordered_on, contract.signed_on, "the contract"
    )
    unordered_idr = contract.amount_idr - contract.ordered_idr
    if command.amount_idr > unordered_idr:
        raise Refused(
            "contract-exceeded",
            f"You ordered {rupiah(command.amount_idr)}, but only {rupiah(unordered_idr)} of the "
            f"contract can still be ordered (contract {rupiah(contract.amount_idr)}, "
            f"ordered {rupiah(contract.ordered_idr)}, of which paid {rupiah(contract.paid_idr)}): "
            "order at most that amount.",
        )
    _check_signed(command, contract)
    return [
        PaymentOrdered(
            contract=contract.number,
            spm=command.spm,
            ordered_on=command.ordered_on,
            amount_idr=command.amount_idr,
            ordered_by=context.actor,
            **state.balances(),
        )
    ]


def disburse_payment(
    command: DisbursePayment, state: Allocation, context: Context
) -> Sequence[AllocationEvent]:
    """Record the payment of an order in full."""
    contract = require_contract(command.contract, state)
    payment = require_unpaid(command.spm, contract)
    require_disburser(contract, payment, context)
    require_new(Kind.SP2D, command.sp2d, state)
    if len(payment.returned) >= DISBURSEMENTS_MAX:
        raise Refused(
            "too-many-returns",
            f"{len(payment.returned)} payments of SPM {payment.spm} came back: "
            "void it, and order the payment again.",
        )
    require_day("paid_on", command.paid_on, state, context)
    require_not_before("paid-before-ordered", command.paid_on, payment.ordered_on, "the order")
    require_not_before(
        "paid-before-returned", command.paid_on, payment.returned_on, "the return of its payment"
    )
    _require_delivery(command, contract)
    return [
        PaymentDisbursed(
            contract=contract.number,
            spm=payment.spm,
            sp2d=command.sp2d,
            paid_on=command.paid_on,
            amount_idr=payment.amount_idr,
            disbursed_by=context.actor,
            **state.balances(realised=payment.amount_idr),
        )
    ]


def require_orderer(contract: Contract, context: Context) -> None:
    """Refuse an officer of the contract, or an enterprise of its places, to order its payments."""
    require_other_enterprises(contract.reservations, context)
    require_another_person(CONTRACT_AND_ORDER, contract.officers, context)


def require_disburser(contract: Contract, payment: Payment, context: Context) -> None:
    """Refuse an officer of the contract, who ordered the payment, or an enterprise of a place."""
    require_other_enterprises(contract.reservations, context)
    require_another_person(CONTRACT_AND_DISBURSE, contract.officers, context)
    require_another_person(ORDER_AND_DISBURSE, {payment.ordered_by}, context)


def require_order_of(spm: str, contract: Contract) -> Payment:
    """Return the payment order with this number, or refuse (`not-ordered`, `order-voided`)."""
    payment = contract.payments.get(comparable(spm))
    if payment is None:
        raise Refused(
            "not-ordered",
            f"No payment order {spm} is on this contract: check the SPM, "
            "or order the payment first.",
        )
    if payment.voided:
        raise Refused(
            "order-voided", f"Payment order {payment.spm} is void: order the payment again."
        )
    return payment


def require_unpaid(spm: str, contract: Contract) -> Payment:
    """Return the order that waits to be paid, or refuse (`already-paid` and as above)."""
    payment = require_order_of(spm, contract)
    if payment.sp2d is not None:
        raise Refused(
            "already-paid",
            f"Payment order {payment.spm} was paid by SP2D {payment.sp2d}: check the SPM, "
            "or record first that the payment came back.",
        )
    return payment


def _check_signed(command: OrderPayment, contract: Contract) -> None:
    """Refuse an order that needs the money of an addendum before the addendum was signed.

    On no day do the orders up to it exceed the amount that is in force on it.
    """
    standing = [item for item in contract.payments.values() if not item.voided]
    days = [item.ordered_on for item in standing] + [item.signed_on for item in contract.amounts]
    for day in sorted({command.ordered_on, *(day for day in days if day > command.ordered_on)}):
        before_idr = sum(item.amount_idr for item in standing if item.ordered_on <= day)
        signed_idr = contract.signed_idr(day)
        if before_idr + command.amount_idr > signed_idr:
            raise Refused(
                "ordered-before-addendum",
                f"On {day} the contract was over {rupiah(signed_idr)}, and {rupiah(before_idr)} "
                f"were ordered: order at most {rupiah(signed_idr - before_idr)} of that day, or "
                "give the day of the addendum or a later one.",
            )


def _require_delivery(command: DisbursePayment, contract: Contract) -> None:
    if contract.delivered_on is None or command.paid_on < contract.delivered_on:
        raise Refused(
            "not-delivered",
            f"No delivery of contract {contract.number} up to {command.paid_on} is recorded: "
            "record its delivery (BAST) first.",
        )
