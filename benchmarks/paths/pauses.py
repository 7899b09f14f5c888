"""The pause of a partition while workers join and leave, and the time of a restart.

Events are published to every partition at short intervals while a second worker joins and leaves.
The longest time in which a partition's checkpoint does not move is the pause (the interval of the
events included). A restart is timed from its start to its first batch.
"""

import asyncio
import time
from collections.abc import Iterator

from benchmarks.harness.bench import Bench, Namespace
from benchmarks.harness.events import context, event, subject
from benchmarks.harness.rounds import MeasuredPath, Pair, Pairs, Row, at_most
from benchmarks.harness.watching import POLL_SECONDS, Follower, seconds
from shared.kernel.recorded import Recorded, record
from shared.messaging.producer import EventProducer

PAUSE = Row(
    path="rebalance pause, a worker joins and leaves",
    against="the limit of 1 s",
    goal=at_most(1),
    unit="s",
)
RESTART = Row(
    path="restart of a worker to its first batch",
    against="the limit of 3 s",
    goal=at_most(1),
    unit="s",
)
INTERVAL_SECONDS = 0.05
SUBJECTS = 120
STEADY_SECONDS = 1.5


async def measure(bench: Bench) -> Pairs:
    """Measure while a second worker joins and leaves; then restart the first on waiting events."""
    async with bench.namespace("desk") as namespace:
        follower, producer = (
            Follower(namespace, "depot"),
            EventProducer(namespace.settings(), "desk"),
        )
        publisher = SteadyPublisher(producer)
        async with namespace.worker_program("depot"):
            await follower.balanced(1)
            pause = await _pause(namespace, follower, publisher)
        waiting = await follower.applied()
        await publisher.publish_once()
        begun = time.monotonic()
        async with namespace.worker_program("depot"):
            await seconds(follower.applied, waiting + 1)
            restart = time.monotonic() - begun
        producer.close()
        follower.close()
    return {PAUSE: Pair(pause, 1.0), RESTART: Pair(restart, 3.0)}


class SteadyPublisher:
    """Publishes an event of each of `SUBJECTS` subjects at intervals: every partition has some."""

    def __init__(self, producer: EventProducer) -> None:
        self._producer = producer
        self._number = 0

    async def publish_once(self) -> None:
        """Publish one more event of each subject."""
        self._number += 1
        await self._producer.publish(list(self._events()))

    async def run(self) -> None:
        """Publish at intervals until cancelled."""
        while True:
            await self.publish_once()
            await asyncio.sleep(INTERVAL_SECONDS)

    def _events(self) -> Iterator[Recorded]:
        for n in range(SUBJECTS):
            yield record(event(n), self._number, context(subject(n)), None)


class CheckpointWatch:
    """Measures the longest time in which any checkpoint has not moved."""

    def __init__(self) -> None:
        self.longest = 0.0
        self._moved: dict[str, tuple[int, float]] = {}

    async def run(self, follower: Follower) -> None:
        """Poll the checkpoints until cancelled."""
        while True:
            self._update(await follower.offsets(), time.monotonic())
            await asyncio.sleep(POLL_SECONDS)

    def _update(self, offsets: dict[str, int], now: float) -> None:
        for partition, offset in offsets.items():
            before, since = self._moved.get(partition, (offset, now))
            self.longest = max(self.longest, now - since)
            if partition not in self._moved or offset != before:
                self._moved[partition] = (offset, now)


async def _pause(namespace: Namespace, follower: Follower, publisher: SteadyPublisher) -> float:
    watch = CheckpointWatch()
    # Every partition has its first checkpoint before the watch begins.
    await publisher.publish_once()
    await seconds(follower.applied, SUBJECTS)
    tasks = [asyncio.create_task(work) for work in (publisher.run(), watch.run(follower))]
    await asyncio.sleep(STEADY_SECONDS)
    async with namespace.worker_program("depot"):
        await follower.balanced(2)
        await asyncio.sleep(STEADY_SECONDS)
    await asyncio.sleep(STEADY_SECONDS)
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
    return watch.longest


PATHS = (MeasuredPath(name="pauses", rows=(PAUSE, RESTART), measure=measure),)
