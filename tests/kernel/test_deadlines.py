"""A deadline fires once for all replicas, when the first of their clocks reaches it."""

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
from tests.settled import settled

BASKETS = 20
FAST = timedelta(minutes=7)
"""The clock of one replica is this far ahead of the other's."""


async def fill_and_seal(service: Service) -> None:
    """Fill and seal baskets that will be forgotten in an hour."""
    for number in range(BASKETS):
        id = f"b{number}"
        await service.handle(basket, id, AddItem(item="batik", price=1), person("1"))
        await service.handle(basket, id, SealBasket(hours=1), person("2"))


async def pasts(service: Service) -> list[list[str]]:
    """Return the event types of each basket in order, after all events are archived."""
    await settled(service)
    history = History(service.engine.database)
    all_pasts = [await history.of_subject("basket", f"b{number}") for number in range(BASKETS)]
    return [[event.type.split(".")[-2] for event in past] for past in all_pasts]


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
        await settled(slow, fast)
        once = ["item-added", "basket-sealed", "basket-forgotten"]
        assert await pasts(slow) == [once] * BASKETS
