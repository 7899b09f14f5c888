"""A rebuild: all events that a service follows are folded again, beside a loop without any promise.

The live copy gets checkpoints at the ends of the topic, as if it had read everything (reading is
measured elsewhere). The rebuild then reads the topic from the beginning, writes the new copy and
swaps it in. It does not compare the two, which `gelar rebuild run` does by default. The bare loop
consumes the same topic and bulk-writes the same documents and cells.
"""

import time
from typing import Any

from pymongo import UpdateOne

from benchmarks.harness.bench import Bench
from benchmarks.harness.child_channel import send
from benchmarks.harness.events import publish_all, weighings
from benchmarks.harness.rounds import MeasuredPath, Pair, Pairs, Row, at_least
from benchmarks.harness.sample import ParcelWeighed, depot
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


async def measure(bench: Bench) -> Pairs:
    """Measure both on the same topic."""
    async with bench.namespace("desk") as namespace:
        events = await publish_all(namespace, weighings(bench.size(8_000, 200_000), EACH))
        ours = await namespace.result("benchmarks.paths.rebuild:ours")
        bare = await namespace.result("benchmarks.paths.rebuild:bare", events=events)
    return {ROW: Pair(events / ours["seconds"], bare["rate"])}


async def ours() -> None:
    """Time the rebuild."""
    engine = build(depot, Settings())
    await engine.generations.make_first()
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
    send(seconds=time.perf_counter() - begun)
    await engine.stop()


async def _has_read_everything(engine: Engine) -> None:
    assert engine.worker is not None
    ends = engine.topics.ends(["desk"])
    await engine.worker.inbox.commit(Batch(next_offsets=ends), {}, {})


async def bare(events: int) -> None:
    """Time the loop from its first batch on: joining a group is no part of a rebuild."""
    batches: list[tuple[float, int]] = []
    with bare_follower("bare") as (consumer, database):
        while sum(number for _, number in batches) < events:
            messages = [
                message for message in consumer.consume(BATCH, 0.2) if message.error() is None
            ]
            if messages:
                _write(
                    database,
                    [(message.key() or b"", message.value() or b"") for message in messages],
                )
                batches.append((time.perf_counter(), len(messages)))
        (begun, first), (last, _) = batches[0], batches[-1]
        send(rate=(events - first) / (last - begun))


def _write(database: Any, messages: list[tuple[bytes, bytes]]) -> None:
    """Write the last event of each subject, and the amounts that all of them add to the cells."""
    received = [(key, ParcelWeighed.model_validate_json(value)) for key, value in messages]
    updates = [
        UpdateOne({"_id": key.decode()}, {"$set": document(weighed, 0)}, upsert=True)
        for key, weighed in dict(received).items()
    ]
    database["parcel"].bulk_write(updates, ordered=False)
    cells = figures(weighed for _, weighed in received)
    database["load"].bulk_write(incremented(cells), ordered=False)


PATHS = (MeasuredPath(name="rebuild", rows=(ROW,), measure=measure, rounds=2),)
