"""The producer on a real broker: what is published is never out of order, whatever fails."""

import asyncio
import os
from collections import UserList
from collections.abc import Iterator
from dataclasses import replace

import pytest

from shared.kernel.recorded import Recorded, event_id
from shared.kernel.wire import EventFrame, decode
from shared.messaging.producer import QUEUE_MESSAGES, DeliveryFailed, EventProducer
from shared.messaging.reading import read_topics
from shared.messaging.topics import Topics
from shared.settings import Settings
from tests.kernel.test_operations import make_topic
from tests.kernel.test_wire import RECORDED


def events(subject: str, count: int) -> list[Recorded]:
    """This many events of a basket."""
    return [
        replace(RECORDED, id=event_id("basket", subject, number)) for number in range(1, count + 1)
    ]


class RetiredMidway(UserList[Recorded]):
    """Events in whose midst the client is retired, as another run's failure does."""

    producer: EventProducer
    taken_behind = 0

    def __iter__(self) -> Iterator[Recorded]:
        early = len(self) // 2
        yield from self.data[:early]
        self.producer._client.retire()
        for one in self.data[early:]:
            yield one
            self.taken_behind += 1


def published(settings: Settings, subject: str) -> list[int]:
    """The numbers of a subject in the topic, as they lie there."""
    frames = (decode(one) for one in read_topics(settings, ["shop"]))
    return [
        one.sequence for one in frames if isinstance(one, EventFrame) and one.subject == subject
    ]


async def test_a_run_never_goes_on_behind_what_was_purged(settings: Settings) -> None:
    Topics(settings).ensure(["shop"])
    producer = EventProducer(settings, "shop")
    await producer.publish(events("b0", 1))
    run = RetiredMidway(events("b1", 1_000))
    run.producer = producer
    with pytest.raises(DeliveryFailed):
        await producer.publish(run)
    assert run.taken_behind == 0
    await asyncio.to_thread(producer.close)
    numbers = published(settings, "b1")
    assert numbers == list(range(1, len(numbers) + 1))


async def test_a_delivery_that_fails_fails_all_and_the_next_call_begins_anew(
    settings: Settings,
) -> None:
    make_topic(settings, partitions=3, max_message_bytes="200000")
    producer = EventProducer(settings, "shop")
    noise = os.urandom(200_000).hex()
    too_large = [replace(one, data=f'"{noise}"') for one in events("b1", 1)]
    many = events("b2", 2 * QUEUE_MESSAGES)
    answers = await asyncio.gather(
        producer.publish(too_large), producer.publish(many), return_exceptions=True
    )
    assert [type(one) for one in answers] == [DeliveryFailed, DeliveryFailed]
    numbers = published(settings, "b2")
    assert numbers == list(range(1, len(numbers) + 1))
    await producer.publish(events("b3", 3))
    await asyncio.to_thread(producer.close)
    assert (published(settings, "b1"), published(settings, "b3")) == ([], [1, 2, 3])
