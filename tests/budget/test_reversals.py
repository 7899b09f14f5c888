"""Test the rules of reversals: a void order, a payment that came back, and their numbers."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from services.budget.domain.allocation.commitments import CloseContract
from services.budget.domain.allocation.decider import allocation
from services.budget.domain.allocation.numbers import claims
from services.budget.domain.allocation.payments import (
    DISBURSEMENTS_MAX,
    DisbursePayment,
    OrderPayment,
)
from services.budget.domain.allocation.reversals import ReturnPayment, VoidPaymentOrder
from services.budget.domain.allocation.state import Allocation
from shared.contracts.budget.allocation import (
    AllocationEvent,
    PaymentOrderVoided,
    PaymentReturned,
    PlaceFunded,
)
from shared.contracts.budget.reasons import ClosureCode, PaymentReturnCode, VoidCode
from tests.budget.examples import (
    ALL_PAID,
    BOUND,
    CASHIER,
    DELIVERED,
    ORDERED,
    ORDERED_ON,
    PAID,
    PAID_ON,
    PAYER,
    RAISED,
    C,
    money,
)
from tests.given import given

RETURNED_ON = date(2018, 2, 1)
VOIDED = PaymentOrderVoided(
    contract="k-1",
    spm="spm-1",
    amount_idr=50,
    code=VoidCode.WRONG_PAYEE,
    reason="another account",
    voided_by=PAYER,
    **money(100, 0, 80),
)
RETURNED = PaymentReturned(
    contract="k-1",
    spm="spm-1",
    sp2d="180191302004512",
    return_number="R-1",
    returned_on=RETURNED_ON,
    amount_idr=50,
    code=PaymentReturnCode.WRONG_ACCOUNT,
    reason="a digit was wrong",
    returned_by=CASHIER,
    **money(100, 0, 80),
)


def void(**changes: Any) -> VoidPaymentOrder:
    """Return the command that voids SPM `spm-1`, with changes."""
    fields = {"contract": "k-1", "spm": "spm-1", "code": VOIDED.code, "reason": VOIDED.reason}
    return VoidPaymentOrder(**{**fields, **changes})


def come_back(**changes: Any) -> ReturnPayment:
    """Return the command that the payment of SPM `spm-1` came back, with changes."""
    fields = {
        "contract": "k-1",
        "spm": "spm-1",
        "sp2d": PAID.sp2d,
        "return_number": "R-1",
        "returned_on": RETURNED_ON,
        "code": RETURNED.code,
        "reason": RETURNED.reason,
    }
    return ReturnPayment(**{**fields, **changes})


def folded(*past: AllocationEvent) -> Allocation:
    state = given(allocation, *past).state
    assert isinstance(state, Allocation)
    return state


def test_an_order_that_is_not_paid_is_void_and_can_be_ordered_again() -> None:
    given(allocation, *BOUND, ORDERED).when(void(spm="SPM-1"), actor=PAYER).then(VOIDED)
    again = OrderPayment(contract="k-1", spm="spm-2", ordered_on=ORDERED_ON, amount_idr=80)
    (event,) = given(allocation, *BOUND, ORDERED, VOIDED).when(again, actor=CASHIER).events()
    assert event.model_dump()["amount_idr"] == 80


def test_an_order_is_void_once_and_only_while_it_is_not_paid() -> None:
    given(allocation, *BOUND, ORDERED, VOIDED).when(void(), actor=PAYER).refused("order-voided")
    given(allocation, *ALL_PAID).when(void(), actor="other").refused("already-paid")
    given(allocation, *BOUND).when(void(), actor=PAYER).refused("not-ordered")
    given(allocation, RAISED).when(void(), actor=PAYER).refused("no-contract")
    given(allocation).when(void()).refused("not-found")


def test_a_void_order_is_neither_paid_nor_ordered_by_its_number_again() -> None:
    past = (*BOUND, ORDERED, DELIVERED, VOIDED)
    pay = DisbursePayment(contract="k-1", spm="spm-1", sp2d="1", paid_on=PAID_ON)
    given(allocation, *past).when(pay, actor="other").refused("order-voided")
    order = OrderPayment(contract="k-1", spm="SPM-1", ordered_on=ORDERED_ON, amount_idr=1)
    given(allocation, *past).when(order, actor=CASHIER).refused("spm-exists")


def test_an_order_that_is_void_on_a_closed_contract_funds_the_next_place() -> None:
    close = CloseContract(contract="k-1", code=ClosureCode.TERMINATED, reason="no more")
    other = ORDERED.model_copy(update={"spm": "spm-0", "amount_idr": 30})
    past = (*BOUND, other, ORDERED)
    closing = given(allocation, *past).when(close, actor="o").events()
    voided = VOIDED.model_copy(update=money(100, 0, 30))
    given(allocation, *past, *closing).when(void(), actor=PAYER).then(
        voided, PlaceFunded(application=C, amount_idr=40, **money(100, 40, 30))
    )


def test_a_payment_that_came_back_is_realised_no_more() -> None:
    given(allocation, *ALL_PAID).when(come_back(), actor=CASHIER).then(RETURNED)
    assert folded(*ALL_PAID).realised_idr == 50
    state = folded(*ALL_PAID, RETURNED)
    assert (state.realised_idr, state.contracts["K-1"].ordered_idr) == (0, 50)


def test_an_order_whose_payment_came_back_is_paid_by_another_sp2d_or_void() -> None:
    past = (*ALL_PAID, RETURNED)
    pay = DisbursePayment(contract="k-1", spm="spm-1", sp2d=PAID.sp2d, paid_on=PAID_ON)
    given(allocation, *past).when(pay, actor=PAYER).refused("sp2d-exists")
    again = DisbursePayment(contract="k-1", spm="spm-1", sp2d="2", paid_on=RETURNED_ON)
    paid = PAID.model_copy(update={"sp2d": "2", "paid_on": RETURNED_ON})
    given(allocation, *past).when(again, actor=PAYER).then(paid)
    given(allocation, *past).when(void(), actor=PAYER).then(VOIDED)


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (come_back(sp2d="9"), "not-paid-by-sp2d"),
        (come_back(spm="spm-9"), "not-ordered"),
        (come_back(contract="k-9"), "no-contract"),
        (come_back(returned_on=date(2018, 1, 29)), "returned-before-paid"),
        (come_back(returned_on=date(2018, 2, 2)), "in-the-future"),
    ],
)
def test_only_what_was_paid_comes_back_and_after_its_payment(
    command: ReturnPayment, code: str
) -> None:
    given(allocation, *ALL_PAID).when(command, actor=CASHIER).refused(code)


def test_a_payment_of_december_may_come_back_in_the_next_year() -> None:
    command = come_back(returned_on=date(2019, 1, 3))
    january = datetime(2019, 1, 4, tzinfo=UTC)
    (event,) = given(allocation, *ALL_PAID).when(command, actor=CASHIER, now=january).events()
    assert event.model_dump()["returned_on"] == date(2019, 1, 3)


def test_a_payment_comes_back_once_and_by_a_number_of_its_own() -> None:
    past = (*ALL_PAID, RETURNED)
    given(allocation, *past).when(come_back(), actor=CASHIER).refused("not-paid-by-sp2d")
    again = PAID.model_copy(update={"sp2d": "2"})
    given(allocation, *past, again).when(come_back(sp2d="2"), actor=CASHIER).refused(
        "return-exists"
    )
    given(allocation).when(come_back()).refused("not-found")


def test_an_order_whose_payments_keep_coming_back_is_void_at_last() -> None:
    past: list[AllocationEvent] = [*BOUND, ORDERED, DELIVERED]
    for number in range(DISBURSEMENTS_MAX):
        past.append(PAID.model_copy(update={"sp2d": f"9-{number}"}))
        changes = {"sp2d": f"9-{number}", "return_number": f"R-{number}"}
        past.append(RETURNED.model_copy(update=changes))
    pay = DisbursePayment(contract="k-1", spm="spm-1", sp2d="1", paid_on=PAID_ON)
    given(allocation, *past).when(pay, actor=PAYER).refused("too-many-returns")
    given(allocation, *past).when(void(), actor=PAYER).then(VOIDED)


def test_every_number_stays_claimed_also_after_a_reversal() -> None:
    numbers = {
        "contract/K-1": "K-1",
        "delivery/BAST-1": "K-1",
        "spm/SPM-1": "SPM-1",
        "sp2d/180191302004512": "SPM-1",
    }
    assert claims(folded(*ALL_PAID)) == numbers
    assert claims(folded(*ALL_PAID, RETURNED, VOIDED)) == {**numbers, "return/R-1": "SPM-1"}
    assert claims(None) == {}


def test_a_payment_is_repeated_on_or_after_the_day_of_its_return() -> None:
    past = (*ALL_PAID, RETURNED)
    early = DisbursePayment(contract="k-1", spm="spm-1", sp2d="2", paid_on=date(2018, 1, 31))
    given(allocation, *past).when(early, actor=PAYER).refused("paid-before-returned")
    same = DisbursePayment(contract="k-1", spm="spm-1", sp2d="2", paid_on=RETURNED_ON)
    assert given(allocation, *past).when(same, actor=PAYER).events()
