"""The running parts of a service, started and stopped; `shared.service.wiring` builds them.

The start checks servers, topics and indexes before it takes any work. While no broker answers, a
service starts all the same: it takes commands, and their events wait in the outboxes until its
topics have been checked. While the live copy of the projection is another version's, a newer
process waits, unready, until a rebuild has made its own copy live; an older process that sees this
hands over: its worker waits, and its API serves on from the old copy. A worker also hands over to a
version that does more than its own (`shared.store.versions`). The stop is orderly:

1. the service is unready and takes no more batches; the batch under way is finished;
2. commands are answered;
3. the relay publishes the events that it knows, and the consumer leaves the group.
"""

import asyncio
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import structlog

from shared.clock import Clock
from shared.kernel.errors import Busy, NewerVersion
from shared.kernel.folding import Folding
from shared.kernel.view import Tally
from shared.kernel.wire import Partition
from shared.messaging.producer import EventProducer
from shared.messaging.topics import BrokerUnavailable, Topics
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
from shared.store.generations import Generations, OtherVersion
from shared.store.history import History
from shared.store.inbox import Inbox
from shared.store.lookup import Lookup
from shared.store.projection import Projection
from shared.store.versions import Versions

log = structlog.get_logger()
DRAIN_SECONDS = 10.0
CLOSING_SECONDS = 2.0
"""Of the time for a stop, those that closing the connections may take."""
WATCH_SECONDS = 1.0
MAY_END = frozenset({"version"})
"""Background tasks that may end without a failure, and the process goes on."""


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
    versions: Versions
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
    _topics_checked: asyncio.Event = field(default_factory=asyncio.Event)
    handed_over: str | None = None
    """Why the worker waits beside another version, while it does."""
    _waits_for: str | None = None
    _stopping: bool = False
    _stop_begun_at: float = 0.0

    async def start(self) -> None:
        """Check servers, topics and indexes, then begin.

        Raises `CannotStart` and the database's errors.
        """
        await self.database.check()
        await self.generations.make_first()
        await self._check_topics()
        try:
            await self.attach()
        except OtherVersion as other:
            log.warning("waiting for this version's copy", reason=str(other))
            self._waits_for = str(other)
            self._begin("version", self._work_when_live())
        else:
            await self._work()

    async def _work_when_live(self) -> None:
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            try:
                await self.attach()
            except OtherVersion:
                continue
            except StoreError as error:
                log.warning("live copy unknown", error=type(error).__name__)
                continue
            await self._work()
            self._waits_for = None
            return

    async def _work(self) -> None:
        await self.prepare()
        self._begin("relay", self._publish())
        self._begin("generation", self._watch_generation())
        if self.worker is not None:
            self._begin("deadlines", self._deadlines.run())
            aggregates = [commands.aggregates for commands in self.commands.values()]
            self._begin("revisions", renew_revisions(aggregates))
            if self.progress.followed:
                self._begin("worker", self._consume(self.worker))

    async def _check_topics(self) -> None:
        """Check this service's topics. Raises `TopicMismatch`; no answer is only logged."""
        try:
            await asyncio.to_thread(self.topics.prepare, self._published)
        except BrokerUnavailable as error:
            log.warning("no broker answers", bootstrap_servers=str(error))
        else:
            self._topics_checked.set()

    async def _publish(self) -> None:
        while not self._topics_checked.is_set():
            await asyncio.sleep(WATCH_SECONDS)
            await self._check_topics()
        await self.relay.run()

    async def _consume(self, worker: Worker) -> None:
        """Run the worker; while another version consumes, wait beside it."""
        await self._topics_checked.wait()
        while not self._stopping:
            try:
                await worker.run()
            except (OtherVersion, NewerVersion) as other:
                log.warning("handed over", reason=str(other))
                self.handed_over = str(other)
                await self._until_it_may_consume()
                self.handed_over = None

    async def _until_it_may_consume(self) -> None:
        while not self._stopping:
            await asyncio.sleep(WATCH_SECONDS)
            with suppress(OtherVersion, NewerVersion, StoreError):
                await self.generations.live()
                await self.versions.check()
                return

    async def attach(self, session: Session | None = None) -> None:
        """Read and write the copy of the projection that is live; nothing is made.

        Raises `NeverRan`, `OtherVersion`.
        """
        copies = (self.projection.generation, self.inbox.generation)
        await self.generations.follow_live(*copies, session=session)

    async def _watch_generation(self) -> None:
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            try:
                changed = await self.generations.follow_live(self.projection.generation)
            except OtherVersion as other:
                if self.worker is not None:
                    self.worker.hand_over(other)
                continue
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

    def become_unready(self) -> None:
        """Take no more batches, and tell the probe; requests are still served."""
        if not self._stopping:
            self._stopping = True
            self._stop_begun_at = time.monotonic()
            if self.worker is not None:
                self.worker.stop()

    async def stop(self) -> None:
        """End in order, within `stop_seconds`; work under way is finished if that is possible.

        While a server is away it may not be: what is cut off is done again by the next process.
        """
        self.become_unready()
        end_at = self._stop_begun_at + self.settings.stop_seconds - CLOSING_SECONDS
        try:
            async with asyncio.timeout(max(0.0, end_at - time.monotonic())):
                await self._end_in_order()
        except TimeoutError:
            log.warning("stop cut short", seconds=self.settings.stop_seconds)
            for task in self._tasks.values():
                task.cancel()
        await asyncio.to_thread(self._producer.close, CLOSING_SECONDS / 2)
        self.database.close()

    async def _end_in_order(self) -> None:
        await self._end_worker()
        await self._cancel("deadlines")
        await self._cancel("revisions")
        for commands in self.commands.values():
            await commands.finish()
        await self._cancel("generation")
        await self._cancel("relay")
        # An operator's command has no tasks; the service behind it has checked the topics.
        if self._topics_checked.is_set() or not self._tasks:
            await self.relay.drain(DRAIN_SECONDS)

    async def not_ready_reason(self) -> str | None:
        """Return why requests cannot be served now, or None."""
        if self._stopping:
            return "stopping"
        if self._waits_for is not None:
            return self._waits_for
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
        while self._tasks:
            done, _ = await asyncio.wait(self._tasks.values(), return_when=asyncio.FIRST_COMPLETED)
            if done & set(self._tasks.values()):
                return

    def check_serving(self) -> None:
        """Raise `Busy` while this process waits for its version of the projection."""
        if self._waits_for is not None:
            raise Busy("not-ready", f"{self._waits_for}.")

    def _begin(self, name: str, work: Any) -> None:
        task = asyncio.create_task(work, name=name)
        task.add_done_callback(self._ended)
        self._tasks[name] = task

    def _ended(self, task: "asyncio.Task[None]") -> None:
        if task.cancelled():
            return
        if task.exception() is not None:
            failure = task.exception()
            log.critical("background task stopped", task=task.get_name(), exc_info=failure)
        elif task.get_name() in MAY_END and not self._stopping:
            # It has handed over, or done its work.
            del self._tasks[task.get_name()]

    async def _cancel(self, name: str) -> None:
        task = self._tasks.get(name)
        if task is not None:
            task.cancel()
            await asyncio.wait([task])

    async def _end_worker(self) -> None:
        task = self._tasks.get("worker")
        if self.worker is None or task is None:
            return
        if not self._topics_checked.is_set():
            task.cancel()
        self.worker.stop()
        await asyncio.wait([task])
