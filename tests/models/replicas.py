"""Two replicas of a service on the real servers, asked by a synchronous test step by step.

Hypothesis' machines are synchronous, so the event loop is held here and runs only while something
is asked: between two steps nothing moves.
"""

import asyncio
from collections.abc import Coroutine, Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from hypothesis import Phase, settings

from shared.kernel.answers import Answer
from shared.kernel.decider import Context, Decider, Origin
from shared.kernel.errors import Problem
from shared.kernel.recorded import Recorded, event_id, read_event
from shared.service import Service
from shared.store.outbox import recorded_of
from tests.given import NOW

STEPS = 15
T = TypeVar("T")
Outcome = int | str
"""The version that a command has made, or the code of its refusal."""


@dataclass(frozen=True, kw_only=True)
class Request:
    """A command to one aggregate, as a caller can send it again."""

    decider: Decider[Any, Any, Any] = field(repr=False)
    id: str
    command: object
    key: str
    expects: int | None = None
    facts: object = None

    @property
    def name(self) -> tuple[str, str]:
        """By what it is known again, beside its caller."""
        return type(self.command).__name__, self.key


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What the store keeps of one aggregate."""

    version: int
    state: Any
    archived: list[Recorded]
    waiting: list[Recorded]

    def check(self, decider: Decider[Any, Any, Any], id: str) -> None:
        """Its events are numbered 1..version, each in one place, and make its state."""
        events = [*self.archived, *self.waiting]
        numbered = [event_id(decider.kind, id, number) for number in range(1, self.version + 1)]
        assert [one.id for one in events] == numbered
        state = decider.initial
        for one in events:
            state = decider.evolve(state, read_event(decider.events, one))
        assert state == self.state


@dataclass(frozen=True)
class Replicas:
    """The replicas and their loop."""

    runner: asyncio.Runner
    services: Sequence[Service]

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Let the loop run until this is done."""
        return self.runner.run(work)

    def ask(self, replica: int, request: Request) -> Outcome:
        """One command, answered."""
        return self.ask_at_once([(replica, request)])[0]

    def ask_at_once(self, requests: Sequence[tuple[int, Request]]) -> list[Outcome]:
        """Commands that reach their replicas together."""

        async def all_of_them() -> list[Outcome]:
            return await asyncio.gather(*(self._asked(*one) for one in requests))

        return self.run(all_of_them())

    def kept(self, *aggregates: tuple[Decider[Any, Any, Any], str]) -> list[Kept]:
        """What lies in these documents and in history at one and the same instant, checked."""
        database = self.services[0].engine.database

        async def read(session: Any) -> list[Kept]:
            return [await self._kept(decider, id, session) for decider, id in aggregates]

        found = self.run(database.transaction(read))
        for (decider, id), one in zip(aggregates, found, strict=True):
            one.check(decider, id)
        return found

    async def _asked(self, replica: int, request: Request) -> Outcome:
        async def facts() -> object:
            return request.facts

        context = Context(
            now=NOW,
            origin=Origin.PERSON,
            actor="ani",
            key=request.key,
            expects=request.expects,
            correlation_id="c",
        )
        service = self.services[replica]
        try:
            answer: Answer = await service.handle(
                request.decider, request.id, request.command, context, facts=facts
            )
        except Problem as problem:
            return problem.code
        assert answer.id == request.id
        return answer.version

    async def _kept(self, decider: Decider[Any, Any, Any], id: str, session: Any) -> Kept:
        engine = self.services[0].engine
        documents = engine.commands[decider.kind].aggregates.documents
        found = await engine.database.collection(decider.kind).find_one(
            {"_id": id}, session=session
        )
        bounds = {"$gte": f"{decider.kind}/{id}@", "$lt": f"{decider.kind}/{id}A"}
        past = engine.database.collection("history").find({"_id": bounds}, session=session)
        return Kept(
            version=found["version"] if found else 0,
            state=documents.state(found) if found else decider.initial,
            archived=[recorded_of(one) async for one in past.sort("_id", 1)],
            waiting=[recorded_of(one) for one in found["outbox"]] if found else [],
        )


def in_turn(requests: Sequence[Request]) -> list[tuple[int, Request]]:
    """The requests, each to the other replica than the one before."""
    return [(number % 2, request) for number, request in enumerate(requests)]


@contextmanager
def opened(*services: tuple[Service, Any]) -> Iterator[Replicas]:
    """Run these services, each with its settings, until the block ends."""
    # The loop of the other tests stays the current one.
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
    """How a machine runs that asks real servers."""
    return settings(
        max_examples=max_examples,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        # Shrinking would ask hundreds of times more; a failure has a few steps as it is.
        phases=[Phase.generate],
    )
