"""A topic that may lose or refuse events stops the start, and says what to change."""

import pytest
from confluent_kafka.admin import AdminClient, NewTopic

from shared.messaging.topics import TopicMismatch, Topics, topic_name
from shared.settings import Settings
from tests.kernel.example import shop


def make_topic(settings: Settings, *, partitions: int, **configuration: str) -> None:
    """Make the shop's topic with another configuration than the service would."""
    admin = AdminClient({"bootstrap.servers": settings.kafka_bootstrap_servers})
    topic = topic_name(settings.namespace, "shop")
    wanted = NewTopic(
        topic,
        num_partitions=partitions,
        replication_factor=1,
        config={name.replace("_", "."): value for name, value in configuration.items()},
    )
    admin.create_topics([wanted])[topic].result(20)


async def test_a_topic_with_other_partitions_stops_the_start(settings: Settings) -> None:
    make_topic(settings, partitions=5, cleanup_policy="delete", retention_ms="-1")
    with pytest.raises(TopicMismatch, match="has 5 partitions, KUKM_PARTITIONS says 3"):
        async with shop().opened(settings):
            pytest.fail("it has started")


async def test_a_topic_that_forgets_stops_the_start(settings: Settings) -> None:
    make_topic(settings, partitions=3, cleanup_policy="delete", retention_ms="86400000")
    with pytest.raises(TopicMismatch, match=r"retention.ms=86400000.*set retention.ms=-1"):
        async with shop().opened(settings):
            pytest.fail("it has started")


@pytest.mark.parametrize(
    ("configuration", "wanted"),
    [
        ({"retention_bytes": "1048576"}, "set retention.bytes=-1"),
        ({"unclean_leader_election_enable": "true"}, "set unclean.leader.election.enable=false"),
        ({"cleanup_policy": "compact"}, "set cleanup.policy=delete"),
    ],
)
async def test_a_topic_that_may_lose_events_stops_the_start(
    settings: Settings, configuration: dict[str, str], wanted: str
) -> None:
    forever = {"cleanup_policy": "delete", "retention_ms": "-1"}
    make_topic(settings, partitions=3, **(forever | configuration))
    with pytest.raises(TopicMismatch, match=wanted):
        async with shop().opened(settings):
            pytest.fail("it has started")


async def test_a_start_outside_of_local_creates_no_topic(settings: Settings) -> None:
    elsewhere = settings.model_copy(update={"environment": "production", "replication_factor": 3})
    topics = Topics(settings)
    missing = topic_name(settings.namespace, "shop")
    with pytest.raises(TopicMismatch, match=f"{missing} is missing: run `gelar topics apply`"):
        async with shop().opened(elsewhere):
            pytest.fail("it has started")
    assert topics.existing(["shop"]) == []
    assert topics.apply(["shop"]) == [missing]
    assert (topics.apply(["shop"]), topics.faults(["shop"])) == ([], [])
    async with shop().opened(settings) as selling:
        assert await selling.not_ready_reason() is None


async def test_a_topic_of_a_single_node_is_right_in_local_only(settings: Settings) -> None:
    async with shop().opened(settings):
        pass
    elsewhere = settings.model_copy(update={"environment": "production", "replication_factor": 3})
    with pytest.raises(TopicMismatch) as refused:
        async with shop().opened(elsewhere):
            pytest.fail("it has started")
    assert "has 1 replicas, KUKM_REPLICATION_FACTOR says 3" in str(refused.value)
    assert "set min.insync.replicas=2" in str(refused.value)


async def test_more_replicas_than_brokers_stop_the_start(settings: Settings) -> None:
    three = settings.model_copy(update={"replication_factor": 3})
    with pytest.raises(TopicMismatch, match="fewer brokers than KUKM_REPLICATION_FACTOR"):
        async with shop().opened(three):
            pytest.fail("it has started")
    async with shop().opened(settings):
        pass
    with pytest.raises(TopicMismatch) as refused:
        async with shop().opened(three):
            pytest.fail("it has started")
    faults = str(refused.value)
    assert "has 1 replicas, KUKM_REPLICATION_FACTOR says 3: add replicas" in faults
    assert "min.insync.replicas=1, so an acknowledged event can be lost" in faults


async def test_a_topic_that_would_refuse_a_request_stops_the_start(settings: Settings) -> None:
    forever = {"cleanup_policy": "delete", "retention_ms": "-1"}
    make_topic(settings, partitions=3, **forever, max_message_bytes="200000")
    with pytest.raises(TopicMismatch, match=r"max\.message\.bytes=200000, but"):
        async with shop().opened(settings):
            pytest.fail("it has started")
