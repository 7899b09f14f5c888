"""The rules that take payments back: an order is voided, a payment came back from the bank.

A reversal is an event of its own, with a reason, by another person than the one whose posting it
reverses. A payment that came back is realised no more; its order waits for another SP2D, or is
voided. What a void order frees can be ordered again; on a closed contract it is free money.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from services.budget.domain.allocation.commitments import require_contract
from services.budget.domain.allocation.contract import Payment
from services.budget.domain.allocation.dates import require_not_before, require_past
from services.budget.domain.allocation.numbers import Kind, require_new
from services.budget.domain.allocation.payments import require_order_of, require_unpaid
from services.budget.domain.allocation.state import Allocation
from services.budget.domain.allocation.sunk_costs import change_costs
from shared.contracts.budget.allocation import (
    AllocationEvent,
    PaymentOrderVoided,
    PaymentReturned,
)
from shared.contracts.budget.reasons import PaymentReturnCode, VoidCode
from shared.contracts.documents import DocumentNumber, TreasuryNumber, comparable
from shared.contracts.words import Text
from shared.kernel.decider import Context, Refused
from shared.kernel.four_eyes import (
    CONTRACT_AND_RETURN,
    CONTRACT_AND_VOID,
    DISBURSE_AND_RETURN,
    ORDER_AND_VOID,
    RETURN_AND_VOID,
    require_another_person,
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
    """Record that the money of an SP2D came back to the treasury; `reason` stays private."""

    contract: DocumentNumber
    spm: DocumentNumber
    sp2d: TreasuryNumber
    return_number: TreasuryNumber
    returned_on: date
    code: PaymentReturnCode
    reason: Text


# Rules


def void_payment_order(
    command: VoidPaymentOrder, state: Allocation, context: Context
) -> Sequence[AllocationEvent]:
    """Void an order that waits, as another officer than those of its contract and its payment."""
    contract = require_contract(command.contract, state)
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
    require_another_person(CONTRACT_AND_RETURN, contract.officers, context)
    payment = require_order_of(command.spm, contract)
    paid_by = _require_paid(command.sp2d, payment)
    require_another_person(DISBURSE_AND_RETURN, payment.disbursers[-1:], context)
    require_new(Kind.RETURN, command.return_number, state)
    require_past("returned_on", command.returned_on, context)
    require_not_before("returned-before-paid", command.returned_on, payment.paid_on, "the payment")
    return [
        PaymentReturned(
            contract=contract.number,
            spm=payment.spm,
            sp2d=paid_by,
            return_number=command.return_number,
            returned_on=command.returned_on,
            amount_idr=payment.amount_idr,
            code=command.code,
            reason=command.reason,
            returned_by=context.actor,
            **state.balances(realised=-payment.amount_idr),
        )
    ]


def _require_paid(sp2d: str, payment: Payment) -> str:
    if payment.sp2d is None or comparable(sp2d) != comparable(payment.sp2d):
        paid = f"paid by SP2D {payment.sp2d}" if payment.sp2d else "not paid"
        raise Refused(
            "not-paid-by-sp2d",
            f"Payment order {payment.spm} is {paid}: check the SPM and the SP2D.",
        )
    return payment.sp2d
