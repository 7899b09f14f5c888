"""Run the deciders, mirrors and reactions of the four services in memory, in random order.

Each subject's events reach each service in order; subjects overtake each other as the dice fall.
There is no server, no HTTP and no clock but `now`. The tests prove that the rules agree after every
order of events, at thousands of steps a second.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from shared.contracts.event import Event, event_classes
from shared.kernel.decider import Context, Decider, Origin, decide_command
from shared.kernel.errors import Problem
from shared.service import Service
from tests.given import NOW

Subject = tuple[str, str]
EventChange = Callable[[str, Any, Sequence[Event]], Sequence[Event]]
"""Return other events for a decision, from kind, command and events: a rule that is broken."""


class World:
    """All aggregates, all logs, and the number of events of each subject that each service has."""

    def __init__(self, services: list[Service], dice: random.Random) -> None:
        self.dice = dice
        self.now: datetime = NOW
        self.services = services
        self.deciders: dict[str, Decider[Any, Any, Any]] = {
            decider.kind: decider for service in services for decider in service.deciders
        }
        self.states: dict[Subject, Any] = {}
        self.log: dict[Subject, list[Event]] = defaultdict(list)
        self.received: Counter[tuple[str, Subject]] = Counter()
        self.mirrors: dict[tuple[str, Subject], Any] = {}
        self.events: Counter[str] = Counter()
        self.waiting: dict[tuple[str, Subject], None] = {}
        self.changes: list[EventChange] = []
        self._followers = _followers(services)
        self._reactions = _reactions(services)
        self._mirrors = {
            (service.name, mirror.kind): mirror
            for service in services
            for mirror in service.mirrors
        }

    def state(self, kind: str, id: str) -> Any:
        """Return the state of an aggregate, or its initial state if it has no event."""
        return self.states.get((kind, id), self.deciders[kind].initial)

    def mirror(self, service: str, kind: str, id: str) -> Any:
        """Return a service's mirror of a subject, or None."""
        return self.mirrors.get((service, (kind, id)))

    def ids(self, kind: str) -> list[str]:
        """Return the ids of all existing aggregates of a kind."""
        return [id for other, id in self.states if other == kind]

    def person(self, actor: str = "someone", **about: Any) -> Context:
        """Make the context of a person at `now`."""
        context = Context(now=self.now, origin=Origin.PERSON, actor=actor, key="k")
        return replace(context, **about)

    def do(
        self,
        kind: str,
        id: str,
        command: Any,
        facts: object = None,
        *,
        rule: Any = None,
        **about: Any,
    ) -> bool:
        """Send a person's command; return False if it was refused."""
        try:
            self.decide(kind, id, command, self.person(**about), facts=facts, rule=rule)
        except Problem:
            return False
        return True

    def decide(
        self,
        kind: str,
        id: str,
        command: Any,
        context: Context,
        *,
        facts: object = None,
        rule: Any = None,
    ) -> None:
        """Decide a command (by `rule` if it needs facts); store and announce its events."""
        decider, state = self.deciders[kind], self.state(kind, id)
        by = replace(context, subject=id)
        events = decide_command(decider, command, state, by, rule=rule, facts=facts)
        for change in self.changes:
            events = change(kind, command, events)
        for event in events:
            state = decider.evolve(state, event)
            self.states[kind, id] = state
            self.log[kind, id].append(event)
            self.events[type(event).__name__] += 1
        if events:
            for service in self._followers[kind]:
                self.waiting[service, (kind, id)] = None

    def deliver(self) -> None:
        """Deliver the next event of a subject to a service, which reacts."""
        service, subject = self.dice.choice(list(self.waiting))
        event = self.log[subject][self.received[service, subject]]
        self.received[service, subject] += 1
        if self.received[service, subject] == len(self.log[subject]):
            del self.waiting[service, subject]
        mirror = self._mirrors[service, subject[0]]
        if type(event) not in event_classes(mirror.follows):
            return
        state = mirror.evolve(self.mirrors.get((service, subject)), _public(event))
        self.mirrors[service, subject] = state
        context = Context(now=self.now, origin=Origin.REACTION, actor=f"service:{service}")
        for reaction in self._reactions[service, type(event)]:
            for addressed in reaction.react(_public(event), state):
                self.decide(addressed.decider.kind, addressed.id, addressed.command, context)

    def deliver_all(self) -> None:
        """Deliver until no event is left."""
        while self.waiting:
            self.deliver()

    def forget_reactions(self, service: str, names: tuple[str, ...]) -> None:
        """Remove reactions of a service, to prove that a check fails then."""
        for key, reactions in self._reactions.items():
            if key[0] == service:
                self._reactions[key] = [
                    reaction for reaction in reactions if reaction.name not in names
                ]

    def sweep(self) -> None:
        """Fire every deadline that is due; of those of one state the earliest first."""
        context = Context(now=self.now, origin=Origin.SWEEP, actor="service:sweep")
        for (kind, id), state in list(self.states.items()):
            decider = self.deciders[kind]
            while (deadline := decider.deadline(state)) and deadline.at <= self.now:
                self.decide(kind, id, deadline.command, context)
                if state is self.states[kind, id]:
                    break
                state = self.states[kind, id]

    def pass_time(self, **by: float) -> None:
        """Move the programme clock forward."""
        self.now += timedelta(**by)


def _public(event: Event) -> Event:
    """Return the event as a reader of the topic receives it."""
    if not event.private_fields():
        return event
    return type(event).read(event.public_json())


def _followers(services: list[Service]) -> dict[str, list[str]]:
    followers: dict[str, list[str]] = defaultdict(list)
    for service in services:
        for mirror in service.mirrors:
            followers[mirror.kind].append(service.name)
    return followers


def _reactions(services: list[Service]) -> dict[tuple[str, type[Event]], list[Any]]:
    reactions: dict[tuple[str, type[Event]], list[Any]] = defaultdict(list)
    for service in services:
        for reaction in service.reactions:
            for cls in event_classes(reaction.follows):
                reactions[service.name, cls].append(reaction)
    return reactions
