"""Deadlines: once for all replicas, by whichever clock reaches them first."""

from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path

from shared.clock import write_clock
from shared.settings import Settings
from shared.store.history import History
from shared.testing import NOW
from tests.conftest import eventually
from tests.kernel.example import AddItem, SealBasket, basket, shop
from tests.kernel.test_loops import person

BASKETS = 20
FAST = timedelta(minutes=7)
"""How far the clock of one replica is ahead of the other's."""


async def test_they_fire_once_though_the_clocks_of_the_replicas_differ(
    settings: Settings, tmp_path: Path
) -> None:
    clocks = tmp_path / "slow", tmp_path / "fast"
    async with AsyncExitStack() as stack:
        for clock in clocks:
            write_clock(clock, NOW)
        slow, fast = [
            await stack.enter_async_context(
                shop().opened(settings.model_copy(update={"clock_file": clock}))
            )
            for clock in clocks
        ]
        for number in range(BASKETS):
            id = f"b{number}"
            await slow.handle(basket, id, AddItem(item="batik", price=1), person("1"))
            await slow.handle(basket, id, SealBasket(hours=1), person("2"))
        # The fast clock is past the hour, the slow one is not: it must neither hinder nor repeat.
        write_clock(clocks[1], NOW + timedelta(hours=1) + FAST / 2)
        write_clock(clocks[0], NOW + timedelta(hours=1) - FAST / 2)

        async def forgotten() -> bool:
            return await slow.count(basket, status="forgotten") == BASKETS

        await eventually(forgotten)
        write_clock(clocks[0], NOW + timedelta(hours=1) + FAST / 2)

        async def swept() -> bool:
            progress = await slow.progress(), await fast.progress()
            return all(not one["deadlines_overdue"] for one in progress)

        await eventually(swept)
        assert {one.version for one in await slow.find(basket, limit=BASKETS)} == {3}

        async def published() -> bool:
            return not (await slow.progress())["outboxes_waiting"]

        await eventually(published)
        history = History(slow.engine.database)
        past = [await history.of_subject("basket", f"b{number}") for number in range(BASKETS)]
        last = {one[-1].type for one in past}
        assert last == {"id.go.kukm.shop.basket-forgotten.v1"}
        assert {len(one) for one in past} == {3}
