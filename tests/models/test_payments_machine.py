"""Send random orders, payments and reversals to two replicas, and compare with a plain account.

A contract over 100 of a ceiling of 200 is ordered, paid, taken back, amended and closed. Two
replicas also order at once, and pay and void an order at once. After each step the stored contract
is that of the account.
"""

from dataclasses import dataclass, field
from datetime import date
from itertools import count
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from services.budget.app import service as budget
from services.budget.domain.allocation.addenda import AmendContract, RecordDelivery
from services.budget.domain.allocation.commitments import (
    CloseContract,
    CommitmentFacts,
    ContractCommitment,
    contract_commitment,
)
from services.budget.domain.allocation.decider import allocation
from services.budget.domain.allocation.funding import FundPlaces, RaiseAllocation
from services.budget.domain.allocation.numbers import Kind, claim_of
from services.budget.domain.allocation.payments import DisbursePayment, OrderPayment
from services.budget.domain.allocation.reversals import ReturnPayment, VoidPaymentOrder
from shared.contracts.budget.reasons import ClosureCode, PaymentReturnCode, VoidCode
from shared.contracts.documents import comparable
from shared.contracts.words import Scope
from shared.operations.verify import verify
from shared.settings import Settings
from tests.long_tests import long_test
from tests.models.replicas import Outcome, Replicas, Request, in_turn, machine_settings, opened
from tests.models.test_budget_machine import second
from tests.settled import settled

DAY = date(2018, 1, 31)
CEILING, CONTRACT = 200, 100
exhibitions = map("ifex-{}".format, count())
replica = st.sampled_from([0, 1])
number = st.integers(0, 4)
amount = st.integers(1, 60)


@dataclass
class Account:
    """The contract as its officers expect it: amounts by order, and the payment of each."""

    contract: int = CONTRACT
    closed: bool = False
    used: set[str] = field(default_factory=set)
    orders: dict[str, int] = field(default_factory=dict)
    paid: dict[str, str] = field(default_factory=dict)

    @property
    def ordered(self) -> int:
        """Return the sum of the orders that stand."""
        return sum(self.orders.values())

    def order(self, spm: str, idr: int) -> str:
        """Order an amount, or return the code of the refusal."""
        if spm in self.used:
            return "spm-exists"
        if self.closed:
            return "contract-closed"
        if self.ordered + idr > self.contract:
            return "contract-exceeded"
        self.orders[spm] = idr
        self.used.add(spm)
        return ""

    def waits(self, spm: str) -> str:
        """Return the code by which a payment or a voiding of an order is refused."""
        if spm not in self.orders:
            return "order-voided" if spm in self.used else "not-ordered"
        return "already-paid" if spm in self.paid else ""

    def void(self, spm: str) -> None:
        """Take an order back; a closed contract has the amount of its orders."""
        del self.orders[spm]
        self.contract = self.ordered if self.closed else self.contract

    def amend(self, idr: int) -> str:
        """Change the amount of the contract, or return the code of the refusal."""
        if idr == self.contract:
            return "nothing-amended"
        if idr < self.ordered:
            return "amount-below-ordered"
        self.contract, self.closed = idr, False
        return ""


class Paying(RuleBasedStateMachine):
    """A machine with a contract of its own, and its account."""

    replicas: ClassVar[Replicas]

    def __init__(self) -> None:
        super().__init__()
        self.id = next(exhibitions)
        self.contract = f"K/{self.id}"
        self.account = Account()
        self.dissolved = False
        self.reserved_idr = 0
        self.numbers = map(f"{self.id}/{{}}".format, count(100))
        places = tuple(f"{self.id}.{place}" for place in "abc")
        programme, scope = "2018", Scope.DOMESTIC
        raising = RaiseAllocation(
            programme=programme, scope=scope, amount_idr=CEILING, unit_cost_idr=40
        )
        funding = FundPlaces(programme=programme, scope=scope, applications=places)
        contract = ContractCommitment(
            contract=self.contract, signed_on=DAY, applications=places, amount_idr=CONTRACT
        )
        delivery = RecordDelivery(
            contract=self.contract, document_number=f"B/{self.id}", delivered_on=DAY
        )
        for command in (raising, funding, contract, delivery):
            assert isinstance(self._ask(0, command, "officer"), int)

    @rule(orders=st.lists(st.tuples(number, amount), min_size=2, max_size=3))
    def order_at_once(self, orders: list[tuple[int, int]]) -> None:
        """Order payments at once on both replicas: together they never exceed the contract."""
        commands = [self._order(spm, idr) for spm, idr in orders]
        requests = [self._request(command, "orderer") for command in commands]
        outcomes = self.replicas.ask_at_once(in_turn(requests))
        made = sorted(zip(outcomes, commands, strict=True), key=lambda item: str(item[0]).zfill(9))
        for outcome, command in made:
            if isinstance(outcome, int):
                assert self.account.order(command.spm, command.amount_idr) == ""
        for outcome, command in made:
            if isinstance(outcome, str):
                # It may have been decided before an order that was made.
                assert outcome in ("spm-exists", "contract-closed", "contract-exceeded")
                assert self.account.order(command.spm, command.amount_idr) != ""

    @rule(replica=replica, spm=number)
    def disburse(self, replica: int, spm: int) -> None:
        """Pay an order in full."""
        command = self._disbursement(spm)
        expected = self.account.waits(command.spm)
        self._expect(self._ask(replica, command, "payer"), expected)
        if not expected:
            self.account.paid[command.spm] = command.sp2d

    @rule(replica=replica, spm=number)
    def void(self, replica: int, spm: int) -> None:
        """Take an order back that is not paid."""
        command = self._voiding(spm)
        expected = self.account.waits(command.spm)
        self._expect(self._ask(replica, command, "voider"), expected)
        if not expected:
            self.account.void(command.spm)

    @rule(spm=number)
    def disburse_and_void_at_once(self, spm: int) -> None:
        """Pay and void an order at once: only the first of the two happens."""
        pay, void = self._disbursement(spm), self._voiding(spm)
        expected = self.account.waits(pay.spm)
        requests = [self._request(pay, "payer"), self._request(void, "voider")]
        paid, voided = self.replicas.ask_at_once(in_turn(requests))
        if expected:
            assert (paid, voided) == (expected, expected)
        elif isinstance(paid, int):
            assert voided == "already-paid"
            self.account.paid[pay.spm] = pay.sp2d
        else:
            assert paid == "order-voided"
            self.account.void(pay.spm)

    @rule(replica=replica, spm=number)
    def come_back(self, replica: int, spm: int) -> None:
        """Record that a payment came back."""
        name = self._spm(spm)
        command = ReturnPayment(
            contract=self.contract,
            spm=name,
            sp2d=self.account.paid.get(name, "0"),
            return_number=next(self.numbers),
            returned_on=DAY,
            code=PaymentReturnCode.OTHER,
            reason="sent back",
        )
        expected = self.account.waits(name) or "not-paid-by-sp2d"
        expected = "" if expected == "already-paid" else expected
        self._expect(self._ask(replica, command, "returner"), expected)
        self.account.paid.pop(name, None)

    @rule(replica=replica, idr=st.integers(1, CEILING))
    def amend(self, replica: int, idr: int) -> None:
        """Change the amount of the contract by an addendum."""
        command = AmendContract(
            contract=self.contract, addendum=next(self.numbers), signed_on=DAY, amount_idr=idr
        )
        outcome = self._ask(replica, command, "officer")
        if self.dissolved:
            assert outcome == "contract-dissolved"
        else:
            self._expect(outcome, self.account.amend(idr))

    @rule(replica=replica)
    def close(self, replica: int) -> None:
        """Close the contract: it has the amount of its orders then."""
        command = CloseContract(contract=self.contract, code=ClosureCode.OTHER, reason="closed")
        expected = "contract-closed" if self.account.closed else ""
        self._expect(self._ask(replica, command, "closer"), expected)
        if not expected:
            self.dissolved = not self.account.orders
            # The places of a contract without orders have their parts of it as reservations again.
            self.reserved_idr = self.account.contract if self.dissolved else 0
            self.account.contract, self.account.closed = self.account.ordered, True

    @invariant()
    def the_contract_is_that_of_the_account(self) -> None:
        """Compare the stored contract; the allocation is what its events make."""
        (stored,) = self.replicas.stored((allocation, self.id))
        contract, account = stored.state.contracts[self.contract.upper()], self.account
        assert (contract.amount_idr, contract.closed) == (account.contract, account.closed)
        assert contract.ordered_idr == account.ordered
        assert contract.paid_idr == sum(account.orders[spm] for spm in account.paid)
        assert stored.state.contracted_idr == account.contract
        assert stored.state.reserved_idr == self.reserved_idr
        assert stored.state.free_idr == CEILING - stored.state.reserved_idr - account.contract

    def _spm(self, number: int) -> str:
        return f"{self.id}/{number}"

    def _order(self, number: int, idr: int) -> OrderPayment:
        return OrderPayment(
            contract=self.contract, spm=self._spm(number), ordered_on=DAY, amount_idr=idr
        )

    def _disbursement(self, number: int) -> DisbursePayment:
        return DisbursePayment(
            contract=self.contract, spm=self._spm(number), sp2d=next(self.numbers), paid_on=DAY
        )

    def _voiding(self, number: int) -> VoidPaymentOrder:
        return VoidPaymentOrder(
            contract=self.contract, spm=self._spm(number), code=VoidCode.OTHER, reason="void"
        )

    def _request(self, command: object, actor: str) -> Request:
        contracting = isinstance(command, ContractCommitment)
        annex = command.applications if isinstance(command, ContractCommitment) else None
        return Request(
            decider=allocation,
            id=self.id,
            command=command,
            key=next(self.numbers).replace("/", "-"),
            actor=actor,
            claims=_claims(command),
            facts=CommitmentFacts(annex=annex, decreed_on=None),
            rule=contract_commitment if contracting else None,
        )

    def _ask(self, replica: int, command: object, actor: str) -> Outcome:
        return self.replicas.ask(replica, self._request(command, actor))

    def _expect(self, outcome: Outcome, code: str) -> None:
        assert isinstance(outcome, int) if code == "" else outcome == code


def _claims(command: object) -> dict[str, str]:
    """Return the number that the route of this command claims."""
    match command:
        case ContractCommitment(contract=entry):
            kind, number = Kind.CONTRACT, entry
        case AmendContract(addendum=number, contract=entry):
            kind = Kind.ADDENDUM
        case RecordDelivery(document_number=number, contract=entry):
            kind = Kind.DELIVERY
        case OrderPayment(spm=entry):
            kind, number = Kind.SPM, entry
        case DisbursePayment(sp2d=number, spm=entry):
            kind = Kind.SP2D
        case ReturnPayment(return_number=number, spm=entry):
            kind = Kind.RETURN
        case _:
            return {}
    return {claim_of(kind, number): comparable(entry)}


@long_test
def test_two_replicas_pay_and_take_back_as_a_plain_account(settings: Settings) -> None:
    with opened(
        (budget, settings), (second(), settings.model_copy(update={"parts": frozenset({"api"})}))
    ) as both:

        class Here(Paying):
            replicas = both

        run_state_machine_as_test(Here, settings=machine_settings(max_examples=8))
        both.run(settled(*both.services))
        assert both.run(verify(both.services[0].engine)).differences == []
