"""The projector while callers send 300 commands a second to the one aggregate its batches react on.

A tenth of the events of every batch make the till grow a single account, while people grow the same
account. Two transactions a batch separate the projector from the callers: neither may stop the
other, and no command is refused.
"""

import asyncio
import time
from typing import Any

from benchmarks.harness.bench import Bench, Namespace
from benchmarks.harness.child_channel import finish_requested, send
from benchmarks.harness.events import context, key, publish_all, weighings
from benchmarks.harness.rounds import MeasuredPath, Pair, Pairs, Row, at_least, at_most
from benchmarks.harness.sample import ACCOUNT, GrowAccount, till
from benchmarks.harness.samples import Sample, p99, within
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


async def measure(bench: Bench) -> Pairs:
    """Measure once without the callers and once with them."""
    subjects = bench.size(5_000, 20_000)
    async with bench.namespace("desk", "till") as namespace:
        events = await publish_all(namespace, weighings(subjects, EACH))
        alone, _ = await _projected(namespace, events)
    async with bench.namespace("desk", "till") as namespace:
        await publish_all(namespace, weighings(subjects, EACH))
        async with namespace.child("benchmarks.paths.hot:callers") as callers:
            await callers.read_line()
            await asyncio.sleep(WARM_SECONDS)
            quiet = (time.monotonic(), time.monotonic() + ALONE_SECONDS)
            await asyncio.sleep(ALONE_SECONDS)
            together, busy = await _projected(namespace, events)
            result = await callers.finish()
    samples = result["samples"]
    return {
        PROJECTOR: Pair(together, alone),
        CALLERS: Pair(p99(within(samples, busy)), p99(within(samples, quiet))),
        ANSWERED: Pair(len(samples), result["sent"]),
    }


async def _projected(namespace: Namespace, events: int) -> tuple[float, tuple[float, float]]:
    """Return events a second, and the window in which they were applied."""
    follower = Follower(namespace, "till")
    async with namespace.worker("till"):
        per_second, window = await rate_and_window(follower.applied, events)
    follower.close()
    return per_second, window


async def callers() -> None:
    """Grow the account at an even pace, in a process of its own, until the parent ends it."""
    # This process only calls: it follows no topic.
    engine = build(till, Settings().model_copy(update={"parts": "api"}))
    await engine.start()
    samples: list[Sample] = []
    failed: list[str] = []

    async def grow_account() -> None:
        begun = time.monotonic()
        command: Any = GrowAccount(amount_idr=1)
        try:
            await engine.commands["account"].handle(ACCOUNT, command, context(ACCOUNT, key()))
        except Exception as error:  # noqa: BLE001 - any error counts as a refusal
            failed.append(f"{error!r}")
            return
        samples.append((begun, time.monotonic() - begun))

    finish = asyncio.ensure_future(finish_requested())
    begun, calls = time.monotonic(), list[asyncio.Task[None]]()
    await grow_account()
    send(ready=True)
    while not finish.done():
        calls.append(asyncio.create_task(grow_account()))
        await asyncio.sleep(max(0.0, begun + len(calls) / PER_SECOND - time.monotonic()))
    await asyncio.gather(*calls)
    send(samples=samples, sent=len(calls) + 1, failed=failed[:5])
    await engine.stop()


PATHS = (MeasuredPath(name="hot aggregate", rows=(PROJECTOR, CALLERS, ANSWERED), measure=measure),)
