"""Test that a token which speaks for an enterprise does nothing with a contract of its place."""

from typing import Any, get_args

import pytest

from services.budget.domain.allocation.addenda import RecordDelivery
from services.budget.domain.allocation.decider import ContractCommand, PaymentCommand, allocation
from shared.contracts.budget.allocation import AllocationEvent
from tests.budget.examples import ALL_PAID, BOUND, DELIVERED, DELIVERED_ON, ORDERED
from tests.budget.test_four_eyes import AMEND, CLOSE, DISBURSE, ORDER, RETRACT, RETURN, VOID
from tests.given import given

DELIVER = RecordDelivery(contract="k-1", document_number="BAST-1", delivered_on=DELIVERED_ON)
CASES: list[tuple[tuple[AllocationEvent, ...], Any]] = [
    (BOUND, AMEND),
    (BOUND, CLOSE),
    ((*BOUND, ORDERED), CLOSE),
    (BOUND, DELIVER),
    ((*BOUND, DELIVERED), RETRACT),
    (BOUND, ORDER),
    ((*BOUND, ORDERED), VOID),
    ((*BOUND, ORDERED, DELIVERED), DISBURSE),
    (ALL_PAID, RETURN),
]


@pytest.mark.parametrize(("past", "command"), CASES, ids=lambda value: type(value).__name__)
def test_a_contract_of_its_own_place_is_left_to_other_officers(
    past: tuple[AllocationEvent, ...], command: Any
) -> None:
    for enterprise in ("a", "b"):
        given(allocation, *past).when(command, enterprise=enterprise).refused("own-enterprise")
    assert given(allocation, *past).when(command, enterprise="c").events()


def test_every_command_on_a_contract_is_played() -> None:
    played = {type(command) for _, command in CASES}
    assert played == {*get_args(ContractCommand), *get_args(PaymentCommand)}
