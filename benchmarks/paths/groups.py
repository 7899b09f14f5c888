"""200 commands at once on one aggregate, beside the same commands on 200 aggregates.

Optimistic concurrency alone would refuse most of them. Our commands commit in groups, so that a
single hot aggregate takes more commands a second than two hundred separate aggregates. None may
fail.
"""

import asyncio
import time

from benchmarks.harness.bench import Bench
from benchmarks.harness.child_channel import send
from benchmarks.harness.events import command, context, key
from benchmarks.harness.rounds import MeasuredPath, Pair, Pairs, Row, at_least
from benchmarks.harness.sample import desk
from shared.service.engine import Engine
from shared.service.wiring import build
from shared.settings import Settings

AT_ONCE = 200
TIMES = 5
HOT = Row(
    path="200 commands at once on one aggregate, none fails",
    against="the same on 200 aggregates",
    goal=at_least(1),
    unit="commands/s",
)


async def measure(bench: Bench) -> Pairs:
    """Measure both in one process, in turns."""
    async with bench.namespace("desk") as namespace:
        result = await namespace.result("benchmarks.paths.groups:both")
    return {HOT: Pair(result["together"], result["spread"])}


async def both() -> None:
    """Send the commands `TIMES` times to each side, while the relay publishes."""
    engine = build(desk, Settings())
    await engine.start()
    await _at_once(engine, [f"warm-{n}" for n in range(AT_ONCE)])
    together, spread = 0.0, 0.0
    for turn in range(TIMES):
        spread += await _at_once(engine, [f"spread-{turn}-{n}" for n in range(AT_ONCE)])
        together += await _at_once(engine, [f"one-{turn}"] * AT_ONCE)
    send(together=TIMES * AT_ONCE / together, spread=TIMES * AT_ONCE / spread)
    await engine.stop()


async def _at_once(engine: Engine, ids: list[str]) -> float:
    handle = engine.commands["parcel"].handle
    begun = time.perf_counter()
    # Any failure is raised here.
    await asyncio.gather(*(handle(id, command(n), context(id, key())) for n, id in enumerate(ids)))
    duration = time.perf_counter() - begun
    await engine.relay.drain(30)
    return duration


PATHS = (MeasuredPath(name="groups", rows=(HOT,), measure=measure),)
