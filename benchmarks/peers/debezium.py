"""Debezium's MongoDB connector with its outbox router: a change stream becomes messages.

Its outbox is a collection of its own, one document an event; ours is part of the aggregate. Both
publish with acks from all; ours also archives. For latency a plain consumer looks at the topic, so
that both are seen by the same eyes; at half load both take the same number of commands a second.
"""

import asyncio
import time
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any

from confluent_kafka import Consumer, TopicPartition
from motor.motor_asyncio import AsyncIOMotorClient

from benchmarks.harness.child_channel import say, told_to_finish
from benchmarks.harness.events import event, key, subject
from benchmarks.harness.rounds import Pair, Room, Row, Taken, at_least, at_most
from benchmarks.harness.samples import Sample, p50, paced
from benchmarks.harness.stage import Bench, Place, Running
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


async def measure(bench: Bench) -> Taken:
    """The same commands to both, at rest and at half load; then a backlog each.

    Ours are timed while no Connect runs: its change stream is an effort for the database.
    """
    events = bench.size(8_000, BACKLOG)
    ours = {load: await _our_time(bench, load) for load in LOADS}
    mine = await relay_rate(bench, "ours", events, 1)
    taken: dict[Row, Pair] = {}
    async with bench.place("desk") as place, debezium(place):
        taken[BACKLOGGED] = Pair(mine, await _backlog(place, events))
        for load, (milliseconds, per_second) in ours.items():
            taken[LATENCY[load]] = Pair(milliseconds, await _their_time(place, per_second))
    return taken


def debezium(place: Place) -> AbstractAsyncContextManager[Running]:
    """The connector, as its documentation sets it up, but polling twenty times a second."""
    connector = {
        "name": f"{place.namespace}-debezium",
        "connector.class": "io.debezium.connector.mongodb.MongoDbConnector",
        "tasks.max": "1",
        "mongodb.connection.string": place.bench.mongo,
        "topic.prefix": place.namespace,
        "database.include.list": _database(place.namespace),
        "collection.include.list": f"{_database(place.namespace)}.outbox",
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
        "transforms.outbox.route.topic.replacement": topic_name(place.namespace, "desk"),
    }
    return connect(place, "debezium", connector)


async def _backlog(place: Place, events: int) -> float:
    """Events a second from a great many that are there at once."""
    client = place.client()
    outbox = client[_database(place.namespace)]["outbox"]
    published = _published(place)
    async with asyncio.timeout(READY_SECONDS_MAX):
        while not await published():
            await outbox.insert_one(_entry(0))
            await asyncio.sleep(PROBE_SECONDS)
    await asyncio.sleep(2 * PROBE_SECONDS)
    probes = await published()
    for start in range(0, events, CHUNK):
        several = range(start, min(start + CHUNK, events))
        await outbox.insert_many([_entry(n) for n in several], ordered=False)
    found = await rate(published, probes + events, after=probes)
    client.close()
    return found


async def _our_time(bench: Bench, load: str) -> tuple[float, float]:
    """Milliseconds to a consumer's eyes, and the commands a second that made this load."""
    async with bench.place("desk") as place:
        job: dict[str, Any] = {"half": load != "idle", "seconds": bench.size(3, 8)}
        told, seen = await _looked_at(place, "benchmarks.paths.latency:to_topic", job)
    begun, ended = told["window"]
    answered = {id: at for id, at in told["answered"].items() if begun <= at <= ended}
    return _median(answered, seen), len(answered) / (ended - begun)


async def _their_time(place: Place, per_second: float) -> float:
    job = {"per_second": per_second, "seconds": place.bench.size(3, 8)}
    told, seen = await _looked_at(place, "benchmarks.peers.debezium:write", job)
    return _median(told["answered"], seen)


async def _looked_at(
    place: Place, work: str, job: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, float]]:
    async with place.child("benchmarks.peers.debezium:look") as eyes:
        await eyes.line()
        told = await place.told(work, **job)
        await asyncio.sleep(1)
        seen = (await eyes.finish())["seen"]
    return told, seen


async def write(per_second: float, seconds: float) -> None:
    """Insert into the outbox at an even pace, and say when each write was answered."""
    settings = Settings()
    client: Any = AsyncIOMotorClient(settings.mongo_uri.get_secret_value())
    outbox = client[_database(settings.namespace)]["outbox"]
    answered: dict[str, float] = {}

    async def one(n: int) -> None:
        entry = _entry(n)
        await outbox.insert_one(entry)
        answered[entry["_id"]] = time.monotonic()

    await paced(per_second, seconds, one)
    say(answered=answered)
    client.close()


async def look() -> None:
    """Watch the topic's end, and say when each id was seen."""
    settings = Settings()
    bootstrap = settings.kafka_bootstrap_servers
    consumer = Consumer(
        {
            "bootstrap.servers": bootstrap,
            "group.id": f"{settings.namespace}-eyes",
            "enable.auto.commit": False,
            "fetch.wait.max.ms": 5,
            "fetch.queue.backoff.ms": 1,
        }
    )
    topics = Topics(settings)
    ends = await asyncio.to_thread(topics.ends, ["desk"])
    consumer.assign([_from(settings, number, end) for (_, number), end in ends.items()])
    seen: dict[str, float] = {}
    finish = asyncio.ensure_future(told_to_finish())
    say(ready=True)
    while not finish.done():
        for message in await asyncio.to_thread(consumer.consume, 500, 0.005):
            seen.setdefault(_id(message), time.monotonic())
    say(seen=seen)
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


def _published(place: Place) -> Count:
    topics = Topics(place.settings())

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


ROOMS = (
    Room(
        name="relay beside Debezium",
        rows=(BACKLOGGED, *LATENCY.values()),
        measure=measure,
        rounds=3,
    ),
)
