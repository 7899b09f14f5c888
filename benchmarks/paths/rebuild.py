"""A rebuild: everything a service has ever heard, folded anew, beside a loop without any promise.

The live copy is told that it has read everything (that it did so is measured elsewhere); the
rebuild then reads the topic from the beginning, writes the new copy and swaps it in; comparing the
two, which `gelar rebuild run` does unless told not to, is left out. The bare loop
consumes the same topic and bulk-writes the same documents and cells.
"""

import time
from typing import Any

from pymongo import UpdateOne

from benchmarks.harness.child_channel import say
from benchmarks.harness.events import flood, weighings
from benchmarks.harness.rounds import Pair, Room, Row, Taken, at_least
from benchmarks.harness.sample import ParcelWeighed, depot
from benchmarks.harness.stage import Bench
from benchmarks.paths.projector import BATCH, bare_follower, document, figures, incremented
from shared.kernel.folding import Batch
from shared.operations.rebuild import Rebuild
from shared.run import tune_gc
from shared.service.engine import Engine
from shared.service.wiring import build
from shared.settings import Settings

EACH = 5
ROW = Row(
    path="rebuild of a mirror and its tally",
    against="consume and bulk_write without guarantees",
    goal=at_least(0.7),
    unit="events/s",
)


async def measure(bench: Bench) -> Taken:
    """Both on the same topic."""
    async with bench.place("desk") as place:
        events = await flood(place, weighings(bench.size(8_000, 200_000), EACH))
        ours = await place.told("benchmarks.paths.rebuild:ours")
        bare = await place.told("benchmarks.paths.rebuild:bare", events=events)
    return {ROW: Pair(events / ours["seconds"], bare["rate"])}


async def ours() -> None:
    """The rebuild."""
    engine = build(depot, Settings())
    await engine.attach()
    await engine.prepare()
    await _has_read_everything(engine)
    rebuild = Rebuild(
        service=depot,
        settings=engine.settings,
        database=engine.database,
        generations=engine.generations,
    )
    # As `gelar rebuild run` does.
    tune_gc()
    begun = time.perf_counter()
    await rebuild.run(lambda done, of: None, comparing=False)
    say(seconds=time.perf_counter() - begun)
    await engine.stop()


async def _has_read_everything(engine: Engine) -> None:
    assert engine.worker is not None
    ends = engine.topics.ends(["desk"])
    await engine.worker.inbox.commit(Batch(next_offsets=ends), {}, {})


async def bare(events: int) -> None:
    """The loop, timed from its first batch on: joining a group is no part of a rebuild."""
    taken: list[tuple[float, int]] = []
    with bare_follower("bare") as (consumer, database):
        while sum(number for _, number in taken) < events:
            messages = [item for item in consumer.consume(BATCH, 0.2) if item.error() is None]
            if messages:
                _written(
                    database,
                    [(message.key() or b"", message.value() or b"") for message in messages],
                )
                taken.append((time.perf_counter(), len(messages)))
        (begun, first), (last, _) = taken[0], taken[-1]
        say(rate=(events - first) / (last - begun))


def _written(database: Any, messages: list[tuple[bytes, bytes]]) -> None:
    """The last event of each subject, and what all of them add to the cells."""
    heard = [(key, ParcelWeighed.model_validate_json(value)) for key, value in messages]
    updates = [
        UpdateOne({"_id": key.decode()}, {"$set": document(item, 0)}, upsert=True)
        for key, item in dict(heard).items()
    ]
    database["parcel"].bulk_write(updates, ordered=False)
    database["load"].bulk_write(incremented(figures(item for _, item in heard)), ordered=False)


ROOMS = (Room(name="rebuild", rows=(ROW,), measure=measure, rounds=2),)
