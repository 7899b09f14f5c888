"""Test the rules of payments: four eyes, never above the contract, each order paid once."""

from services.budget.domain.allocation.decider import allocation
from services.budget.domain.allocation.payments import (
    DisbursementFacts,
    DisbursePayment,
    OrderPayment,
    claims,
    disburse_payment,
    may_disburse,
)
from services.budget.domain.allocation.state import Allocation
from shared.contracts.budget.allocation import (
    AllocationClosed,
    AllocationEvent,
    PaymentDisbursed,
    PaymentOrdered,
)
from tests.budget.examples import (
    CASHIER,
    CONTRACTED,
    FUNDED,
    OFFICER,
    ORDERED,
    RAISED,
    A,
    B,
    money,
)
from tests.given import given

ORDER = OrderPayment(contract="k-1", spm="spm-1", amount_idr=50)
DISBURSE = DisbursePayment(contract="k-1", spm="spm-1", sp2d="180191302004512")
CLAIMED = DisbursementFacts(claimed=True)
BOUND = (*FUNDED, CONTRACTED)
PAID = PaymentDisbursed(
    contract="k-1", spm="spm-1", sp2d="180191302004512", amount_idr=50, **money(100, 0, 80, 50)
)


def folded(*past: AllocationEvent) -> Allocation:
    state = given(allocation, *past).state
    assert isinstance(state, Allocation)
    return state


def test_a_payment_is_ordered_on_a_contract() -> None:
    given(allocation, *BOUND).when(ORDER, actor=CASHIER).then(ORDERED)


def test_the_officer_of_a_contract_neither_orders_nor_disburses_whatever_its_roles() -> None:
    roles = frozenset({"budget-officer", "payment-officer"})
    given(allocation, *BOUND).when(ORDER, actor=OFFICER, roles=roles).refused("same-person")
    given(allocation, *BOUND, ORDERED).when(
        DISBURSE, facts=CLAIMED, rule=disburse_payment, actor=OFFICER, roles=roles
    ).refused("same-person")


def test_the_officer_of_another_contract_may_order_on_this_contract() -> None:
    other = CONTRACTED.model_copy(update={"contracted_by": CASHIER, "contract": "k-2"})
    first = CONTRACTED.model_copy(update={"applications": (A,), "amount_idr": 40})
    second = other.model_copy(update={"applications": (B,), "amount_idr": 40})
    command = OrderPayment(contract="k-1", spm="spm-1", amount_idr=40)
    given(allocation, *FUNDED, first, second).when(command, actor=CASHIER).then(
        PaymentOrdered(contract="k-1", spm="spm-1", amount_idr=40, **money(100, 0, 80))
    )


def test_orders_never_exceed_the_contract_paid_or_not() -> None:
    rest = OrderPayment(contract="k-1", spm="spm-2", amount_idr=31)
    for past in ((*BOUND, ORDERED), (*BOUND, ORDERED, PAID)):
        given(allocation, *past).when(rest, actor=CASHIER).refused("contract-exceeded")


def test_an_spm_is_ordered_once() -> None:
    command = OrderPayment(contract="k-1", spm="spm-1", amount_idr=1)
    given(allocation, *BOUND, ORDERED).when(command, actor=CASHIER).refused("spm-exists")


def test_nothing_is_ordered_or_paid_without_a_contract() -> None:
    given(allocation, RAISED).when(ORDER, actor=CASHIER).refused("no-contract")
    given(allocation, RAISED).when(DISBURSE, facts=CLAIMED, rule=disburse_payment).refused(
        "no-contract"
    )


def test_a_disbursement_pays_its_order_in_full() -> None:
    given(allocation, *BOUND, ORDERED).when(
        DISBURSE, facts=CLAIMED, rule=disburse_payment, actor=CASHIER
    ).then(PAID)


def test_an_order_is_paid_once() -> None:
    again = DisbursePayment(contract="k-1", spm="spm-1", sp2d="180191302009999")
    given(allocation, *BOUND, ORDERED, PAID).when(
        again, facts=CLAIMED, rule=disburse_payment
    ).refused("already-paid")


def test_only_an_order_is_paid() -> None:
    given(allocation, *BOUND).when(DISBURSE, facts=CLAIMED, rule=disburse_payment).refused(
        "not-ordered"
    )


def test_nothing_is_paid_by_a_number_that_is_not_claimed() -> None:
    unclaimed = DisbursementFacts(claimed=False)
    given(allocation, *BOUND, ORDERED).when(
        DISBURSE, facts=unclaimed, rule=disburse_payment
    ).refused("not-ordered")


def test_payments_of_a_contract_are_ordered_after_the_allocation_is_closed() -> None:
    closed = AllocationClosed(**money(100, 0, 80))
    given(allocation, *BOUND, closed).when(ORDER, actor=CASHIER).then(ORDERED)


def test_nothing_is_ordered_or_paid_where_no_allocation_exists() -> None:
    given(allocation).when(ORDER).refused("not-found")
    given(allocation).when(DISBURSE, facts=CLAIMED, rule=disburse_payment).refused("not-found")


def test_an_sp2d_number_may_be_claimed_only_for_an_unpaid_order() -> None:
    assert may_disburse(folded(*BOUND, ORDERED), DISBURSE, CASHIER)
    assert not may_disburse(None, DISBURSE, CASHIER)
    assert not may_disburse(folded(RAISED), DISBURSE, CASHIER)
    assert not may_disburse(folded(*BOUND), DISBURSE, CASHIER)
    assert not may_disburse(folded(*BOUND, ORDERED, PAID), DISBURSE, CASHIER)


def test_the_officer_of_a_contract_may_not_claim_an_sp2d_number_for_it() -> None:
    assert not may_disburse(folded(*BOUND, ORDERED), DISBURSE, OFFICER)


def test_an_sp2d_number_stays_claimed_once_it_has_paid() -> None:
    assert claims(folded(*BOUND, ORDERED, PAID)) == {"sp2d/180191302004512": "spm-1"}
    assert claims(folded(*BOUND, ORDERED)) == {}
    assert claims(None) == {}
