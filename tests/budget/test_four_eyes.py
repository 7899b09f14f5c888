"""Play every pair of acts in the budget that two people must do, with all roles in each token."""

from typing import Any, NamedTuple

import pytest

from services.budget.domain.allocation.addenda import AmendContract
from services.budget.domain.allocation.commitments import CloseContract
from services.budget.domain.allocation.decider import allocation
from services.budget.domain.allocation.payments import DisbursePayment, OrderPayment
from services.budget.domain.allocation.reservations import (
    AttendanceFacts,
    RestoreReservation,
    restore_reservation,
)
from services.budget.domain.allocation.reversals import (
    RetractDelivery,
    ReturnPayment,
    VoidPaymentOrder,
)
from shared.contracts.budget.allocation import (
    AllocationEvent,
    ContractAmended,
    PaymentOrderVoided,
    PaymentReturned,
    ReservationReleased,
)
from shared.contracts.budget.reasons import (
    ClosureCode,
    PaymentReturnCode,
    ReleaseCode,
    RetractionCode,
    VoidCode,
)
from shared.contracts.roles import Role
from shared.kernel import four_eyes
from shared.kernel.four_eyes import Pair
from tests.budget.examples import (
    ALL_PAID,
    BOUND,
    CASHIER,
    DELIVERED,
    FUNDED,
    OFFICER,
    ORDERED,
    ORDERED_ON,
    PAID,
    PAID_ON,
    PAYER,
    SIGNED_ON,
    A,
    money,
)
from tests.given import NOW, given

SECOND_OFFICER = "budget-officer-2"
STRANGER = "someone-else"
AMENDED = ContractAmended(
    contract="k-1",
    addendum="a-1",
    signed_on=SIGNED_ON,
    delta_idr=5,
    amount_idr=85,
    amended_by=SECOND_OFFICER,
    **money(100, 0, 85),
)
RELEASED = ReservationReleased(
    application=A,
    amount_idr=40,
    code=ReleaseCode.NOT_NEEDED,
    reason="a sponsor",
    released_by=OFFICER,
    **money(100, 40),
)
RETURNER = "payment-officer-3"
RETURNED = PaymentReturned(
    contract="k-1",
    spm="spm-1",
    sp2d=PAID.sp2d,
    return_number="R-0",
    returned_on=PAID_ON,
    amount_idr=50,
    code=PaymentReturnCode.WRONG_ACCOUNT,
    reason="a digit",
    returned_by=RETURNER,
    **money(100, 0, 80),
)
PAID_AGAIN = PAID.model_copy(update={"sp2d": "3", "disbursed_by": "payment-officer-4"})
VOIDED = PaymentOrderVoided(
    contract="k-1",
    spm="spm-1",
    amount_idr=50,
    code=VoidCode.NOT_DUE,
    reason="not yet",
    voided_by="payment-officer-5",
    **money(100, 0, 80),
)
ORDER = OrderPayment(contract="k-1", spm="spm-1", ordered_on=ORDERED_ON, amount_idr=50)
DISBURSE = DisbursePayment(contract="k-1", spm="spm-1", sp2d="2", paid_on=PAID_ON)
CLOSE = CloseContract(contract="k-1", code=ClosureCode.TERMINATED, reason="no more")
AMEND = AmendContract(contract="k-1", addendum="a-2", signed_on=SIGNED_ON, amount_idr=90)
VOID = VoidPaymentOrder(contract="k-1", spm="spm-1", code=VoidCode.NOT_DUE, reason="not yet")
RETURN = ReturnPayment(
    contract="k-1",
    spm="spm-1",
    sp2d=PAID.sp2d,
    return_number="R-1",
    returned_on=PAID_ON,
    code=PaymentReturnCode.CLOSED_ACCOUNT,
    reason="closed",
)
RETRACT = RetractDelivery(
    contract="k-1",
    document_number="BAST-1",
    code=RetractionCode.WRONG_CONTRACT,
    reason="it is of another contract",
)
RESTORE = RestoreReservation(application=A)


class Case(NamedTuple):
    """The history of the first act, its person, and the command of the second act."""

    pair: Pair
    past: tuple[AllocationEvent, ...]
    first: str
    second: Any


PAYMENT = (ORDERED, DELIVERED, PAID)
CASES = [
    Case(four_eyes.CONTRACT_AND_ORDER, BOUND, OFFICER, ORDER),
    Case(four_eyes.CONTRACT_AND_ORDER, (*BOUND, AMENDED), SECOND_OFFICER, ORDER),
    Case(four_eyes.CONTRACT_AND_DISBURSE, (*BOUND, ORDERED, DELIVERED), OFFICER, DISBURSE),
    Case(
        four_eyes.CONTRACT_AND_DISBURSE,
        (*BOUND, AMENDED, ORDERED, DELIVERED),
        SECOND_OFFICER,
        DISBURSE,
    ),
    Case(four_eyes.CONTRACT_AND_CLOSE, BOUND, OFFICER, CLOSE),
    Case(four_eyes.CONTRACT_AND_CLOSE, (*BOUND, AMENDED), SECOND_OFFICER, CLOSE),
    Case(four_eyes.PAY_AND_AMEND, (*BOUND, ORDERED), CASHIER, AMEND),
    Case(four_eyes.CONTRACT_AND_RETURN, ALL_PAID, OFFICER, RETURN),
    Case(four_eyes.CONTRACT_AND_RETURN, (*BOUND, AMENDED, *PAYMENT), SECOND_OFFICER, RETURN),
    Case(four_eyes.CONTRACT_AND_VOID, (*BOUND, ORDERED), OFFICER, VOID),
    Case(four_eyes.CONTRACT_AND_VOID, (*BOUND, AMENDED, ORDERED), SECOND_OFFICER, VOID),
    *(
        Case(four_eyes.PAY_AND_AMEND, (*ALL_PAID, RETURNED, PAID_AGAIN), actor, AMEND)
        for actor in (PAYER, RETURNER, "payment-officer-4")
    ),
    Case(four_eyes.PAY_AND_AMEND, (*BOUND, ORDERED, VOIDED), "payment-officer-5", AMEND),
    Case(four_eyes.ORDER_AND_DISBURSE, (*BOUND, ORDERED, DELIVERED), CASHIER, DISBURSE),
    Case(four_eyes.ORDER_AND_VOID, (*BOUND, ORDERED), CASHIER, VOID),
    Case(four_eyes.DISBURSE_AND_RETURN, ALL_PAID, PAYER, RETURN),
    Case(four_eyes.RETURN_AND_VOID, (*ALL_PAID, RETURNED), RETURNER, VOID),
    Case(four_eyes.RECORD_AND_RETRACT_DELIVERY, (*BOUND, DELIVERED), OFFICER, RETRACT),
    Case(four_eyes.RELEASE_AND_RESTORE, (*FUNDED, RELEASED), OFFICER, RESTORE),
]
BUDGET = frozenset(four_eyes.PAIRS) & {
    four_eyes.CONTRACT_AND_ORDER,
    four_eyes.CONTRACT_AND_DISBURSE,
    four_eyes.CONTRACT_AND_CLOSE,
    four_eyes.CONTRACT_AND_RETURN,
    four_eyes.CONTRACT_AND_VOID,
    four_eyes.PAY_AND_AMEND,
    four_eyes.ORDER_AND_DISBURSE,
    four_eyes.ORDER_AND_VOID,
    four_eyes.DISBURSE_AND_RETURN,
    four_eyes.RETURN_AND_VOID,
    four_eyes.RECORD_AND_RETRACT_DELIVERY,
    four_eyes.RELEASE_AND_RESTORE,
}


def about(case: Case) -> dict[str, Any]:
    """Return the facts and the rule of the second act, and a token with every role."""
    more: dict[str, Any] = {"roles": frozenset(Role), "now": NOW}
    if case.second is RESTORE:
        more |= {"facts": AttendanceFacts(attended=True), "rule": restore_reservation}
    return more


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.pair.second)
def test_the_person_of_the_first_act_does_not_do_the_second(case: Case) -> None:
    given(allocation, *case.past).when(case.second, actor=case.first, **about(case)).refused(
        "same-person", f"You {case.pair.first}, so you cannot {case.pair.second}"
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.pair.second)
def test_another_person_does_the_second_act(case: Case) -> None:
    assert given(allocation, *case.past).when(case.second, actor=STRANGER, **about(case)).events()


def test_an_officer_closes_the_contract_that_another_amended_last() -> None:
    for past in ((*BOUND, AMENDED), (*BOUND, AMENDED, ORDERED)):
        assert given(allocation, *past).when(CLOSE, actor=OFFICER).events()


def test_every_pair_of_the_contract_and_its_payments_is_played() -> None:
    assert {case.pair for case in CASES} == BUDGET
