"""Test the rules of what was recorded in the wrong place: a delivery, and an SP2D."""

from datetime import date
from typing import Any

import pytest

from services.budget.domain.allocation.addenda import RecordDelivery
from services.budget.domain.allocation.decider import allocation
from services.budget.domain.allocation.numbers import claims
from services.budget.domain.allocation.payments import DISBURSEMENTS_MAX, DisbursePayment
from services.budget.domain.allocation.reversals import (
    RetractDelivery,
    ReturnPayment,
    VoidPaymentOrder,
)
from services.budget.domain.allocation.state import Allocation
from shared.contracts.budget.allocation import (
    AllocationEvent,
    DeliveryRetracted,
    PaymentReturned,
)
from shared.contracts.budget.reasons import PaymentReturnCode, RetractionCode, VoidCode
from tests.budget.examples import (
    ALL_PAID,
    BOUND,
    CASHIER,
    CONTRACTED,
    DELIVERED,
    DELIVERED_ON,
    FUNDED,
    OFFICER,
    ORDERED,
    PAID,
    PAID_ON,
    PAYER,
    RAISED,
    A,
    B,
    money,
)
from tests.given import given

SECOND = "budget-officer-2"
TODAY = date(2018, 2, 1)
RETRACT = RetractDelivery(
    contract="k-1",
    document_number="bast -1",
    code=RetractionCode.WRONG_CONTRACT,
    reason="it is of k-2",
)
RETRACTED = DeliveryRetracted(
    contract="k-1",
    document_number="BAST-1",
    first_delivered_on=None,
    code=RETRACT.code,
    reason=RETRACT.reason,
    retracted_by=SECOND,
    **money(100, 0, 80),
)
MISTAKEN = PaymentReturned(
    contract="k-1",
    spm="spm-1",
    sp2d=PAID.sp2d,
    return_number=None,
    returned_on=TODAY,
    amount_idr=50,
    code=PaymentReturnCode.RECORDED_BY_MISTAKE,
    reason="it paid spm-2",
    returned_by=CASHIER,
    **money(100, 0, 80),
)
OTHER_ORDER = ORDERED.model_copy(update={"spm": "spm-2", "amount_idr": 30})


def mistake(**changes: Any) -> ReturnPayment:
    """Return the command that the SP2D of `spm-1` was recorded by mistake, with changes."""
    fields = {"contract": "k-1", "spm": "spm-1", "sp2d": PAID.sp2d, "code": MISTAKEN.code}
    return ReturnPayment(**{**fields, "reason": MISTAKEN.reason, **changes})


def folded(*past: AllocationEvent) -> Allocation:
    state = given(allocation, *past).state
    assert isinstance(state, Allocation)
    return state


def test_a_delivery_of_another_contract_is_retracted_and_recorded_there() -> None:
    first = CONTRACTED.model_copy(update={"applications": (A,), "amount_idr": 40})
    second = first.model_copy(update={"contract": "k-2", "applications": (B,)})
    past = (*FUNDED, first, second, DELIVERED)
    deliver = RecordDelivery(contract="k-2", document_number="BAST-1", delivered_on=DELIVERED_ON)
    given(allocation, *past).when(deliver, actor=OFFICER).refused("delivery-exists")
    given(allocation, *past).when(RETRACT, actor=SECOND).then(RETRACTED)
    assert "delivery/BAST-1" not in claims(folded(*past, RETRACTED))
    recorded = DELIVERED.model_copy(update={"contract": "k-2"})
    given(allocation, *past, RETRACTED).when(deliver, actor=OFFICER).then(recorded)


def test_a_contract_whose_delivery_is_retracted_is_not_paid() -> None:
    pay = DisbursePayment(contract="k-1", spm="spm-1", sp2d="1", paid_on=PAID_ON)
    past = (*BOUND, ORDERED, DELIVERED, RETRACTED)
    given(allocation, *past).when(pay, actor=PAYER).refused("not-delivered")


def test_a_delivery_that_a_payment_needs_is_not_retracted() -> None:
    given(allocation, *ALL_PAID).when(RETRACT, actor=SECOND).refused("already-paid", "spm-1")
    late = DELIVERED.model_copy(
        update={"document_number": "BAST-2", "delivered_on": date(2018, 1, 31)}
    )
    given(allocation, *ALL_PAID, late).when(RETRACT, actor=SECOND).refused("already-paid")
    early = late.model_copy(update={"delivered_on": PAID_ON})
    given(allocation, *ALL_PAID, early).when(RETRACT, actor=SECOND).then(
        RETRACTED.model_copy(update={"first_delivered_on": PAID_ON, "realised_idr": 50})
    )
    given(allocation, *ALL_PAID, MISTAKEN).when(RETRACT, actor=SECOND).then(RETRACTED)


def test_only_a_delivery_of_the_contract_is_retracted_by_another_officer_and_once() -> None:
    given(allocation, *BOUND, DELIVERED).when(RETRACT, actor=OFFICER).refused("same-person")
    given(allocation, *BOUND).when(RETRACT, actor=SECOND).refused("no-delivery")
    given(allocation, *BOUND, DELIVERED, RETRACTED).when(RETRACT, actor=SECOND).refused(
        "no-delivery"
    )
    given(allocation, RAISED).when(RETRACT, actor=SECOND).refused("no-contract")
    given(allocation).when(RETRACT, actor=SECOND).refused("not-found")


def test_an_sp2d_that_was_recorded_for_the_wrong_order_pays_the_right_one() -> None:
    past = (*ALL_PAID, OTHER_ORDER)
    right = DisbursePayment(contract="k-1", spm="spm-2", sp2d=PAID.sp2d, paid_on=PAID_ON)
    given(allocation, *past).when(right, actor=PAYER).refused("sp2d-exists")
    given(allocation, *past).when(mistake(), actor=CASHIER).then(MISTAKEN)
    state = folded(*past, MISTAKEN)
    assert state.realised_idr == 0
    assert claims(state).keys().isdisjoint({f"sp2d/{PAID.sp2d}"})
    assert given(allocation, *past, MISTAKEN).when(right, actor=PAYER).events()


def test_the_order_of_a_mistake_is_paid_by_its_own_sp2d_of_an_earlier_day_or_void() -> None:
    past = [*ALL_PAID, *[MISTAKEN, PAID] * DISBURSEMENTS_MAX, MISTAKEN]
    again = DisbursePayment(contract="k-1", spm="spm-1", sp2d="2", paid_on=PAID_ON)
    assert given(allocation, *past).when(again, actor=PAYER).events()
    void = VoidPaymentOrder(contract="k-1", spm="spm-1", code=VoidCode.NOT_DUE, reason="no")
    given(allocation, *past).when(void, actor=CASHIER).refused("same-person")
    assert given(allocation, *past).when(void, actor=PAYER).events()


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (mistake(return_number="R-1"), "return-given"),
        (mistake(returned_on=TODAY), "return-given"),
        (mistake(code=PaymentReturnCode.OTHER), "return-missing"),
        (mistake(code=PaymentReturnCode.OTHER, return_number="R-1"), "return-missing"),
        (mistake(code=PaymentReturnCode.OTHER, returned_on=TODAY), "return-missing"),
        (mistake(sp2d="9"), "not-paid-by-sp2d"),
    ],
)
def test_only_a_mistake_has_no_return(command: ReturnPayment, code: str) -> None:
    given(allocation, *ALL_PAID).when(command, actor=CASHIER).refused(code)


def test_another_person_records_that_a_payment_was_a_mistake() -> None:
    given(allocation, *ALL_PAID).when(mistake(), actor=PAYER).refused("same-person")
