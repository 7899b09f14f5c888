"""Test rules in the words of rules: `given(…).when(…).then(…)`.

    given(application, submitted).when(WithdrawApplication()).then(withdrawn)
    given(application).when(WithdrawApplication()).refused("not-found")
    given(application, withdrawn).when(WithdrawApplication()).then()       # silence

`given` folds events into the state, so a test uses only the words of the contract.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from shared.contracts.event import Event
from shared.kernel.decider import Context, Decider, Origin, Rule, decide_command
from shared.kernel.errors import Problem

NOW = datetime(2018, 2, 1, 3, 0, tzinfo=UTC)


def context(**changes: Any) -> Context:
    """Make the context of a person at `NOW`, with changes."""
    person = Context(now=NOW, origin=Origin.PERSON, actor="tester", correlation_id="test", key="k1")
    return replace(person, **changes)


@dataclass(frozen=True)
class Given:
    """A decider, and the state after its past events."""

    decider: Decider[Any, Any, Any]
    state: Any

    def when(
        self,
        command: Any,
        *,
        facts: object = None,
        rule: Any = None,
        **about: Any,
    ) -> "When":
        """Decide `command`, with `rule` and `facts` if it needs facts.

        `about` changes the context (`now=…`, `actor=…`, `origin=…`).
        """
        return When(self, command, facts, rule, context(**about))


@dataclass(frozen=True)
class When:
    """A command about to be decided."""

    given: Given
    command: Any
    facts: object
    rule: Rule[Any, Any, Any] | None
    context: Context

    def events(self) -> list[Event]:
        """Return the events of the decision."""
        decider, state = self.given.decider, self.given.state
        events = decide_command(
            decider, self.command, state, self.context, rule=self.rule, facts=self.facts
        )
        return list(events)

    def then(self, *expected: Event) -> None:
        """Check that the decision is exactly these events in order; `evolve` takes each of them."""
        events = self.events()
        assert events == list(expected)
        state = self.given.state
        for event in events:
            state = self.given.decider.evolve(state, event)

    def refused(self, code: str, words: str = "") -> None:
        """Check that the decision is a refusal with this code and with these words in it."""
        with pytest.raises(Problem) as refusal:
            self.events()
        assert refusal.value.code == code, f"refused with {refusal.value.code}, not {code}"
        assert words in refusal.value.sentence


def given(decider: Decider[Any, Any, Any], *past: Event) -> Given:
    """Make an aggregate from its past events."""
    state = decider.initial
    for event in past:
        state = decider.evolve(state, event)
    return Given(decider, state)
