"""The gauges of `/metrics`: read from the database, from Kafka and from this process, for a scrape.

Called by `Service.renew_gauges`, for the route. The figures of a server are read at most every
`EVERY_SECONDS`, by a task that no scrape waits for longer than `WAIT_SECONDS`, and not at all after
a failure: while a server is away the figures are those of before, and `kukm_reading_ok` says so.
The database is read at one moment; the ends of topics come after it, as in
`shared.service.progress`.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version

import structlog

from shared import metrics
from shared.kernel.errors import Busy
from shared.kernel.wire import Partition
from shared.messaging.lag import Lag
from shared.messaging.topics import topic_name
from shared.service.engine import Engine
from shared.service.progress import JOBS, OUTBOX, OVERDUE, PENDING, ROWS
from shared.service.snapshot import Snapshot, in_snapshot
from shared.store.counts import counts

log = structlog.get_logger()
EVERY_SECONDS = 10.0
WAIT_SECONDS = 1.0
READING_SECONDS_MAX = 8.0
Invariants = Callable[[Snapshot], Awaitable[Mapping[str, int]]]
"""Count the records that break each invariant of a service, in a snapshot of its copies."""


@dataclass(kw_only=True)
class Readings:
    """The gauges of one running service."""

    engine: Engine
    invariants: Invariants | None = None
    _begun_at: float = float("-inf")
    _task: "asyncio.Task[bool] | None" = None
    _succeeded: bool = True
    _lag: Lag = field(init=False)

    def __post_init__(self) -> None:
        self._lag = Lag(self.engine.settings)

    async def renew(self) -> None:
        """Set the gauges; those that need a server only if they are due."""
        self._read_process()
        is_due = time.monotonic() >= self._begun_at + EVERY_SECONDS
        if is_due and (self._task is None or self._task.done()):
            self._begun_at = time.monotonic()
            self._task = asyncio.create_task(self._read_servers())
            if self._succeeded:
                await asyncio.wait([self._task], timeout=WAIT_SECONDS)

    def close(self) -> None:
        """End a reading that is under way."""
        if self._task is not None:
            self._task.cancel()

    def _read_process(self) -> None:
        engine = self.engine
        for kind, commands in engine.commands.items():
            metrics.COMMANDS_WAITING.labels(kind).set(commands.waiting)
        for state, number in engine.relay.sizes.items():
            metrics.RELAYED.labels(state).set(number)
        if engine.worker is not None:
            metrics.WORKER_TURN.set(engine.worker.heartbeat.age_seconds)
            metrics.HANDED_OVER.set(engine.handed_over is not None)
        generation = engine.projection.generation.number
        metrics.SERVICE_INFO.clear()
        metrics.SERVICE_INFO.labels(_release(), engine.generations.version, generation).set(1)

    async def _read_servers(self) -> bool:
        offsets: dict[Partition, int] = {}

        async def database() -> None:
            offsets.update(await self._read_database())

        async def kafka() -> None:
            await self._read_lag(offsets)

        read = await self._read("database", database)
        # Without new checkpoints a lag would be wrong.
        read = read and await self._read("kafka", kafka)
        if self.invariants is not None and self._serves():
            read = await self._read("invariants", self._read_invariants) and read
        self._succeeded = read
        return read

    def _serves(self) -> bool:
        # A process that waits for its version's copy cannot read the other one.
        try:
            self.engine.check_serving()
        except Busy:
            return False
        return True

    async def _read(self, source: str, work: Callable[[], Awaitable[None]]) -> bool:
        try:
            async with asyncio.timeout(READING_SECONDS_MAX):
                await work()
        except Exception as error:  # noqa: BLE001 - what cannot be read must not stop a scrape
            log.warning("figures not read", source=source, error=type(error).__name__)
            metrics.READING_FAILURES.labels(source).inc()
            metrics.READING_OK.labels(source).set(0)
            return False
        metrics.READING_OK.labels(source).set(1)
        metrics.READ_AT.labels(source).set(time.time())
        return True

    async def _read_database(self) -> dict[Partition, int]:
        """Set the gauges of the database; return the checkpoints' offsets."""
        progress, now = self.engine.progress, self.engine.clock.now()
        oldest: dict[str, datetime | None] = {}
        async with progress.database.snapshot() as session:
            checkpoints = await progress.inbox.checkpoints.of(progress.partitions, session)
            parked = await progress.inbox.parking.reasons(session)
            left = await counts(progress.countable(now), session)
            for kind, of_kind in progress.aggregates.items():
                waits = left[OUTBOX, kind]
                oldest[kind] = await of_kind.outboxes.oldest(session) if waits else None
        for kind in progress.aggregates:
            metrics.DEADLINES_OVERDUE.labels(kind).set(left[OVERDUE, kind])
            metrics.OUTBOX_WAITING.labels(kind).set(left[OUTBOX, kind])
            metrics.OUTBOX_OLDEST.labels(kind).set(_age_seconds(oldest[kind]))
        for kind in progress.job_rows:
            metrics.JOBS_RUNNING.labels(kind).set(left[JOBS, kind])
            metrics.JOB_ROWS_LEFT.labels(kind).set(left[ROWS, kind])
        metrics.REACTIONS_PENDING.set(left[PENDING])
        metrics.PARKED.clear()
        for reason, number in parked.items():
            metrics.PARKED.labels(reason).set(number)
        return {partition: max(0, found.offset) for partition, found in checkpoints.items()}

    async def _read_lag(self, offsets: Mapping[Partition, int]) -> None:
        """Set the lag of each followed topic, in messages and in seconds."""
        partitions = self.engine.partitions
        ends = await asyncio.to_thread(self._lag.ends, partitions)
        behind = {part: end - offsets.get(part, 0) for part, end in ends.items()}
        waiting = {part: offsets.get(part, 0) for part, number in behind.items() if number > 0}
        ages = await asyncio.to_thread(self._lag.ages, waiting)
        events, seconds = Counter[str](), dict[str, float]()
        for service, number in partitions:
            events[service] += max(0, behind[service, number])
            age = ages.get((service, number), 0.0)
            seconds[service] = max(seconds.get(service, 0.0), age)
        for service in seconds:
            topic = topic_name(self.engine.settings.namespace, service)
            metrics.LAG_EVENTS.labels(topic).set(events[service])
            metrics.LAG_SECONDS.labels(topic).set(seconds[service])

    async def _read_invariants(self) -> None:
        assert self.invariants is not None
        for name, broken in (await in_snapshot(self.engine, self.invariants)).items():
            metrics.INVARIANT_VIOLATIONS.labels(name).set(broken)


@cache
def _release() -> str:
    try:
        return version("gelar")
    except PackageNotFoundError:
        # An image has the code and not the package.
        return "unknown"


def _age_seconds(at: datetime | None) -> float:
    return 0.0 if at is None else max(0.0, (datetime.now(UTC) - at).total_seconds())
