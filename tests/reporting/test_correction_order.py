"""Corrections, reports and restatements in any order: in the end every outcome has the right rate.

A report reads the rate first and is written up to ten seconds later, as the kernel allows; a
correction restates what it finds. The world here is a rate, its outcomes, and what is on its way.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import example
from hypothesis import given as anything
from hypothesis import strategies as st

from services.reporting.domain.outcome.decider import outcome
from services.reporting.domain.outcome.judgements import VoidOutcome
from services.reporting.domain.outcome.reports import report_outcome
from services.reporting.domain.outcome.state import Outcome, Status, evolve
from services.reporting.domain.rate.correction import (
    ConfirmRate,
    CorrectRate,
    OutcomesAtRate,
    RejectRate,
    confirm_rate,
    correct_rate,
)
from services.reporting.domain.rate.decider import rate
from services.reporting.domain.rate.fixing import NearestRate
from services.reporting.domain.rate.state import DailyRate, Fixing
from services.reporting.domain.rate.state import Status as RateStatus
from services.reporting.reactions import restate_outcomes
from shared.contracts.reporting.outcome import JudgementCode
from shared.contracts.reporting.rate import (
    CorrectionCode,
    RateCorrected,
    RateEvent,
    RateFixed,
)
from shared.kernel.decider import Addressed, Origin
from shared.kernel.errors import Problem
from shared.service.commands import TAKES_AT_MOST_SECONDS
from tests.given import NOW, context, given
from tests.reporting.examples import FACTS, ORDER, USD

FIXED = RateFixed(
    currency="USD", fixed_on=USD.fixed_on, rate=USD.rate, source="JISDOR", fixed_by="fixer"
)
VOID = VoidOutcome(code=JudgementCode.OTHER, reason="r")


@dataclass
class World:
    """A rate with its outcomes, the reports that have read it, and the commands on their way."""

    now: datetime = NOW
    rate: Any = field(default_factory=lambda: given(rate, FIXED).state)
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    reports: list[tuple[datetime, Fixing]] = field(default_factory=list)
    under_way: list[Addressed] = field(default_factory=list)

    def read(self) -> None:
        """A report reads the rate, unless it is in correction."""
        assert isinstance(self.rate, DailyRate)
        if self.rate.status is RateStatus.FIXED and self.rate.fixing:
            self.reports.append((self.now, self.rate.fixing))

    def write(self) -> None:
        """The oldest report is written at the rate that it has read, if it is not too late."""
        if not self.reports:
            return
        begun, fixing = self.reports.pop(0)
        if self.now - begun > timedelta(seconds=TAKES_AT_MOST_SECONDS):
            return
        id = f"o-{len(self.outcomes)}"
        command = replace(ORDER, not_a_double=True)
        facts = replace(FACTS, fixing=fixing)
        for event in report_outcome(command, facts, None, context(subject=id)):
            self.outcomes[id] = evolve(None, event)

    def propose(self, cents: int) -> None:
        """An officer proposes another rate."""
        command = CorrectRate(
            rate=USD.rate + cents,
            source="JISDOR",
            code=CorrectionCode.TYPING_ERROR,
            reason="r",
        )
        request = context(now=self.now, actor="first")
        self._fold(correct_rate(command, NearestRate(fixing=USD), self.rate, request))

    def confirm(self) -> None:
        """Another officer confirms it, with the outcomes at the rate that are there."""
        if self.rate.proposal is None:
            return
        amounts = {
            id: state.amount for id, state in self.outcomes.items() if state.status != Status.VOID
        }
        command = ConfirmRate(rate=self.rate.proposal.rate)
        request = context(now=self.now, actor="second")
        facts = OutcomesAtRate(amounts=amounts)
        self._fold(confirm_rate(command, facts, self.rate, request))

    def reject(self) -> None:
        """An officer rejects it."""
        self._fold(rate.decide(RejectRate(reason="r"), self.rate, context(now=self.now)))

    def deliver(self) -> None:
        """The oldest command of the reaction is decided."""
        if self.under_way:
            addressed = self.under_way.pop(0)
            self._decide(addressed.id, addressed.command, Origin.REACTION)

    def void(self, number: int) -> None:
        """An officer voids an outcome."""
        id = f"o-{number}"
        if id in self.outcomes:
            self._decide(id, VOID, Origin.PERSON)

    def _decide(self, id: str, command: Any, origin: Origin) -> None:
        state = self.outcomes[id]
        for event in outcome.decide(command, state, context(subject=id, origin=origin)):
            self.outcomes[id] = evolve(state, event)

    def _fold(self, events: Sequence[RateEvent]) -> None:
        for event in events:
            self.rate = rate.evolve(self.rate, event)
            if isinstance(event, RateCorrected):
                self.under_way += restate_outcomes(event, None)


STEPS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["read", "write", "confirm", "reject", "deliver"])),
        st.tuples(st.just("propose"), st.integers(min_value=1, max_value=9)),
        st.tuples(st.just("void"), st.integers(min_value=0, max_value=3)),
        st.tuples(st.just("wait"), st.sampled_from([1, 9, 55, 61])),
    ),
    max_size=40,
)


RACE = [("read",), ("propose", 1), ("confirm",), ("write",)]
"""A report that has read the old rate is written after the correction."""


@example(RACE)
@anything(STEPS)
def test_in_the_end_every_outcome_counts_at_the_rate_of_its_day(
    steps: list[tuple[Any, ...]],
) -> None:
    world = World()
    for name, *arguments in steps:
        if name == "wait":
            world.now += timedelta(seconds=arguments[0])
            continue
        try:
            getattr(world, name)(*arguments)
        except Problem:
            continue
    while world.reports:
        world.write()
    while world.under_way:
        world.deliver()
    for state in world.outcomes.values():
        if state.status is not Status.VOID:
            assert state.rate == world.rate.fixing.rate
            assert state.amount_idr == int(state.amount * state.rate)
            assert len(state.restatements) <= len(world.rate.before)
            assert Decimal(100) == state.amount
