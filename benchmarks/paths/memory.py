"""The largest resident size of a worker at full speed, on a backlog."""

import asyncio

import psutil

from benchmarks.harness.bench import Bench
from benchmarks.harness.events import publish_all, weighings
from benchmarks.harness.rounds import MeasuredPath, Pair, Pairs, Row, at_most
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


async def measure(bench: Bench) -> Pairs:
    """Run one worker on a backlog, and read its resident size until it has applied all."""
    most = 0
    async with bench.namespace("desk") as namespace:
        events = await publish_all(namespace, weighings(bench.size(15_000, 60_000), EACH))
        follower = Follower(namespace, "depot")
        async with namespace.worker_program("depot") as worker:
            process = psutil.Process(worker.pid)
            reading = asyncio.create_task(seconds(follower.applied, events))
            while not reading.done():
                most = max(most, process.memory_info().rss)
                await asyncio.sleep(LOOK_SECONDS)
            await reading
        follower.close()
    return {WORKER: Pair(most / 1e6, LIMIT_MB)}


PATHS = (MeasuredPath(name="memory", rows=(WORKER,), measure=measure, rounds=1),)
