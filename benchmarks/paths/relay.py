"""The relay from a backlog, beside a bare loop with the same I/O and no guarantee.

Both find the same outboxes in chunks, produce the same bytes with acks from all, insert the same
documents into history and empty the outboxes. The bare loop does so one step after another, removes
whatever is there, and does not care what happens when it is interrupted.
"""

import asyncio
import time
from typing import Any

from confluent_kafka import Producer
from pymongo import UpdateOne

from benchmarks.harness.child_channel import say
from benchmarks.harness.events import context, event, subject
from benchmarks.harness.rounds import Pair, Room, Row, Taken, at_least
from benchmarks.harness.sample import desk, parcel
from benchmarks.harness.stage import Bench, Place
from shared.kernel.wire import encode
from shared.messaging.topics import topic_name
from shared.service.wiring import build
from shared.settings import Settings
from shared.store.documents import Documents, Loaded
from shared.store.outbox import recorded_of

BARE = "bare loop: find, produce, insert_many, bulk_write"
ONE = Row(path="relay, 1 event an outbox", against=BARE, goal=at_least(1), unit="events/s")
HUNDRED = Row(path="relay, 100 events an outbox", against=BARE, goal=at_least(0.8), unit="events/s")
CHUNK = 500
BACKLOG = 20_000
DRAIN_SECONDS = 120.0


async def backlog(place: Place, outboxes: int, each: int) -> None:
    """Aggregates of the desk whose outboxes hold `each` events that nobody has published."""
    engine = build(desk, place.settings())
    await engine.prepare()
    documents = Documents(parcel)
    made = []
    for n in range(outboxes):
        loaded = Loaded(id=subject(n), state=parcel.initial)
        documents.apply_events(
            loaded, [event(n + k) for k in range(each)], context(loaded.id), None
        )
        made.append(documents.created(loaded))
    collection = engine.database.collection("parcel")
    for start in range(0, outboxes, 2_000):
        await collection.insert_many(made[start : start + 2_000], ordered=False)
    await engine.stop()


async def measure(bench: Bench, row: Row, outboxes: int, each: int) -> Taken:
    """One backlog for each side."""
    mine = await rate(bench, "ours", outboxes, each)
    return {row: Pair(mine, await rate(bench, "bare", outboxes, each))}


async def rate(bench: Bench, work: str, outboxes: int, each: int) -> float:
    """Events a second from a backlog of its own."""
    async with bench.place("desk") as place:
        await backlog(place, outboxes, each)
        told = await place.told(f"benchmarks.paths.relay:{work}", outboxes=outboxes)
        await _check(place, outboxes * each)
    return float(outboxes * each / told["seconds"])


async def ours(outboxes: int) -> None:
    """The relay, woken with all of them."""
    engine = build(desk, Settings())
    ids = [subject(n) for n in range(outboxes)]
    begun = time.perf_counter()
    engine.relay.wake("parcel", ids)
    await engine.relay.drain(DRAIN_SECONDS)
    say(seconds=time.perf_counter() - begun)
    await engine.stop()


async def bare(outboxes: int) -> None:
    """The bare loop."""
    settings = Settings()
    engine = build(desk, settings)
    boxes, history = (engine.database.collection(name) for name in ("parcel", "history"))
    producer = Producer({"bootstrap.servers": settings.kafka_bootstrap_servers, "acks": "all"})
    topic = topic_name(settings.namespace, "desk")
    ids = [subject(n) for n in range(outboxes)]
    begun = time.perf_counter()
    for start in range(0, outboxes, CHUNK):
        query = {"_id": {"$in": ids[start : start + CHUNK]}}
        found = [item async for item in boxes.find(query, {"outbox": 1})]
        events = [item for box in found for item in box["outbox"]]
        await asyncio.to_thread(_produce, producer, topic, events)
        await history.insert_many([{**item, "_id": item["id"]} for item in events], ordered=False)
        empty: dict[str, Any] = {"$set": {"outbox": []}}
        await boxes.bulk_write([UpdateOne({"_id": box["_id"]}, empty) for box in found])
    say(seconds=time.perf_counter() - begun)
    await engine.stop()


def _produce(producer: Producer, topic: str, events: list[dict[str, Any]]) -> None:
    for item in events:
        key, value, headers = encode("desk", recorded_of(item))
        producer.produce(topic, value=value, key=key, headers=headers)
    producer.flush()


async def _check(place: Place, events: int) -> None:
    """What was measured has happened."""
    client = place.client()
    kept = await client[place.database("desk")]["history"].count_documents({})
    client.close()
    assert kept == events, f"{kept} of {events} events are in history"


async def _measure_one(bench: Bench) -> Taken:
    return await measure(bench, ONE, bench.size(8_000, BACKLOG), 1)


async def _measure_hundred(bench: Bench) -> Taken:
    return await measure(bench, HUNDRED, bench.size(150, 400), 100)


ROOMS = (
    Room(name="relay, single events", rows=(ONE,), measure=_measure_one),
    Room(name="relay, long outboxes", rows=(HUNDRED,), measure=_measure_hundred),
)
