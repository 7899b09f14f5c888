"""Ask Kafka which partitions the members of a service's consumer group have."""

import asyncio

from confluent_kafka.admin import AdminClient

from shared.settings import Settings

Members = dict[str, set[tuple[str, int]]]
"""Topics and partitions by the id of the member."""


async def group_members(settings: Settings, service: str, *, version: int = 1) -> Members:
    """Return the members of this service's group, the dead as well until their sessions end."""
    return await asyncio.to_thread(_described, settings, f"{service}.v{version}")


def _described(settings: Settings, name: str) -> Members:
    group = f"{settings.namespace}-{name}"
    admin = AdminClient({"bootstrap.servers": settings.kafka_bootstrap_servers})
    description = admin.describe_consumer_groups([group])[group].result()
    return {
        member.member_id: {
            (partition.topic, partition.partition)
            for partition in member.assignment.topic_partitions
        }
        for member in description.members
    }
