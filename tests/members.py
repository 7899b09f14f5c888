"""Ask Kafka which partitions the members of a service's consumer group have."""

import asyncio
import time

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import AdminClient, MemberDescription

from shared.settings import Settings
from tests.conftest import DEADLINE_SECONDS, pauses

Members = dict[str, set[tuple[str, int]]]
"""Topics and partitions by the id of the member."""

LOADING = (
    KafkaError.COORDINATOR_LOAD_IN_PROGRESS,
    KafkaError.COORDINATOR_NOT_AVAILABLE,
    KafkaError.NOT_COORDINATOR,
)
"""The answers of a broker that has not read its groups yet."""


async def group_shares(settings: Settings, service: str) -> list[str]:
    """Return `id: partitions it has of partitions it is to have` of each member of this group."""
    members = await asyncio.to_thread(_members, settings, f"{service}.v1")
    return [
        f"{member.member_id}: {len(member.assignment.topic_partitions)} of "
        f"{len(member.target_assignment.topic_partitions) if member.target_assignment else '?'}"
        for member in members
    ]


async def group_members(settings: Settings, service: str, *, version: int = 1) -> Members:
    """Return the members of this service's group, the dead as well until their sessions end."""
    return await asyncio.to_thread(_described, settings, f"{service}.v{version}")


def _described(settings: Settings, name: str) -> Members:
    return {
        member.member_id: {
            (partition.topic, partition.partition)
            for partition in member.assignment.topic_partitions
        }
        for member in _members(settings, name)
    }


def _members(settings: Settings, name: str) -> list[MemberDescription]:
    group = f"{settings.namespace}-{name}"
    admin = AdminClient({"bootstrap.servers": settings.kafka_bootstrap_servers})
    give_up_at = time.monotonic() + DEADLINE_SECONDS
    for pause in pauses():
        try:
            return list(admin.describe_consumer_groups([group])[group].result().members)
        except KafkaException as error:
            if error.args[0].code() not in LOADING or time.monotonic() > give_up_at:
                raise
        time.sleep(pause)
    raise AssertionError
