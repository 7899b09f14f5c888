"""A reaction and other writers at one aggregate: after one conflict it gets through."""

import asyncio
from collections.abc import Sequence
from typing import Any

from shared.kernel.decider import Context, Origin
from shared.settings import Settings
from shared.store.database import Session
from shared.store.documents import Loaded
from tests.conftest import eventually
from tests.given import NOW
from tests.kernel.example import AddItem, Bill, basket, bill, shop, till

INTERFERES_SECONDS = 0.5


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
            # Somebody else's write: it is done at once, or waits where the aggregate is held.
            await asyncio.wait([other], timeout=INTERFERES_SECONDS)
            return found

        async def billed(lines: int) -> bool:
            kept = await billing.load(bill, "ani")
            return kept == Bill(amount=lines, lines=lines) and bool(
                (await billing.progress())["caught_up"]
            )

        async def sell(number: int) -> None:
            context = Context(now=NOW, origin=Origin.PERSON, actor="ani", key=f"{number}")
            await selling.handle(basket, f"b{number}", AddItem(item="kopi", price=1), context)

        await sell(1)
        await eventually(lambda: billed(1))
        aggregates.load_many = disturbed  # type: ignore[method-assign]  # disturbed, else the same
        await sell(2)
        await eventually(lambda: billed(2))
        await asyncio.gather(*others)
        assert attempts == [False, True]
