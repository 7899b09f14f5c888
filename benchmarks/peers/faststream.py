"""FastStream on confluent-kafka: a batch subscriber that bulk-writes, at least once.

The code follows its documentation: pydantic decodes the body, a batch is one handler call, and the
offset is committed after it. A crash between the write and the commit counts events twice.
"""

import asyncio
import time
from typing import Any

from faststream import AckPolicy
from faststream.confluent import KafkaBroker, KafkaMessage
from motor.motor_asyncio import AsyncIOMotorClient
from pymongo import UpdateOne

from benchmarks.harness.child_channel import send
from benchmarks.harness.sample import ParcelWeighed
from benchmarks.paths.projector import BATCH, document, figures, incremented
from shared.messaging.topics import topic_name
from shared.settings import Settings


async def follow(events: int) -> None:
    """Follow the topic to its end, and send the events a second."""
    settings = Settings()
    client: Any = AsyncIOMotorClient(settings.mongo_uri.get_secret_value())
    database = client[f"{settings.namespace}-faststream"]
    broker = KafkaBroker(settings.kafka_bootstrap_servers)
    ended = asyncio.Event()
    batches: list[tuple[float, int]] = []

    @broker.subscriber(  # type: ignore[untyped-decorator]  # read without its types
        topic_name(settings.namespace, "desk"),
        group_id=f"{settings.namespace}-faststream",
        auto_offset_reset="earliest",
        batch=True,
        max_records=BATCH,
        ack_policy=AckPolicy.ACK,
    )
    async def apply(batch: list[ParcelWeighed], message: KafkaMessage) -> None:
        raw: Any = message.raw_message
        ids = [(record.key() or b"").decode() for record in raw]
        updates = [
            UpdateOne({"_id": id}, {"$set": document(weighed, 0), "$inc": {"last": 1}}, upsert=True)
            for id, weighed in zip(ids, batch, strict=True)
        ]
        await database["parcel"].bulk_write(updates, ordered=False)
        await database["load"].bulk_write(incremented(figures(batch)), ordered=False)
        batches.append((time.perf_counter(), len(batch)))
        if sum(number for _, number in batches) >= events:
            ended.set()

    await broker.start()
    await ended.wait()
    (begun, first), (last, _) = batches[0], batches[-1]
    send(rate=(sum(number for _, number in batches) - first) / (last - begun))
    await broker.stop()
