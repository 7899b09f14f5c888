"""The rules of commitments and payments: on the annex, four eyes, never above the contract."""

import pytest

from services.budget.domain.allocation import allocation
from services.budget.domain.allocation_books import Allocation
from services.budget.domain.payments import (
    CommitmentFacts,
    ContractCommitment,
    DisbursementFacts,
    DisbursePayment,
    OrderPayment,
    is_paid,
    may_be_paid,
)
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
    C,
    money,
)
from tests.given import given

CONTRACT = ContractCommitment(contract="k-1", applications=(A, B))
DECREED = CommitmentFacts(annex=(A, B, C))
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


def test_reservations_on_the_annex_are_contracted() -> None:
    given(allocation, *FUNDED).when(CONTRACT, facts=DECREED, actor=OFFICER).then(CONTRACTED)


@pytest.mark.parametrize(
    ("applications", "annex", "code"),
    [
        ((A,), None, "not-decreed"),
        ((A, B), (A, C), "not-on-annex"),
        ((A, C), (A, B, C), "not-reserved"),
        ((A, A), (A, B, C), "place-repeated"),
        ((), (A, B, C), "nothing-contracted"),
    ],
)
def test_only_places_on_the_annex_that_have_money_are_contracted(
    applications: tuple[str, ...], annex: tuple[str, ...] | None, code: str
) -> None:
    command = ContractCommitment(contract="k-1", applications=applications)
    given(allocation, *FUNDED).when(command, facts=CommitmentFacts(annex=annex)).refused(code)


def test_a_contract_is_made_once() -> None:
    command = ContractCommitment(contract="k-1", applications=(C,))
    given(allocation, *BOUND).when(command, facts=DECREED).refused("contract-exists")


def test_a_place_is_contracted_once() -> None:
    command = ContractCommitment(contract="k-2", applications=(A,))
    given(allocation, *BOUND).when(command, facts=DECREED).refused("not-reserved")


def test_a_cancelled_exhibition_contracts_nothing() -> None:
    closed = AllocationClosed(**money(100, 80))
    given(allocation, *FUNDED, closed).when(CONTRACT, facts=DECREED).refused("allocation-closed")


def test_a_payment_is_ordered_on_a_contract() -> None:
    given(allocation, *BOUND).when(ORDER, actor=CASHIER).then(ORDERED)


def test_who_contracted_neither_orders_nor_pays_whatever_the_roles() -> None:
    roles = frozenset({"budget-officer", "payment-officer"})
    given(allocation, *BOUND).when(ORDER, actor=OFFICER, roles=roles).refused("same-person")
    given(allocation, *BOUND, ORDERED).when(
        DISBURSE, facts=CLAIMED, actor=OFFICER, roles=roles
    ).refused("same-person")


def test_who_made_another_contract_may_order_on_this_one() -> None:
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
    given(allocation, RAISED).when(DISBURSE, facts=CLAIMED).refused("no-contract")


def test_a_disbursement_pays_its_order_whole() -> None:
    given(allocation, *BOUND, ORDERED).when(DISBURSE, facts=CLAIMED, actor=CASHIER).then(PAID)


def test_an_order_is_paid_once() -> None:
    again = DisbursePayment(contract="k-1", spm="spm-1", sp2d="180191302009999")
    given(allocation, *BOUND, ORDERED, PAID).when(again, facts=CLAIMED).refused("already-paid")


def test_only_an_order_is_paid() -> None:
    given(allocation, *BOUND).when(DISBURSE, facts=CLAIMED).refused("not-ordered")


def test_nothing_is_paid_by_a_number_that_is_not_claimed() -> None:
    unclaimed = DisbursementFacts(claimed=False)
    given(allocation, *BOUND, ORDERED).when(DISBURSE, facts=unclaimed).refused("not-ordered")


def test_a_closed_allocation_still_pays_what_is_contracted() -> None:
    closed = AllocationClosed(**money(100, 0, 80))
    given(allocation, *BOUND, closed).when(ORDER, actor=CASHIER).then(ORDERED)


@pytest.mark.parametrize(
    ("command", "code"),
    [(CONTRACT, "no-allocation"), (ORDER, "no-allocation"), (DISBURSE, "no-allocation")],
)
def test_nothing_is_committed_or_paid_where_nothing_is_allotted(
    command: ContractCommitment | OrderPayment | DisbursePayment, code: str
) -> None:
    given(allocation).when(command).refused(code)


def test_an_sp2d_number_may_be_claimed_only_for_an_order_that_waits() -> None:
    assert may_be_paid(folded(*BOUND, ORDERED), DISBURSE, CASHIER)
    assert not may_be_paid(None, DISBURSE, CASHIER)
    assert not may_be_paid(folded(RAISED), DISBURSE, CASHIER)
    assert not may_be_paid(folded(*BOUND), DISBURSE, CASHIER)
    assert not may_be_paid(folded(*BOUND, ORDERED, PAID), DISBURSE, CASHIER)


def test_who_made_the_contract_may_not_even_claim_an_sp2d_number_for_it() -> None:
    assert not may_be_paid(folded(*BOUND, ORDERED), DISBURSE, OFFICER)


def test_an_sp2d_number_stays_claimed_once_it_has_paid() -> None:
    assert is_paid(folded(*BOUND, ORDERED, PAID), "spm-1", "180191302004512")
    assert not is_paid(folded(*BOUND, ORDERED, PAID), "spm-1", "180191302009999")
    assert not is_paid(folded(*BOUND, ORDERED), "spm-1", "180191302004512")
    assert not is_paid(None, "spm-1", "180191302004512")
