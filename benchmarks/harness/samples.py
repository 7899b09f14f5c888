"""Times that were sampled while something else went on: percentiles, and paced work.

The monotonic clock is the machine's, so instants of two processes can be compared.
"""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence

Sample = tuple[float, float]
"""When it was taken (monotonic) and how long it took, both in seconds."""

CAPACITY_SECONDS = 1.0
IN_FLIGHT = 64


def p50(samples: Sequence[Sample]) -> float:
    """The median, in milliseconds."""
    return statistics.median(taken for _, taken in samples) * 1e3


def p99(samples: Sequence[Sample]) -> float:
    """What 99 of 100 do not exceed, in milliseconds."""
    ordered = sorted(taken for _, taken in samples)
    return ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))] * 1e3


def within(samples: Sequence[Sample], window: tuple[float, float]) -> list[Sample]:
    """Those taken in a window of time."""
    return [sample for sample in samples if window[0] <= sample[0] <= window[1]]


async def paced(per_second: float, seconds: float, work: Callable[[int], Awaitable[None]]) -> None:
    """Begin `work(n)` so often for so long, whether the one before has ended or not."""
    begun, running, n = time.monotonic(), set[asyncio.Task[None]](), 0
    while time.monotonic() - begun < seconds:
        running.add(task := asyncio.ensure_future(_awaited(work(n))))
        task.add_done_callback(running.discard)
        n += 1
        await asyncio.sleep(max(0.0, begun + n / per_second - time.monotonic()))
    if running:
        await asyncio.gather(*running)


async def capacity(work: Callable[[int], Awaitable[None]]) -> float:
    """How often a second `work(n)` can be done, some of them at once."""
    begun, done = time.monotonic(), 0

    async def one() -> None:
        nonlocal done
        while time.monotonic() - begun < CAPACITY_SECONDS:
            done += 1
            await work(done)

    await asyncio.gather(*(one() for _ in range(IN_FLIGHT)))
    return done / (time.monotonic() - begun)


async def _awaited(work: Awaitable[None]) -> None:
    await work
