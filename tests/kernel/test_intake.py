"""A worker that cannot keep up takes fewer events, and stays a member of its consumer group."""

import asyncio
import time
from typing import Any

from confluent_kafka.admin import AdminClient

from shared.kernel.decider import Context, Origin
from shared.kernel.view import Mirror
from shared.service import Service
from shared.settings import Settings
from tests.conftest import eventually
from tests.given import NOW
from tests.kernel.example import AddItem, ItemAdded, Seen, basket, see, shop
from tests.settled import settled

STUCK_SECONDS = 8.0
"""Longer than a consumer's session at the local broker (6 s)."""


def see_slowly(state: Seen | None, event: ItemAdded) -> Seen:
    """Fold like `see`, but block the thread on the item "slow"."""
    if event.item == "slow":
        time.sleep(STUCK_SECONDS)
    return see(state, event)


async def test_a_worker_that_cannot_keep_up_keeps_its_partitions(settings: Settings) -> None:
    slow = Mirror(follows=ItemAdded, state=Seen, evolve=see_slowly)
    till = Service("till", deciders=(), mirrors=(slow,))
    group = f"{settings.namespace}-till.v1"
    admin = AdminClient({"bootstrap.servers": settings.kafka_bootstrap_servers})
    async with shop().opened(settings) as selling, till.opened(settings) as following:

        async def everything_is_assigned() -> bool:
            members = await asyncio.to_thread(_members, admin, group)
            return [len(partitions) for _, partitions in members] == [settings.partitions]

        await eventually(everything_is_assigned)
        before = await asyncio.to_thread(_members, admin, group)
        for number, item in enumerate(("slow", "kopi", "teh")):
            context = Context(now=NOW, origin=Origin.PERSON, actor="ani", key=f"{number}")
            await selling.handle(basket, f"b{number}", AddItem(item=item, price=1), context)
        await settled(selling, following)
        assert await asyncio.to_thread(_members, admin, group) == before
        for number in range(3):
            assert await following.load(slow, f"b{number}") == Seen(buyer="ani", total=1)


def _members(admin: AdminClient, group: str) -> list[tuple[str, list[Any]]]:
    description = admin.describe_consumer_groups([group])[group].result()
    return [
        (
            member.member_id,
            sorted((given.topic, given.partition) for given in member.assignment.topic_partitions),
        )
        for member in description.members
    ]
