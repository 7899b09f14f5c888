"""The running parts of a service: built from its declaration and the settings, started and stopped.

The start checks before it takes anything: topics as they must be, indexes there. The stop is
graceful: unready first, no more batches, the one under way is finished, commands are answered, the
relay publishes what it knows, the group is left.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog
from pymongo.errors import PyMongoError

from shared.clock import Clock, clock_of
from shared.kernel.folding import Folding, Place
from shared.kernel.parts import Parts
from shared.kernel.view import Tally
from shared.messaging.consumer import EventConsumer
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
from shared.store.aggregates import Aggregates
from shared.store.claims import Claims
from shared.store.database import Database, Session
from shared.store.generations import Generation, Generations
from shared.store.history import History
from shared.store.inbox import Inbox
from shared.store.lookup import Lookup
from shared.store.parking import Parking
from shared.store.projection import Projection

log = structlog.get_logger()
DRAIN_SECONDS = 10.0
WATCH_SECONDS = 1.0


@dataclass(kw_only=True)
class Engine:
    """Everything that runs, wired; `start` and `stop` once each."""

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
    partitions: Sequence[Place]
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

        Raises `TopicMismatch`, `OtherVersion`, `FollowsMore`, and the servers' errors.
        """
        await asyncio.to_thread(self.topics.ensure, self._published)
        await self.attach()
        await self.prepare()
        self._begin("relay", self.relay.run())
        self._begin("generation", self._watch_generation())
        if self.worker is not None:
            self._begin("deadlines", self._deadlines.run())
            aggregates = [one.aggregates for one in self.commands.values()]
            self._begin("revisions", renew_revisions(aggregates))
            if self.progress.followed:
                self._begin("worker", self.worker.run())

    async def attach(self, session: Session | None = None) -> None:
        """Read and write the copy of the projection that is live. Raises `OtherVersion`."""
        live = await self.generations.live(session)
        for generation in (self.projection.generation, self.inbox.generation):
            generation.number = live.number

    async def _watch_generation(self) -> None:
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            try:
                live = await self.generations.live()
            except PyMongoError as error:
                log.warning("the live copy is not known", error=type(error).__name__)
                continue
            if live.number != self.projection.generation.number:
                self.projection.generation.number = live.number
                log.info("another copy is live", generation=live.number)

    async def prepare(self) -> None:
        """Create every index that is missing."""
        for commands in self.commands.values():
            await commands.aggregates.prepare()
        await self._history.prepare()
        await self.inbox.prepare()
        await self.projection.prepare()

    async def stop(self) -> None:
        """End in order; what is under way is finished."""
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
        """Why requests cannot be served now, or None."""
        if self._stopping:
            return "stopping"
        for name, task in self._tasks.items():
            if task.done():
                return f"the {name} has stopped"
        try:
            await self.database.ping()
        except PyMongoError:
            return "the database does not answer"
        return None

    async def failed(self) -> None:
        """Return when a part has stopped by itself: the process must end and be started again."""
        if self._tasks:
            await asyncio.wait(self._tasks.values(), return_when=asyncio.FIRST_COMPLETED)

    def _begin(self, name: str, work: Any) -> None:
        task = asyncio.create_task(work, name=name)
        task.add_done_callback(_tell)
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


def _tell(task: "asyncio.Task[None]") -> None:
    if not task.cancelled() and task.exception() is not None:
        log.critical("a part has stopped", part=task.get_name(), exc_info=task.exception())


def build(service: Parts, settings: Settings) -> Engine:
    """Wire the declared parts of a service; must be called on the running event loop."""
    namespace = f"{settings.namespace}-" if settings.namespace else ""
    database = Database(settings.mongo_uri.get_secret_value(), f"{namespace}kukm-{service.name}")
    clock = clock_of(settings)
    folding = Folding(service.mirrors, service.views, service.tallies, service.reactions)
    aggregates = {
        one.kind: Aggregates(database, one, outbox_events_max=settings.outbox_events_max)
        for one in service.deciders
    }
    producer = EventProducer(settings, service.name)
    relay = Relay(
        (one.outboxes for one in aggregates.values()),
        producer,
        sweep_seconds=settings.sweep_seconds,
    )
    commands = {kind: Commands(one, relay.written) for kind, one in aggregates.items()}
    generations = Generations(database, service=service.name, version=service.version)
    # The worker moves to a new copy between its batches, the readers as soon as they see it.
    writing, reading = Generation(service.name), Generation(service.name)
    projection = Projection(database, folding, writing)
    shown = Projection(database, folding, reading)
    inbox = Inbox(database, folding, projection, Parking(database, projection))
    followed = sorted({one.service for one in service.mirrors})
    topics = Topics(settings)
    reactions = Reactions(
        service=service.name,
        database=database,
        inbox=inbox,
        aggregates=aggregates,
        mirrors={one.kind: one.name for one in service.mirrors},
        clock=clock,
        written=relay.written,
    )
    worker = None
    if "worker" in settings.parts:
        worker = Worker(
            folding=folding,
            projection=projection,
            inbox=inbox,
            reactions=reactions,
            generations=generations,
            batch_events_max=settings.batch_events_max,
        )
        worker.consumer = EventConsumer(
            settings,
            group=f"{service.name}.v{service.version}",
            services=followed,
            checkpoints=worker.assigned,
        )
    return Engine(
        database=database,
        clock=clock,
        commands=commands,
        projection=shown,
        claims=Claims(database),
        lookup=Lookup(aggregates, shown),
        progress=Progress(
            service=service.name,
            database=database,
            followed=followed,
            topics=topics,
            inbox=Inbox(database, folding, shown, Parking(database, shown)),
            aggregates=aggregates,
            clock=clock,
            partitions=settings.partitions,
        ),
        tallies=service.tallies,
        generations=generations,
        relay=relay,
        worker=worker,
        folding=folding,
        inbox=inbox,
        reactions=reactions,
        partitions=[(one, number) for one in followed for number in range(settings.partitions)],
        _history=History(database),
        topics=topics,
        settings=settings,
        _published=sorted({service.name, *followed}),
        _producer=producer,
        _deadlines=Deadlines(commands, clock, service.name),
    )
