"""The ends of topics are asked for again after a partition's leader has changed."""

import pytest
from confluent_kafka import KafkaError

from shared.messaging.topics import Topics, topic_name
from shared.settings import Settings
from tests.faults.mock_cluster import LIST_OFFSETS, mock_cluster

PASSING = (
    KafkaError.NOT_LEADER_FOR_PARTITION,
    KafkaError.FENCED_LEADER_EPOCH,
    KafkaError.UNKNOWN_LEADER_EPOCH,
)


@pytest.mark.parametrize("code", PASSING, ids=lambda code: KafkaError(code).name())
def test_a_leader_that_has_just_changed_is_borne(code: int) -> None:
    with mock_cluster() as cluster:
        cluster.create(topic_name("", "shop"), 1)
        cluster.fail([code, code], request=LIST_OFFSETS)
        settings = Settings(
            environment="local",
            kafka_bootstrap_servers=cluster.bootstrap,
            mongo_uri="mongodb://127.0.0.1:1",
            parts="worker",
            partitions=1,
        )
        assert Topics(settings).ends(["shop"]) == {("shop", 0): 0}
