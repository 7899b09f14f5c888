"""Sampled times and their percentiles, and work that is begun at an even pace.

All processes of a machine share its monotonic clock, so their instants can be compared.
"""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence

Sample = tuple[float, float]
"""The instant at which the timed step began (monotonic) and its duration, both in seconds."""

CAPACITY_SECONDS = 1.0
IN_FLIGHT = 64


def p50(samples: Sequence[Sample]) -> float:
    """Return the median in milliseconds."""
    return statistics.median(duration for _, duration in samples) * 1e3


def p99(samples: Sequence[Sample]) -> float:
    """Return the 99th percentile in milliseconds."""
    ordered = sorted(duration for _, duration in samples)
    return ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))] * 1e3


def within(samples: Sequence[Sample], window: tuple[float, float]) -> list[Sample]:
    """Return the samples whose instants lie in this window of time."""
    return [sample for sample in samples if window[0] <= sample[0] <= window[1]]


async def paced(per_second: float, seconds: float, work: Callable[[int], Awaitable[None]]) -> None:
    """Begin `work(n)` at this pace for these seconds, without waiting for the work before it."""
    begun, tasks, n = time.monotonic(), set[asyncio.Task[None]](), 0
    while time.monotonic() - begun < seconds:
        tasks.add(task := asyncio.ensure_future(_awaited(work(n))))
        task.add_done_callback(tasks.discard)
        n += 1
        await asyncio.sleep(max(0.0, begun + n / per_second - time.monotonic()))
    if tasks:
        await asyncio.gather(*tasks)


async def capacity(work: Callable[[int], Awaitable[None]]) -> float:
    """Return how many `work(n)` a second end when `IN_FLIGHT` of them run at once."""
    begun, done = time.monotonic(), 0

    async def work_on() -> None:
        nonlocal done
        while time.monotonic() - begun < CAPACITY_SECONDS:
            done += 1
            await work(done)

    await asyncio.gather(*(work_on() for _ in range(IN_FLIGHT)))
    return done / (time.monotonic() - begun)


async def _awaited(work: Awaitable[None]) -> None:
    await work
