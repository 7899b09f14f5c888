"""The producer on a real broker: what is published is never out of order, whatever fails."""

import asyncio
from collections import UserList
from collections.abc import Iterator
from dataclasses import replace

import pytest

from shared.messaging.producer import DeliveryFailed, EventProducer
from shared.messaging.reading import read_topics
from shared.messaging.topics import Topics
from shared.messaging.wire import Heard, decode
from shared.recorded import Recorded, event_id
from shared.settings import Settings
from tests.kernel.test_wire import RECORDED

MANY = 100_000
"""So many that the client, once purged, has the time to publish some of those behind the hole."""


def events(subject: str, count: int) -> list[Recorded]:
    """This many events of a basket."""
    return [
        replace(RECORDED, id=event_id("basket", subject, number)) for number in range(1, count + 1)
    ]


class RenewedMidway(UserList[Recorded]):
    """Events in whose middle another run's failure makes the producer anew."""

    producer: EventProducer

    def __iter__(self) -> Iterator[Recorded]:
        early = len(self) // 10
        yield from self.data[:early]
        self.producer.renew()
        yield from self.data[early:]


def published(settings: Settings, subject: str) -> list[int]:
    """The numbers of a subject in the topic, as they lie there."""
    frames = (decode(one) for one in read_topics(settings, ["shop"], follow=False))
    return [one.sequence for one in frames if isinstance(one, Heard) and one.subject == subject]


async def test_a_run_never_goes_on_behind_what_was_purged(settings: Settings) -> None:
    Topics(settings).ensure(["shop"])
    producer = EventProducer(settings, "shop")
    await producer.publish(events("b0", 1))
    run = RenewedMidway(events("b1", MANY))
    run.producer = producer
    with pytest.raises(DeliveryFailed):
        await producer.publish(run)
    await asyncio.to_thread(producer.close)
    numbers = published(settings, "b1")
    assert numbers == list(range(1, len(numbers) + 1))
