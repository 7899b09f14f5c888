"""The projector: a topic into mirrors and tallies, exactly once, beside peers that promise less.

Ours is a real worker process of `depot`. Its peers write the same documents (one a subject, and
eighteen cells of a tally): a bulk write without Kafka and without any promise; FastStream with a
batch subscriber and a bulk write, at least once; a consume loop with one `update_one` an event and
no tally. The first batch of each is not timed, so that joining a group is not timed either.
"""

import asyncio
import json
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from confluent_kafka import Consumer
from pymongo import MongoClient, ReplaceOne, UpdateOne

from benchmarks.harness.bench import Bench, Namespace
from benchmarks.harness.child_channel import send
from benchmarks.harness.events import event, publish_all, subject, weighings
from benchmarks.harness.rounds import MeasuredPath, NotMeasured, Pair, Pairs, Row, at_least
from benchmarks.harness.sample import ParcelWeighed
from benchmarks.harness.watching import Follower, rate
from shared.messaging.topics import topic_name
from shared.settings import Settings

PATH = "projector: topic to mirrors and tallies"
BULK = Row(
    path=PATH,
    against="bare bulk_write of the same documents, no Kafka",
    goal=at_least(1),
    unit="events/s",
)
LOOP = Row(
    path=PATH, against="consume loop, update_one an event", goal=at_least(1), unit="events/s"
)
FASTSTREAM = Row(
    path=PATH,
    against="FastStream, batches and bulk_write, at least once",
    goal=at_least(1),
    unit="events/s",
)
BATCH = 2_000
"""The most that our worker takes in a batch."""
EACH = 3
Inc = dict[str, Counter[str]]


async def ours(namespace: Namespace, events: int) -> float:
    """Run a real worker process on a full topic; return its events a second."""
    follower = Follower(namespace, "depot")
    async with namespace.worker("depot"):
        per_second = await rate(follower.applied, events)
    follower.close()
    return per_second


async def peer(namespace: Namespace, work: str, **job: Any) -> float:
    """Run a peer; return the events a second that it measured."""
    result = await namespace.result(work, **job)
    return float(result["rate"])


async def measure(bench: Bench) -> Pairs:
    """Measure all of them on the same topic, one after another."""
    subjects = bench.size(8_000, 30_000)
    async with bench.namespace("desk") as namespace:
        events = await publish_all(namespace, weighings(subjects, EACH))
        our_rate = await ours(namespace, events)
        bulk = await peer(namespace, "benchmarks.paths.projector:bulk", subjects=subjects)
        loop = await peer(
            namespace, "benchmarks.paths.projector:loop", events=bench.size(2_000, 8_000)
        )
    return {BULK: Pair(our_rate, bulk), LOOP: Pair(our_rate, loop)}


async def measure_faststream(bench: Bench) -> Pairs:
    """Measure FastStream, which only the dependency group `bench` installs."""
    if not await asyncio.to_thread(_installed):
        raise NotMeasured("install the dependency group `bench`")
    subjects = bench.size(8_000, 20_000)
    async with bench.namespace("desk") as namespace:
        events = await publish_all(namespace, weighings(subjects, EACH))
        our_rate = await ours(namespace, events)
        their_rate = await peer(namespace, "benchmarks.peers.faststream:follow", events=events)
    return {FASTSTREAM: Pair(our_rate, their_rate)}


async def bulk(subjects: int) -> None:
    """Write the same documents from memory, batch by batch."""
    settings = Settings()
    client = MongoClient[dict[str, Any]](settings.mongo_uri.get_secret_value())
    database = client[f"{settings.namespace}-bulk"]
    batches = list(_batches(subjects))
    begun = time.perf_counter()
    for documents, cells in batches:
        replaced = [
            ReplaceOne({"_id": replacement["_id"]}, replacement, upsert=True)
            for replacement in documents
        ]
        database["parcel"].bulk_write(replaced, ordered=False)
        database["load"].bulk_write(incremented(cells), ordered=False)
    send(rate=subjects * EACH / (time.perf_counter() - begun))
    client.close()


def _batches(subjects: int) -> Any:
    for number in range(1, EACH + 1):
        for start in range(0, subjects, BATCH):
            several = range(start, min(start + BATCH, subjects))
            events = [(subject(n), event(n * 7 + number)) for n in several]
            documents = [
                {"_id": id, "last": number, "parked": False, "state": document(weighed, number)}
                for id, weighed in events
            ]
            yield documents, figures(weighed for _, weighed in events)


def document(weighed: ParcelWeighed, weighings: int) -> dict[str, Any]:
    """Return the state of a parcel that a mirror keeps."""
    return {
        "region": weighed.region,
        "size_class": weighed.size_class,
        "weight_grams": weighed.weight_grams,
        "value_idr": weighed.value_idr,
        "weighings": weighings,
    }


def figures(events: Any) -> Inc:
    """Return the amounts that these events add to each cell; earlier weighings stay counted."""
    cells: Inc = {}
    for weighed in events:
        cell = cells.setdefault(f"{weighed.region}|{weighed.size_class}", Counter())
        cell.update(parcels=1, grams=weighed.weight_grams, value_idr=weighed.value_idr)
    return cells


def incremented(cells: Inc) -> Sequence[UpdateOne]:
    """Return the updates of the cells."""
    return [UpdateOne({"_id": id}, {"$inc": dict(by)}, upsert=True) for id, by in cells.items()]


@contextmanager
def bare_follower(name: str) -> Iterator[tuple[Consumer, Any]]:
    """Open a consumer of the desk's topic from its beginning, and a database of its own."""
    settings = Settings()
    client = MongoClient[dict[str, Any]](settings.mongo_uri.get_secret_value())
    consumer = Consumer(
        {
            "bootstrap.servers": settings.kafka_bootstrap_servers,
            "group.id": f"{settings.namespace}-{name}",
            "group.protocol": "consumer",
            "auto.offset.reset": "earliest",
        }
    )
    consumer.subscribe([topic_name(settings.namespace, "desk")])
    yield consumer, client[f"{settings.namespace}-{name}"]
    consumer.close()
    client.close()


async def loop(events: int) -> None:
    """Update one document for each event, without a tally: the loop that people write first."""
    begun, done = 0.0, 0
    with bare_follower("loop") as (consumer, database):
        while done <= events:
            message = consumer.poll(1.0)
            if message is None or message.error():
                continue
            weighed = ParcelWeighed.model_construct(**json.loads(message.value() or b""))
            id = (message.key() or b"").decode()
            change = {"$set": document(weighed, 0), "$inc": {"last": 1}}
            database["parcel"].update_one({"_id": id}, change, upsert=True)
            done, begun = done + 1, begun or time.perf_counter()
        send(rate=(done - 1) / (time.perf_counter() - begun))


def _installed() -> bool:
    try:
        import faststream  # noqa: F401 - only to find out if it is installed
    except ImportError:
        return False
    return True


PATHS = (
    MeasuredPath(name="projector", rows=(BULK, LOOP), measure=measure),
    MeasuredPath(
        name="projector beside FastStream", rows=(FASTSTREAM,), measure=measure_faststream
    ),
)
