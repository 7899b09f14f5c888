"""Under a broker's errors, events are acknowledged in order or fail, and never leave a gap.

The first tests have the producer alone, the last a whole relay, from commands to topic and history.
"""

import asyncio
import os
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from confluent_kafka import KafkaError

from gelar.checking.topics.log import Line, read_lines
from shared.kernel.recorded import Recorded
from shared.kernel.wire import encode
from shared.messaging.producer import DeliveryFailed, EventProducer
from shared.messaging.topics import topic_name
from shared.service.engine import Engine
from shared.service.wiring import build
from shared.settings import Settings
from shared.store.history import History
from tests.faults.mock_cluster import MockCluster, mock_cluster
from tests.kernel.example import AddItem, basket, shop
from tests.kernel.test_loops import person
from tests.kernel.test_producer import events
from tests.settled import settled

SUBJECTS = ["b0", "b1", "b2"]
EVENTS = 30
COMMANDS = 4
TRIES_MAX = 5
NOISE = os.urandom(20_000).hex()
"""A request has a megabyte at most, so a run takes two. The mock forgets more than five."""
RETRIABLE = (
    KafkaError.NOT_ENOUGH_REPLICAS_AFTER_APPEND,
    KafkaError.NOT_ENOUGH_REPLICAS,
    KafkaError.REQUEST_TIMED_OUT,
    KafkaError.NOT_LEADER_FOR_PARTITION,
)
FINAL = (
    KafkaError.TOPIC_AUTHORIZATION_FAILED,
    KafkaError.INVALID_REQUIRED_ACKS,
    KafkaError.OUT_OF_ORDER_SEQUENCE_NUMBER,
)
RELAYED = (
    KafkaError.NOT_ENOUGH_REPLICAS_AFTER_APPEND,
    KafkaError.REQUEST_TIMED_OUT,
    KafkaError.OUT_OF_ORDER_SEQUENCE_NUMBER,
)


@pytest.fixture
def cluster() -> Iterator[MockCluster]:
    """Run a broker that fails on demand, with the shop's topic."""
    with mock_cluster() as made:
        made.create(topic_name("", "shop"), 3)
        yield made


def settings_of(cluster: MockCluster) -> Settings:
    """Return the settings of a process that uses this cluster."""
    return Settings(
        environment="local",
        kafka_bootstrap_servers=cluster.bootstrap,
        mongo_uri="mongodb://nowhere",
        parts="worker",
    )


def producer_of(cluster: MockCluster) -> EventProducer:
    """Make the shop's producer on this cluster."""
    return EventProducer(settings_of(cluster), "shop")


def large(recorded: Sequence[Recorded]) -> list[Recorded]:
    """Make these events so large that a run takes several requests."""
    return [replace(event, data=f'"{NOISE}"') for event in recorded]


async def publish_as_relays_do(producer: EventProducer, subject: str) -> int:
    """Publish from the head until all is acknowledged; return the number of failures."""
    for failures in range(TRIES_MAX):
        try:
            await producer.publish(large(events(subject, EVENTS)))
        except DeliveryFailed:
            await asyncio.sleep(0.05)
        else:
            return failures
    pytest.fail(f"{subject} was never acknowledged")


async def publish_all(producer: EventProducer) -> int:
    """Publish all subjects at once; return the number of failures."""
    failures = await asyncio.gather(
        *(publish_as_relays_do(producer, subject) for subject in SUBJECTS)
    )
    await asyncio.to_thread(producer.close)
    return sum(failures)


async def published(cluster: MockCluster, namespace: str = "") -> dict[str, list[Line]]:
    """Return the first occurrences of every subject in the order of the topic."""
    topics = {topic_name(namespace, "shop"): "shop"}
    topic = await asyncio.to_thread(lambda: list(read_lines(settings_of(cluster), topics)))
    first: dict[str, dict[int, Line]] = defaultdict(dict)
    for line in topic:
        first[line.subject].setdefault(line.sequence, line)
    return {subject: list(lines.values()) for subject, lines in first.items()}


async def assert_whole(cluster: MockCluster) -> None:
    """Check that the first occurrences of every subject are 1, 2, … to its last event."""
    first = await published(cluster)
    numbers = {subject: [line.sequence for line in lines] for subject, lines in first.items()}
    assert numbers == {subject: list(range(1, EVENTS + 1)) for subject in SUBJECTS}


@pytest.mark.parametrize("error", RETRIABLE, ids=lambda code: KafkaError(code).name())
async def test_an_error_that_passes_is_borne_and_the_order_kept(
    cluster: MockCluster, error: int
) -> None:
    cluster.fail([error, 0, error, error])
    assert await publish_all(producer_of(cluster)) == 0
    await assert_whole(cluster)


@pytest.mark.parametrize("error", FINAL, ids=lambda code: KafkaError(code).name())
@pytest.mark.parametrize("before", [[], [0], [0, KafkaError.REQUEST_TIMED_OUT]])
async def test_an_error_that_stays_fails_the_runs_and_leaves_no_gap(
    cluster: MockCluster, error: int, before: Sequence[int]
) -> None:
    cluster.fail([*before, error])
    assert await publish_all(producer_of(cluster)) > 0
    await assert_whole(cluster)


@asynccontextmanager
async def relaying(cluster: MockCluster, settings: Settings) -> AsyncIterator[Engine]:
    """Run a shop's commands and relay on a real database and this broker.

    The service is not started: a start asks for a topic's configuration, and the mock has none.
    """
    cluster.create(topic_name(settings.namespace, "shop"), 3)
    given = settings.model_copy(update={"kafka_bootstrap_servers": cluster.bootstrap})
    engine = build(shop(), given)
    await engine.generations.make_first()
    await engine.attach()
    await engine.prepare()
    relay = asyncio.create_task(engine.relay.run())
    try:
        yield engine
        assert not relay.done(), "the relay has ended"
    finally:
        relay.cancel()
        await asyncio.gather(relay, return_exceptions=True)
        await engine.stop()


async def command_under_errors(engine: Engine, cluster: MockCluster, errors: Sequence[int]) -> None:
    """Send commands to all subjects at once, and let the broker fail before each round."""
    for number in range(COMMANDS):
        cluster.fail(errors)
        add = AddItem(item=f"i{number}", price=1)
        handle = engine.commands["basket"].handle
        await asyncio.gather(*(handle(subject, add, person(f"{number}")) for subject in SUBJECTS))


@pytest.mark.parametrize("error", RELAYED, ids=lambda code: KafkaError(code).name())
async def test_a_relay_publishes_and_archives_all_once_through_a_brokers_errors(
    cluster: MockCluster, settings: Settings, error: int
) -> None:
    async with relaying(cluster, settings) as engine:
        await command_under_errors(engine, cluster, [error, 0, KafkaError.REQUEST_TIMED_OUT, error])
        await settled(engine)
        first = await published(cluster, settings.namespace)
        history = History(engine.database)
        for subject in SUBJECTS:
            past = await history.of_subject(basket.kind, subject)
            assert [event.sequence for event in past] == list(range(1, COMMANDS + 1))
            assert [(line.sequence, line.data) for line in first[subject]] == [
                (event.sequence, encode("shop", event)[1]) for event in past
            ]
