"""The projector: a topic into mirrors and tallies, exactly once, beside those who promise less.

Ours is a real worker process of `depot`. Its peers write the same documents (one a subject, and
eighteen cells of a tally): a bulk write with no Kafka before it and no promise; FastStream with a
batch subscriber and a bulk write, at least once; a consume loop with one `update_one` an event and
no tally at all. The first batch of each does not count, so that joining a group does not either.
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

from benchmarks.harness.child_channel import say
from benchmarks.harness.events import event, flood, subject, weighings
from benchmarks.harness.rounds import NotMeasured, Pair, Room, Row, Taken, at_least
from benchmarks.harness.sample import ParcelWeighed
from benchmarks.harness.stage import Bench, Place
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
"""As many as ours takes at most."""
EACH = 3
Inc = dict[str, Counter[str]]


async def ours(place: Place, events: int) -> float:
    """A real worker process on a topic that is full."""
    follower = Follower(place, "depot")
    async with place.worker("depot"):
        found = await rate(follower.applied, events)
    follower.close()
    return found


async def peer(place: Place, work: str, **job: Any) -> float:
    """A peer's own measurement."""
    told = await place.told(work, **job)
    return float(told["rate"])


async def measure(bench: Bench) -> Taken:
    """All of them on the same topic, one after another."""
    subjects = bench.size(8_000, 30_000)
    async with bench.place("desk") as place:
        events = await flood(place, weighings(subjects, EACH))
        mine = await ours(place, events)
        bulk = await peer(place, "benchmarks.paths.projector:bulk", subjects=subjects)
        loop = await peer(place, "benchmarks.paths.projector:loop", events=bench.size(2_000, 8_000))
    return {BULK: Pair(mine, bulk), LOOP: Pair(mine, loop)}


async def measure_faststream(bench: Bench) -> Taken:
    """FastStream, which is no part of the ordinary environment."""
    if not await asyncio.to_thread(_installed):
        raise NotMeasured("install the group `bench`")
    subjects = bench.size(8_000, 20_000)
    async with bench.place("desk") as place:
        events = await flood(place, weighings(subjects, EACH))
        mine = await ours(place, events)
        theirs = await peer(place, "benchmarks.peers.faststream:follow", events=events)
    return {FASTSTREAM: Pair(mine, theirs)}


async def bulk(subjects: int) -> None:
    """The same documents, batch by batch, from memory."""
    settings = Settings()
    client = MongoClient[dict[str, Any]](settings.mongo_uri.get_secret_value())
    database = client[f"{settings.namespace}-bulk"]
    batches = list(_batches(subjects))
    begun = time.perf_counter()
    for documents, cells in batches:
        replaced = [ReplaceOne({"_id": item["_id"]}, item, upsert=True) for item in documents]
        database["parcel"].bulk_write(replaced, ordered=False)
        database["load"].bulk_write(incremented(cells), ordered=False)
    say(rate=subjects * EACH / (time.perf_counter() - begun))
    client.close()


def _batches(subjects: int) -> Any:
    for number in range(1, EACH + 1):
        for start in range(0, subjects, BATCH):
            several = range(start, min(start + BATCH, subjects))
            events = [(subject(n), event(n * 7 + number)) for n in several]
            documents = [
                {"_id": id, "last": number, "parked": False, "state": document(item, number)}
                for id, item in events
            ]
            yield documents, figures(item for _, item in events)


def document(parcel_weighed: ParcelWeighed, weighings: int) -> dict[str, Any]:
    """What a mirror keeps of a parcel."""
    return {
        "region": parcel_weighed.region,
        "size_class": parcel_weighed.size_class,
        "weight_grams": parcel_weighed.weight_grams,
        "value_idr": parcel_weighed.value_idr,
        "weighings": weighings,
    }


def figures(events: Any) -> Inc:
    """What these events add to each cell, where nobody asks what was there before."""
    cells: Inc = {}
    for item in events:
        cell = cells.setdefault(f"{item.region}|{item.size_class}", Counter())
        cell.update(parcels=1, grams=item.weight_grams, value_idr=item.value_idr)
    return cells


def incremented(cells: Inc) -> Sequence[UpdateOne]:
    """The updates of the cells."""
    return [UpdateOne({"_id": id}, {"$inc": dict(by)}, upsert=True) for id, by in cells.items()]


@contextmanager
def bare_follower(name: str) -> Iterator[tuple[Consumer, Any]]:
    """A consumer of the desk's topic from its beginning, and a database of its own."""
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
    """What is written by hand first: a loop that updates a document an event, and no tally."""
    begun, done = 0.0, 0
    with bare_follower("loop") as (consumer, database):
        while done <= events:
            message = consumer.poll(1.0)
            if message is None or message.error():
                continue
            one = ParcelWeighed.model_construct(**json.loads(message.value() or b""))
            id = (message.key() or b"").decode()
            change = {"$set": document(one, 0), "$inc": {"last": 1}}
            database["parcel"].update_one({"_id": id}, change, upsert=True)
            done, begun = done + 1, begun or time.perf_counter()
        say(rate=(done - 1) / (time.perf_counter() - begun))


def _installed() -> bool:
    try:
        import faststream  # noqa: F401 - only whether it is there
    except ImportError:
        return False
    return True


ROOMS = (
    Room(name="projector", rows=(BULK, LOOP), measure=measure),
    Room(name="projector beside FastStream", rows=(FASTSTREAM,), measure=measure_faststream),
)
