"""The relay: publishes what the outboxes hold, in order, and archives it once the broker has it.

It is woken in-process with the aggregates just written, and sweeps for what a crashed replica left.
An aggregate's outbox is always published from its head, whole; only after the acks do its events
move to history, in one transaction. Any number of relays may run: no leader, no lock; what two of
them publish twice, readers drop by its number.
"""

import asyncio
from collections.abc import Iterable
from datetime import timedelta

import structlog
from pymongo.errors import PyMongoError

from shared.messaging.producer import DeliveryFailed, EventProducer
from shared.observability import EVENTS_PUBLISHED
from shared.store.database import pause
from shared.store.outbox import AnotherRelay, Outboxes, recorded_of

CHUNK_MAX = 500
CHUNKS_UNDER_WAY = 4
WORTH_A_CHUNK = 64
WOKEN_MAX = 20_000
LEFT_BEHIND = timedelta(seconds=3)
log = structlog.get_logger()
Name = tuple[str, str]


class Relay:
    """The relay of one service's process."""

    def __init__(
        self, outboxes: Iterable[Outboxes], producer: EventProducer, *, sweep_seconds: float
    ) -> None:
        self._outboxes = {one.kind: one for one in outboxes}
        self._producer = producer
        self._sweep_seconds = sweep_seconds
        self._woken: dict[Name, None] = {}
        self._under_way: set[Name] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._ready = asyncio.Event()
        self._failures = 0
        self._broken: BaseException | None = None

    def wake(self, kind: str, ids: Iterable[str]) -> None:
        """These aggregates have something to publish."""
        if len(self._woken) < WOKEN_MAX:
            self._woken.update(((kind, id), None) for id in ids)
        self._ready.set()

    async def run(self) -> None:
        """Publish until cancelled."""
        await asyncio.gather(self._publish_woken(), self._sweep())

    async def drain(self, timeout_seconds: float) -> None:
        """Publish what is known to wait, for at most so long (before a shutdown)."""
        try:
            async with asyncio.timeout(timeout_seconds):
                while self._woken or self._tasks:
                    self._start_chunks()
                    if not self._tasks:
                        return
                    await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)
        except TimeoutError:
            log.warning("left to other relays", aggregates=len(self._woken) + len(self._under_way))

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
                self.wake(
                    outboxes.kind, (id for id in left if (outboxes.kind, id) not in self._under_way)
                )

    def _start_chunks(self) -> None:
        while len(self._tasks) < CHUNKS_UNDER_WAY:
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
        free = [name for name in self._woken if name not in self._under_way]
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
        except AnotherRelay:
            self.wake(kind, ids)
            await pause(2)
        except (DeliveryFailed, PyMongoError) as error:
            self._failures += 1
            log.warning("publishing failed", error=str(error), kind=kind, aggregates=len(ids))
            self.wake(kind, ids)
            await pause(min(self._failures, 8))
        finally:
            self._under_way.difference_update(chunk)

    async def _once(self, outboxes: Outboxes, ids: list[str]) -> None:
        heads = await outboxes.heads(ids)
        events = [recorded_of(entry) for outbox in heads.values() for entry in outbox]
        if events:
            await self._producer.publish(events)
            await outboxes.archive(heads)
            EVENTS_PUBLISHED.labels(outboxes.kind).inc(len(events))
