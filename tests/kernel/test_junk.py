"""Junk on a topic stops its own subject and nothing else, and an operator sees the reason."""

import asyncio

import pytest
from confluent_kafka import Producer

from shared.kernel.wire import encode
from shared.messaging.reading import read_topics
from shared.messaging.topics import topic_name
from shared.operations.verify import verify
from shared.settings import Settings
from tests.conftest import eventually
from tests.kernel.example import (
    AddItem,
    Seen,
    basket,
    baskets,
    shop,
    till,
)
from tests.kernel.junk import added, reasons, the_others_flow_on
from tests.kernel.test_loops import Pair, person
from tests.kernel.test_reassignment import follower
from tests.raw_producer import raw_producer
from tests.settled import settled


async def test_headers_that_no_client_can_give_park_their_message(
    pair: Pair, settings: Settings
) -> None:
    # After some calls the interpreter optimises what reads the headers.
    for number in range(100):
        add = AddItem(item="kopi", price=1, buyer="many")
        await pair.shop.handle(basket, f"many-{number}", add, person("1"))
    await settled(*pair)
    topic = topic_name(settings.namespace, "shop")
    _, value, headers = encode("shop", added("b2", 1))
    named = [(name.encode(), content) for name, content in headers if isinstance(content, bytes)]
    with raw_producer(settings.kafka_bootstrap_servers) as producer:
        producer.send(topic, key=b"b1", headers=((b"\xff\xfe", b"1"),))
        producer.send(topic, key=b"b2", value=value, headers=(*named, named[1]))
        producer.send(topic, key=b"b3", value=value, headers=((b"traceparent", b"\xff"),) * 2)
    await the_others_flow_on(pair)
    details = {row["subject"]: row["detail"] for row in await pair.till.engine.inbox.parking.rows()}
    assert details == {
        "b1": "the name of a header is not UTF-8",
        "b2": "header ce_id comes twice",
        "b3": "header ce_source is missing",
    }


@pytest.mark.parametrize("sequence", ["9" * 20, str(2**63), " 5", "+7", "1_000", "²"])
async def test_a_number_that_is_no_sequence_parks_its_message(
    pair: Pair, settings: Settings, sequence: str
) -> None:
    key, value, headers = encode("shop", added("b1", 1))
    changed = {**dict(headers), "ce_sequence": sequence.encode()}
    producer = Producer({"bootstrap.servers": settings.kafka_bootstrap_servers})
    topic = topic_name(settings.namespace, "shop")
    producer.produce(topic, value=value, key=key, headers=list(changed.items()))
    assert producer.flush(20) == 0
    await the_others_flow_on(pair)
    assert await reasons(pair.till) == [("b1", "undecodable")]


async def test_numbers_that_no_database_holds_park_their_subject(
    pair: Pair, settings: Settings
) -> None:
    producer = Producer(
        {"bootstrap.servers": settings.kafka_bootstrap_servers, "partitioner": "murmur2_random"}
    )
    topic = topic_name(settings.namespace, "shop")
    # One number is too large itself; the sum of two others is too large for their figure.
    events = [added("huge", 1, price=10**30), added("sum", 1, price=2**62)]
    events += [added("sum", 2, price=2**62), added("sum", 3, price=1), added("after", 1)]
    for event in events:
        key, value, headers = encode("shop", event)
        producer.produce(topic, value=value, key=key, headers=headers)
    assert producer.flush(20) == 0
    await the_others_flow_on(pair)
    assert await reasons(pair.till) == [
        ("huge", "unstorable"),
        ("sum", "unstorable"),
        ("sum", "subject-parked"),
    ]
    assert await pair.till.load(baskets, "sum") == Seen(buyer="ani", total=2**62)
    assert await pair.till.load(baskets, "after") == Seen(buyer="ani", total=1)
    assert (await verify(pair.till.engine)).differences == []


async def test_before_a_message_that_comes_too_early_the_log_is_read_again(
    settings: Settings,
) -> None:
    async with shop().opened(settings) as selling:
        for number in range(3):
            await selling.handle(basket, "b1", AddItem(item="i", price=1), person(f"{number}"))
        await settled(selling)
    engine, worker = await follower(settings)
    try:
        messages = await asyncio.to_thread(lambda: list(read_topics(settings, ["shop"])))
        # The first message was lost on the way to the worker: none of its partition counts.
        assert (await worker._due(messages[1:], None)).messages == []
        # The second time the log is believed: it has none there.
        assert (await worker._due(messages[1:], None)).messages == messages[1:]
        assert (await worker._due(messages, None)).messages == messages
    finally:
        await engine.stop()


async def test_numbers_that_the_log_itself_lacks_are_passed_over(settings: Settings) -> None:
    async with shop().opened(settings) as selling, till().opened(settings) as billing:
        await settled(selling, billing)
        # The broker writes a marker at the end of a transaction: an offset without a message.
        producer = Producer(
            {
                "bootstrap.servers": settings.kafka_bootstrap_servers,
                "transactional.id": f"{settings.namespace}-foreign",
                "partitioner": "murmur2_random",
            }
        )
        await asyncio.to_thread(producer.init_transactions, 30)
        producer.begin_transaction()
        key, value, headers = encode("shop", added("b9", 1))
        producer.produce(
            topic_name(settings.namespace, "shop"), value=value, key=key, headers=headers
        )
        await asyncio.to_thread(producer.commit_transaction, 30)
        # The same subject, so the same partition: the marker lies before it.
        for number in (2, 3):
            producer.begin_transaction()
            key, value, headers = encode("shop", added("b9", number))
            producer.produce(
                topic_name(settings.namespace, "shop"), value=value, key=key, headers=headers
            )
            await asyncio.to_thread(producer.commit_transaction, 30)

        async def all_applied() -> bool:
            return await billing.load(baskets, "b9") == Seen(buyer="ani", total=3)

        await eventually(all_applied)
        assert await reasons(billing) == []
