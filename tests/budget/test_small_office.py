"""Play every correction in an office with two budget officers and two payment officers.

Four eyes must not stop a normal correction: each step is sent by one of the four.
"""

from dataclasses import replace
from typing import Any

from services.budget.domain.allocation.addenda import AmendContract, RecordDelivery
from services.budget.domain.allocation.commitments import (
    CloseContract,
    CommitmentFacts,
    ContractCommitment,
    contract_commitment,
)
from services.budget.domain.allocation.decider import allocation
from services.budget.domain.allocation.payments import DisbursePayment, OrderPayment
from services.budget.domain.allocation.reversals import (
    RetractDelivery,
    ReturnPayment,
    VoidPaymentOrder,
)
from services.budget.domain.allocation.state import Allocation
from shared.contracts.budget.reasons import ClosureCode, PaymentReturnCode, RetractionCode, VoidCode
from shared.kernel.decider import decide_command
from tests.budget.examples import FUNDED, PAID_ON, A, B
from tests.given import context, given

BUDGET, SECOND = "budget-officer-1", "budget-officer-2"
ORDERER, PAYER = "payment-officer-1", "payment-officer-2"
CONTRACT = ContractCommitment(contract="k-1", signed_on=PAID_ON, applications=(A, B), amount_idr=80)
DELIVER = RecordDelivery(contract="k-1", document_number="BAST-1", delivered_on=PAID_ON)
CLOSE = CloseContract(contract="k-1", code=ClosureCode.TERMINATED, reason="no more")


def amend(addendum: str, amount_idr: int) -> AmendContract:
    return AmendContract(
        contract="k-1", addendum=addendum, signed_on=PAID_ON, amount_idr=amount_idr
    )


def order(spm: str, amount_idr: int) -> OrderPayment:
    return OrderPayment(contract="k-1", spm=spm, ordered_on=PAID_ON, amount_idr=amount_idr)


def disburse(spm: str, sp2d: str) -> DisbursePayment:
    return DisbursePayment(contract="k-1", spm=spm, sp2d=sp2d, paid_on=PAID_ON)


def void(spm: str) -> VoidPaymentOrder:
    return VoidPaymentOrder(contract="k-1", spm=spm, code=VoidCode.WRONG_PAYEE, reason="wrong")


def come_back(spm: str, sp2d: str) -> ReturnPayment:
    return ReturnPayment(
        contract="k-1",
        spm=spm,
        sp2d=sp2d,
        return_number=f"R-{sp2d}",
        returned_on=PAID_ON,
        code=PaymentReturnCode.WRONG_ACCOUNT,
        reason="a digit",
    )


def played(*steps: tuple[str, Any]) -> Allocation:
    """Return the allocation after these commands of a contract, each by its officer."""
    state = given(allocation, *FUNDED).state
    for actor, command in steps:
        about: dict[str, Any] = {}
        if isinstance(command, ContractCommitment):
            facts = CommitmentFacts(annex=command.applications, decreed_on=None)
            about = {"rule": contract_commitment, "facts": facts}
        for event in decide_command(allocation, command, state, context(actor=actor), **about):
            state = allocation.evolve(state, event)
    assert isinstance(state, Allocation)
    return state


def test_two_and_two_officers_take_a_payment_back_and_pay_again() -> None:
    state = played(
        (BUDGET, CONTRACT),
        (SECOND, DELIVER),
        (ORDERER, order("spm-1", 50)),
        (PAYER, disburse("spm-1", "1")),
        (ORDERER, come_back("spm-1", "1")),
        (PAYER, disburse("spm-1", "2")),
        (ORDERER, come_back("spm-1", "2")),
        (PAYER, void("spm-1")),
        (ORDERER, order("spm-2", 60)),
        (PAYER, void("spm-2")),
        (PAYER, order("spm-3", 60)),
        (ORDERER, disburse("spm-3", "3")),
    )
    assert state.realised_idr == 60


def test_two_and_two_officers_put_right_what_was_recorded_in_the_wrong_place() -> None:
    retract = RetractDelivery(
        contract="k-1",
        document_number="BAST-1",
        code=RetractionCode.WRONG_DAY,
        reason="another day",
    )
    mistake = replace(
        come_back("spm-1", "1"),
        return_number=None,
        returned_on=None,
        code=PaymentReturnCode.RECORDED_BY_MISTAKE,
    )
    state = played(
        (BUDGET, CONTRACT),
        (BUDGET, DELIVER),
        (SECOND, retract),
        (BUDGET, DELIVER),
        (ORDERER, order("spm-1", 40)),
        (ORDERER, order("spm-2", 40)),
        (PAYER, disburse("spm-1", "1")),
        (ORDERER, mistake),
        (PAYER, disburse("spm-2", "1")),
        (PAYER, disburse("spm-1", "2")),
    )
    assert state.realised_idr == 80


def test_two_and_two_officers_amend_a_contract_and_close_it_whoever_amended_last() -> None:
    for amender, closer in ((BUDGET, SECOND), (SECOND, BUDGET)):
        state = played(
            (BUDGET, CONTRACT),
            (ORDERER, order("spm-1", 50)),
            (PAYER, void("spm-1")),
            (amender, amend("a-1", 90)),
            (ORDERER, order("spm-2", 50)),
            (closer, CLOSE),
            (closer, amend("a-2", 55)),
            (amender, CLOSE),
        )
        assert state.contracts["K-1"].closed
