"""The relay from a backlog, beside a bare loop with the same I/O and no guarantee.

Both find the same outboxes in chunks, produce the same bytes with acks from all, insert the same
documents into history and empty the outboxes. The bare loop does so one step after another, empties
an outbox without a check of its content, and loses or repeats events when it is interrupted. Both
run with the garbage collector as a service's process has it.
"""

import asyncio
import time
from typing import Any

from confluent_kafka import Producer
from pymongo import UpdateOne

from benchmarks.harness.bench import Bench, Namespace
from benchmarks.harness.child_channel import send
from benchmarks.harness.events import context, event, subject
from benchmarks.harness.rounds import MeasuredPath, Pair, Pairs, Row, at_least
from benchmarks.harness.sample import desk, parcel
from shared.kernel.wire import encode
from shared.messaging.topics import topic_name
from shared.run import tune_gc
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


async def backlog(namespace: Namespace, outboxes: int, each: int) -> None:
    """Insert aggregates of the desk with `each` unpublished events in every outbox."""
    engine = build(desk, namespace.settings())
    await engine.prepare()
    documents = Documents(parcel)
    aggregates = []
    for n in range(outboxes):
        loaded = Loaded(id=subject(n), state=parcel.initial)
        documents.apply_events(
            loaded, [event(n + k) for k in range(each)], context(loaded.id), None
        )
        aggregates.append(documents.created(loaded))
    collection = engine.database.collection("parcel")
    for start in range(0, outboxes, 2_000):
        await collection.insert_many(aggregates[start : start + 2_000], ordered=False)
    await engine.stop()


async def measure(bench: Bench, row: Row, outboxes: int, each: int) -> Pairs:
    """Measure each side on a backlog of its own."""
    our_rate = await rate(bench, "ours", outboxes, each)
    return {row: Pair(our_rate, await rate(bench, "bare", outboxes, each))}


async def rate(bench: Bench, work: str, outboxes: int, each: int) -> float:
    """Make a backlog, run this function of the module on it, and return events a second."""
    async with bench.namespace("desk") as namespace:
        await backlog(namespace, outboxes, each)
        result = await namespace.result(f"benchmarks.paths.relay:{work}", outboxes=outboxes)
        await _check(namespace, outboxes * each)
    return float(outboxes * each / result["seconds"])


async def ours(outboxes: int) -> None:
    """Wake the relay with all outboxes, and time it until they are empty."""
    engine = build(desk, Settings())
    ids = [subject(n) for n in range(outboxes)]
    tune_gc()
    begun = time.perf_counter()
    engine.relay.wake("parcel", ids)
    await engine.relay.drain(DRAIN_SECONDS)
    send(seconds=time.perf_counter() - begun)
    await engine.stop()


async def bare(outboxes: int) -> None:
    """Time the bare loop."""
    settings = Settings()
    engine = build(desk, settings)
    boxes, history = (engine.database.collection(name) for name in ("parcel", "history"))
    producer = Producer({"bootstrap.servers": settings.kafka_bootstrap_servers, "acks": "all"})
    topic = topic_name(settings.namespace, "desk")
    ids = [subject(n) for n in range(outboxes)]
    tune_gc()
    begun = time.perf_counter()
    for start in range(0, outboxes, CHUNK):
        query = {"_id": {"$in": ids[start : start + CHUNK]}}
        found = [box async for box in boxes.find(query, {"outbox": 1})]
        events = [entry for box in found for entry in box["outbox"]]
        await asyncio.to_thread(_produce, producer, topic, events)
        archived = [{**entry, "_id": entry["id"]} for entry in events]
        await history.insert_many(archived, ordered=False)
        empty: dict[str, Any] = {"$set": {"outbox": []}}
        await boxes.bulk_write([UpdateOne({"_id": box["_id"]}, empty) for box in found])
    send(seconds=time.perf_counter() - begun)
    await engine.stop()


def _produce(producer: Producer, topic: str, events: list[dict[str, Any]]) -> None:
    for entry in events:
        key, value, headers = encode("desk", recorded_of(entry))
        producer.produce(topic, value=value, key=key, headers=headers)
    producer.flush()


async def _check(namespace: Namespace, events: int) -> None:
    """Fail if not all events are in history."""
    client = namespace.client()
    archived = await client[namespace.database("desk")]["history"].count_documents({})
    client.close()
    assert archived == events, f"{archived} of {events} events are in history"


async def _measure_one(bench: Bench) -> Pairs:
    return await measure(bench, ONE, bench.size(8_000, BACKLOG), 1)


async def _measure_hundred(bench: Bench) -> Pairs:
    return await measure(bench, HUNDRED, bench.size(150, 400), 100)


PATHS = (
    MeasuredPath(name="relay, single events", rows=(ONE,), measure=_measure_one),
    MeasuredPath(name="relay, long outboxes", rows=(HUNDRED,), measure=_measure_hundred),
)
