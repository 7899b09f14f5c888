"""Test the lists of contracts and payment orders, as whole documents."""

from datetime import date
from functools import reduce
from typing import Any

import pytest

from services.budget.views.documents import (
    ContractNeed,
    ContractStatus,
    ListedContract,
    ListedOrder,
    OrderStatus,
    contract_key,
    contracts,
    order_key,
    payment_orders,
)
from shared.contracts.budget.allocation import (
    ContractAmended,
    ContractClosed,
    DeliveryRetracted,
    PaymentOrderVoided,
    PaymentReturned,
)
from shared.contracts.budget.reasons import ClosureCode, PaymentReturnCode, RetractionCode, VoidCode
from shared.contracts.event import Event
from shared.contracts.words import Scope
from shared.kernel.view import View
from tests.budget.examples import (
    CONTRACTED,
    DELIVERED,
    DELIVERED_ON,
    EXHIBITION,
    ORDERED,
    ORDERED_ON,
    PAID,
    PAID_ON,
    SIGNED_ON,
    A,
    B,
    money,
)

AMENDED = ContractAmended(
    contract="k-1",
    addendum="a-1",
    signed_on=SIGNED_ON,
    delta_idr=5,
    amount_idr=85,
    **money(100, 0, 85),
)
CLOSED = ContractClosed(
    contract="k-1",
    released_idr=30,
    applications=(),
    code=ClosureCode.TERMINATED,
    **money(100, 0, 50),
)
DISSOLVED = ContractClosed(
    contract="k-1",
    released_idr=80,
    applications=(A, B),
    code=ClosureCode.MISTAKEN,
    **money(100, 80),
)
VOIDED = PaymentOrderVoided(
    contract="k-1", spm="spm-1", amount_idr=50, code=VoidCode.NOT_DUE, **money(100, 0, 80)
)
RETURNED = PaymentReturned(
    contract="k-1",
    spm="spm-1",
    sp2d=PAID.sp2d,
    return_number="R-1",
    returned_on=PAID_ON,
    amount_idr=50,
    code=PaymentReturnCode.WRONG_NAME,
    **money(100, 0, 80),
)


def folded(view: View[Any, Any], *events: Event) -> object:
    return reduce(view.evolve, events, None)


def contract(*events: Event, **expected: Any) -> None:
    """Check the list's entry of the contract after these events."""
    listed = {
        "exhibition": EXHIBITION,
        "programme": "2018",
        "scope": Scope.DOMESTIC,
        "number": "k-1",
        "signed_on": SIGNED_ON,
        "places": 2,
        "amount_idr": 80,
        "waits_for": (ContractNeed.DELIVERY, ContractNeed.ORDER),
    }
    expected_contract = ListedContract(**{**listed, **expected})
    assert folded(contracts, CONTRACTED, *events) == expected_contract


def order(*events: Event, **expected: Any) -> None:
    """Check the list's entry of the payment order after these events."""
    listed = {
        "exhibition": EXHIBITION,
        "programme": "2018",
        "scope": Scope.DOMESTIC,
        "contract": "k-1",
        "spm": "spm-1",
        "ordered_on": ORDERED_ON,
        "amount_idr": 50,
    }
    expected_order = ListedOrder(**{**listed, **expected})
    assert folded(payment_orders, ORDERED, *events) == expected_order


def test_a_contract_is_listed_with_its_sums() -> None:
    delivered: dict[str, Any] = {
        "delivered_on": DELIVERED_ON,
        "status": ContractStatus.DELIVERED,
        "waits_for": (ContractNeed.ORDER,),
    }
    contract()
    contract(AMENDED, amount_idr=85)
    contract(DELIVERED, **delivered)
    contract(ORDERED, ordered_idr=50)
    contract(ORDERED, VOIDED)
    contract(ORDERED, DELIVERED, PAID, ordered_idr=50, paid_idr=50, **delivered)
    contract(ORDERED, DELIVERED, PAID, RETURNED, ordered_idr=50, **delivered)


def test_a_contract_that_is_closed_shows_what_is_left_of_it() -> None:
    closed = ContractStatus.CLOSED
    undelivered = (ContractNeed.DELIVERY,)
    contract(
        *(ORDERED, CLOSED), amount_idr=50, ordered_idr=50, status=closed, waits_for=undelivered
    )
    contract(ORDERED, CLOSED, VOIDED, amount_idr=0, status=closed, waits_for=())
    contract(DISSOLVED, amount_idr=0, places=0, status=closed, waits_for=())
    contract(ORDERED, CLOSED, AMENDED, amount_idr=85, ordered_idr=50)
    contract(
        *(ORDERED, CLOSED, DELIVERED),
        amount_idr=50,
        ordered_idr=50,
        delivered_on=DELIVERED_ON,
        status=closed,
        waits_for=(),
    )


def test_a_contract_that_is_ordered_in_full_waits_for_no_order() -> None:
    whole = ORDERED.model_copy(update={"amount_idr": 80})
    contract(whole, ordered_idr=80, waits_for=(ContractNeed.DELIVERY,))


def test_the_first_delivery_counts() -> None:
    later = DELIVERED.model_copy(update={"delivered_on": date(2018, 1, 31)})
    contract(
        *(later, DELIVERED),
        delivered_on=DELIVERED_ON,
        status=ContractStatus.DELIVERED,
        waits_for=(ContractNeed.ORDER,),
    )


def test_a_contract_whose_delivery_is_retracted_waits_for_another() -> None:
    retracted = DeliveryRetracted(
        contract="k-1",
        document_number="BAST-1",
        first_delivered_on=None,
        code=RetractionCode.WRONG_CONTRACT,
        **money(100, 0, 80),
    )
    contract(DELIVERED, retracted)
    left = retracted.model_copy(update={"first_delivered_on": PAID_ON})
    later = DELIVERED.model_copy(update={"delivered_on": PAID_ON})
    contract(
        *(DELIVERED, later, left),
        delivered_on=PAID_ON,
        status=ContractStatus.DELIVERED,
        waits_for=(ContractNeed.ORDER,),
    )
    contract(
        *(ORDERED, DELIVERED, CLOSED, retracted),
        amount_idr=50,
        ordered_idr=50,
        status=ContractStatus.CLOSED,
        waits_for=(ContractNeed.DELIVERY,),
    )


def test_an_order_that_was_paid_by_mistake_is_listed_as_before() -> None:
    mistake = RETURNED.model_copy(update={"return_number": None})
    order(PAID, mistake)
    order(PAID, RETURNED, PAID, mistake, status=OrderStatus.RETURNED, returned_on=PAID_ON)


def test_a_payment_order_is_listed_with_its_status() -> None:
    order()
    order(PAID, sp2d=PAID.sp2d, paid_on=PAID_ON, status=OrderStatus.PAID)
    order(PAID, RETURNED, status=OrderStatus.RETURNED, returned_on=PAID_ON)
    order(VOIDED, status=OrderStatus.VOIDED)
    order(PAID, RETURNED, VOIDED, status=OrderStatus.VOIDED, returned_on=PAID_ON)


@pytest.mark.parametrize("number", ["12/spk/Dep.3/2018", "12 / SPK / dep.3 / 2018"])
def test_documents_are_listed_by_their_comparable_number(number: str) -> None:
    assert contract_key(CONTRACTED.model_copy(update={"contract": number})) == "12/SPK/DEP.3/2018"
    assert order_key(ORDERED.model_copy(update={"spm": number})) == "12/SPK/DEP.3/2018"
