"""Send random commands to two replicas of the budget with money in flight.

The real budget runs: allotments and returns go through outbox, topic and reactions between any two
steps. So the plain figures here are bounds while money is in flight, and exact at rest.
"""

from collections import Counter
from collections.abc import Sequence
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from services.budget.app import service as budget
from services.budget.domain.allocation.decider import allocation
from services.budget.domain.allocation.funding import LowerAllocation
from services.budget.domain.envelope.allotments import MakeAllotment
from services.budget.domain.envelope.costs import CorrectCost
from services.budget.domain.envelope.decider import envelope
from services.budget.domain.envelope.pagu import BlockEnvelope, OpenEnvelope, UnblockEnvelope
from services.budget.domain.envelope.revisions import ReviseEnvelope, WithdrawRevision
from shared.contracts.words import Scope
from shared.operations.verify import verify
from shared.service import Service
from shared.settings import Settings
from tests.conftest import eventually
from tests.given import NOW
from tests.long_tests import long_test
from tests.models.budget_requests import UNIT, Officers
from tests.models.replicas import (
    Replicas,
    Request,
    StoredAggregate,
    in_turn,
    machine_settings,
    opened,
)
from tests.settled import settled

PAGU = 200
years = map(str, range(2000, NOW.year))
replica = st.sampled_from([0, 1])
exhibition = st.sampled_from([0, 1])
amount = st.integers(1, 50)
Spending = MakeAllotment | BlockEnvelope | ReviseEnvelope


class Budgeting(RuleBasedStateMachine):
    """A machine with an envelope and two exhibitions of its own, and their expected figures."""

    replicas: ClassVar[Replicas]

    def __init__(self) -> None:
        super().__init__()
        self.year = next(years)
        self.officers = Officers(self.year)
        self.envelope = self.officers.envelope
        self.exhibitions = [f"ifex-{self.year}", f"inacraft-{self.year}"]
        self.pagu, self.blocked, self.proposed = PAGU, 0, 0
        # Money that each exhibition has at rest, that is on its way there, and on its way back.
        self.given: Counter[str] = Counter()
        self.raising: Counter[str] = Counter()
        self.returning: Counter[str] = Counter()
        self.opened: set[str] = set()
        self.done: list[tuple[Request, int]] = []
        # The last cost of a place that each exhibition was given.
        self.costs: dict[str, int] = {}
        document = self.officers.document()
        opening = OpenEnvelope(programme=self.year, scope=Scope.DOMESTIC, pagu_idr=PAGU, **document)
        assert self._ask(0, self.officers.ask(opening)) == 1

    @rule(allotments=st.lists(st.tuples(exhibition, amount), min_size=2, max_size=4))
    def allot(self, allotments: Sequence[tuple[int, int]]) -> None:
        """Make allotments at once on both replicas, together never more than is free."""
        self._spend([self._allotment(*allotment) for allotment in allotments])

    @rule(amount=amount, wanted=st.tuples(exhibition, amount))
    def block(self, amount: int, wanted: tuple[int, int]) -> None:
        """Block an amount while an allotment is made."""
        blocking = BlockEnvelope(amount_idr=amount, **self.officers.posting())
        self._spend([blocking, self._allotment(*wanted)])

    @rule(replica=replica, amount=amount)
    def unblock(self, replica: int, amount: int) -> None:
        """Unblock an amount; no more can be unblocked than is blocked."""
        command = UnblockEnvelope(amount_idr=amount, **self.officers.posting())
        outcome = self._ask(replica, self.officers.ask(command))
        if amount > self.blocked:
            assert outcome == "block-exceeded"
        else:
            assert isinstance(outcome, int)
            self.blocked -= amount

    @rule(replica=replica, delta=st.integers(1, 40), up=st.booleans())
    def revise(self, replica: int, delta: int, up: bool) -> None:
        """Raise the pagu by any amount, or lower it by at most what is free; two people do it."""
        proposal = self.officers.revision(delta if up else -delta)
        outcome = self._ask(replica, self.officers.ask(proposal))
        if outcome == "pagu-below-use":
            assert not up
            return
        assert isinstance(outcome, int)
        approval = ReviseEnvelope(document_number=proposal.document_number)
        assert self._ask(replica, self.officers.ask(approval, actor="ani")) == "same-person"
        self.proposed = proposal.delta_idr
        if up:
            assert isinstance(self._ask(replica, self.officers.ask(approval)), int)
            self._spent(approval)
        elif approval not in self._spend([approval, self._allotment(delta % 2, delta)]):
            withdrawal = WithdrawRevision(document_number=proposal.document_number)
            assert isinstance(self._ask(replica, self.officers.ask(withdrawal)), int)

    @rule(replica=replica, number=exhibition, cost=st.integers(10, 100))
    def correct_cost(self, replica: int, number: int, cost: int) -> None:
        """Let two people correct the cost of a place; it reaches the allocation."""
        id = self.exhibitions[number]
        proposal = self.officers.cost(id, cost)
        assert isinstance(self._ask(replica, self.officers.ask(proposal)), int)
        confirmation = CorrectCost(document_number=proposal.document_number)
        assert isinstance(self._ask(1 - replica, self.officers.ask(confirmation)), int)
        self.costs[id] = cost

    @rule(replica=replica, number=exhibition, amount=amount)
    def lower(self, replica: int, number: int, amount: int) -> None:
        """Return money of an exhibition: at most what has reached it."""
        id = self.exhibitions[number]
        command = LowerAllocation(amount_idr=amount, **self.officers.document())
        outcome = self._ask(replica, self.officers.ask_allocation(id, command))
        if isinstance(outcome, int):
            assert amount <= self.given[id]
            self.given[id] -= amount
            self.returning[id] += amount
        elif outcome == "not-found":
            assert id not in self.opened
        else:
            assert outcome == "ceiling-below-use"
            assert amount > self.given[id] - self.raising[id]

    @precondition(lambda self: len(self.done) > 1)
    @rule(replica=replica, back=st.integers(0, 20))
    def ask_again(self, replica: int, back: int) -> None:
        """Repeat an old request: it has the same answer and no effect."""
        request, version = self.done[-1 - back % len(self.done)]
        assert self.replicas.ask(replica, request) == version

    @rule()
    def settle(self) -> None:
        """Wait until no money is in flight: ceilings and allotments are the same."""
        self.replicas.run(eventually(self._at_rest))
        self.opened |= set(self.costs)
        self.raising.clear()
        self.returning.clear()

    @invariant()
    def the_figures_are_within_their_bounds(self) -> None:
        """Check the bounds in a single snapshot; each aggregate is what its events make."""
        envelope, *allocations = self._stored()
        assert (envelope.state.pagu_idr, envelope.state.blocked_idr) == (self.pagu, self.blocked)
        assert envelope.state.free_idr >= 0
        for id, stored in zip(self.exhibitions, allocations, strict=True):
            allotted = envelope.state.allotted.get(id, 0)
            ceiling = stored.state.ceiling_idr if stored.state else 0
            assert self.given[id] <= allotted <= self.given[id] + self.returning[id]
            assert self.given[id] - self.raising[id] <= ceiling <= self.given[id]

    def teardown(self) -> None:
        """Wait until no money is in flight; repeated requests have the same answers."""
        self.settle()
        outcomes = self.replicas.ask_at_once(in_turn([request for request, _ in self.done]))
        assert outcomes == [version for _, version in self.done]
        self.the_figures_are_within_their_bounds()

    def _spend(self, commands: Sequence[Spending]) -> list[Spending]:
        """Send spending commands at once: a refused command wanted more than is free.

        Money on its way back may have arrived in time for a command, or not. Returns the commands
        that were done.
        """
        requests = [self.officers.ask(command) for command in commands]
        outcomes = self.replicas.ask_at_once(in_turn(requests))
        wanted: list[int] = []
        made: list[Spending] = []
        for command, request, outcome in zip(commands, requests, outcomes, strict=True):
            if isinstance(outcome, int):
                self.done.append((request, outcome))
                self._spent(command)
                made.append(command)
            else:
                assert outcome in ("pagu-exceeded", "pagu-below-use")
                wanted.append(self._idr(command))
        free = self.pagu - self.blocked - self.given.total()
        assert free >= 0
        assert all(idr > free - self.returning.total() for idr in wanted)
        return made

    def _spent(self, command: Spending) -> None:
        match command:
            case MakeAllotment(exhibition=id, amount_idr=idr):
                self.given[id] += idr
                self.raising[id] += idr
                self.costs[id] = UNIT
            case BlockEnvelope(amount_idr=idr):
                self.blocked += idr
            case ReviseEnvelope():
                self.pagu += self.proposed

    def _allotment(self, number: int, amount: int) -> MakeAllotment:
        return self.officers.allotment(self.exhibitions[number], amount)

    def _idr(self, command: Spending) -> int:
        return -self.proposed if isinstance(command, ReviseEnvelope) else command.amount_idr

    def _ask(self, replica: int, request: Request) -> int | str:
        outcome = self.replicas.ask(replica, request)
        if isinstance(outcome, int):
            self.done.append((request, outcome))
        return outcome

    def _stored(self) -> list[StoredAggregate]:
        allocations = ((allocation, id) for id in self.exhibitions)
        return self.replicas.stored((envelope, self.envelope), *allocations)

    async def _at_rest(self) -> bool:
        service = self.replicas.services[0]
        state = await service.load(envelope, self.envelope)
        allocations = [await service.load(allocation, id) for id in self.exhibitions]
        given = [self.given[id] for id in self.exhibitions]
        assert state is not None
        allotted = [state.allotted.get(id, 0) for id in self.exhibitions]
        ceilings = [found.ceiling_idr if found else 0 for found in allocations]
        costs = [found.unit_cost_idr if found else 0 for found in allocations]
        expected = [self.costs.get(id, 0) for id in self.exhibitions]
        return given == allotted == ceilings and costs == expected


def second() -> Service:
    """Make another service for the second replica: a service runs once in a process."""
    return Service(
        budget.name,
        deciders=budget.deciders,
        mirrors=budget.mirrors,
        views=budget.views,
        tallies=budget.tallies,
        reactions=budget.reactions,
    )


@long_test
def test_two_replicas_never_spend_what_is_not_there(settings: Settings) -> None:
    with opened(
        (budget, settings), (second(), settings.model_copy(update={"parts": frozenset({"api"})}))
    ) as both:

        class Here(Budgeting):
            replicas = both

        run_state_machine_as_test(Here, settings=machine_settings(max_examples=8))
        both.run(settled(*both.services))
        assert both.run(verify(both.services[0].engine)).differences == []
