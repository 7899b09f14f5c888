"""Clusters of three: leader and primary are killed in turn under load, and replicas are lost."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

from shared.messaging.durability import WANTED
from shared.messaging.topics import topic_name
from shared.settings import Settings
from tests.faults.cast import cast
from tests.faults.clusters import MEMBERS, clusters
from tests.faults.processes import Nursery
from tests.long_tests import longest_test

ROUNDS = 2
AWAY_SECONDS = 4.0
"""Longer than an election takes."""

PAIR = [1, 2]
"""The replicas of the topics whose loss is shown; the third broker only keeps the quorum."""

CARELESS = {"min.insync.replicas": "1", "unclean.leader.election.enable": "true"}
CAREFUL = WANTED | {"min.insync.replicas": "2"}
WITHIN_SECONDS = 60.0


@longest_test
async def test_leaders_and_primaries_that_are_killed_under_load_lose_nothing(
    children: Nursery, module_path: Path
) -> None:
    with clusters(module_path) as three:
        settings = Settings(
            environment="local",
            kafka_bootstrap_servers=three.kafka_bootstrap,
            mongo_uri=three.mongo_uri,
            parts="worker",
            partitions=3,
            replication_factor=len(MEMBERS),
            sweep_seconds=0.2,
        )
        async with cast(children, settings) as playing:
            await asyncio.gather(playing.start("shop"), playing.start("till"))
            playing.ask()
            topic = topic_name(playing.settings.namespace, "shop")
            for number in range(2 * ROUNDS):
                await asyncio.sleep(1)
                leads = three.primary if number % 2 else lambda: three.leader(topic)
                killed = await asyncio.to_thread(leads)
                killed.kill()
                await asyncio.sleep(AWAY_SECONDS)
                await asyncio.to_thread(killed.start)
            await playing.wait_until_settled()
            assert await playing.differences() == []
            assert playing.callers.refusals.keys() <= {"database-unavailable"}
            assert not any(process.gone for process in playing.processes)


def acknowledged(bootstrap: str, topic: str, text: bytes) -> bool:
    """Send a message, and return True if all replicas in sync have acknowledged it."""
    outcome: list[bool] = []
    producer = Producer(
        {"bootstrap.servers": bootstrap, "acks": "all", "message.timeout.ms": 8_000, "log_level": 0}
    )
    producer.produce(topic, text, callback=lambda error, _: outcome.append(error is None))
    producer.flush()
    return outcome == [True]


def messages(bootstrap: str, topic: str) -> list[bytes | None]:
    """Return all messages of a topic of one partition."""
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": "all", "log_level": 0})
    try:
        partition = TopicPartition(topic, 0, 0)
        _, end = consumer.get_watermark_offsets(partition, 10)
        consumer.assign([partition])
        return [message.value() for message in consumer.consume(end, 10)] if end else []
    finally:
        consumer.close()


async def until(holds: Callable[[], bool]) -> None:
    """Wait until this holds; a cluster without a leader does not answer."""

    def held() -> bool:
        try:
            return holds()
        except KafkaException:
            return False

    async with asyncio.timeout(WITHIN_SECONDS):
        while not await asyncio.to_thread(held):  # noqa: ASYNC110 - the brokers' own
            await asyncio.sleep(0.5)


@longest_test
async def test_an_acknowledged_message_survives_a_broker_only_where_two_must_acknowledge(
    module_path: Path,
) -> None:
    with clusters(module_path) as three:
        bootstrap, (first, second, _) = three.kafka_bootstrap, three.brokers
        admin = AdminClient({"bootstrap.servers": bootstrap, "log_level": 0})
        topics = {"careless": CARELESS, "careful": CAREFUL}
        new = [
            NewTopic(name, 1, replica_assignment=[PAIR], config=config)
            for name, config in topics.items()
        ]
        for made in admin.create_topics(new).values():
            await asyncio.to_thread(made.result)

        def in_sync(name: str) -> set[int]:
            # A topic that was created just now may be missing in the metadata of a broker.
            topic = admin.list_topics(name, timeout=5).topics.get(name)
            partition = topic.partitions.get(0) if topic else None
            return set(partition.isrs) if partition else set()

        await until(lambda: all(in_sync(name) == set(PAIR) for name in topics))
        for name in topics:
            assert await asyncio.to_thread(acknowledged, bootstrap, name, b"before")
        # The second broker is lost, and the first is alone in sync.
        second.kill()
        await until(lambda: all(in_sync(name) == {1} for name in topics))
        assert await asyncio.to_thread(acknowledged, bootstrap, "careless", b"alone")
        assert not await asyncio.to_thread(acknowledged, bootstrap, "careful", b"alone")
        # Then the first is lost, and the second comes back without what it has missed.
        first.kill()
        second.launch()
        await until(lambda: messages(bootstrap, "careless") == [b"before"])
        first.launch()
        await until(lambda: in_sync("careful") == set(PAIR))
        assert await asyncio.to_thread(acknowledged, bootstrap, "careful", b"again")
        assert messages(bootstrap, "careless") == [b"before"]
        assert b"before" in messages(bootstrap, "careful")
        assert b"again" in messages(bootstrap, "careful")
