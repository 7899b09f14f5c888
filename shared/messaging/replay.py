"""Reading the stretch of each partition between two offsets, once, in order, without a group."""

import asyncio
from collections.abc import Mapping

from confluent_kafka import TopicPartition

from shared.kernel.wire import Message
from shared.messaging.consumer import message_of
from shared.messaging.reading import Place, reader
from shared.messaging.topics import topic_name
from shared.settings import Settings

WAIT_SECONDS = 0.2


class Replay:
    """The messages from `begins` to before `ends`, by partition; close it at the end."""

    def __init__(
        self, settings: Settings, begins: Mapping[Place, int], ends: Mapping[Place, int]
    ) -> None:
        self._services = {topic_name(settings.namespace, one): one for one, _ in ends}
        self._topics = {service: topic for topic, service in self._services.items()}
        self._left = {place: end for place, end in ends.items() if end > begins.get(place, 0)}
        begin = {place: begins.get(place, 0) for place in self._left}
        self._consumer = reader(settings, begin) if begin else None

    async def batch(self, most: int) -> list[Message]:
        """The next messages, at most `most`; none once the ends are reached."""
        while self._left:
            messages = await asyncio.to_thread(self._take, most)
            if messages:
                return messages
        return []

    async def close(self) -> None:
        """Let go of the broker."""
        if self._consumer is not None:
            await asyncio.to_thread(self._consumer.close)

    def _take(self, most: int) -> list[Message]:
        assert self._consumer is not None
        messages = []
        for raw in self._consumer.consume(most, WAIT_SECONDS):
            if raw.error() is not None:
                continue
            message = message_of(self._services, raw)
            place = message.place
            end = self._left.get(place)
            if end is None or message.offset >= end:
                continue
            messages.append(message)
            if message.offset + 1 == end:
                del self._left[place]
                self._consumer.incremental_unassign(
                    [TopicPartition(self._topics[place[0]], place[1])]
                )
        return messages
