"""Reads that come together are one query, and each caller gets what it would get alone."""

import asyncio
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import replace

import pytest

from shared.settings import Settings
from shared.store import lookup
from shared.store.batched_reads import BatchedReads
from tests.kernel.example import AddItem, basket, shop
from tests.kernel.test_loops import person


class Shelf:
    """A store of numbers that is read when the test lets it."""

    def __init__(self) -> None:
        self.numbers = {"a": 1, "b": 2}
        self.queries: list[list[str]] = []
        self.open = asyncio.Event()

    async def read(self, keys: list[str]) -> Mapping[str, int | Exception]:
        self.queries.append(keys)
        found = {key: self.numbers.get(key, KeyError(key)) for key in keys}
        await self.open.wait()
        if "broken" in keys:
            raise OSError("the shelf is away")
        return found


async def all_wait() -> None:
    """Let the tasks run until each waits for its answer."""
    for _ in range(5):
        await asyncio.sleep(0)


async def test_reads_that_come_during_a_query_are_the_next_query() -> None:
    shelf = Shelf()
    reads = BatchedReads(shelf.read)
    first = asyncio.create_task(reads.of("a"))
    await all_wait()
    shelf.numbers["a"] = 10
    others = [asyncio.create_task(reads.of(key)) for key in ("b", "a", "b")]
    await all_wait()
    shelf.open.set()
    assert await asyncio.gather(first, *others) == [1, 2, 10, 2]
    assert shelf.queries == [["a"], ["b", "a"]]


async def test_an_error_of_a_key_reaches_its_caller_and_an_error_of_the_query_all_callers() -> None:
    shelf = Shelf()
    shelf.open.set()
    reads = BatchedReads(shelf.read)
    sound = await asyncio.gather(
        *(reads.of(key) for key in ("a", "missing", "b")), return_exceptions=True
    )
    assert [type(each) for each in sound] == [int, KeyError, int]
    away = await asyncio.gather(
        *(reads.of(key) for key in ("first", "a", "broken")), return_exceptions=True
    )
    assert [type(each) for each in away] == [OSError, OSError, OSError]
    assert await reads.of("a") == 1


async def test_a_caller_that_gives_up_leaves_the_others_their_answer() -> None:
    shelf = Shelf()
    reads = BatchedReads(shelf.read)
    gone, stays = (asyncio.create_task(reads.of("a")) for _ in range(2))
    await all_wait()
    gone.cancel()
    shelf.open.set()
    assert await stays == 1
    with pytest.raises(asyncio.CancelledError):
        await gone


async def test_a_query_that_hangs_keeps_only_its_own_callers_waiting() -> None:
    hangs = asyncio.Event()

    async def read(keys: list[str]) -> Mapping[str, int]:
        if "hangs" in keys:
            await hangs.wait()
        return dict.fromkeys(keys, 1)

    reads = BatchedReads(read)
    hanging = asyncio.create_task(reads.of("hangs"))
    await all_wait()
    for key in ("a", "b", "c"):
        assert await reads.of(key) == 1
    assert not hanging.done()
    hangs.set()
    assert await hanging == 1
    assert await reads.of("d") == 1


async def test_a_query_has_nothing_of_its_first_callers_context() -> None:
    deadline: ContextVar[str] = ContextVar("deadline", default="none")
    seen = []

    async def read(keys: list[str]) -> Mapping[str, int]:
        seen.append(deadline.get())
        return dict.fromkeys(keys, 1)

    reads = BatchedReads(read)
    deadline.set("that of the first caller")
    assert [await reads.of("a"), await reads.of("b")] == [1, 1]
    assert seen == ["none", "none"]


by_item = replace(basket, indexes=("items", "buyer", "status"))
"""Baskets that are also found by each of their items."""


async def test_pages_that_are_read_together_are_those_that_are_read_alone(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lookup, "PAGE", 4)
    service = replace(shop(), deciders=(by_item,))
    async with service.opened(settings):
        for number in range(12):
            for item in {0: ("kopi", "batik"), 1: ("kopi",), 2: ("sutra",)}[number % 3]:
                command = AddItem(item=item, price=1, buyer=f"buyer-{number % 3}")
                await service.handle(by_item, f"b{number:02}", command, person(f"{number}{item}"))

        async def ids(**equal: str) -> list[str]:
            return [found.id async for found in service.find_all(by_item, **equal)]

        items = ("sutra", "kopi", "batik", "sutra", "tenun")
        together = await asyncio.gather(*(ids(items=item) for item in items))
        assert together == [
            [f"b{number:02}" for number in range(12) if number % 3 in numbers]
            for numbers in ({2}, {0, 1}, {0}, {2}, ())
        ]
        buyers = await asyncio.gather(*(ids(buyer=f"buyer-{number}") for number in (0, 1, 2, 9)))
        assert [len(each) for each in buyers] == [4, 4, 4, 0]

        async def total(id: str) -> int | None:
            state = await service.load(by_item, id)
            return None if state is None else state.total

        totals = await asyncio.gather(*(total(id) for id in ("b00", "b01", "unknown", "b00")))
        assert totals == [2, 1, None, 2]


async def test_what_more_share_than_asked_is_passed_over(settings: Settings) -> None:
    service = replace(shop(), deciders=(by_item,))
    async with service.opened(settings):
        for number in range(5):
            items = ("kopi", "batik") if number < 2 else ("kopi", "sutra")
            for item in items:
                command = AddItem(item=item, price=1)
                await service.handle(by_item, f"b{number}", command, person(f"{number}{item}"))

        async def sharing(*values: str, at_most: int) -> list[str]:
            found = await service.find_sharing(by_item, "items", values, at_most=at_most)
            return [each.id for each in found]

        assert await sharing("batik", "kopi", at_most=4) == ["b0", "b1"]
        assert await sharing("batik", "kopi", at_most=5) == ["b0", "b1", "b2", "b3", "b4"]
        assert await sharing("sutra", "batik", "tenun", at_most=3) == ["b0", "b1", "b2", "b3", "b4"]
        assert await sharing("sutra", at_most=2) == []
        assert await sharing(at_most=2) == []
