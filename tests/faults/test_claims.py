"""A claim of two owners belongs to a single owner, even if a process dies or stops in between.

A claim is made before its owner is written. Here the owner's process goes missing between the two,
and another owner takes the claim over once it is old enough.
"""

import asyncio
import signal
from datetime import UTC, datetime

from shared.service.commands import TAKES_AT_MOST_SECONDS
from shared.settings import Settings
from shared.store.claims import ABANDONED_AFTER
from tests.faults.cast import WITHIN_SECONDS, Cast, cast
from tests.faults.points import AFTER, POINTS, Point
from tests.faults.processes import Nursery
from tests.long_tests import long_test
from tests.settled import settled

(KEPT,) = (point for point in POINTS if point.words == "a claim is kept")
TAKEN_OVER = Point(
    words="a claim is taken over",
    service="shop",
    site="Claims._take_over: self._collection.find_one_and_update",
    when=AFTER,
)
FIRST, SECOND = (
    {"key": key, "stand": "7", "basket": basket, "item": "batik", "price": 1, "buyer": "ani"}
    for key, basket in (("1", "first"), ("2", "second"))
)
TAKEN = {"refused": "stand-taken"}


async def grow_old(playing: Cast) -> None:
    """Make the claims as old as an abandoned claim."""
    claims = playing.databases.of("shop").database.collection("claims")
    await claims.update_many({}, {"$set": {"at": datetime.now(UTC) - ABANDONED_AFTER}})


async def belongs_to_the_second(playing: Cast) -> None:
    """Check that only the second owner has the batik, and that no other fault is found."""
    playing.callers.orders["2"] = SECOND
    playing.callers.answers["2"] = 1
    await settled(*playing.databases.engines, seconds=WITHIN_SECONDS)
    assert await playing.differences() == []


async def test_a_claim_whose_owner_died_is_taken_over_though_the_second_owner_dies_too(
    children: Nursery, module_settings: Settings
) -> None:
    async with cast(children, module_settings) as playing:
        await playing.start("till")
        dying = await playing.start("shop", KEPT)
        dying.order(FIRST)
        await dying.end()
        early = await playing.start("shop")
        assert await early.command(SECOND) == {"key": "2", **TAKEN}
        await early.stop()
        await grow_old(playing)
        dying = await playing.start("shop", TAKEN_OVER)
        dying.order(SECOND)
        await dying.end()
        last = await playing.start("shop")
        assert await last.command(FIRST) == {"key": "1", **TAKEN}
        assert await last.command(SECOND) == {"key": "2", "version": 1}
        await belongs_to_the_second(playing)


@long_test
async def test_an_owner_that_stood_still_until_its_claim_was_taken_over_writes_nothing(
    children: Nursery, module_settings: Settings
) -> None:
    async with cast(children, module_settings) as playing:
        await playing.start("till")
        zombie = await playing.start("shop", KEPT, signal.SIGSTOP)
        command = asyncio.create_task(zombie.command(FIRST))
        async with asyncio.timeout(WITHIN_SECONDS):
            await zombie.at.wait()
        await grow_old(playing)
        other = await playing.start("shop")
        assert await other.command(SECOND) == {"key": "2", "version": 1}
        await asyncio.sleep(TAKES_AT_MOST_SECONDS)
        zombie.signal(signal.SIGCONT)
        assert await command == {"key": "1", "refused": "too-slow"}
        assert await zombie.command(FIRST) == {"key": "1", **TAKEN}
        await belongs_to_the_second(playing)
