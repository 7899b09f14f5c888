"""The projector while callers send 300 commands a second to the one aggregate its batches react on.

A tenth of the events of every batch make the till grow one account; people grow the
same account meanwhile. Two transactions a batch keep the two apart: neither may make the other
stand still, nobody is refused.
"""

import asyncio
import time
from typing import Any

from benchmarks.harness.child_channel import say, told_to_finish
from benchmarks.harness.events import context, flood, key, weighings
from benchmarks.harness.rounds import Pair, Room, Row, Taken, at_least, at_most
from benchmarks.harness.sample import ACCOUNT, GrowAccount, till
from benchmarks.harness.samples import Sample, p99, within
from benchmarks.harness.stage import Bench, Place
from benchmarks.harness.watching import Follower, rate_and_window
from shared.service.wiring import build
from shared.settings import Settings

PER_SECOND = 300.0
WARM_SECONDS = 1.0
ALONE_SECONDS = 3.0
EACH = 3
PROJECTOR = Row(
    path="projector with reactions, 300 commands/s on the same aggregate",
    against="without those callers",
    goal=at_least(0.75),
    unit="events/s",
)
CALLERS = Row(
    path="those callers, p99", against="without the projector", goal=at_most(3), unit="ms"
)
ANSWERED = Row(path="those callers, none refused", against="all", goal=at_least(1), unit="commands")


async def measure(bench: Bench) -> Taken:
    """Once without the callers and once with them."""
    subjects = bench.size(5_000, 20_000)
    async with bench.place("desk", "till") as place:
        events = await flood(place, weighings(subjects, EACH))
        alone, _ = await _projected(place, events)
    async with bench.place("desk", "till") as place:
        await flood(place, weighings(subjects, EACH))
        async with place.child("benchmarks.paths.hot:callers") as callers:
            await callers.line()
            await asyncio.sleep(WARM_SECONDS)
            quiet = (time.monotonic(), time.monotonic() + ALONE_SECONDS)
            await asyncio.sleep(ALONE_SECONDS)
            together, busy = await _projected(place, events)
            told = await callers.finish()
    return {
        PROJECTOR: Pair(together, alone),
        CALLERS: Pair(p99(within(told["samples"], busy)), p99(within(told["samples"], quiet))),
        ANSWERED: Pair(len(told["samples"]), told["sent"]),
    }


async def _projected(place: Place, events: int) -> tuple[float, tuple[float, float]]:
    """Events a second, and the window in which they were applied."""
    follower = Follower(place, "till")
    async with place.worker("till"):
        found, window = await rate_and_window(follower.applied, events)
    follower.close()
    return found, window


async def callers() -> None:
    """Grow the account at an even pace, from another process than the worker's, until told."""
    # They only call: this process follows nothing.
    engine = build(till, Settings().model_copy(update={"parts": "api"}))
    await engine.start()
    samples: list[Sample] = []
    failed: list[str] = []

    async def one(n: int) -> None:
        begun = time.monotonic()
        grow: Any = GrowAccount(amount_idr=1)
        try:
            await engine.commands["account"].handle(ACCOUNT, grow, context(ACCOUNT, key()))
        except Exception as error:  # noqa: BLE001 - whatever it is, it is counted as a refusal
            failed.append(f"{error!r}")
            return
        samples.append((begun, time.monotonic() - begun))

    finish = asyncio.ensure_future(told_to_finish())
    begun, running = time.monotonic(), list[asyncio.Task[None]]()
    await one(0)
    say(ready=True)
    while not finish.done():
        running.append(asyncio.create_task(one(len(running))))
        await asyncio.sleep(max(0.0, begun + len(running) / PER_SECOND - time.monotonic()))
    await asyncio.gather(*running)
    say(samples=samples, sent=len(running) + 1, failed=failed[:5])
    await engine.stop()


ROOMS = (Room(name="hot aggregate", rows=(PROJECTOR, CALLERS, ANSWERED), measure=measure),)
