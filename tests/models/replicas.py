"""Let a synchronous test ask two replicas of a service on the real servers, step by step.

Hypothesis' machines are synchronous. So this module holds the event loop, which runs only during a
step: between two steps no task runs.
"""

import asyncio
from collections.abc import Coroutine, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from hypothesis import Phase, settings

from shared.kernel.answers import Answer
from shared.kernel.decider import Context, Decider, Origin, Rule
from shared.kernel.errors import Problem
from shared.kernel.recorded import Recorded, event_id, read_event
from shared.service import Service
from shared.store.outbox import recorded_of
from tests.given import NOW

STEPS = 15
T = TypeVar("T")
Outcome = int | str
"""The version after a command, or the code of its refusal."""


@dataclass(frozen=True, kw_only=True)
class Request:
    """A command to one aggregate, as a caller can send it again."""

    decider: Decider[Any, Any, Any] = field(repr=False)
    id: str
    command: object
    key: str
    actor: str = "ani"
    expects: int | None = None
    claims: Mapping[str, str] = field(default_factory=dict)
    facts: object = None
    rule: Rule[Any, Any, Any] | None = field(default=None, repr=False)

    @property
    def name(self) -> tuple[str, str]:
        """Return the parts that identify a repeated request, beside its caller."""
        return type(self.command).__name__, self.key


@dataclass(frozen=True, kw_only=True)
class StoredAggregate:
    """The stored state and events of an aggregate."""

    version: int
    state: Any
    archived: list[Recorded]
    waiting: list[Recorded]

    def check(self, decider: Decider[Any, Any, Any], id: str) -> None:
        """Check that its events are numbered 1..version, are stored once, and make its state."""
        events = [*self.archived, *self.waiting]
        numbered = [event_id(decider.kind, id, number) for number in range(1, self.version + 1)]
        assert [event.id for event in events] == numbered
        state = decider.initial
        for event in events:
            state = decider.evolve(state, read_event(decider.events, event))
        assert state == self.state


@dataclass(frozen=True)
class Replicas:
    """The replicas and their event loop."""

    runner: asyncio.Runner
    services: Sequence[Service]

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run the loop until this work is done."""
        return self.runner.run(work)

    def ask(self, replica: int, request: Request) -> Outcome:
        """Send a command to a replica and return its outcome."""
        return self.ask_at_once([(replica, request)])[0]

    def ask_at_once(self, requests: Sequence[tuple[int, Request]]) -> list[Outcome]:
        """Send commands to their replicas at once and return the outcomes."""

        async def all_of_them() -> list[Outcome]:
            return await asyncio.gather(*(self._ask(*request) for request in requests))

        return self.run(all_of_them())

    def stored(self, *aggregates: tuple[Decider[Any, Any, Any], str]) -> list[StoredAggregate]:
        """Read these aggregates with their history in a single snapshot, and check them."""
        database = self.services[0].engine.database

        async def read(session: Any) -> list[StoredAggregate]:
            return [await self._stored(decider, id, session) for decider, id in aggregates]

        found = self.run(database.transaction(read))
        for (decider, id), stored in zip(aggregates, found, strict=True):
            stored.check(decider, id)
        return found

    async def _ask(self, replica: int, request: Request) -> Outcome:
        context = Context(
            now=NOW,
            origin=Origin.PERSON,
            actor=request.actor,
            key=request.key,
            expects=None if request.expects is None else frozenset({request.expects}),
            correlation_id="c",
        )
        service = self.services[replica]
        try:
            async with service.claimed(request.decider, request.id, request.claims):
                answer = await self._handle(service, request, context)
        except Problem as problem:
            return problem.code
        assert answer.id == request.id
        return answer.version

    async def _handle(self, service: Service, request: Request, context: Context) -> Answer:
        async def facts() -> object:
            return request.facts

        decider, id, command = request.decider, request.id, request.command
        if request.rule is None:
            return await service.handle(decider, id, command, context)
        return await service.handle(decider, id, command, context, rule=request.rule, facts=facts)

    async def _stored(
        self, decider: Decider[Any, Any, Any], id: str, session: Any
    ) -> StoredAggregate:
        engine = self.services[0].engine
        documents = engine.commands[decider.kind].aggregates.documents
        found = await engine.database.collection(decider.kind).find_one(
            {"_id": id}, session=session
        )
        bounds = {"$gte": f"{decider.kind}/{id}@", "$lt": f"{decider.kind}/{id}A"}
        past = engine.database.collection("history").find({"_id": bounds}, session=session)
        return StoredAggregate(
            version=found["version"] if found else 0,
            state=documents.state(found) if found else decider.initial,
            archived=[recorded_of(row) async for row in past.sort("_id", 1)],
            waiting=[recorded_of(row) for row in found["outbox"]] if found else [],
        )


def in_turn(requests: Sequence[Request]) -> list[tuple[int, Request]]:
    """Send the requests to the two replicas in turn."""
    return [(number % 2, request) for number, request in enumerate(requests)]


@contextmanager
def opened(*services: tuple[Service, Any]) -> Iterator[Replicas]:
    """Run these services, each with its settings, until the block ends."""
    # The loop of the other tests stays current.
    with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
        stack = AsyncExitStack()

        async def open_all() -> list[Service]:
            return [
                await stack.enter_async_context(service.opened(settings))
                for service, settings in services
            ]

        try:
            yield Replicas(runner, runner.run(open_all()))
        finally:
            runner.run(stack.aclose())


def machine_settings(*, max_examples: int) -> settings:
    """Return the settings of a machine that asks real servers."""
    return settings(
        max_examples=max_examples,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        # Shrinking would send hundreds of further requests; a failure is short without it.
        phases=[Phase.generate],
    )
