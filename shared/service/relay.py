"""The relay: publishes what the outboxes hold, in order, and archives it once the broker has it.

It is woken in-process with what was just written, and sweeps for what a crashed replica left. An
aggregate's outbox is always published from its head, whole, or on from what this process has itself
seen acknowledged; only after the acks do its events move to history, in one transaction with what
else was acknowledged meanwhile: to be published soon matters, to be archived soon does not. Any
number of relays may run: no leader, no lock; what two of them publish twice, readers drop by its
number.
"""

import asyncio
import random
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import structlog
from pymongo.errors import PyMongoError

from shared.messaging.producer import DeliveryFailed, EventProducer
from shared.observability import EVENTS_PUBLISHED
from shared.service.unpublished import Entries, Name, Written
from shared.store.database import pause
from shared.store.documents import Loaded
from shared.store.outbox import AnotherRelay, Outboxes, recorded_of

CHUNK_MAX = 500
CHUNKS_UNDER_WAY = 4
WORTH_A_CHUNK = 64
WOKEN_MAX = 20_000
ACKED_MAX = 2_000
"""Aggregates whose events are published and not yet archived: then publishing waits."""
ARCHIVED_EVENTS_MAX = 5_000
GATHERING_SECONDS = 0.02
LEFT_SECONDS = 0.05
"""Two relays at one aggregate publish all twice: the second one leaves it to the other so long."""
LEFT_BEHIND = timedelta(seconds=3)
log = structlog.get_logger()


class Relay:
    """The relay of one service's process."""

    def __init__(
        self, outboxes: Iterable[Outboxes], producer: EventProducer, *, sweep_seconds: float
    ) -> None:
        self._outboxes = {one.kind: one for one in outboxes}
        self._producer = producer
        self._sweep_seconds = sweep_seconds
        self._written = Written()
        self._woken: dict[Name, None] = {}
        self._under_way: set[Name] = set()
        self._left: set[Name] = set()
        self._acked: dict[Name, Entries] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._ready = asyncio.Event()
        self._some_acked = asyncio.Event()
        self._archiving = asyncio.Lock()
        self._failures = 0
        self._archive_failures = 0
        self._broken: BaseException | None = None

    def written(self, kind: str, loaded: Loaded[Any]) -> None:
        """A majority has these events of an aggregate: publish them."""
        self._written.keep((kind, loaded.id), loaded)
        self.wake(kind, [loaded.id])

    def wake(self, kind: str, ids: Iterable[str]) -> None:
        """These aggregates have something to publish."""
        if len(self._woken) < WOKEN_MAX:
            self._woken.update(((kind, id), None) for id in ids)
        self._ready.set()

    async def run(self) -> None:
        """Publish until cancelled."""
        await asyncio.gather(self._publish_woken(), self._archive_acked(), self._sweep())

    async def drain(self, timeout_seconds: float) -> None:
        """Publish and archive what is known to wait, for at most so long (before a shutdown)."""
        try:
            async with asyncio.timeout(timeout_seconds):
                while self._woken or self._tasks or self._acked:
                    # Before it ends nothing is left to another for a moment.
                    self._left.clear()
                    self._start_chunks()
                    if not (self._tasks or self._acked):
                        return
                    await asyncio.gather(self._archive(), self._first_chunk())
        except TimeoutError:
            left = {*self._woken, *self._under_way, *self._acked}
            log.warning("left to other relays", aggregates=len(left))

    async def _first_chunk(self) -> None:
        if self._tasks:
            await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)

    async def _publish_woken(self) -> None:
        while True:
            await self._ready.wait()
            self._ready.clear()
            if self._broken is not None:
                # Not a fault that passes: the process ends and is started again.
                raise self._broken
            self._start_chunks()

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(self._sweep_seconds)
            for outboxes in self._outboxes.values():
                try:
                    left = await outboxes.left(LEFT_BEHIND, CHUNK_MAX)
                except PyMongoError as error:
                    log.warning("sweep failed", error=type(error).__name__)
                    continue
                unknown = [id for id in left if not self._knows(outboxes.kind, id)]
                if unknown:
                    self.wake(outboxes.kind, unknown)

    def _knows(self, kind: str, id: str) -> bool:
        return (kind, id) in self._under_way or (kind, id) in self._acked

    def _start_chunks(self) -> None:
        while len(self._tasks) < CHUNKS_UNDER_WAY and len(self._acked) < ACKED_MAX:
            if self._tasks and len(self._woken) < WORTH_A_CHUNK:
                # They go with those that come meanwhile, when the chunk under way is done.
                return
            chunk = self._next_chunk()
            if not chunk:
                return
            task = asyncio.create_task(self._publish(chunk))
            self._tasks.add(task)
            task.add_done_callback(self._chunk_done)

    def _chunk_done(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            self._broken = self._broken or task.exception()
        self._ready.set()

    def _next_chunk(self) -> list[Name]:
        # One kind at a time, and never an aggregate that another chunk is publishing.
        busy = self._under_way | self._left
        free = [name for name in self._woken if name not in busy]
        chunk = [name for name in free if name[0] == free[0][0]][:CHUNK_MAX]
        for name in chunk:
            del self._woken[name]
        return chunk

    async def _publish(self, chunk: list[Name]) -> None:
        kind, ids = chunk[0][0], [id for _, id in chunk]
        self._under_way.update(chunk)
        try:
            await self._once(self._outboxes[kind], ids)
            self._failures = 0
        except (DeliveryFailed, PyMongoError) as error:
            self._failures += 1
            log.warning("publishing failed", error=str(error), kind=kind, aggregates=len(ids))
            self.wake(kind, ids)
            await pause(min(self._failures, 8))
        finally:
            self._under_way.difference_update(chunk)

    async def _once(self, outboxes: Outboxes, ids: list[str]) -> None:
        fresh = {id: self._written.take((outboxes.kind, id)) for id in ids}
        unknown = [id for id, entries in fresh.items() if entries is None]
        if unknown:
            fresh |= await self._read(outboxes, unknown)
        going = {id: entries for id, entries in fresh.items() if entries}
        await self._producer.publish(
            [recorded_of(one) for entries in going.values() for one in entries.values()]
        )
        for id, entries in going.items():
            name = outboxes.kind, id
            self._acked.setdefault(name, {}).update(entries)
            self._written.acknowledged(name, recorded_of(list(entries.values())[-1]).sequence)
        self._some_acked.set()

    async def _read(self, outboxes: Outboxes, ids: list[str]) -> dict[str, Entries]:
        # Asked first: what is acknowledged now is published, also if it is archived meanwhile.
        acked = {id: set(self._acked.get((outboxes.kind, id), ())) for id in ids}
        heads = await outboxes.heads(ids)
        return {
            id: {one["id"]: one for one in outbox if one["id"] not in acked[id]}
            for id, outbox in heads.items()
        }

    async def _archive_acked(self) -> None:
        while True:
            await self._some_acked.wait()
            self._some_acked.clear()
            if len(self._acked) < CHUNK_MAX:
                await asyncio.sleep(GATHERING_SECONDS)
            while self._acked:
                # A stop lets the one under way end.
                await asyncio.shield(self._archive())

    async def _archive(self) -> None:
        """Archive some of what is acknowledged, in one transaction; what fails stays there."""
        async with self._archiving:
            names = self._next_acked()
            if not names:
                return
            kind, outboxes = names[0][0], self._outboxes[names[0][0]]
            gone = {name[1]: list(self._acked[name].values()) for name in names}
            try:
                await self._archive_or_yield(outboxes, names, gone)
                self._archive_failures = 0
            except PyMongoError as error:
                self._archive_failures += 1
                log.warning("archiving failed", error=str(error), kind=kind, aggregates=len(names))
                await pause(min(self._archive_failures, 8))
            self._ready.set()

    async def _archive_or_yield(
        self, outboxes: Outboxes, names: list[Name], gone: dict[str, list[dict[str, Any]]]
    ) -> None:
        try:
            await outboxes.archive(gone)
        except AnotherRelay:
            await self._yield_to_another(outboxes, names)
            return
        EVENTS_PUBLISHED.labels(outboxes.kind).inc(sum(map(len, gone.values())))
        for name in names:
            self._forget(name, gone[name[1]])

    async def _yield_to_another(self, outboxes: Outboxes, names: list[Name]) -> None:
        """Forget what another relay has archived, and leave it those aggregates for a moment."""
        heads = await outboxes.heads([id for _, id in names])
        contested = []
        for name in names:
            waiting = {one["id"] for one in heads.get(name[1], ())}
            gone = [one for id, one in self._acked[name].items() if id not in waiting]
            if gone:
                contested.append(name)
                self._forget(name, gone)
        self._left.update(contested)
        pause_seconds = LEFT_SECONDS * random.uniform(0.5, 1)
        asyncio.get_running_loop().call_later(pause_seconds, self._come_back, contested)

    def _come_back(self, names: Iterable[Name]) -> None:
        self._left.difference_update(names)
        self._ready.set()

    def _next_acked(self) -> list[Name]:
        names: list[Name] = []
        events = 0
        for name, entries in self._acked.items():
            if names and (
                name[0] != names[0][0]
                or len(names) == CHUNK_MAX
                or events + len(entries) > ARCHIVED_EVENTS_MAX
            ):
                break
            names.append(name)
            events += len(entries)
        return names

    def _forget(self, name: Name, archived: Iterable[dict[str, Any]]) -> None:
        # Further ones may have been acknowledged meanwhile.
        entries = self._acked[name]
        for one in archived:
            del entries[one["id"]]
        if not entries:
            del self._acked[name]
