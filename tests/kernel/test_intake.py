"""A worker that cannot keep up takes fewer events, and stays a member of its consumer group."""

import time

from shared.kernel.decider import Context, Origin
from shared.kernel.view import Mirror
from shared.service import Service
from shared.settings import Settings
from tests.conftest import eventually
from tests.given import NOW
from tests.kernel.example import AddItem, ItemAdded, Seen, basket, see, shop
from tests.members import group_members
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
    async with shop().opened(settings) as selling, till.opened(settings) as following:

        async def everything_is_assigned() -> bool:
            members = await group_members(settings, "till")
            return [len(partitions) for partitions in members.values()] == [settings.partitions]

        await eventually(everything_is_assigned)
        before = await group_members(settings, "till")
        for number, item in enumerate(("slow", "kopi", "teh")):
            context = Context(now=NOW, origin=Origin.PERSON, actor="ani", key=f"{number}")
            await selling.handle(basket, f"b{number}", AddItem(item=item, price=1), context)
        await settled(selling, following)
        assert await group_members(settings, "till") == before
        for number in range(3):
            assert await following.load(slow, f"b{number}") == Seen(buyer="ani", total=1)
