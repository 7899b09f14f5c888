"""The relay publishes each outbox from its head, in order, and archives acknowledged events.

Called by `shared.service.commands` and `shared.service.reactions` (`on_committed`); calls
`shared.messaging.producer`, then `Outboxes.archive`.

1. Commands wake it with the events that they have just written; a sweep finds outboxes that a
   crashed replica left.
2. It publishes an aggregate's outbox always from its head, whole, or on from the last event that
   this process has itself seen acknowledged.
3. After the acks the events move to history, many aggregates in one transaction: publishing is
   urgent, archiving is not.

Any number of relays may run, without leader or lock. If two relays publish an event twice, readers
drop the second copy by its number.
"""

import asyncio
import random
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import structlog

from shared.messaging.producer import DeliveryFailed, EventProducer
from shared.metrics import ARCHIVE_FAILURES, EVENTS_PUBLISHED, EVENTS_REPUBLISHED, PUBLISH_FAILURES
from shared.service.unpublished import Entries, Name, UnpublishedEvents, first_of_a_kind
from shared.store import StoreError
from shared.store.database import pause
from shared.store.documents import Loaded
from shared.store.outbox import AnotherRelay, Entry, Outboxes

CHUNK_MAX = 500
CHUNKS_UNDER_WAY = 4
WORTH_A_CHUNK = 64
WOKEN_MAX = 20_000
ACKED_MAX = 2_000
"""Publishing waits while so many aggregates are published and not yet archived."""
ARCHIVED_EVENTS_MAX = 5_000
GATHERING_SECONDS = 0.02
LEFT_SECONDS = 0.05
"""Two relays at one aggregate publish every event twice: the second pauses there this long."""
LEFT_BEHIND = timedelta(seconds=3)
log = structlog.get_logger()


class Relay:
    """The relay of one service's process."""

    def __init__(
        self, outboxes: Iterable[Outboxes], producer: EventProducer, *, sweep_seconds: float
    ) -> None:
        self._outboxes = {of_kind.kind: of_kind for of_kind in outboxes}
        self._producer = producer
        self._sweep_seconds = sweep_seconds
        self._unpublished = UnpublishedEvents()
        self._woken: dict[Name, None] = {}
        self._under_way: set[Name] = set()
        self._left: set[Name] = set()
        self._differing: set[Name] = set()
        self._acked: dict[Name, Entries] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._ready = asyncio.Event()
        self._some_acked = asyncio.Event()
        self._some_published = asyncio.Event()
        self._archiving = asyncio.Lock()
        self._failures = 0
        self._archive_failures = 0
        self._broken: BaseException | None = None

    def on_committed(self, kind: str, loaded: Loaded[Any]) -> None:
        """Publish these new events of an aggregate: a majority has them."""
        self._unpublished.add((kind, loaded.id), loaded.stored_version, loaded.entries)
        self.wake(kind, [loaded.id])

    def wake(self, kind: str, ids: Iterable[str]) -> None:
        """Publish the events of these aggregates soon."""
        if len(self._woken) < WOKEN_MAX:
            self._woken.update(((kind, id), None) for id in ids)
        self._ready.set()

    @property
    def sizes(self) -> dict[str, int]:
        """Return the number of aggregates in each state of the relay."""
        states = {"woken": self._woken, "publishing": self._under_way, "archiving": self._acked}
        return {state: len(names) for state, names in states.items()}

    async def run(self) -> None:
        """Publish until cancelled."""
        await asyncio.gather(self._publish_woken(), self._archive_acked(), self._sweep())

    async def drain(self, timeout_seconds: float) -> None:
        """Publish and archive all events known to wait, within the time-out (before a shutdown)."""
        try:
            async with asyncio.timeout(timeout_seconds):
                while self._woken or self._tasks or self._acked:
                    # Before the end no aggregate is left to another relay.
                    self._left.clear()
                    self._start_chunks()
                    if not (self._tasks or self._acked):
                        return
                    await asyncio.gather(self._archive(), self._first_chunk())
        except TimeoutError:
            left = len({*self._woken, *self._under_way, *self._acked})
            log.warning("shutdown with unpublished events", aggregates=left)

    async def _first_chunk(self) -> None:
        if self._tasks:
            await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)

    async def _publish_woken(self) -> None:
        while True:
            await self._ready.wait()
            self._ready.clear()
            if self._broken is not None:
                # The fault is permanent: the process ends and is started again.
                raise self._broken
            self._start_chunks()

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(self._sweep_seconds)
            for outboxes in self._outboxes.values():
                try:
                    while await self._swept(outboxes):
                        await self._caught_up()
                except StoreError as error:
                    log.warning("outbox sweep failed", error=type(error).__name__)

    async def _swept(self, outboxes: Outboxes) -> bool:
        """Wake aggregates that were left behind; return True if more of them may be left."""
        left = await outboxes.left(LEFT_BEHIND, CHUNK_MAX)
        unknown = [id for id in left if not self._knows((outboxes.kind, id))]
        self.wake(outboxes.kind, unknown)
        return bool(unknown) and len(left) == CHUNK_MAX

    async def _caught_up(self) -> None:
        """Wait until few of the aggregates that were woken are not yet being published."""
        while len(self._woken) - len(self._differing) > WORTH_A_CHUNK:
            self._some_published.clear()
            await self._some_published.wait()

    def _knows(self, name: Name) -> bool:
        return any(name in names for names in (self._woken, self._under_way, self._acked))

    def _start_chunks(self) -> None:
        while len(self._tasks) < CHUNKS_UNDER_WAY and len(self._acked) < ACKED_MAX:
            if self._tasks and len(self._woken) < WORTH_A_CHUNK:
                # Small chunks wait for the chunk under way and go together.
                return
            chunk = self._next_chunk()
            if not chunk:
                return
            task = asyncio.create_task(self._publish(chunk))
            self._tasks.add(task)
            task.add_done_callback(self._chunk_done)

    def _chunk_done(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        self._some_published.set()
        if not task.cancelled():
            self._broken = self._broken or task.exception()
        self._ready.set()

    def _next_chunk(self) -> list[Name]:
        # A chunk has one kind, and no aggregate that another chunk is publishing.
        busy = self._under_way | self._left | self._differing
        free = [name for name in self._woken if name not in busy]
        chunk = [name for name in free if name[0] == free[0][0]][:CHUNK_MAX]
        for name in chunk:
            del self._woken[name]
        return chunk

    async def _publish(self, chunk: list[Name]) -> None:
        kind, ids = chunk[0][0], [id for _, id in chunk]
        self._under_way.update(chunk)
        try:
            await self._publish_outboxes(self._outboxes[kind], ids)
            self._failures = 0
        except (DeliveryFailed, StoreError) as error:
            self._failures += 1
            PUBLISH_FAILURES.labels(kind).inc()
            log.warning("publishing failed", error=str(error), kind=kind, aggregates=len(ids))
            self.wake(kind, ids)
            await pause(min(self._failures, 8))
        finally:
            self._under_way.difference_update(chunk)

    async def _publish_outboxes(self, outboxes: Outboxes, ids: list[str]) -> None:
        # 1. Take the entries from memory, or read the outboxes.
        fresh = {id: self._unpublished.take((outboxes.kind, id)) for id in ids}
        unknown = [id for id, entries in fresh.items() if entries is None]
        if unknown:
            fresh |= await self._read(outboxes, unknown)
        # 2. Publish them and wait for the acks.
        published = {id: entries for id, entries in fresh.items() if entries}
        await self._producer.publish(
            [entry.event for entries in published.values() for entry in entries.values()]
        )
        # 3. Leave them to the archive.
        for id, entries in published.items():
            name = outboxes.kind, id
            self._acked.setdefault(name, {}).update(entries)
            last = entries[next(reversed(entries))]
            self._unpublished.acknowledge(name, last.event.sequence)
        self._some_acked.set()

    async def _read(self, outboxes: Outboxes, ids: list[str]) -> dict[str, Entries]:
        # Read before the outboxes: an event that is acknowledged now may be archived in between.
        acked = {id: set(self._acked.get((outboxes.kind, id), ())) for id in ids}
        heads = await outboxes.heads(ids)
        self.wake(outboxes.kind, heads.unread)
        return {
            id: {entry.event.id: entry for entry in outbox if entry.event.id not in acked[id]}
            for id, outbox in heads.outboxes.items()
        }

    async def _archive_acked(self) -> None:
        while True:
            await self._some_acked.wait()
            self._some_acked.clear()
            if len(self._acked) < CHUNK_MAX:
                await asyncio.sleep(GATHERING_SECONDS)
            while self._acked:
                # A stop lets the transaction under way end.
                await asyncio.shield(self._archive())

    async def _archive(self) -> None:
        """Archive some acknowledged events in one transaction; if it fails they stay."""
        async with self._archiving:
            names = first_of_a_kind(self._acked, CHUNK_MAX, ARCHIVED_EVENTS_MAX)
            if not names:
                return
            kind, outboxes = names[0][0], self._outboxes[names[0][0]]
            gone = {name[1]: list(self._acked[name].values()) for name in names}
            try:
                await self._archive_or_yield(outboxes, names, gone)
                self._archive_failures = 0
            except StoreError as error:
                self._archive_failures += 1
                ARCHIVE_FAILURES.labels(kind).inc()
                log.warning("archiving failed", error=str(error), kind=kind, aggregates=len(names))
                await pause(min(self._archive_failures, 8))
            self._ready.set()

    async def _archive_or_yield(
        self, outboxes: Outboxes, names: list[Name], gone: dict[str, list[Entry]]
    ) -> None:
        try:
            await outboxes.archive(gone)
        except AnotherRelay:
            await self._yield_to_another(outboxes, names)
        else:
            EVENTS_PUBLISHED.labels(outboxes.kind).inc(sum(map(len, gone.values())))
            for name in names:
                self._forget(name, gone[name[1]])

    async def _yield_to_another(self, outboxes: Outboxes, names: list[Name]) -> None:
        """Forget events that another relay has archived; leave it those aggregates for a moment."""
        waiting = await outboxes.waiting_ids([id for _, id in names])
        contested, stuck = [], []
        for name in names:
            still = waiting.get(name[1], ())
            gone = [entry for id, entry in self._acked[name].items() if id not in still]
            stuck += [entry for id, entry in self._acked[name].items() if id in still]
            if gone:
                contested.append(name)
                EVENTS_REPUBLISHED.labels(outboxes.kind).inc(len(gone))
                self._forget(name, gone)
        if not contested:
            # No other relay was faster: these events are in history and in their outboxes.
            await self._pull_archived(outboxes, stuck)
        self._left.update(contested)
        pause_seconds = LEFT_SECONDS * random.uniform(0.5, 1)
        asyncio.get_running_loop().call_later(pause_seconds, self._come_back, contested)

    async def _pull_archived(self, outboxes: Outboxes, entries: list[Entry]) -> None:
        pulled, differing = await outboxes.pull_archived(entries)
        for entry in (*pulled, *differing):
            self._forget((outboxes.kind, entry.event.subject), [entry])
        # Published once more they would only be found here again.
        self._differing.update((outboxes.kind, entry.event.subject) for entry in differing)
        for entry in differing:
            log.error("history differs from the outbox", event_id=entry.event.id)

    def _come_back(self, names: Iterable[Name]) -> None:
        self._left.difference_update(names)
        self._ready.set()

    def _forget(self, name: Name, archived: Iterable[Entry]) -> None:
        # Further events may have been acknowledged in between.
        entries = self._acked[name]
        for entry in archived:
            del entries[entry.event.id]
        if not entries:
            del self._acked[name]
