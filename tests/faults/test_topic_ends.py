"""The ends of topics are asked for again after a partition's leader has changed."""

import pytest
from confluent_kafka import KafkaError

from shared.messaging import topics
from shared.messaging.brokers import BrokerUnavailable
from shared.messaging.topics import Topics, topic_name
from shared.settings import Settings
from tests.faults.mock_cluster import LIST_OFFSETS, MockCluster, mock_cluster

PASSING = (
    KafkaError.NOT_LEADER_FOR_PARTITION,
    KafkaError.FENCED_LEADER_EPOCH,
    KafkaError.UNKNOWN_LEADER_EPOCH,
)


TOPIC = topic_name("", "shop")


def topics_of(cluster: MockCluster) -> Topics:
    """Make the topics of this cluster, with one partition of the shop's."""
    cluster.create(TOPIC, 1)
    settings = Settings(
        environment="local",
        kafka_bootstrap_servers=cluster.bootstrap,
        mongo_uri="mongodb://127.0.0.1:1",
        parts="worker",
        partitions=1,
    )
    return Topics(settings)


@pytest.mark.parametrize("code", PASSING, ids=lambda code: KafkaError(code).name())
def test_a_leader_that_has_just_changed_is_borne(code: int) -> None:
    with mock_cluster() as cluster:
        asked = topics_of(cluster)
        cluster.fail([code, code], request=LIST_OFFSETS)
        assert asked.ends(["shop"]) == {("shop", 0): 0}


def test_a_broker_that_is_away_is_said_after_some_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(topics, "TIMEOUT_SECONDS", 0.2)
    with mock_cluster() as cluster:
        asked = topics_of(cluster)
        cluster.fail([KafkaError.UNKNOWN] * 20, request=LIST_OFFSETS)
        with pytest.raises(BrokerUnavailable):
            asked.ends(["shop"])


def test_a_leader_of_a_later_epoch_is_asked_for() -> None:
    with mock_cluster() as cluster:
        asked = topics_of(cluster)
        assert asked.ends(["shop"]) == {("shop", 0): 0}
        # The client keeps the epoch that it has read; a busy broker that was fenced has the next.
        cluster.elect(TOPIC, broker=1)
        assert asked.ends(["shop"]) == {("shop", 0): 0}
