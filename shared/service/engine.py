"""The running parts of a service, started and stopped; `shared.service.wiring` builds them.

The start checks servers, topics and indexes before it takes any work. While no broker answers, a
service starts all the same: it takes commands, and their events wait in the outboxes until its
topics have been checked. Before anything is served, events that its topic has and a restored
database lacks are added (`shared.service.catching_up`). While the live copy of the projection is
another version's, a newer process waits, unready, until a rebuild has made its own copy live; an
older process that sees this hands over: its worker waits, and its API serves on from the old copy.
A worker also hands over to a version that does more (`shared.store.versions`). The stop is orderly:

1. the service is unready and takes no more batches; the batch under way is finished;
2. commands are answered;
3. the relay publishes the events that it knows, and the consumer leaves the group.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import structlog

from shared.clock import Clock
from shared.kernel.errors import Busy, NewerVersion
from shared.kernel.folding import Folding
from shared.kernel.view import Tally
from shared.kernel.wire import Partition
from shared.messaging.brokers import BrokerUnavailable
from shared.messaging.producer import EventProducer
from shared.messaging.topics import Topics
from shared.service.catching_up import CatchingUp
from shared.service.commands import Commands
from shared.service.followed import Followed
from shared.service.progress import Progress
from shared.service.reactions import Reactions
from shared.service.relay import Relay
from shared.service.revisions import renew_revisions
from shared.service.tasks import Tasks
from shared.service.uploads import Uploads
from shared.service.worker import Worker
from shared.settings import Settings
from shared.store import StoreError
from shared.store.claims import Claims
from shared.store.database import Database, Session
from shared.store.generations import Generations, OtherVersion
from shared.store.inbox import Inbox
from shared.store.indexes import Index, ensure
from shared.store.lookup import Lookup
from shared.store.projection import Projection
from shared.store.versions import Versions

log = structlog.get_logger()
DRAIN_SECONDS = 10.0
CLOSING_SECONDS = 2.0
"""Of the time for a stop, those that closing the connections may take."""
WATCH_SECONDS = 1.0


@dataclass(kw_only=True)
class Engine:
    """All running parts of a service; `handed_over` says why its worker waits, while it does.

    `own_indexes` are those of aggregates, history and files.
    """

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
    catching_up: CatchingUp
    relay: Relay
    worker: Worker | None
    folding: Folding
    inbox: Inbox
    reactions: Reactions
    followed: Followed
    partitions: Sequence[Partition]
    own_indexes: Sequence[Index]
    uploads: Uploads
    topics: Topics
    settings: Settings
    _published: list[str]
    producer: EventProducer
    _sweeps: Mapping[str, Callable[[], Awaitable[None]]]
    _tasks: Tasks = field(default_factory=Tasks)
    _topics_are_right: bool = False
    _caught_up: asyncio.Event = field(default_factory=asyncio.Event)
    handed_over: str | None = None
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
            self._tasks.begin("version", self._work_when_live(), may_end=True)
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
        if self._topics_are_right:
            await self._catch_up()
        self._tasks.begin("relay", self._publish())
        self._tasks.begin("marks", self._once_caught_up(self.catching_up.keep_marks), may_end=True)
        self._tasks.begin("generation", self._watch_generation())
        if self.worker is not None:
            for name, sweep in self._sweeps.items():
                self._tasks.begin(name, self._once_caught_up(sweep))
            aggregates = [commands.aggregates for commands in self.commands.values()]
            self._tasks.begin("revisions", renew_revisions(self.database, aggregates))
            if self.progress.followed:
                self._tasks.begin("worker", self._consume(self.worker))

    async def _check_topics(self) -> None:
        """Check this service's topics. Raises `TopicMismatch`; no answer is only logged."""
        try:
            await asyncio.to_thread(self.topics.prepare, self._published)
        except BrokerUnavailable as error:
            log.warning("no broker answers", bootstrap_servers=str(error))
        else:
            self._topics_are_right = True

    async def _catch_up(self) -> None:
        """Add the events that only the topic has; then its relay and its worker may begin."""
        try:
            await self.catching_up.run()
        except BrokerUnavailable as error:
            log.warning("no broker answers", bootstrap_servers=str(error))
        else:
            self._caught_up.set()

    async def _publish(self) -> None:
        while not self._caught_up.is_set():
            await asyncio.sleep(WATCH_SECONDS)
            await self._check_topics()
            if self._topics_are_right:
                await self._catch_up()
        await self.relay.run()

    async def _once_caught_up(self, run: Callable[[], Awaitable[None]]) -> None:
        await self._caught_up.wait()
        await run()

    async def _consume(self, worker: Worker) -> None:
        """Run the worker; while another version consumes, wait beside it."""
        await self._caught_up.wait()
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
        """Create every collection, and the indexes of empty collections. Raises `IndexMissing`."""
        await ensure(self.database, self.progress.service, self.own_indexes)
        await self.catching_up.missing.prepare()
        await self.inbox.prepare()
        await self.projection.prepare()

    def become_unready(self) -> None:
        """Take no more batches, and tell the probe; requests are still served."""
        if not self._stopping:
            self._stopping = True
            self._stop_begun_at = time.monotonic()
            self._tasks.let_end("worker")
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
            self._tasks.cancel_all()
        await asyncio.to_thread(self.producer.close, CLOSING_SECONDS / 2)
        self.database.close()

    async def _end_in_order(self) -> None:
        await self._end_worker()
        for name in ("version", *self._sweeps, "revisions", "marks"):
            await self._tasks.cancel(name)
        for commands in self.commands.values():
            await commands.finish()
        await self._tasks.cancel("generation")
        await self._tasks.cancel("relay")
        # An operator's command has no tasks; the service behind it has checked the topics.
        if self._caught_up.is_set() or not self._tasks:
            await self.relay.drain(DRAIN_SECONDS)

    async def not_ready_reason(self) -> str | None:
        """Return why requests cannot be served now, or None."""
        if self._stopping:
            return "stopping"
        if self._waits_for is not None:
            return self._waits_for
        if (stopped := self._tasks.stopped) is not None:
            return f"the {stopped} has stopped"
        try:
            await self.database.ping()
        except StoreError:
            return "the database does not answer"
        return None

    def stuck_reason(self) -> str | None:
        """Return why this process cannot go on by itself, or None; an outage is no reason."""
        return self.worker.heartbeat.stuck_reason() if self.worker else None

    async def failed(self) -> None:
        """Return when a background task has stopped by itself: then the process must end."""
        await self._tasks.failed()

    def check_serving(self) -> None:
        """Raise `Busy` while this process waits for its version of the projection."""
        if self._waits_for is not None:
            raise Busy("not-ready", f"{self._waits_for}.")

    async def _end_worker(self) -> None:
        task = self._tasks.get("worker")
        if self.worker is None or task is None:
            return
        if not self._caught_up.is_set():
            task.cancel()
        self.worker.stop()
        await asyncio.wait([task])
