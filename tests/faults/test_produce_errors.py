"""What the producer makes of a broker's errors: acknowledged in order or failed, never a gap."""

import asyncio
import os
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest
from confluent_kafka import KafkaError

from gelar.checking.log import read_lines
from shared.messaging.producer import DeliveryFailed, EventProducer
from shared.messaging.topics import topic_name
from shared.recorded import Recorded
from shared.settings import Settings
from tests.faults.mock_cluster import MockCluster, mock_cluster
from tests.kernel.test_producer import events

SUBJECTS = ["b0", "b1", "b2"]
EVENTS = 30
TRIES_MAX = 5
NOISE = os.urandom(20_000).hex()
"""A megabyte is a request's most: a run takes two. More than five a partition the mock forgets."""
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


@pytest.fixture
def cluster() -> Iterator[MockCluster]:
    """A broker that fails as it is told, with the shop's topic."""
    with mock_cluster() as made:
        made.create(topic_name("", "shop"), 3)
        yield made


def producer_of(cluster: MockCluster) -> EventProducer:
    """The shop's producer on this cluster."""
    return EventProducer(
        Settings(
            environment="local",
            kafka_bootstrap_servers=cluster.bootstrap,
            mongo_uri="mongodb://nowhere",
            parts="worker",
        ),
        "shop",
    )


def large(some: Sequence[Recorded]) -> list[Recorded]:
    """So large that a run takes several requests."""
    return [replace(one, data=f'"{NOISE}"') for one in some]


async def publish_as_relays_do(producer: EventProducer, subject: str) -> int:
    """From the head, again and again until all is acknowledged; how often it failed."""
    for failures in range(TRIES_MAX):
        try:
            await producer.publish(large(events(subject, EVENTS)))
        except DeliveryFailed:
            await asyncio.sleep(0.05)
        else:
            return failures
    pytest.fail(f"{subject} was never acknowledged")


async def publish_all(producer: EventProducer) -> int:
    """All subjects, some runs under way at once; how many of them failed."""
    failures = await asyncio.gather(*(publish_as_relays_do(producer, one) for one in SUBJECTS))
    await asyncio.to_thread(producer.close)
    return sum(failures)


async def assert_whole(cluster: MockCluster) -> None:
    """First occurrences of every subject are 1, 2, … to its last."""
    topics = {topic_name("", "shop"): "shop"}
    lines = await asyncio.to_thread(lambda: list(read_lines(cluster.bootstrap, topics)))
    first: dict[str, list[int]] = defaultdict(list)
    for line in lines:
        if line.sequence not in first[line.subject]:
            first[line.subject].append(line.sequence)
    assert first == {one: list(range(1, EVENTS + 1)) for one in SUBJECTS}


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
