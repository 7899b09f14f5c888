"""Servers that are away and connections that break: no event is lost, and all services catch up."""

import asyncio
import json
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from deploy.local.ports import LOOPBACK
from shared.messaging.brokers import BrokerUnavailable
from shared.messaging.lag import Lag
from shared.messaging.producer import EventProducer
from shared.messaging.topics import Topics
from shared.service import Service
from shared.settings import Settings
from shared.store import StoreUnavailable
from shared.store.database import (
    CONNECT_TIMEOUT_MS,
    SOCKET_TIMEOUT_MS,
    Database,
)
from tests.conftest import eventually
from tests.faults.cast import ROUND_SECONDS, WITHIN_SECONDS, Cast, cast
from tests.faults.own_servers import OwnServers, own_servers
from tests.faults.processes import Nursery
from tests.faults.proxy import Proxy, proxy
from tests.kernel.example import ItemAdded, Seen, baskets
from tests.kernel.test_producer import events
from tests.long_tests import long_test, longest_test
from tests.settled import settled

BREAKS = 10
BREAK_SECONDS = 0.3
DELAY_SECONDS = 0.004
OUTBOX_EVENTS_MAX = 12
SELECTION_SECONDS = 7.0
"""Longer than the driver looks for a primary, so that callers are refused."""

BACKLOG_SUBJECTS = [f"b{number}" for number in range(30)]
BACKLOG_EACH = 1_000
BACKLOG_BYTES = 2_000
"""The size of an event. Without bounds, a consumer would take in the whole backlog."""

QUIET_BYTES = 50_000
INTAKE_BYTES_MAX = 20_000_000
"""A queue of 8 MiB with the answers that overshoot it, the batch that hangs and the next batch."""

HANGS_AT_MOST_SECONDS = 2 * (SOCKET_TIMEOUT_MS + CONNECT_TIMEOUT_MS) / 1000


@dataclass(frozen=True)
class Ways:
    """Servers, the proxies before them, and settings to reach them with and without proxies."""

    own: OwnServers
    to_kafka: Proxy
    to_mongo: Proxy
    settings: Settings
    straight: Settings


@pytest.fixture(scope="module")
async def ways(module_path: Path) -> AsyncIterator[Ways]:
    """Run a pair of servers of this module's own behind proxies."""
    async with AsyncExitStack() as stack:
        own = await asyncio.to_thread(stack.enter_context, own_servers(module_path))
        to_kafka = await stack.enter_async_context(proxy(own.kafka.port, own.kafka.advertised_port))
        to_mongo = await stack.enter_async_context(proxy(own.mongo.port))
        straight = own.settings
        by_proxy = f"mongodb://{LOOPBACK}:{to_mongo.port}/?directConnection=true"
        yield Ways(
            own=own,
            to_kafka=to_kafka,
            to_mongo=to_mongo,
            settings=Settings.model_validate({**straight.model_dump(), "mongo_uri": by_proxy}),
            straight=straight,
        )


async def opened(playing: Cast) -> None:
    """Start both services and their callers."""
    await asyncio.gather(playing.start("shop"), playing.start("till"))
    playing.ask()


async def caught_up(playing: Cast) -> None:
    """Check that each event has arrived once, and that no process has died."""
    await playing.wait_until_settled()
    assert await playing.differences() == []
    assert not any(process.gone for process in playing.processes)


@long_test
async def test_no_offset_is_made_up_while_a_broker_hangs(ways: Ways) -> None:
    settings = ways.settings.model_copy(update={"namespace": "hangs"})
    topics = Topics(settings)
    await asyncio.to_thread(topics.apply, ["shop"])
    lag, partitions = Lag(settings), [("shop", 0), ("shop", 1)]

    async def both_are_known() -> bool:
        # A reader of figures has no patience: a new topic has no leader yet.
        with suppress(BrokerUnavailable):
            return await asyncio.to_thread(lag.ends, partitions) == dict.fromkeys(partitions, 0)
        return False

    await eventually(both_are_known)
    ways.to_kafka.fall_silent()
    try:
        with pytest.raises(BrokerUnavailable):
            await asyncio.to_thread(lag.ends, partitions)
        with pytest.raises(BrokerUnavailable):
            await asyncio.to_thread(topics.ends, ["shop"])
    finally:
        await ways.to_kafka.back()
    assert set((await asyncio.to_thread(topics.ends, ["shop"])).values()) == {0}


@long_test
async def test_connections_that_break_under_load_lose_nothing(
    children: Nursery, ways: Ways
) -> None:
    async with cast(children, ways.settings, seen_from=ways.straight) as playing:
        await opened(playing)
        both = (ways.to_mongo, ways.to_kafka)
        for number in range(BREAKS):
            await asyncio.sleep(BREAK_SECONDS)
            broken = both[number % 2]
            broken.delay_seconds = DELAY_SECONDS * (number % 3)
            if number % 4 < 2:
                broken.reset_all()
            else:
                broken.lose_answers()
        await caught_up(playing)
        assert min(way.answers_lost for way in both) > 0


@long_test
@pytest.mark.parametrize("seconds", [SELECTION_SECONDS, pytest.param(60.0, marks=longest_test)])
async def test_callers_are_refused_while_a_database_is_away_and_nothing_is_lost(
    children: Nursery, ways: Ways, seconds: float
) -> None:
    async with cast(children, ways.settings, seen_from=ways.straight) as playing:
        await opened(playing)
        await asyncio.sleep(1)
        await ways.to_mongo.away()
        await asyncio.sleep(seconds)
        await refused(playing)
        assert playing.callers.refusals.keys() == {"database-unavailable"}
        await ways.to_mongo.back()
        await caught_up(playing)


@long_test
async def test_callers_are_refused_while_a_database_hangs_and_nothing_is_lost(
    children: Nursery, ways: Ways
) -> None:
    async with cast(children, ways.settings, seen_from=ways.straight) as playing:
        await opened(playing)
        await asyncio.sleep(1)
        ways.to_mongo.fall_silent()
        async with asyncio.timeout(HANGS_AT_MOST_SECONDS):
            while not playing.callers.refusals:  # noqa: ASYNC110 - another process refuses them
                await asyncio.sleep(ROUND_SECONDS)
        assert playing.callers.refusals.keys() == {"database-unavailable"}
        await ways.to_mongo.back()
        await caught_up(playing)


@long_test
async def test_a_probe_does_not_wait_for_a_database_that_hangs(ways: Ways) -> None:
    database = Database(ways.settings.mongo_uri.get_secret_value(), "probe")
    await database.ping()
    ways.to_mongo.fall_silent()
    try:
        with pytest.raises(StoreUnavailable):
            async with asyncio.timeout(SOCKET_TIMEOUT_MS / 2000):
                await database.ping()
    finally:
        await ways.to_mongo.back()
        database.close()


@long_test
async def test_a_worker_whose_database_hangs_takes_in_no_more_than_its_bounds(ways: Ways) -> None:
    settings = ways.settings.model_copy(update={"namespace": "bounded"})
    till = Service("till", deciders=(), mirrors=(baskets,))
    await publish_large(settings, ["first"], 1)
    async with till.opened(settings) as following:
        await settled(following)
        ways.to_mongo.fall_silent()
        before = ways.to_kafka.answered_bytes
        least = settings.batch_events_max * BACKLOG_BYTES
        await publish_large(settings, BACKLOG_SUBJECTS, BACKLOG_EACH)
        await stands_still(ways.to_kafka, before + least)
        taken = ways.to_kafka.answered_bytes - before
        await beats(following)
        await ways.to_mongo.back()
        await settled(following)
        assert least < taken < INTAKE_BYTES_MAX
        for subject in BACKLOG_SUBJECTS:
            assert await following.load(baskets, subject) == Seen(buyer="ani", total=BACKLOG_EACH)


async def beats(following: Service) -> None:
    """Wait until the worker has begun another attempt: one that retries is not stuck."""
    worker = following.engine.worker
    assert worker is not None
    last = worker.heartbeat.last

    async def has_beaten() -> bool:
        return worker.heartbeat.last != last

    await eventually(has_beaten)


def large_item() -> str:
    """Make the data of an `ItemAdded` of `BACKLOG_BYTES`, which does not compress."""
    return json.dumps({"buyer": "ani", "item": os.urandom(BACKLOG_BYTES // 2).hex(), "price": 1})


async def publish_large(settings: Settings, subjects: Sequence[str], each: int) -> None:
    """Publish the first events of these subjects, of `BACKLOG_BYTES` each."""
    await asyncio.to_thread(Topics(settings).apply, ["shop"])
    producer = EventProducer(settings, "shop")
    kind = ItemAdded.type_name()
    for subject in subjects:
        large = [replace(event, type=kind, data=large_item()) for event in events(subject, each)]
        await producer.publish(large)
    await asyncio.to_thread(producer.close)


async def stands_still(way: Proxy, more_than: int) -> None:
    """Wait until so many bytes have come, and then only empty answers and heartbeats."""
    before = -QUIET_BYTES
    async with asyncio.timeout(WITHIN_SECONDS):
        while way.answered_bytes <= more_than or way.answered_bytes - before >= QUIET_BYTES:
            before = way.answered_bytes
            await asyncio.sleep(1)


async def refused(playing: Cast) -> None:
    """Wait until a caller was refused; the callers ask on."""
    async with asyncio.timeout(WITHIN_SECONDS):
        while not playing.callers.refusals:  # noqa: ASYNC110 - another process refuses them
            await asyncio.sleep(ROUND_SECONDS)


@long_test
@pytest.mark.parametrize("end", ["kill", pytest.param("stop", marks=longest_test)])
async def test_a_broker_that_is_away_fills_outboxes_to_their_cap_and_gets_everything_later(
    children: Nursery, ways: Ways, end: str
) -> None:
    few = ways.settings.model_copy(update={"outbox_events_max": OUTBOX_EVENTS_MAX})
    async with cast(children, few, seen_from=ways.straight) as playing:
        await opened(playing)
        await asyncio.to_thread(getattr(ways.own.kafka, end))
        await refused(playing)
        answered = len(playing.callers.answers)
        await asyncio.to_thread(ways.own.kafka.start)
        # A write that took too long on a busy disk is refused too.
        assert "outbox-full" in playing.callers.refusals
        assert playing.callers.refusals.keys() <= {"outbox-full", "too-slow"}
        assert len(playing.callers.answers) > answered, "other outboxes had room"
        await caught_up(playing)
