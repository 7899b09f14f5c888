"""200 commands at once on one aggregate, beside the same commands on 200 aggregates.

Optimistic concurrency alone would refuse most of them; here they commit as groups, so one hot
aggregate takes more than two hundred that have nothing in common. None may fail.
"""

import asyncio
import time

from benchmarks.harness.child_channel import say
from benchmarks.harness.events import command, context, key
from benchmarks.harness.rounds import Pair, Room, Row, Taken, at_least
from benchmarks.harness.sample import desk
from benchmarks.harness.stage import Bench
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


async def measure(bench: Bench) -> Taken:
    """Both in one process, in turns."""
    async with bench.place("desk") as place:
        told = await place.told("benchmarks.paths.groups:both")
    return {HOT: Pair(told["one"], told["spread"])}


async def both() -> None:
    """Some times each, with the relay at work."""
    engine = build(desk, Settings())
    await engine.start()
    await _at_once(engine, [f"warm-{n}" for n in range(AT_ONCE)])
    one, spread = 0.0, 0.0
    for turn in range(TIMES):
        spread += await _at_once(engine, [f"spread-{turn}-{n}" for n in range(AT_ONCE)])
        one += await _at_once(engine, [f"one-{turn}"] * AT_ONCE)
    say(one=TIMES * AT_ONCE / one, spread=TIMES * AT_ONCE / spread)
    await engine.stop()


async def _at_once(engine: Engine, ids: list[str]) -> float:
    handle = engine.commands["parcel"].handle
    begun = time.perf_counter()
    # Whatever fails is raised here.
    await asyncio.gather(*(handle(id, command(n), context(id, key())) for n, id in enumerate(ids)))
    taken = time.perf_counter() - begun
    await engine.relay.drain(30)
    return taken


ROOMS = (Room(name="groups", rows=(HOT,), measure=measure),)
