"""Deadlines: once for all replicas, by whichever clock reaches them first."""

from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path

from shared.clock import write_clock
from shared.service import Service
from shared.settings import Settings
from shared.store.history import History
from tests.conftest import eventually
from tests.given import NOW
from tests.kernel.example import AddItem, SealBasket, basket, shop
from tests.kernel.test_loops import person

BASKETS = 20
FAST = timedelta(minutes=7)
"""How far the clock of one replica is ahead of the other's."""


async def fill_and_seal(service: Service) -> None:
    """Baskets that will be forgotten in an hour."""
    for number in range(BASKETS):
        id = f"b{number}"
        await service.handle(basket, id, AddItem(item="batik", price=1), person("1"))
        await service.handle(basket, id, SealBasket(hours=1), person("2"))


async def pasts(service: Service) -> list[list[str]]:
    """What has happened to each basket, once all is archived."""

    async def published() -> bool:
        return not (await service.progress())["outboxes_waiting"]

    await eventually(published)
    history = History(service.engine.database)
    found = [await history.of_subject("basket", f"b{number}") for number in range(BASKETS)]
    return [[one.type.split(".")[-2] for one in past] for past in found]


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
        await fill_and_seal(slow)
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
        once = ["item-added", "basket-sealed", "basket-forgotten"]
        assert await pasts(slow) == [once] * BASKETS
