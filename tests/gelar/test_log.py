"""The checker's reader of topics: a broker that hangs or goes away is told after some seconds."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from confluent_kafka import OFFSET_END, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic
from gelar.checking.log import Line, read_lines

from deploy.local.kafka import Kafka
from deploy.local.servers import local_servers
from shared.messaging.topics import BrokerUnavailable

TOPIC, EMPTIED = "kukm.shop.v1", "kukm.till.v1"
MESSAGES = 3_000
NOISE = os.urandom(20_000)
"""Many times what the reader takes at once and before it is wanted."""


@pytest.fixture
def kafka(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Kafka]:
    """A Kafka of our own, which may hang; of two topics one is long and one was emptied."""
    monkeypatch.delenv("KUKM_KAFKA_BOOTSTRAP_SERVERS", raising=False)
    with local_servers(tmp_path) as servers:
        admin = AdminClient({"bootstrap.servers": servers.kafka_bootstrap})
        for made in admin.create_topics([NewTopic(one, 1, 1) for one in (TOPIC, EMPTIED)]).values():
            made.result()
        producer = Producer({"bootstrap.servers": servers.kafka_bootstrap})
        producer.produce(EMPTIED, b"nothing that stays")
        for _ in range(MESSAGES):
            producer.produce(TOPIC, NOISE)
        producer.flush()
        (emptied,) = admin.delete_records([TopicPartition(EMPTIED, 0, OFFSET_END)]).values()
        emptied.result()
        yield servers.kafka


def reading(kafka: Kafka) -> Iterator[Line]:
    """The topics as the checker reads them, with little patience."""
    topics = {TOPIC: "shop", EMPTIED: "till"}
    return read_lines(kafka.bootstrap, topics, silent_seconds=1)


def test_a_broker_that_hangs_is_told(kafka: Kafka) -> None:
    lines = reading(kafka)
    next(lines)
    os.kill(kafka.pid, signal.SIGSTOP)
    try:
        with pytest.raises(BrokerUnavailable):
            list(lines)
        with pytest.raises(BrokerUnavailable):
            list(reading(kafka))
    finally:
        os.kill(kafka.pid, signal.SIGCONT)
    assert len(list(reading(kafka))) == MESSAGES
    lines = reading(kafka)
    next(lines)
    kafka.kill()
    with pytest.raises(BrokerUnavailable):
        list(lines)
