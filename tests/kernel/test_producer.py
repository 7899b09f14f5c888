"""On a real broker, no failure makes the producer publish events out of order."""

import asyncio
import os
import threading
from collections import UserList
from collections.abc import Iterator
from dataclasses import replace

import pytest

from shared.kernel.recorded import Recorded, event_id
from shared.kernel.wire import EventFrame, decode
from shared.messaging import producer as producer_module
from shared.messaging.producer import QUEUE_MESSAGES, DeliveryFailed, EventProducer
from shared.messaging.reading import read_topics
from shared.messaging.topics import Topics
from shared.settings import Settings
from tests.kernel.test_topics import make_topic
from tests.kernel.test_wire import RECORDED


def events(subject: str, count: int) -> list[Recorded]:
    """Make so many events of a basket, numbered from 1."""
    return [
        replace(RECORDED, id=event_id("basket", subject, number)) for number in range(1, count + 1)
    ]


class RetiredMidway(UserList[Recorded]):
    """Events that retire the client after half of them, as the failure of another run does."""

    producer: EventProducer
    taken_behind = 0

    def __iter__(self) -> Iterator[Recorded]:
        early = len(self) // 2
        yield from self.data[:early]
        self.producer._client.retire()
        for event in self.data[early:]:
            yield event
            self.taken_behind += 1


def published(settings: Settings, subject: str) -> list[int]:
    """Return the numbers of a subject's events in the order of the topic."""
    frames = (decode(message) for message in read_topics(settings, ["shop"]))
    return [
        frame.sequence
        for frame in frames
        if isinstance(frame, EventFrame) and frame.subject == subject
    ]


async def test_a_run_never_continues_after_its_events_were_purged(settings: Settings) -> None:
    Topics(settings).apply(["shop"])
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


async def test_a_failed_delivery_fails_all_runs_and_the_next_call_starts_again(
    settings: Settings,
) -> None:
    make_topic(settings, partitions=3, max_message_bytes="200000")
    producer = EventProducer(settings, "shop")
    noise = os.urandom(200_000).hex()
    too_large = [replace(event, data=f'"{noise}"') for event in events("b1", 1)]
    many = events("b2", 2 * QUEUE_MESSAGES)
    answers = await asyncio.gather(
        producer.publish(too_large), producer.publish(many), return_exceptions=True
    )
    assert [type(answer) for answer in answers] == [DeliveryFailed, DeliveryFailed]
    numbers = published(settings, "b2")
    assert numbers == list(range(1, len(numbers) + 1))
    await producer.publish(events("b3", 3))
    await asyncio.to_thread(producer.close)
    assert (published(settings, "b1"), published(settings, "b3")) == ([], [1, 2, 3])


async def test_a_queue_that_is_full_by_bytes_holds_up_a_thread_and_not_the_loop(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    Topics(settings).apply(["shop"])
    monkeypatch.setitem(producer_module.CONFIGURATION, "queue.buffering.max.kbytes", 1_024)
    served_by, serve = set[threading.Thread](), producer_module._Client._serve

    def serve_and_note(client: producer_module._Client) -> None:
        served_by.add(threading.current_thread())
        serve(client)

    monkeypatch.setattr(producer_module._Client, "_serve", serve_and_note)
    producer = EventProducer(settings, "shop")
    noise = os.urandom(100_000).hex()
    await producer.publish([replace(event, data=f'"{noise}"') for event in events("b1", 40)])
    await asyncio.to_thread(producer.close)
    assert published(settings, "b1") == list(range(1, 41))
    # A thread of the loop's pool waited for room; the loop itself never did.
    assert len(served_by) >= 2
    assert threading.main_thread() not in served_by
