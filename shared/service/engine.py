"""The running parts of a service, started and stopped; `shared.service.wiring` builds them.

The start checks topics and indexes before it takes any work. The stop is orderly:

1. the service is unready and takes no more batches; the batch under way is finished;
2. commands are answered;
3. the relay publishes the events that it knows, and the consumer leaves the group.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog

from shared.clock import Clock
from shared.kernel.folding import Folding
from shared.kernel.view import Tally
from shared.kernel.wire import Partition
from shared.messaging.producer import EventProducer
from shared.messaging.topics import Topics
from shared.service.commands import Commands
from shared.service.deadlines import Deadlines
from shared.service.progress import Progress
from shared.service.reactions import Reactions
from shared.service.relay import Relay
from shared.service.revisions import renew_revisions
from shared.service.worker import Worker
from shared.settings import Settings
from shared.store import StoreError
from shared.store.claims import Claims
from shared.store.database import Database, Session
from shared.store.generations import Generations
from shared.store.history import History
from shared.store.inbox import Inbox
from shared.store.lookup import Lookup
from shared.store.projection import Projection

log = structlog.get_logger()
DRAIN_SECONDS = 10.0
WATCH_SECONDS = 1.0


@dataclass(kw_only=True)
class Engine:
    """All running parts of a service; `start` and `stop` once each."""

    database: Database
    clock: Clock
    commands: dict[str, Commands]
    projection: Projection
    claims: Claims
    lookup: Lookup
    progress: Progress
    tallies: Sequence[Tally[Any]]
    generations: Generations
    relay: Relay
    worker: Worker | None
    folding: Folding
    inbox: Inbox
    reactions: Reactions
    partitions: Sequence[Partition]
    _history: History
    topics: Topics
    settings: Settings
    _published: list[str]
    _producer: EventProducer
    _deadlines: Deadlines
    _tasks: dict[str, "asyncio.Task[None]"] = field(default_factory=dict)
    _stopping: bool = False

    async def start(self) -> None:
        """Check topics and indexes, then begin.

        Raises `CannotStart` and the servers' errors.
        """
        await asyncio.to_thread(self.topics.ensure, self._published)
        await self.attach()
        await self.prepare()
        self._begin("relay", self.relay.run())
        self._begin("generation", self._watch_generation())
        if self.worker is not None:
            self._begin("deadlines", self._deadlines.run())
            aggregates = [commands.aggregates for commands in self.commands.values()]
            self._begin("revisions", renew_revisions(aggregates))
            if self.progress.followed:
                self._begin("worker", self.worker.run())

    async def attach(self, session: Session | None = None) -> None:
        """Read and write the copy of the projection that is live. Raises `OtherVersion`."""
        copies = (self.projection.generation, self.inbox.generation)
        await self.generations.follow_live(*copies, session=session)

    async def _watch_generation(self) -> None:
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            try:
                changed = await self.generations.follow_live(self.projection.generation)
            except StoreError as error:
                log.warning("live copy unknown", error=type(error).__name__)
                continue
            if changed:
                log.info("live copy changed", generation=self.projection.generation.number)

    async def prepare(self) -> None:
        """Create every index that is missing."""
        for commands in self.commands.values():
            await commands.aggregates.prepare()
        await self._history.prepare()
        await self.inbox.prepare()
        await self.projection.prepare()

    async def stop(self) -> None:
        """End in order; work under way is finished."""
        self._stopping = True
        await self._end_worker()
        await self._cancel("deadlines")
        await self._cancel("revisions")
        for commands in self.commands.values():
            await commands.finish()
        await self._cancel("generation")
        await self._cancel("relay")
        await self.relay.drain(DRAIN_SECONDS)
        await asyncio.to_thread(self._producer.close)
        self.database.close()

    async def not_ready_reason(self) -> str | None:
        """Return why requests cannot be served now, or None."""
        if self._stopping:
            return "stopping"
        for name, task in self._tasks.items():
            if task.done():
                return f"the {name} has stopped"
        try:
            await self.database.ping()
        except StoreError:
            return "the database does not answer"
        return None

    async def failed(self) -> None:
        """Return when a background task has stopped by itself: then the process must end."""
        if self._tasks:
            await asyncio.wait(self._tasks.values(), return_when=asyncio.FIRST_COMPLETED)

    def _begin(self, name: str, work: Any) -> None:
        task = asyncio.create_task(work, name=name)
        task.add_done_callback(_log_failure)
        self._tasks[name] = task

    async def _cancel(self, name: str) -> None:
        task = self._tasks.get(name)
        if task is not None:
            task.cancel()
            await asyncio.wait([task])

    async def _end_worker(self) -> None:
        task = self._tasks.get("worker")
        if self.worker is not None and task is not None:
            self.worker.stop()
            await asyncio.wait([task])


def _log_failure(task: "asyncio.Task[None]") -> None:
    if not task.cancelled() and task.exception() is not None:
        log.critical("background task stopped", task=task.get_name(), exc_info=task.exception())
