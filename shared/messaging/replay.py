"""Reading the stretch of each partition between two offsets, once, in order, without a group."""

import asyncio
import time
from collections.abc import Mapping

from confluent_kafka import TopicPartition

from shared.kernel.wire import Message, Partition
from shared.messaging.brokers import BrokerUnavailable
from shared.messaging.consumer import message_of
from shared.messaging.reading import SILENT_SECONDS, reader
from shared.messaging.topics import topic_name
from shared.settings import Settings

WAIT_SECONDS = 0.2


class Replay:
    """The messages from `begins` to before `ends`, by partition; close it at the end."""

    def __init__(
        self, settings: Settings, begins: Mapping[Partition, int], ends: Mapping[Partition, int]
    ) -> None:
        self._services = {topic_name(settings.namespace, service): service for service, _ in ends}
        self._topics = {service: topic for topic, service in self._services.items()}
        self._left = {
            partition: end for partition, end in ends.items() if end > begins.get(partition, 0)
        }
        begin = {partition: begins.get(partition, 0) for partition in self._left}
        self._address = settings.kafka_bootstrap_servers
        self._consumer = reader(settings, begin) if begin else None

    async def batch(self, most: int) -> list[Message]:
        """Return the next messages, at most `most`; none once the ends are reached.

        Raises `BrokerUnavailable` if the broker sends nothing for a minute.
        """
        begun = time.monotonic()
        while self._left:
            messages = await asyncio.to_thread(self._take, most)
            if messages:
                return messages
            if time.monotonic() > begun + SILENT_SECONDS:
                raise BrokerUnavailable(self._address)
        return []

    async def close(self) -> None:
        """Close the connection to the broker."""
        if self._consumer is not None:
            await asyncio.to_thread(self._consumer.close)

    def _take(self, most: int) -> list[Message]:
        assert self._consumer is not None
        messages = []
        for raw in self._consumer.consume(most, WAIT_SECONDS):
            if raw.error() is not None:
                continue
            message = message_of(self._services, raw)
            partition = message.partition
            end = self._left.get(partition)
            if end is None or message.offset >= end:
                continue
            messages.append(message)
            if message.offset + 1 == end:
                del self._left[partition]
                self._consumer.incremental_unassign(
                    [TopicPartition(self._topics[partition[0]], partition[1])]
                )
        return messages
