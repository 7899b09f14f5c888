"""The rules that take back: an order is voided, a payment came back, a delivery is retracted.

A reversal is an event of its own, with a reason, by another person than the one whose posting it
reverses. A payment that came back is realised no more; its order waits for another SP2D, or is
voided. What a void order frees can be ordered again; on a closed contract it is free money. A
payment or a delivery that was recorded in the wrong place gives its number back for the right one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from services.budget.domain.allocation.commitments import require_contract
from services.budget.domain.allocation.contract import Contract, Payment, deliveries_without
from services.budget.domain.allocation.dates import require_not_before, require_past
from services.budget.domain.allocation.numbers import Kind, require_new
from services.budget.domain.allocation.payments import require_order_of, require_unpaid
from services.budget.domain.allocation.state import Allocation
from services.budget.domain.allocation.sunk_costs import change_costs
from shared.contracts.budget.allocation import (
    AllocationEvent,
    DeliveryRetracted,
    PaymentOrderVoided,
    PaymentReturned,
)
from shared.contracts.budget.reasons import PaymentReturnCode, RetractionCode, VoidCode
from shared.contracts.calendar import jakarta_date
from shared.contracts.documents import DocumentNumber, TreasuryNumber, comparable
from shared.contracts.words import Text
from shared.kernel.decider import Context, Refused
from shared.kernel.four_eyes import (
    CONTRACT_AND_RETURN,
    CONTRACT_AND_VOID,
    DISBURSE_AND_RETURN,
    ORDER_AND_VOID,
    RECORD_AND_RETRACT_DELIVERY,
    RETURN_AND_VOID,
    require_another_person,
    require_other_enterprises,
)

# Commands


@dataclass(frozen=True, kw_only=True)
class VoidPaymentOrder:
    """Take back a payment order that is not paid; `reason` stays private."""

    contract: DocumentNumber
    spm: DocumentNumber
    code: VoidCode
    reason: Text


@dataclass(frozen=True, kw_only=True)
class ReturnPayment:
    """Record that the money of an SP2D came back to the treasury; `reason` stays private.

    If the SP2D was only recorded for the wrong order (`recorded-by-mistake`), no money came back:
    then there is neither a number nor a day of a return, and the SP2D can pay the right order.
    """

    contract: DocumentNumber
    spm: DocumentNumber
    sp2d: TreasuryNumber
    return_number: TreasuryNumber | None = None
    returned_on: date | None = None
    code: PaymentReturnCode
    reason: Text


@dataclass(frozen=True, kw_only=True)
class RetractDelivery:
    """Take back the record of a delivery that is not one of this contract; `reason` is private."""

    contract: DocumentNumber
    document_number: DocumentNumber
    code: RetractionCode
    reason: Text


# Rules


def void_payment_order(
    command: VoidPaymentOrder, state: Allocation, context: Context
) -> Sequence[AllocationEvent]:
    """Void an order that waits, as another officer than those of its contract and its payment."""
    contract = require_contract(command.contract, state)
    require_other_enterprises(contract.reservations, context)
    require_another_person(CONTRACT_AND_VOID, contract.officers, context)
    payment = require_unpaid(command.spm, contract)
    require_another_person(ORDER_AND_VOID, {payment.ordered_by}, context)
    require_another_person(RETURN_AND_VOID, payment.returners, context)
    released_idr = payment.amount_idr if contract.closed else 0
    voided = PaymentOrderVoided(
        contract=contract.number,
        spm=payment.spm,
        amount_idr=payment.amount_idr,
        code=command.code,
        reason=command.reason,
        voided_by=context.actor,
        **state.balances(contracted=-released_idr),
    )
    return change_costs(state, voided)


def return_payment(
    command: ReturnPayment, state: Allocation, context: Context
) -> Sequence[AllocationEvent]:
    """Take back a disbursement, as another officer than those of it and of its contract."""
    contract = require_contract(command.contract, state)
    require_other_enterprises(contract.reservations, context)
    require_another_person(CONTRACT_AND_RETURN, contract.officers, context)
    payment = require_order_of(command.spm, contract)
    paid_by = _require_paid(command.sp2d, payment)
    require_another_person(DISBURSE_AND_RETURN, payment.disbursers[-1:], context)
    returned_on = _returned_on(command, payment, state, context)
    return [
        PaymentReturned(
            contract=contract.number,
            spm=payment.spm,
            sp2d=paid_by,
            return_number=command.return_number,
            returned_on=returned_on,
            amount_idr=payment.amount_idr,
            code=command.code,
            reason=command.reason,
            returned_by=context.actor,
            **state.balances(realised=-payment.amount_idr),
        )
    ]


def retract_delivery(
    command: RetractDelivery, state: Allocation, context: Context
) -> Sequence[AllocationEvent]:
    """Take back the record of a delivery, as another officer than the one who recorded it."""
    contract = require_contract(command.contract, state)
    require_other_enterprises(contract.reservations, context)
    delivery = contract.deliveries.get(comparable(command.document_number))
    if delivery is None:
        raise Refused(
            "no-delivery",
            f"Contract {contract.number} has no delivery {command.document_number}: "
            "check both numbers.",
        )
    require_another_person(RECORD_AND_RETRACT_DELIVERY, {delivery.recorded_by}, context)
    left = [item.delivered_on for item in deliveries_without(delivery.number, contract).values()]
    first_on = min(left, default=None)
    _require_delivery_of_payments(first_on, contract)
    return [
        DeliveryRetracted(
            contract=contract.number,
            document_number=delivery.number,
            first_delivered_on=first_on,
            code=command.code,
            reason=command.reason,
            retracted_by=context.actor,
            **state.balances(),
        )
    ]


def _require_delivery_of_payments(first_on: date | None, contract: Contract) -> None:
    for payment in contract.payments.values():
        if payment.paid_on and (first_on is None or payment.paid_on < first_on):
            raise Refused(
                "already-paid",
                f"Payment order {payment.spm} was paid on {payment.paid_on}, and no other delivery "
                "up to that day is recorded: record the right delivery first, or that the payment "
                "came back.",
            )


def _returned_on(
    command: ReturnPayment, payment: Payment, state: Allocation, context: Context
) -> date:
    """Return the day of the return; a mistake has no return, so its day is that of the record."""
    number, day = command.return_number, command.returned_on
    if command.code is PaymentReturnCode.RECORDED_BY_MISTAKE:
        if number is not None or day is not None:
            raise Refused(
                "return-given",
                "No money came back for a payment that was recorded by mistake: leave out "
                "`return_number` and `returned_on`, or give another code.",
            )
        return jakarta_date(context.now)
    if number is None or day is None:
        raise Refused(
            "return-missing",
            "Give `return_number` and `returned_on` of the treasury's return: only a payment that "
            "was recorded by mistake has none.",
        )
    require_new(Kind.RETURN, number, state)
    require_past("returned_on", day, context)
    require_not_before("returned-before-paid", day, payment.paid_on, "the payment")
    return day


def _require_paid(sp2d: str, payment: Payment) -> str:
    if payment.sp2d is None or comparable(sp2d) != comparable(payment.sp2d):
        paid = f"paid by SP2D {payment.sp2d}" if payment.sp2d else "not paid"
        raise Refused(
            "not-paid-by-sp2d",
            f"Payment order {payment.spm} is {paid}: check the SPM and the SP2D.",
        )
    return payment.sp2d
