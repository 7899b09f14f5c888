"""Test the rules of payments: four eyes, never above the contract, each order paid once."""

from datetime import date
from typing import Any

import pytest

from services.budget.domain.allocation.addenda import RecordDelivery
from services.budget.domain.allocation.commitments import CloseContract
from services.budget.domain.allocation.decider import allocation
from services.budget.domain.allocation.numbers import DOCUMENTS_MAX, KEPT_FROM_ORDERS
from services.budget.domain.allocation.payments import DisbursePayment, OrderPayment
from shared.contracts.budget.allocation import (
    AllocationClosed,
    ContractAmended,
    DeliveryRecorded,
    PaymentOrdered,
)
from shared.contracts.budget.reasons import ClosureCode
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
    ORDERED_ON,
    PAID,
    PAID_ON,
    PAYER,
    RAISED,
    A,
    B,
    money,
)
from tests.given import given

READY = (*BOUND, ORDERED, DELIVERED)


def order(**changes: Any) -> OrderPayment:
    """Return the command of SPM `spm-1`, with changes."""
    fields = {"contract": "k-1", "spm": "spm-1", "ordered_on": ORDERED_ON, "amount_idr": 50}
    return OrderPayment(**{**fields, **changes})


def disburse(**changes: Any) -> DisbursePayment:
    """Return the command of the payment of SPM `spm-1`, with changes."""
    fields = {"contract": "k-1", "spm": "spm-1", "sp2d": "180191302004512", "paid_on": PAID_ON}
    return DisbursePayment(**{**fields, **changes})


def test_a_payment_is_ordered_on_a_contract_however_its_number_is_written() -> None:
    for number in ("k-1", "K-1", "K - 1"):
        given(allocation, *BOUND).when(order(contract=number), actor=CASHIER).then(ORDERED)


def test_the_officer_of_another_contract_may_order_on_this_contract() -> None:
    other = CONTRACTED.model_copy(update={"contracted_by": CASHIER, "contract": "k-2"})
    first = CONTRACTED.model_copy(update={"applications": (A,), "amount_idr": 40})
    second = other.model_copy(update={"applications": (B,), "amount_idr": 40})
    given(allocation, *FUNDED, first, second).when(order(amount_idr=40), actor=CASHIER).then(
        PaymentOrdered(
            contract="k-1",
            spm="spm-1",
            ordered_on=ORDERED_ON,
            amount_idr=40,
            ordered_by=CASHIER,
            **money(100, 0, 80),
        )
    )


def test_orders_never_exceed_the_contract_paid_or_not() -> None:
    rest = order(spm="spm-2", amount_idr=31)
    for past in ((*BOUND, ORDERED), ALL_PAID):
        given(allocation, *past).when(rest, actor=CASHIER).refused("contract-exceeded")


def test_an_spm_is_ordered_once_however_it_is_written() -> None:
    for spm in ("spm-1", "SPM-1", "Spm -1"):
        command = order(spm=spm, amount_idr=1)
        given(allocation, *BOUND, ORDERED).when(command, actor=CASHIER).refused("spm-exists")


def test_nothing_is_ordered_on_a_closed_contract() -> None:
    closing = CloseContract(contract="k-1", code=ClosureCode.TERMINATED, reason="no more")
    events = given(allocation, *BOUND, ORDERED).when(closing, actor="other").events()
    given(allocation, *BOUND, ORDERED, *events).when(
        order(spm="spm-2", amount_idr=1), actor=CASHIER
    ).refused("contract-closed")


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (order(ordered_on=date(2018, 1, 19)), "ordered-before-signed"),
        (order(ordered_on=date(2018, 2, 2)), "in-the-future"),
        (order(ordered_on=date(2031, 1, 25)), "outside-fiscal-year"),
        (order(contract="k-9"), "no-contract"),
    ],
)
def test_a_payment_is_ordered_between_the_contract_and_today(
    command: OrderPayment, code: str
) -> None:
    given(allocation, *BOUND).when(command, actor=CASHIER).refused(code)


def test_nothing_is_ordered_or_paid_without_a_contract() -> None:
    given(allocation, RAISED).when(order(), actor=CASHIER).refused("no-contract")
    given(allocation, RAISED).when(disburse()).refused("no-contract")


def test_a_disbursement_pays_its_order_in_full() -> None:
    given(allocation, *READY).when(disburse(), actor=PAYER).then(PAID)
    given(allocation, *READY).when(disburse(contract="K-1", spm="SPM-1"), actor=PAYER).then(PAID)


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (disburse(spm="spm-9"), "not-ordered"),
        (disburse(paid_on=date(2018, 1, 24)), "paid-before-ordered"),
        (disburse(paid_on=date(2018, 2, 2)), "in-the-future"),
        (disburse(paid_on=date(2019, 1, 2)), "outside-fiscal-year"),
        (disburse(paid_on=date(2018, 1, 25)), "not-delivered"),
    ],
)
def test_an_order_is_paid_after_its_order_and_its_delivery(
    command: DisbursePayment, code: str
) -> None:
    given(allocation, *READY).when(command, actor=PAYER).refused(code)


def test_nothing_is_paid_before_a_delivery_is_recorded() -> None:
    given(allocation, *BOUND, ORDERED).when(disburse(), actor=PAYER).refused("not-delivered")


def test_an_order_is_paid_once() -> None:
    again = disburse(sp2d="180191302009999")
    given(allocation, *ALL_PAID).when(again, actor=PAYER).refused("already-paid")


def test_an_sp2d_number_pays_once() -> None:
    second = ORDERED.model_copy(update={"spm": "spm-2", "amount_idr": 10})
    given(allocation, *ALL_PAID, second).when(disburse(spm="spm-2"), actor=PAYER).refused(
        "sp2d-exists"
    )


def test_payments_of_a_contract_are_ordered_after_the_allocation_is_closed() -> None:
    closed = AllocationClosed(**money(100, 0, 80))
    given(allocation, *BOUND, closed).when(order(), actor=CASHIER).then(ORDERED)


def test_nothing_is_ordered_or_paid_where_no_allocation_exists() -> None:
    given(allocation).when(order()).refused("not-found")
    given(allocation).when(disburse()).refused("not-found")


def test_the_officer_of_a_contract_neither_orders_nor_disburses_whatever_its_roles() -> None:
    roles = frozenset({"budget-officer", "payment-officer"})
    given(allocation, *BOUND).when(order(), actor=OFFICER, roles=roles).refused("same-person")
    given(allocation, *READY).when(disburse(), actor=OFFICER, roles=roles).refused("same-person")


def test_an_order_that_needs_an_addendum_is_not_older_than_the_addendum() -> None:
    signed_on = date(2018, 1, 28)
    addendum = ContractAmended(
        contract="k-1",
        addendum="a-1",
        signed_on=signed_on,
        delta_idr=20,
        amount_idr=100,
        **money(100, 0, 100),
    )
    past = (*BOUND, addendum)
    before = date(2018, 1, 27)
    given(allocation, *past).when(order(amount_idr=81, ordered_on=before), actor=CASHIER).refused(
        "ordered-before-addendum", "order at most Rp 80"
    )
    for day, amount_idr in ((before, 80), (signed_on, 100)):
        command = order(amount_idr=amount_idr, ordered_on=day)
        assert given(allocation, *past).when(command, actor=CASHIER).events()


def test_an_order_of_an_earlier_day_leaves_later_orders_within_what_was_signed() -> None:
    lowered, raised = (
        ContractAmended(
            contract="k-1",
            addendum=f"a-{day}",
            signed_on=date(2018, 1, day),
            delta_idr=delta_idr,
            amount_idr=amount_idr,
            **money(100, 0, amount_idr),
        )
        for day, delta_idr, amount_idr in ((27, -20, 60), (30, 40, 100))
    )
    past = (*BOUND, ORDERED, lowered, raised)
    early = order(spm="spm-2", amount_idr=11, ordered_on=date(2018, 1, 25))
    given(allocation, *past).when(early, actor=CASHIER).refused(
        "ordered-before-addendum", "On 2018-01-27"
    )
    late = order(spm="spm-2", amount_idr=50, ordered_on=date(2018, 1, 30))
    assert given(allocation, *past).when(late, actor=CASHIER).events()


def test_payment_orders_leave_room_for_the_delivery_that_they_need() -> None:
    orders = [
        PaymentOrdered(
            contract="k-1",
            spm=f"SPM-{number}",
            ordered_on=ORDERED_ON,
            amount_idr=1,
            ordered_by=CASHIER,
            **money(100, 0, 80),
        )
        for number in range(DOCUMENTS_MAX - KEPT_FROM_ORDERS - 1)
    ]
    full = given(allocation, *BOUND, *orders)
    full.when(order(spm="SPM-NEW", amount_idr=1), actor=CASHIER).refused("too-many-documents")
    full.when(
        RecordDelivery(contract="k-1", document_number="BAST-1", delivered_on=DELIVERED_ON),
        actor=OFFICER,
    ).then(
        DeliveryRecorded(
            contract="k-1",
            document_number="BAST-1",
            delivered_on=DELIVERED_ON,
            recorded_by=OFFICER,
            **full.state.balances(),
        )
    )
