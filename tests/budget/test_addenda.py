"""Test the rules of addenda and deliveries: within the ceiling, not below what is ordered."""

from datetime import date
from typing import Any

import pytest

from services.budget.domain.allocation.addenda import AmendContract, RecordDelivery
from services.budget.domain.allocation.decider import allocation
from services.budget.domain.allocation.state import Allocation
from shared.contracts.budget.allocation import (
    ContractAmended,
    ContractClosed,
    PlaceFunded,
    SunkCostRecognised,
    SunkCostReversed,
)
from shared.contracts.budget.reasons import ClosureCode
from tests.budget.examples import (
    ALL_PAID,
    BOUND,
    CASHIER,
    DELIVERED,
    DELIVERED_ON,
    OFFICER,
    ORDERED,
    PAYER,
    RAISED,
    A,
    B,
    C,
    money,
)
from tests.given import given

SIGNED_ON = date(2018, 1, 28)
DELIVER = RecordDelivery(contract="k-1", document_number="BAST-1", delivered_on=DELIVERED_ON)
DISSOLVED = ContractClosed(
    contract="k-1",
    released_idr=80,
    applications=(A, B),
    code=ClosureCode.MISTAKEN,
    reason="wrong places",
    **money(100, 80),
)


def amend(amount_idr: int, **changes: Any) -> AmendContract:
    """Return the command of addendum `a-1` of contract `k-1`, with changes."""
    fields = {"contract": "k-1", "addendum": "a-1", "signed_on": SIGNED_ON}
    return AmendContract(**{**fields, "amount_idr": amount_idr, **changes})


def amended(delta_idr: int, amount_idr: int, **balances: Any) -> ContractAmended:
    """Return the event of addendum `a-1`."""
    return ContractAmended(
        contract="k-1",
        addendum="a-1",
        signed_on=SIGNED_ON,
        delta_idr=delta_idr,
        amount_idr=amount_idr,
        amended_by=OFFICER,
        **balances,
    )


def test_an_addendum_raises_a_contract_within_the_ceiling() -> None:
    event = amended(20, 100, **money(100, 0, 100))
    given(allocation, *BOUND).when(amend(100), actor=OFFICER).then(event)
    state = given(allocation, *BOUND, event).state
    assert isinstance(state, Allocation)
    assert state.contracted == {A: 50, B: 50}
    given(allocation, *BOUND).when(amend(101), actor=OFFICER).refused("ceiling-exceeded")


def test_an_addendum_lowers_a_contract_to_what_is_ordered_and_the_rest_is_free() -> None:
    given(allocation, *BOUND, ORDERED).when(amend(50), actor=OFFICER).then(
        amended(-30, 50, **money(100, 0, 50)),
        PlaceFunded(application=C, amount_idr=40, **money(100, 40, 50)),
    )
    given(allocation, *BOUND, ORDERED).when(amend(49)).refused("amount-below-ordered")


def test_an_addendum_opens_a_closed_contract_again() -> None:
    closing = ContractClosed(
        contract="k-1",
        released_idr=30,
        applications=(),
        code=ClosureCode.TERMINATED,
        reason="no more",
        **money(100, 0, 50),
    )
    funded = PlaceFunded(application=C, amount_idr=40, **money(100, 40, 50))
    past = (*BOUND, ORDERED, closing, funded)
    given(allocation, *past).when(amend(60), actor=OFFICER).then(
        amended(10, 60, **money(100, 40, 60))
    )


def test_the_sunk_cost_of_a_place_follows_an_addendum() -> None:
    sunk = SunkCostRecognised(application=B, amount_idr=40, **money(100, 0, 80))
    given(allocation, *BOUND, sunk).when(amend(90), actor=OFFICER).then(
        amended(10, 90, **money(100, 0, 90)),
        SunkCostReversed(application=B, amount_idr=40, **money(100, 0, 90)),
        SunkCostRecognised(application=B, amount_idr=45, **money(100, 0, 90)),
    )


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (amend(80), "nothing-amended"),
        (amend(90, contract="k-9"), "no-contract"),
        (amend(90, signed_on=date(2018, 1, 19)), "signed-before-contract"),
        (amend(90, signed_on=date(2018, 2, 2)), "in-the-future"),
        (amend(90, signed_on=date(2019, 1, 1)), "outside-fiscal-year"),
    ],
)
def test_an_addendum_changes_the_amount_after_the_contract(
    command: AmendContract, code: str
) -> None:
    given(allocation, *BOUND).when(command).refused(code)


def test_an_addendum_is_recorded_once_and_binds_no_place_again() -> None:
    first = amended(-10, 70, **money(100, 0, 70))
    given(allocation, *BOUND, first).when(amend(60, addendum="A-1")).refused("addendum-exists")
    given(allocation, *BOUND, DISSOLVED).when(amend(60)).refused("contract-dissolved")
    given(allocation).when(amend(60)).refused("not-found")


def test_who_ordered_or_disbursed_does_not_amend() -> None:
    for actor in (CASHIER, PAYER):
        given(allocation, *ALL_PAID).when(amend(90), actor=actor).refused("same-person")


def test_a_delivery_is_recorded_once_after_the_contract_was_signed() -> None:
    given(allocation, *BOUND).when(DELIVER, actor=OFFICER).then(DELIVERED)
    given(allocation, *BOUND, DELIVERED).when(DELIVER).refused("delivery-exists")
    for day, code in (
        (date(2018, 1, 19), "delivered-before-signed"),
        (date(2018, 2, 2), "in-the-future"),
        (date(2017, 12, 31), "outside-fiscal-year"),
    ):
        early = RecordDelivery(contract="k-1", document_number="BAST-2", delivered_on=day)
        given(allocation, *BOUND).when(early).refused(code)
    given(allocation, RAISED).when(DELIVER).refused("no-contract")
    given(allocation).when(DELIVER).refused("not-found")
