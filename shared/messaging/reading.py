"""Reading topics from their beginning, for tools: no group, no checkpoint, no effect.

Messages of one partition come in order; across partitions they come as the broker sends them.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from uuid import uuid4

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaException, TopicPartition

from shared.kernel.wire import Message, Partition
from shared.messaging.brokers import BrokerUnavailable
from shared.messaging.clientlog import CLIENT_LOG
from shared.messaging.connection import connection
from shared.messaging.consumer import message_of
from shared.messaging.topics import Topics, topic_name
from shared.settings import Settings

WAIT_SECONDS = 0.5
MESSAGES_MAX = 500
SILENT_SECONDS = 60.0
"""A broker that sends nothing for so long, although messages are left, does not answer."""


def read_topics(
    settings: Settings, services: Sequence[str], *, since: Mapping[Partition, int] | None = None
) -> Iterator[Message]:
    """Yield every message of these topics to their present end, or for ever from `since` on.

    `since` is the next offset by partition, the beginning where it names none. A topic that is not
    there has no messages. Raises `BrokerUnavailable`.
    """
    follow = since is not None
    named = {topic_name(settings.namespace, service): service for service in services}
    topics = Topics(settings)
    ends = topics.ends(topics.existing(services))
    left = {partition: end for partition, end in ends.items() if end > 0}
    consumer = reader(settings, {partition: (since or {}).get(partition) for partition in ends})
    received_at = time.monotonic()
    try:
        while left or follow:
            for raw in consumer.consume(MESSAGES_MAX, WAIT_SECONDS if follow else 0.05):
                if raw.error() is not None:
                    continue
                received_at = time.monotonic()
                message = message_of(named, raw)
                partition = message.partition
                if message.offset + 1 >= left.get(partition, 0):
                    left.pop(partition, None)
                yield message
            if not follow and time.monotonic() > received_at + SILENT_SECONDS:
                raise BrokerUnavailable(settings.kafka_bootstrap_servers)
    except KafkaException as error:
        raise BrokerUnavailable(settings.kafka_bootstrap_servers) from error
    finally:
        consumer.close()


def reader(settings: Settings, begins: Mapping[Partition, int | None]) -> Consumer:
    """Return a consumer of these partitions from these offsets on; None: from the beginning."""
    consumer = Consumer(
        {
            **connection(settings),
            "group.id": f"gelar-reading-{uuid4()}",
            "enable.auto.commit": False,
            "auto.offset.reset": "error",
            "fetch.queue.backoff.ms": 10,
            "queued.max.messages.kbytes": 16_384,
        },
        logger=CLIENT_LOG,
    )
    partitions = (
        TopicPartition(
            topic_name(settings.namespace, service),
            number,
            OFFSET_BEGINNING if begin is None else begin,
        )
        for (service, number), begin in begins.items()
    )
    consumer.assign(list(partitions))
    return consumer
