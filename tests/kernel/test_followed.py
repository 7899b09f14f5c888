"""A followed topic is made again or read again; a followed service is left and taken up again."""

import asyncio
from datetime import timedelta

import pytest
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient

from shared.kernel.view import Reaction
from shared.messaging.topics import Topics, topic_name
from shared.operations import rebuild
from shared.operations.accepting import accept
from shared.operations.backfill import Backfill
from shared.operations.parked import ParkedSubjects
from shared.operations.rebuild import LiveCopyTooBusy, Rebuild
from shared.operations.restored import Republication
from shared.operations.verify import verify
from shared.service import Service
from shared.service.wiring import build
from shared.settings import Settings
from tests.conftest import eventually
from tests.given import NOW
from tests.kernel.example import (
    Bill,
    ItemAdded,
    baskets,
    bill,
    bill_it,
    bills,
    shop,
    till,
)
from tests.kernel.test_catching_up import SITI, fill, send
from tests.settled import settled


async def rebuilt(service: Service, settings: Settings) -> None:
    """Rebuild a service as this version."""
    engine = build(service, settings)
    run = Rebuild(
        service=service,
        settings=settings,
        database=engine.database,
        generations=engine.generations,
    )
    try:
        await run.run(lambda read, of: None)
    finally:
        await engine.stop()


def follows_itself() -> Service:
    """Make a till, version 1, that does not follow the shop."""
    return Service("till", deciders=(bill,), mirrors=(bills,))


def follows_the_shop() -> Service:
    """Make a till, version 2, that bills what comes from the shop."""
    reaction = Reaction(name="bill-it", follows=ItemAdded, react=bill_it)
    return Service(
        "till", deciders=(bill,), mirrors=(baskets, bills), reactions=(reaction,), version=2
    )


async def test_a_version_that_follows_a_service_again_reacts_from_where_it_was_left(
    settings: Settings,
) -> None:
    async with shop().opened(settings) as selling:
        async with follows_the_shop().opened(settings) as newer:
            await fill(selling, "b1", "1", "2")
            await settled(selling, newer)
        await rebuilt(follows_itself(), settings)
        async with follows_itself().opened(settings) as older:
            await fill(selling, "b1", "3")
            await settled(selling, older)
            assert await older.load(bill, "b1") == Bill(amount=2, lines=2)
        await rebuilt(follows_the_shop(), settings)
        async with follows_the_shop().opened(settings) as newer:
            await settled(selling, newer)
            assert await newer.load(bill, "b1") == Bill(amount=3, lines=3)
            seen = await newer.load(baskets, "b1")
            assert seen is not None
            assert seen.total == 3
            assert (await verify(newer.engine)).differences == []


async def test_what_could_not_be_folded_of_a_service_that_is_followed_again_is_parked(
    settings: Settings,
) -> None:
    single = settings.model_copy(update={"partitions": 1})
    async with shop().opened(single) as selling:
        async with follows_the_shop().opened(single) as newer:
            await fill(selling, "b1", "1")
            send_junk(single, 1)
            await settled(selling, newer)
        await rebuilt(follows_itself(), single)
        await rebuilt(follows_the_shop(), single)
        async with follows_the_shop().opened(single) as newer:
            await fill(selling, "b1", "2")
            await settled(selling, newer)
            assert await newer.load(bill, "b1") == Bill(amount=2, lines=2)
            assert [row["reason"] for row in await newer.engine.inbox.parking.rows()] == [
                "undecodable"
            ]


def send_junk(settings: Settings, number: int) -> None:
    """Publish messages on the shop's topic that are no events."""
    producer = Producer({"bootstrap.servers": settings.kafka_bootstrap_servers})
    for _ in range(number):
        producer.produce(topic_name(settings.namespace, "shop"), value=b"junk")
    producer.flush()


def make_again(settings: Settings) -> None:
    """Delete the shop's topic with its events, and make it again."""
    admin = AdminClient({"bootstrap.servers": settings.kafka_bootstrap_servers})
    name = topic_name(settings.namespace, "shop")
    admin.delete_topics([name])[name].result()
    Topics(settings).apply(["shop"])


async def reads(following: Service) -> None:
    """Wait until a service reads the topics that are there now; then until it is settled."""

    async def notes_them() -> bool:
        engine = following.engine
        ids = await asyncio.to_thread(engine.topics.ids, engine.progress.followed)
        return await engine.inbox.following.topics() == ids

    await eventually(notes_them)
    await settled(following)


async def test_a_topic_that_was_made_again_is_read_from_its_beginning(settings: Settings) -> None:
    single = settings.model_copy(update={"partitions": 1})
    async with shop().opened(single) as selling, till().opened(single) as following:
        send_junk(single, 2)
        await fill(selling, "b1", "1", "2")
        await settled(selling, following)
    await asyncio.to_thread(make_again, single)
    async with shop().opened(single) as selling:
        assert await Republication(selling.engine, "shop").run(lambda published: None) == 2
        # Its end is past the checkpoint, so that the offsets alone do not show it.
        await fill(selling, "b1", "3", "4", "5")
        await settled(selling)
        async with till().opened(single) as following:
            await reads(following)
            assert await following.load(bill, "b1") == Bill(amount=5, lines=5)
            assert await following.engine.inbox.parking.rows() == []
            assert (await verify(following.engine)).differences == []


async def test_a_rebuild_waits_until_what_is_read_again_has_been_read(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with shop().opened(settings) as selling:
        async with till().opened(settings) as following:
            await fill(selling, "b1", "1", "2")
            await settled(selling, following)
            engine = following.engine
        engine = build(till(), settings)
        await engine.attach()
        await engine.followed.read_again([("shop", n) for n in range(settings.partitions)])
        await engine.stop()
        monkeypatch.setattr(rebuild, "SWAPS_MAX", 3)
        with pytest.raises(LiveCopyTooBusy):
            await rebuilt(till(), settings)
        async with till().opened(settings) as following:
            await settled(selling, following)
            await rebuilt(till(), settings)
            await settled(selling, following)
            assert await following.load(bill, "b1") == Bill(amount=2, lines=2)


async def test_events_that_were_redriven_are_folded_in_their_turn_in_a_service_that_was_left(
    settings: Settings,
) -> None:
    single = settings.model_copy(update={"partitions": 1})
    Topics(single).apply(["shop", "till"])
    item = b'{"buyer":"s","item":"i","price":1}'
    async with shop().opened(single):
        async with follows_the_shop().opened(single) as newer:
            for number in (1, 3, 2):
                send(single, "s", number, ItemAdded.type_name(), item)
            await settled(newer)
            assert (await ParkedSubjects(newer.engine).redrive("s", SITI)).taken == 2
            await settled(newer)
        await rebuilt(follows_itself(), single)
        await rebuilt(follows_the_shop(), single)
        async with follows_the_shop().opened(single) as newer:
            await settled(newer)
            assert await newer.engine.inbox.parking.rows() == []
            assert await newer.load(bill, "s") == Bill(amount=3, lines=3)


async def test_what_was_parked_of_a_service_that_was_left_is_there_when_it_is_followed_again(
    settings: Settings,
) -> None:
    async with shop().opened(settings) as selling:
        async with follows_the_shop().opened(settings) as newer:
            await fill(selling, "b1", "1", item="poison")
            await settled(selling, newer)
        await rebuilt(follows_itself(), settings)
        await rebuilt(follows_the_shop(), settings)
        async with follows_the_shop().opened(settings) as newer:
            await settled(selling, newer)
            (row,) = await newer.engine.inbox.parking.rows()
            assert (row["subject"], row["reason"], row["folded"]) == ("b1", "poison", True)


async def test_a_version_of_the_same_copy_that_follows_less_is_accepted_and_left_again(
    settings: Settings,
) -> None:
    async with shop().opened(settings) as selling:
        async with till().opened(settings) as following:
            await fill(selling, "b1", "1", "2")
            await settled(selling, following)
        for version in (follows_itself(), till()):
            engine = build(version, settings)
            await engine.attach()
            await accept(engine)
            await engine.stop()
        async with till().opened(settings) as following:
            await settled(selling, following)
            since = NOW - timedelta(days=1)
            run = Backfill(
                service=following, engine=following.engine, reaction="bill-it", since=since
            )
            assert await run.run(lambda read, of: None) == 0
            assert await following.load(bill, "b1") == Bill(amount=2, lines=2)
