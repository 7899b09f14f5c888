"""The four services in memory: the real deciders, mirrors and reactions, delivered in random order.

Each subject's events reach each service in order; subjects overtake each other as the dice fall.
There is no server, no HTTP and no clock but `now`: what is tested is whether the rules agree
whatever the order, thousands of steps a second.
"""

import random
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from shared.contracts.event import Event, event_classes
from shared.kernel.decider import Context, Decider, Origin, Refused
from shared.service import Service
from tests.given import NOW

Subject = tuple[str, str]


class World:
    """All aggregates, all logs, and how far each service has heard each subject."""

    def __init__(self, services: list[Service], dice: random.Random) -> None:
        self.dice = dice
        self.now: datetime = NOW
        self.services = services
        self.deciders: dict[str, Decider[Any, Any, Any]] = {
            one.kind: one for service in services for one in service.deciders
        }
        self.states: dict[Subject, Any] = {}
        self.log: dict[Subject, list[Event]] = defaultdict(list)
        self.heard: Counter[tuple[str, Subject]] = Counter()
        self.mirrors: dict[tuple[str, Subject], Any] = {}
        self.events: Counter[str] = Counter()
        self.waiting: dict[tuple[str, Subject], None] = {}
        self._followers = _followers(services)
        self._reactions = _reactions(services)
        self._mirrors = {
            (service.name, mirror.kind): mirror
            for service in services
            for mirror in service.mirrors
        }

    def state(self, kind: str, id: str) -> Any:
        """An aggregate's state, its initial one where nothing has happened."""
        return self.states.get((kind, id), self.deciders[kind].initial)

    def mirror(self, service: str, kind: str, id: str) -> Any:
        """A service's mirror of a subject, or None."""
        return self.mirrors.get((service, (kind, id)))

    def ids(self, kind: str) -> list[str]:
        """The ids of all aggregates of a kind that exist."""
        return [id for one, id in self.states if one == kind]

    def person(self, actor: str = "someone", **about: Any) -> Context:
        """A person's context, now."""
        context = Context(now=self.now, origin=Origin.PERSON, actor=actor, key="k")
        return replace(context, **about)

    def do(self, kind: str, id: str, command: Any, facts: object = None, **about: Any) -> bool:
        """A person's command; False if it was refused."""
        try:
            self.decide(kind, id, command, self.person(**about), facts=facts)
        except Refused:
            return False
        return True

    def decide(
        self, kind: str, id: str, command: Any, context: Context, *, facts: object = None
    ) -> None:
        """Decide a command and let what it makes happen."""
        decider, state = self.deciders[kind], self.state(kind, id)
        events = decider.decide(command, facts, state, replace(context, subject=id))
        for event in events:
            state = decider.evolve(state, event)
            self.states[kind, id] = state
            self.log[kind, id].append(event)
            self.events[type(event).__name__] += 1
        if events:
            for service in self._followers[kind]:
                self.waiting[service, (kind, id)] = None

    def deliver(self) -> None:
        """Let one service hear the next event of one subject, and react."""
        service, subject = self.dice.choice(list(self.waiting))
        event = self.log[subject][self.heard[service, subject]]
        self.heard[service, subject] += 1
        if self.heard[service, subject] == len(self.log[subject]):
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

    def settle(self) -> None:
        """Deliver until nothing is left to deliver."""
        while self.waiting:
            self.deliver()

    def forget_reactions(self, service: str, names: tuple[str, ...]) -> None:
        """Take reactions of a service out (to see what breaks)."""
        for key, reactions in self._reactions.items():
            if key[0] == service:
                self._reactions[key] = [one for one in reactions if one.name not in names]

    def sweep(self) -> None:
        """Fire every deadline that has come."""
        context = Context(now=self.now, origin=Origin.SWEEP, actor="service:sweep")
        for (kind, id), state in list(self.states.items()):
            deadline = self.deciders[kind].deadline(state)
            if deadline is not None and deadline.at <= self.now:
                self.decide(kind, id, deadline.command, context)

    def pass_time(self, **by: float) -> None:
        """Let the programme clock go on."""
        self.now += timedelta(**by)


def _public(event: Event) -> Event:
    """The event as a reader of the topic sees it."""
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
