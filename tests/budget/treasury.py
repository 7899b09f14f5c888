"""An envelope and allocations with money in flight between them, for `test_money_in_flight`.

The deciders, rules and reactions are the real ones. Between them are logs, which deliver the events
of each subject in order and the subjects in any order, as topics do.
"""

from collections import Counter, defaultdict
from typing import Any

from services.budget.domain.allocation.decider import allocation
from services.budget.domain.allocation.state import Allocation
from services.budget.domain.envelope.decider import envelope
from services.budget.domain.envelope.pagu import OpenEnvelope
from services.budget.domain.envelope.state import Envelope
from services.budget.reactions import reactions
from services.budget.responses import use_of
from services.budget.views.own import AllocationUse, allocations
from shared.contracts.budget.allocation import (
    AllocationLowered,
    CommitmentContracted,
    ContractAmended,
    ContractClosed,
    PaymentDisbursed,
    PaymentOrderVoided,
    PaymentReturned,
    PlaceFunded,
    SunkCostRecognised,
    SunkCostReversed,
)
from shared.contracts.budget.envelope import AllotmentMade
from shared.contracts.event import Event, event_classes
from shared.contracts.words import Scope
from shared.kernel.decider import Context, Decider, Origin, Rule, decide_command
from shared.kernel.errors import Problem
from tests.budget.examples import DAY
from tests.given import NOW

ENVELOPE = "2018.DOMESTIC"
EXHIBITIONS = ("ifex-2018", "inacraft-2018")


class Treasury:
    """The state of all subjects, their published events, and the number of applied events."""

    def __init__(self, *, pagu_idr: int) -> None:
        self.states: dict[tuple[str, str], Any] = {}
        self.logs: dict[tuple[str, str], list[Event]] = defaultdict(list)
        self.applied: Counter[tuple[str, str]] = Counter()
        self.counts: dict[str, Count] = defaultdict(Count)
        self.listed: dict[str, AllocationUse | None] = {}
        command = OpenEnvelope(
            programme="2018",
            scope=Scope.DOMESTIC,
            pagu_idr=pagu_idr,
            document_number="DIPA-1",
            effective_on=DAY,
        )
        self.do(envelope, ENVELOPE, command)

    @property
    def envelope(self) -> Envelope:
        """Return the envelope."""
        state: Envelope = self.states["envelope", ENVELOPE]
        return state

    def allocation(self, exhibition: str) -> Allocation | None:
        """Return the allocation of an exhibition, or None if no event has named it yet."""
        state: Allocation | None = self.states.get(("allocation", exhibition))
        return state

    def do(
        self,
        decider: Decider[Any, Any, Any],
        id: str,
        command: object,
        *,
        facts: object = None,
        rule: Rule[Any, Any, Any] | None = None,
        actor: str = "officer",
    ) -> None:
        """Send a person's command, with its rule if it needs facts; a refusal changes nothing."""
        context = Context(now=NOW, origin=Origin.PERSON, actor=actor, subject=id)
        try:
            self._decide(decider, command, context, facts=facts, rule=rule)
        except Problem:
            return

    def publish(self, kind: str, id: str, event: Event) -> None:
        """Publish an event of another service, to be delivered in its turn."""
        self.logs[kind, id].append(event)

    def pending(self) -> list[tuple[str, str]]:
        """Return the subjects with events that are not applied yet."""
        return sorted(key for key, log in self.logs.items() if self.applied[key] < len(log))

    def deliver(self, subject: tuple[str, str]) -> None:
        """Deliver the next event of a subject to the reactions, which are never refused."""
        event = self.logs[subject][self.applied[subject]]
        self.applied[subject] += 1
        for reaction in reactions:
            if type(event) in event_classes(reaction.follows):
                for addressed in reaction.react(event, None):
                    context = Context(
                        now=NOW,
                        origin=Origin.REACTION,
                        actor="service:budget",
                        subject=addressed.id,
                    )
                    self._decide(addressed.decider, addressed.command, context)

    def deliver_all(self) -> None:
        """Deliver all that is in flight, and check that ceilings and allotments are then equal."""
        while pending := self.pending():
            self.deliver(pending[0])
        for exhibition in EXHIBITIONS:
            state = self.allocation(exhibition)
            ceiling_idr = state.ceiling_idr if state else 0
            assert ceiling_idr == self.envelope.allotted.get(exhibition, 0)

    def check(self) -> None:
        """Check the invariants that hold at every instant, with any events in flight."""
        assert self.envelope.free_idr >= 0, "more is allotted than the pagu allows"
        assert self.envelope.blocked_idr >= 0
        for exhibition in EXHIBITIONS:
            state = self.allocation(exhibition)
            ceiling_idr = state.ceiling_idr if state else 0
            in_flight_idr = self._in_flight_idr(exhibition)
            assert in_flight_idr >= 0
            assert ceiling_idr + in_flight_idr == self.envelope.allotted.get(exhibition, 0)
            if state:
                self._check_allocation(state)

    def _decide(
        self,
        decider: Decider[Any, Any, Any],
        command: object,
        context: Context,
        *,
        facts: object = None,
        rule: Rule[Any, Any, Any] | None = None,
    ) -> None:
        subject = (decider.kind, context.subject)
        state = self.states.get(subject, decider.initial)
        for event in decide_command(decider, command, state, context, rule=rule, facts=facts):
            if isinstance(event, PlaceFunded):
                assert event.application == state.waiting[0], "a place was skipped"
            state = decider.evolve(state, event)
            fields = event.model_dump()
            assert {name: fields[name] for name in state.balances()} == state.balances()
            self.logs[subject].append(event)
            self.counts[context.subject].take(event)
            if decider is allocation:
                self.listed[context.subject] = allocations.evolve(
                    self.listed.get(context.subject), event
                )
        self.states[subject] = state

    def _in_flight_idr(self, exhibition: str) -> int:
        """Return the allotted sum that is not in the ceiling yet."""
        subject = ("envelope", ENVELOPE)
        made = [
            event.amount_idr
            for event in self.logs[subject][self.applied[subject] :]
            if isinstance(event, AllotmentMade) and event.exhibition == exhibition
        ]
        subject = ("allocation", exhibition)
        lowered = [
            event.amount_idr
            for event in self.logs[subject][self.applied[subject] :]
            if isinstance(event, AllocationLowered)
        ]
        return sum(made) + sum(lowered)

    def _check_allocation(self, state: Allocation) -> None:
        assert state.free_idr >= 0, "more is used than the ceiling allows"
        contracts = state.contracts.values()
        assert state.contracted_idr == sum(contract.amount_idr for contract in contracts)
        assert all(
            0 <= contract.paid_idr <= contract.ordered_idr <= contract.amount_idr
            for contract in contracts
        )
        assert all(
            contract.amount_idr == contract.ordered_idr for contract in contracts if contract.closed
        ), "a closed contract keeps money that is not ordered"
        applications = [*state.waiting, *state.reserved, *state.contracted]
        assert len(applications) == len(set(applications)), "a place is in two lists"
        costs = {place: state.contracted.get(place) for place in state.sunk}
        assert costs == state.sunk, "a sunk cost is not the cost of its place"
        if state.closed:
            assert state.free_idr == 0, "a cancelled exhibition keeps money"
        elif state.waiting and state.unit_cost_idr:
            assert state.free_idr < state.unit_cost_idr, "money is idle while a place waits"
        self._check_history(state)
        listed = self.listed[state.exhibition]
        assert listed == use_of(state), "the list shows other figures than the allocation"

    def _check_history(self, state: Allocation) -> None:
        """Compare the sums with a plain count of the events."""
        counted = self.counts[state.exhibition]
        assert state.realised_idr == counted.realised
        assert state.contracted_idr == counted.contracted
        assert set(counted.sunk.values()) <= {0, 1}, "sunk twice"
        assert set(+counted.sunk) == set(state.sunk)


class Count:
    """A count of contracted and paid money and of sunk places, event by event."""

    def __init__(self) -> None:
        self.contracted = self.realised = 0
        self.closed: set[str] = set()
        self.sunk: Counter[str] = Counter()

    def take(self, event: Event) -> None:
        """Count an event of an allocation."""
        self._count_contract(event)
        match event:
            case PaymentDisbursed(amount_idr=idr):
                self.realised += idr
            case PaymentReturned(amount_idr=idr):
                self.realised -= idr
            case SunkCostRecognised(application=place):
                self.sunk[place] += 1
            case SunkCostReversed(application=place):
                self.sunk[place] -= 1
            case _:
                pass

    def _count_contract(self, event: Event) -> None:
        match event:
            case CommitmentContracted(amount_idr=idr):
                self.contracted += idr
            case ContractAmended(delta_idr=idr, contract=contract):
                self.contracted += idr
                self.closed.discard(contract)
            case ContractClosed(released_idr=idr, contract=contract):
                self.contracted -= idr
                self.closed.add(contract)
            case PaymentOrderVoided(amount_idr=idr, contract=contract):
                self.contracted -= idr if contract in self.closed else 0
            case _:
                pass
