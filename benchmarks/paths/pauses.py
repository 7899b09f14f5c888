"""How long a partition stands still while workers come and go, and how soon a restart works again.

Events trickle into every partition while a second worker joins and leaves; the longest time in
which a partition's checkpoint does not move is the pause (a trickle's own interval included).
"""

import asyncio
import time
from collections.abc import Iterator

from benchmarks.harness.events import context, event, subject
from benchmarks.harness.rounds import Pair, Room, Row, Taken, at_most
from benchmarks.harness.stage import Bench, Place
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
TRICKLE_SECONDS = 0.05
SUBJECTS = 120
STEADY_SECONDS = 1.5


async def measure(bench: Bench) -> Taken:
    """A worker that joins and leaves; then a backlog that waits for the restart of the other."""
    async with bench.place("desk") as place:
        follower, producer = Follower(place, "depot"), EventProducer(place.settings(), "desk")
        trickle = Trickle(producer)
        async with place.started_worker("depot"):
            await follower.balanced(1)
            pause = await _pause(place, follower, trickle)
        waiting = await follower.applied()
        await trickle.once()
        begun = time.monotonic()
        async with place.started_worker("depot"):
            await seconds(follower.applied, waiting + 1)
            restart = time.monotonic() - begun
        producer.close()
        follower.close()
    return {PAUSE: Pair(pause, 1.0), RESTART: Pair(restart, 3.0)}


class Trickle:
    """An event of each of some subjects, again and again, so that every partition has some."""

    def __init__(self, producer: EventProducer) -> None:
        self._producer = producer
        self._number = 0

    async def once(self) -> None:
        """One more of each."""
        self._number += 1
        await self._producer.publish(list(self._events()))

    async def on(self) -> None:
        """Until cancelled."""
        while True:
            await self.once()
            await asyncio.sleep(TRICKLE_SECONDS)

    def _events(self) -> Iterator[Recorded]:
        for n in range(SUBJECTS):
            yield record(event(n), self._number, context(subject(n)), None)


class Standstill:
    """The longest time in which some checkpoint has not moved."""

    def __init__(self) -> None:
        self.longest = 0.0
        self._moved: dict[str, tuple[int, float]] = {}

    async def watch(self, follower: Follower) -> None:
        """Until cancelled."""
        while True:
            self._look(await follower.offsets(), time.monotonic())
            await asyncio.sleep(POLL_SECONDS)

    def _look(self, offsets: dict[str, int], now: float) -> None:
        for partition, offset in offsets.items():
            before, since = self._moved.get(partition, (offset, now))
            self.longest = max(self.longest, now - since)
            if partition not in self._moved or offset != before:
                self._moved[partition] = (offset, now)


async def _pause(place: Place, follower: Follower, trickle: Trickle) -> float:
    standstill = Standstill()
    # Every partition has its first checkpoint before the watch begins.
    await trickle.once()
    await seconds(follower.applied, SUBJECTS)
    tasks = [asyncio.create_task(item) for item in (trickle.on(), standstill.watch(follower))]
    await asyncio.sleep(STEADY_SECONDS)
    async with place.started_worker("depot"):
        await follower.balanced(2)
        await asyncio.sleep(STEADY_SECONDS)
    await asyncio.sleep(STEADY_SECONDS)
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
    return standstill.longest


ROOMS = (Room(name="pauses", rows=(PAUSE, RESTART), measure=measure),)
