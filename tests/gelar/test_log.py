"""The checker reports a broker that hangs or stops after some seconds."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from confluent_kafka import OFFSET_END, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

from deploy.local.kafka import Kafka
from deploy.local.servers import local_servers
from gelar.checking.topics.log import Line, read_lines
from shared.messaging.brokers import BrokerUnavailable
from shared.settings import Settings
from tests.long_tests import long_test

TOPIC, EMPTIED = "kukm.shop.v1", "kukm.till.v1"
MESSAGES = 3_000
NOISE = os.urandom(20_000)
"""With so many bytes a message, the reader cannot hold all messages in its buffers."""


@pytest.fixture
def kafka(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Kafka]:
    """Start a Kafka that the test may stop, with a long topic and an emptied topic."""
    monkeypatch.delenv("KUKM_KAFKA_BOOTSTRAP_SERVERS", raising=False)
    with local_servers(tmp_path) as servers:
        admin = AdminClient({"bootstrap.servers": servers.kafka_bootstrap})
        topics = [NewTopic(name, 1, 1) for name in (TOPIC, EMPTIED)]
        for created in admin.create_topics(topics).values():
            created.result()
        producer = Producer({"bootstrap.servers": servers.kafka_bootstrap})
        producer.produce(EMPTIED, b"deleted later")
        for _ in range(MESSAGES):
            producer.produce(TOPIC, NOISE)
        producer.flush()
        (emptied,) = admin.delete_records([TopicPartition(EMPTIED, 0, OFFSET_END)]).values()
        emptied.result()
        yield servers.kafka


def reading(kafka: Kafka) -> Iterator[Line]:
    """Read the topics as the checker does, with a short time limit."""
    topics = {TOPIC: "shop", EMPTIED: "till"}
    settings = Settings(
        environment="local",
        kafka_bootstrap_servers=kafka.bootstrap,
        mongo_uri="mongodb://is-not-read",
        parts="worker",
    )
    return read_lines(settings, topics, silent_seconds=1)


@long_test
def test_a_broker_that_hangs_is_reported(kafka: Kafka) -> None:
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
