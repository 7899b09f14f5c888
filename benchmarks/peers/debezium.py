"""Debezium's MongoDB connector with its outbox router: a change stream becomes messages.

Its outbox is a collection of its own with one document an event; ours is part of the aggregate.
Both publish with acks from all; ours also archives. For latency the same plain consumer observes
the topic of either; at half load both take the same number of commands a second.
"""

import asyncio
import time
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any

from confluent_kafka import Consumer, TopicPartition
from motor.motor_asyncio import AsyncIOMotorClient

from benchmarks.harness.bench import Bench, Namespace
from benchmarks.harness.child_channel import finish_requested, send
from benchmarks.harness.events import event, key, subject
from benchmarks.harness.processes import Program
from benchmarks.harness.rounds import MeasuredPath, Pair, Pairs, Row, at_least, at_most
from benchmarks.harness.samples import Sample, p50, paced
from benchmarks.harness.watching import Count, rate
from benchmarks.paths.latency import LOADS
from benchmarks.paths.relay import BACKLOG
from benchmarks.paths.relay import rate as relay_rate
from benchmarks.peers.connect import connect
from shared.messaging.topics import Topics, topic_name
from shared.settings import Settings

AGAINST = "Debezium's MongoDB outbox router on Kafka Connect"
BACKLOGGED = Row(
    path="relay, 1 event an outbox", against=AGAINST, goal=at_least(2), unit="events/s"
)
LATENCY = {
    load: Row(path=f"commit to topic, p50, {load}", against=AGAINST, goal=at_most(0.25), unit="ms")
    for load in LOADS
}
PROBE_SECONDS = 0.5
READY_SECONDS_MAX = 60
CHUNK = 2_000


async def measure(bench: Bench) -> Pairs:
    """Send the same commands to both, at rest and at half load; then measure a backlog of each.

    Ours are timed while no Connect runs, because its change stream costs the database work.
    """
    events = bench.size(8_000, BACKLOG)
    ours = {load: await _our_time(bench, load) for load in LOADS}
    backlogged = await relay_rate(bench, "ours", events, 1)
    pairs: dict[Row, Pair] = {}
    async with bench.namespace("desk") as namespace, debezium(namespace):
        pairs[BACKLOGGED] = Pair(backlogged, await _backlog(namespace, events))
        for load, (milliseconds, per_second) in ours.items():
            pairs[LATENCY[load]] = Pair(milliseconds, await _their_time(namespace, per_second))
    return pairs


def debezium(namespace: Namespace) -> AbstractAsyncContextManager[Program]:
    """Run the connector as in its documentation, but with twenty polls a second."""
    connector = {
        "name": f"{namespace.name}-debezium",
        "connector.class": "io.debezium.connector.mongodb.MongoDbConnector",
        "tasks.max": "1",
        "mongodb.connection.string": namespace.bench.mongo,
        "topic.prefix": namespace.name,
        "database.include.list": _database(namespace.name),
        "collection.include.list": f"{_database(namespace.name)}.outbox",
        "snapshot.mode": "no_data",
        "poll.interval.ms": "50",
        "tombstones.on.delete": "false",
        "transforms": "outbox",
        "transforms.outbox.type": (
            "io.debezium.connector.mongodb.transforms.outbox.MongoEventRouter"
        ),
        "transforms.outbox.collection.field.event.id": "_id",
        "transforms.outbox.collection.field.event.key": "aggregateid",
        "transforms.outbox.collection.field.event.payload": "payload",
        "transforms.outbox.collection.fields.additional.placement": "type:header:ce_type",
        "transforms.outbox.route.by.field": "aggregatetype",
        "transforms.outbox.route.topic.replacement": topic_name(namespace.name, "desk"),
    }
    return connect(namespace, "debezium", connector)


async def _backlog(namespace: Namespace, events: int) -> float:
    """Insert many events at once; return events a second until all are in the topic."""
    client = namespace.client()
    outbox = client[_database(namespace.name)]["outbox"]
    published = _published(namespace)
    async with asyncio.timeout(READY_SECONDS_MAX):
        while not await published():
            await outbox.insert_one(_entry(0))
            await asyncio.sleep(PROBE_SECONDS)
    await asyncio.sleep(2 * PROBE_SECONDS)
    probes = await published()
    for start in range(0, events, CHUNK):
        several = range(start, min(start + CHUNK, events))
        await outbox.insert_many([_entry(n) for n in several], ordered=False)
    per_second = await rate(published, probes + events, after=probes)
    client.close()
    return per_second


async def _our_time(bench: Bench, load: str) -> tuple[float, float]:
    """Return the milliseconds to a consumer, and the commands a second of this load."""
    async with bench.namespace("desk") as namespace:
        job: dict[str, Any] = {"half": load != "idle", "seconds": bench.size(3, 8)}
        result, seen = await _observed(namespace, "benchmarks.paths.latency:to_topic", job)
    begun, ended = result["window"]
    answered = {id: at for id, at in result["answered"].items() if begun <= at <= ended}
    return _median(answered, seen), len(answered) / (ended - begun)


async def _their_time(namespace: Namespace, per_second: float) -> float:
    job = {"per_second": per_second, "seconds": namespace.bench.size(3, 8)}
    result, seen = await _observed(namespace, "benchmarks.peers.debezium:write", job)
    return _median(result["answered"], seen)


async def _observed(
    namespace: Namespace, work: str, job: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, float]]:
    async with namespace.child("benchmarks.peers.debezium:observe") as observer:
        await observer.read_line()
        result = await namespace.result(work, **job)
        await asyncio.sleep(1)
        seen = (await observer.finish())["seen"]
    return result, seen


async def write(per_second: float, seconds: float) -> None:
    """Insert into the outbox at an even pace; send the instant at which each write was answered."""
    settings = Settings()
    client: Any = AsyncIOMotorClient(settings.mongo_uri.get_secret_value())
    outbox = client[_database(settings.namespace)]["outbox"]
    answered: dict[str, float] = {}

    async def insert(n: int) -> None:
        entry = _entry(n)
        await outbox.insert_one(entry)
        answered[entry["_id"]] = time.monotonic()

    await paced(per_second, seconds, insert)
    send(answered=answered)
    client.close()


async def observe() -> None:
    """Consume the topic from its end; send the instant at which each id was seen."""
    settings = Settings()
    bootstrap = settings.kafka_bootstrap_servers
    consumer = Consumer(
        {
            "bootstrap.servers": bootstrap,
            "group.id": f"{settings.namespace}-observer",
            "enable.auto.commit": False,
            "fetch.wait.max.ms": 5,
            "fetch.queue.backoff.ms": 1,
        }
    )
    topics = Topics(settings)
    ends = await asyncio.to_thread(topics.ends, ["desk"])
    consumer.assign([_from(settings, number, end) for (_, number), end in ends.items()])
    seen: dict[str, float] = {}
    finish = asyncio.ensure_future(finish_requested())
    send(ready=True)
    while not finish.done():
        for message in await asyncio.to_thread(consumer.consume, 500, 0.005):
            seen.setdefault(_id(message), time.monotonic())
    send(seen=seen)
    consumer.close()


def _from(settings: Settings, number: int, offset: int) -> TopicPartition:
    return TopicPartition(topic_name(settings.namespace, "desk"), number, offset)


def _id(message: Any) -> str:
    headers: dict[str, bytes] = dict(message.headers() or ())
    return headers.get("ce_id", headers.get("id", b"")).decode().strip('"')


def _median(answered: Mapping[str, float], seen: Mapping[str, float]) -> float:
    samples: list[Sample] = [(at, seen[id] - at) for id, at in answered.items() if id in seen]
    assert len(samples) > len(answered) * 0.95, f"{len(samples)} of {len(answered)} were seen"
    return p50(samples)


def _published(namespace: Namespace) -> Count:
    topics = Topics(namespace.settings())

    async def published() -> int:
        return sum((await asyncio.to_thread(topics.ends, ["desk"])).values())

    return published


def _entry(n: int) -> dict[str, Any]:
    return {
        "_id": key(),
        "aggregateid": subject(n),
        "aggregatetype": "parcel",
        "type": "id.go.kukm.desk.parcel-weighed.v1",
        "payload": event(n).public_json(),
    }


def _database(namespace: str) -> str:
    return f"{namespace}-outbox"


PATHS = (
    MeasuredPath(
        name="relay beside Debezium",
        rows=(BACKLOGGED, *LATENCY.values()),
        measure=measure,
        rounds=3,
    ),
)
