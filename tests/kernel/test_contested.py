"""A reaction that met a conflict holds its aggregate, so that its second attempt succeeds."""

import asyncio
from collections.abc import Sequence
from typing import Any

from shared.kernel.decider import Context, Origin
from shared.settings import Settings
from shared.store.database import Session
from shared.store.documents import Loaded
from tests.given import NOW
from tests.kernel.example import AddItem, Bill, basket, bill, shop, till
from tests.settled import settled

HELD_SECONDS = 0.5


async def test_a_reaction_that_met_a_conflict_holds_the_aggregate(settings: Settings) -> None:
    async with shop().opened(settings) as selling, till().opened(settings) as billing:
        aggregates = billing.engine.commands["bill"].aggregates
        load_many = aggregates.load_many
        attempts: list[bool] = []
        others: list[asyncio.Task[Any]] = []

        async def disturbed(
            ids: Sequence[str], session: Session, *, contested: bool = False
        ) -> dict[str, Loaded[Any]]:
            found = await load_many(ids, session, contested=contested)
            attempts.append(contested)
            write = aggregates.collection.update_one({"_id": "ani"}, {"$inc": {"noise": 1}})
            other = asyncio.ensure_future(write)
            others.append(other)
            # The first time the other write is done before the reaction writes, so they conflict.
            # The second time the reaction holds the aggregate: the other write waits for it.
            await asyncio.wait([other], timeout=HELD_SECONDS if contested else None)
            return found

        async def sell(number: int) -> None:
            context = Context(now=NOW, origin=Origin.PERSON, actor="ani", key=f"{number}")
            await selling.handle(basket, f"b{number}", AddItem(item="kopi", price=1), context)
            await settled(selling, billing)
            assert await billing.load(bill, "ani") == Bill(amount=number, lines=number)

        await sell(1)
        aggregates.load_many = disturbed  # type: ignore[method-assign]  # disturbed, else the same
        await sell(2)
        await asyncio.gather(*others)
        assert attempts == [False, True]
