"""The gauges of `/metrics` are right, are read seldom, and never wait for a server that is away."""

import asyncio
import time
from datetime import UTC, datetime, timedelta

import pytest
from prometheus_client import REGISTRY, Gauge

from shared import metrics
from shared.kernel.errors import Busy
from shared.messaging.brokers import BrokerUnavailable
from shared.messaging.lag import Lag
from shared.messaging.topics import topic_name
from shared.service import Service
from shared.service.readings import EVERY_SECONDS, WAIT_SECONDS, Readings
from shared.service.snapshot import Snapshot
from shared.settings import Settings
from tests.conftest import eventually
from tests.kernel.example import AddItem, SealBasket, basket, shop, till
from tests.kernel.test_loops import Pair, person
from tests.long_tests import long_test
from tests.settled import settled


def value(gauge: Gauge, *labels: str) -> float | None:
    """Return a gauge's value, or None where it has no such labels."""
    names = dict(zip(gauge._labelnames, labels, strict=True))
    return REGISTRY.get_sample_value(gauge._name, names)


async def read(service: Service) -> None:
    """Read all figures now, whenever they were read before.

    Every question to Kafka has a short time-out, so a busy machine may need several attempts.
    """
    await eventually(Readings(engine=service.engine)._read_servers)


async def test_what_waits_in_outboxes_is_counted_with_the_age_of_the_oldest(
    settings: Settings,
) -> None:
    async with shop().opened(settings) as service:
        collection = service.engine.database.collection("basket")
        await read(service)
        assert value(metrics.OUTBOX_WAITING, "basket") == 0
        assert value(metrics.OUTBOX_OLDEST, "basket") == 0
        entry = {"id": "x", "lot": 5, "at": datetime.now(UTC) - timedelta(seconds=900)}
        await service.engine._tasks.cancel("relay")
        await collection.insert_one({"_id": "old", "outbox": [entry]})
        await collection.insert_one({"_id": "new", "outbox": [entry | {"at": datetime.now(UTC)}]})
        await read(service)
        assert value(metrics.OUTBOX_WAITING, "basket") == 2
        oldest = value(metrics.OUTBOX_OLDEST, "basket")
        assert oldest is not None
        assert 900 <= oldest < 960
        await collection.delete_many({})


@long_test
async def test_the_lag_of_a_topic_is_counted_in_events_and_in_seconds(settings: Settings) -> None:
    publishing = shop()
    async with publishing.opened(settings):
        for number in range(5):
            await publishing.handle(
                basket, f"b{number}", AddItem(item="batik", price=1), person(f"{number}")
            )
        await settled(publishing)
    topic = topic_name(settings.namespace, "shop")
    api_only = settings.model_copy(update={"parts": frozenset({"api"})})
    async with till().opened(api_only) as service:
        waited_from = time.time()

        async def is_old() -> bool:
            await read(service)
            return (value(metrics.LAG_SECONDS, topic) or 0) >= 2

        await eventually(is_old)
        assert value(metrics.LAG_EVENTS, topic) == 5
        waited = time.time() - waited_from
        assert (value(metrics.LAG_SECONDS, topic) or 0) <= waited + 60
    async with till().opened(settings) as service:
        await settled(service)
        await read(service)
        assert value(metrics.LAG_EVENTS, topic) == 0
        assert value(metrics.LAG_SECONDS, topic) == 0


async def test_parked_messages_are_counted_by_reason_until_none_is_left(pair: Pair) -> None:
    before = REGISTRY.get_sample_value("kukm_events_parked_total", {"reason": "poison"}) or 0
    for item in ("poison", "kopi"):
        await pair.shop.handle(basket, "bad", AddItem(item=item, price=1), person(item))
        await settled(*pair)
    await read(pair.till)
    assert value(metrics.PARKED, "poison") == 1
    assert value(metrics.PARKED, "subject-parked") == 1
    counted = REGISTRY.get_sample_value("kukm_events_parked_total", {"reason": "poison"})
    assert counted == before + 1
    await read(pair.shop)
    assert value(metrics.PARKED, "poison") is None


async def test_batches_are_measured_by_topic(pair: Pair, settings: Settings) -> None:
    topic = {"messaging_destination_name": topic_name(settings.namespace, "shop")}
    await pair.shop.handle(basket, "b1", AddItem(item="batik", price=5), person("1"))
    await settled(*pair)
    for name in (
        "messaging_client_sent_messages_total",
        "messaging_client_consumed_messages_total",
    ):
        assert REGISTRY.get_sample_value(name, topic) == 1
    for name in ("messaging_process_duration_seconds", "kukm_commit_to_view_seconds"):
        assert REGISTRY.get_sample_value(f"{name}_count", topic) == 1


async def test_figures_are_read_at_most_every_ten_seconds(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    readings, read_at = Readings(engine=pair.shop.engine), []

    async def count() -> bool:
        read_at.append(time.monotonic())
        return True

    monkeypatch.setattr(readings, "_read_servers", count)
    for _ in range(20):
        await readings.renew()
    assert len(read_at) == 1
    readings._begun_at -= EVERY_SECONDS
    await readings.renew()
    assert len(read_at) == 2


async def test_a_server_that_is_away_makes_no_scrape_slow(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    readings, hangs = Readings(engine=pair.shop.engine), asyncio.Event()

    async def hang() -> bool:
        await hangs.wait()
        return False

    monkeypatch.setattr(readings, "_read_servers", hang)
    begun_at = time.monotonic()
    await readings.renew()
    readings._begun_at -= EVERY_SECONDS
    for _ in range(10):
        await readings.renew()
    assert time.monotonic() - begun_at < WAIT_SECONDS + 5
    readings.close()


async def test_a_reading_that_fails_is_counted_and_the_figures_stay(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(lag: Lag, partitions: object) -> None:
        raise BrokerUnavailable("kafka:9092")

    readings = Readings(engine=pair.till.engine)
    await eventually(readings._read_servers)
    assert value(metrics.READING_OK, "kafka") == 1
    monkeypatch.setattr(Lag, "ends", away)
    before = REGISTRY.get_sample_value("kukm_reading_failures_total", {"source": "kafka"}) or 0
    assert not await readings._read_servers()
    assert value(metrics.READING_OK, "kafka") == 0
    assert value(metrics.READING_OK, "database") == 1
    after = REGISTRY.get_sample_value("kukm_reading_failures_total", {"source": "kafka"})
    assert after == before + 1


async def test_broken_invariants_are_shown_and_one_that_cannot_be_counted_is_a_failed_reading(
    pair: Pair,
) -> None:
    async def two(copies: Snapshot) -> dict[str, int]:
        return {"tables-have-legs": 2}

    async def fails(copies: Snapshot) -> dict[str, int]:
        raise Busy("being-renewed", "Records are being renewed.")

    await eventually(Readings(engine=pair.shop.engine, invariants=two)._read_servers)
    assert value(metrics.INVARIANT_VIOLATIONS, "tables-have-legs") == 2
    assert not await Readings(engine=pair.shop.engine, invariants=fails)._read_servers()
    assert value(metrics.READING_OK, "invariants") == 0


async def test_the_gauges_of_a_process_need_no_server(pair: Pair) -> None:
    await pair.shop.handle(basket, "b1", AddItem(item="batik", price=5), person("1"))
    await pair.shop.handle(basket, "b1", SealBasket(), person("2"))
    await settled(*pair)
    await pair.till.renew_gauges()
    assert value(metrics.COMMANDS_WAITING, "bill") == 0
    assert value(metrics.RELAYED, "archiving") == 0
    assert value(metrics.HANDED_OVER) == 0
    age = value(metrics.WORKER_TURN)
    assert age is not None
    assert 0 <= age < 60
    info = next(iter(metrics.SERVICE_INFO.collect())).samples
    assert [sample.labels["generation"] for sample in info] == ["1"]
