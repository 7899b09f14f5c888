"""Sample the bare steps that latencies are compared with: one majority write, one produce ack."""

import asyncio
import threading
import time
from typing import Any

from confluent_kafka import Producer
from motor.motor_asyncio import AsyncIOMotorClient

from benchmarks.harness.child_channel import finish_requested, send
from benchmarks.harness.events import event
from benchmarks.harness.samples import Sample
from shared.messaging.topics import topic_name
from shared.settings import Settings

PAUSE_SECONDS = 0.05


class Acks:
    """A producer that only waits for acknowledgements."""

    def __init__(self, settings: Settings) -> None:
        self._topic = topic_name(settings.namespace, "bare")
        self._loop = asyncio.get_running_loop()
        bootstrap = settings.kafka_bootstrap_servers
        self._producer = Producer({"bootstrap.servers": bootstrap, "acks": "all", "linger.ms": 0})
        threading.Thread(target=self._poll, daemon=True).start()

    async def produce(self, value: bytes) -> None:
        """Produce one message and return when it is acknowledged."""
        acknowledged = asyncio.Event()

        def on_delivery(error: Any, message: Any) -> None:
            assert error is None
            self._loop.call_soon_threadsafe(acknowledged.set)

        self._producer.produce(self._topic, value=value, on_delivery=on_delivery)
        await acknowledged.wait()

    def _poll(self) -> None:
        while True:
            self._producer.poll(0.1)


async def steps(*, write: bool) -> None:
    """Sample a produce ack (with `write` after a majority write) until the parent ends it."""
    settings = Settings()
    acks = Acks(settings)
    client: Any = AsyncIOMotorClient(settings.mongo_uri.get_secret_value())
    documents = client[f"{settings.namespace}-bare"]["parcel"]
    value = event(1).public_json().encode()
    await acks.produce(value)
    finish = asyncio.ensure_future(finish_requested())
    samples: list[Sample] = []
    send(ready=True)
    while not finish.done():
        begun = time.monotonic()
        if write:
            await documents.update_one({"_id": "one"}, {"$inc": {"n": 1}}, upsert=True)
        await acks.produce(value)
        samples.append((begun, time.monotonic() - begun))
        await asyncio.sleep(PAUSE_SECONDS)
    send(samples=samples)
