"""What a worker holds in memory at most at full speed: its resident size on a backlog."""

import asyncio

import psutil

from benchmarks.harness.events import flood, weighings
from benchmarks.harness.rounds import Pair, Room, Row, Taken, at_most
from benchmarks.harness.stage import Bench
from benchmarks.harness.watching import Follower, seconds

LIMIT_MB = 250.0
EACH = 3
LOOK_SECONDS = 0.05
WORKER = Row(
    path="memory of a worker at full speed",
    against=f"the limit of {LIMIT_MB:g} MB",
    goal=at_most(1),
    unit="MB",
)


async def measure(bench: Bench) -> Taken:
    """One worker on a backlog."""
    most = 0
    async with bench.place("desk") as place:
        events = await flood(place, weighings(bench.size(15_000, 60_000), EACH))
        follower = Follower(place, "depot")
        async with place.started_worker("depot") as worker:
            process = psutil.Process(worker.pid)
            reading = asyncio.create_task(seconds(follower.applied, events))
            while not reading.done():
                most = max(most, process.memory_info().rss)
                await asyncio.sleep(LOOK_SECONDS)
            await reading
        follower.close()
    return {WORKER: Pair(most / 1e6, LIMIT_MB)}


ROOMS = (Room(name="memory", rows=(WORKER,), measure=measure, rounds=1),)
