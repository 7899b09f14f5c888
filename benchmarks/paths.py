"""The measured paths: ours and bare, on the same servers, with the same documents and bytes.

Commands are budget's blocks on its envelopes; the relay publishes what they left; the projector
hears it. Bare is what a program with no promise would do: an update without an outbox, a loop that
finds, produces, inserts and removes, a consumer that bulk-writes.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from pymongo import ReplaceOne, UpdateOne

from services.budget.app import service as budget
from services.budget.domain.envelope import BlockEnvelope, OpenEnvelope, envelope
from shared.contracts.words import Scope
from shared.decider import Context, Origin
from shared.messaging.consumer import EventConsumer
from shared.messaging.producer import EventProducer
from shared.messaging.wire import decode
from shared.service.engine import Engine, build
from shared.settings import Settings
from shared.store.outbox import recorded_of
from shared.testing import NOW

IN_FLIGHT = 64
ENVELOPES = 1_000
PAGU = 10**12
CHUNK = 500


@dataclass(frozen=True)
class Rates:
    """Pieces of work a second."""

    ours: float
    bare: float


@dataclass(frozen=True)
class Path:
    """A path, what it is measured against, and how."""

    name: str
    against: str
    measure: Callable[[str, str, int], Awaitable[Rates]]


async def commands(kafka: str, mongo: str, size: int) -> Rates:
    """Commands spread over aggregates, beside guarded updates of the same documents."""
    async with _engine(kafka, mongo) as engine:
        await _envelopes(engine)
        ours = await _rate(size, lambda n: _block(engine, n))
        collection = engine.database.collection("bare")
        await collection.insert_many([{"_id": f"e{n}", "version": 0} for n in range(ENVELOPES)])

        async def update(n: int) -> None:
            await collection.update_one({"_id": f"e{n % ENVELOPES}"}, {"$inc": {"version": 1}})

        return Rates(ours, await _rate(size, update))


async def relay(kafka: str, mongo: str, size: int) -> Rates:
    """A backlog of outboxes to topic and history, beside the same steps one after another."""
    async with _engine(kafka, mongo) as engine:
        await _envelopes(engine)
        await _many(size, lambda n: _block(engine, n))
        ids = [f"e{n}" for n in range(ENVELOPES)]
        entries = await engine.commands["envelope"].aggregates.outboxes.heads(ids)
        events = sum(map(len, entries.values()))
        copy = engine.database.collection("copy")
        await copy.insert_many([{"_id": id, "outbox": box} for id, box in entries.items()])
        begun = time.perf_counter()
        engine.relay.wake("envelope", ids)
        await engine.relay.drain(120)
        ours = events / (time.perf_counter() - begun)
        return Rates(ours, events / await _bare_relay(engine, copy, ids))


async def projector(kafka: str, mongo: str, size: int) -> Rates:
    """Topic to mirrors exactly once, beside a consumer that bulk-writes one document a subject."""
    async with _engine(kafka, mongo) as engine:
        await _envelopes(engine)
        await _many(size, lambda n: _block(engine, n))
        engine.relay.wake("envelope", [f"e{n}" for n in range(ENVELOPES)])
        await engine.relay.drain(120)
        assert engine.worker is not None
        begun = time.perf_counter()
        running = asyncio.create_task(engine.worker.run())
        while not (await engine.progress.read())["caught_up"]:  # noqa: ASYNC110 - it is the server's
            await asyncio.sleep(0.05)
        ours = (size + ENVELOPES) / (time.perf_counter() - begun)
        engine.worker.stop()
        await running
        return Rates(ours, await _bare_projector(engine, size + ENVELOPES))


PATHS = (
    Path("command kept, spread over aggregates", "bare update_one, w=majority", commands),
    Path("relay: outbox to topic and history", "bare find, produce, insert, update", relay),
    Path("projector: topic to mirrors, exactly once", "bare consume and bulk_write", projector),
)


@asynccontextmanager
async def _engine(kafka: str, mongo: str) -> AsyncIterator[Engine]:
    # Built and not started: the relay and the worker run when they are measured.
    engine = build(budget, _settings(kafka, mongo))
    await asyncio.to_thread(engine.topics.ensure, ["budget", "registration", "selection"])
    await engine.prepare()
    try:
        yield engine
    finally:
        await engine.database.drop()
        await engine.stop()


def _settings(kafka: str, mongo: str) -> Settings:
    return Settings(
        environment="local",
        namespace=f"bench-{uuid4().hex[:8]}",
        kafka_bootstrap_servers=kafka,
        mongo_uri=mongo,
        parts="worker",
        partitions=4,
        outbox_events_max=2_000,
    )


def _context(key: str) -> Context:
    return Context(now=NOW, origin=Origin.PERSON, actor="bench", correlation_id="bench", key=key)


async def _envelopes(engine: Engine) -> None:
    async def open_one(n: int) -> None:
        command = OpenEnvelope(
            programme="2018", scope=Scope.DOMESTIC, pagu_idr=PAGU, document_number="DIPA"
        )
        await engine.commands["envelope"].handle(f"e{n}", command, _context("open"))

    await _many(ENVELOPES, open_one)


async def _block(engine: Engine, n: int) -> None:
    command = BlockEnvelope(amount_idr=1, reason="measured")
    await engine.commands[envelope.kind].handle(f"e{n % ENVELOPES}", command, _context(str(n)))


async def _many(size: int, work: Callable[[int], Awaitable[None]]) -> None:
    numbers = iter(range(size))

    async def one() -> None:
        for n in numbers:
            await work(n)

    await asyncio.gather(*(one() for _ in range(IN_FLIGHT)))


async def _rate(size: int, work: Callable[[int], Awaitable[None]]) -> float:
    begun = time.perf_counter()
    await _many(size, work)
    return size / (time.perf_counter() - begun)


async def _bare_relay(engine: Engine, copy: Any, ids: list[str]) -> float:
    history = engine.database.collection("bare-history")
    producer = EventProducer(engine.settings, "bare")
    await asyncio.to_thread(engine.topics.ensure, ["bare"])
    begun = time.perf_counter()
    for start in range(0, len(ids), CHUNK):
        chunk = {"_id": {"$in": ids[start : start + CHUNK]}}
        boxes = [one async for one in copy.find(chunk)]
        events = [event for box in boxes for event in box["outbox"]]
        await producer.publish([recorded_of(event) for event in events])
        await history.insert_many([{**event, "_id": event["id"]} for event in events])
        empty: dict[str, Any] = {"$set": {"outbox": []}}
        await copy.bulk_write([UpdateOne({"_id": box["_id"]}, empty) for box in boxes])
    taken = time.perf_counter() - begun
    await asyncio.to_thread(producer.close)
    return taken


async def _bare_projector(engine: Engine, events: int) -> float:
    async def from_the_beginning(places: Any) -> dict[Any, int]:
        return dict.fromkeys(places, 0)

    consumer = EventConsumer(
        engine.settings, group="bare", services=["budget"], checkpoints=from_the_beginning
    )
    copy = engine.database.collection("bare-mirror")
    begun = time.perf_counter()
    await consumer.start()
    left = events
    while left > 0:
        messages = await consumer.batch(CHUNK)
        left -= len(messages)
        last = {one.subject: one for one in map(decode, messages)}
        writes = [
            ReplaceOne({"_id": id}, {"last": one.sequence, "data": one.data}, upsert=True)
            for id, one in last.items()
        ]
        if writes:
            await copy.bulk_write(writes, ordered=False)
    taken = time.perf_counter() - begun
    await consumer.close()
    return events / taken
