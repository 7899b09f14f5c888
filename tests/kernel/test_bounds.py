"""Bounds of one process: of an event, a queue, a group, and of callers that wait."""

import asyncio
import time
from collections.abc import Callable

import pytest

from shared.kernel.answers import Answer
from shared.kernel.decider import Context
from shared.kernel.errors import Busy, TooLarge
from shared.kernel.recorded import EVENT_BYTES_MAX, record
from shared.service import commands, waiting
from tests.given import context
from tests.kernel.example import AddItem, ItemAdded, PriceList, basket, decide_by_price_list
from tests.kernel.test_loops import Pair, person

KOPI = AddItem(item="kopi", price=1)


def test_an_event_is_measured_in_bytes() -> None:
    two_bytes_each = ItemAdded(buyer="ani", item="é" * (EVENT_BYTES_MAX // 2), price=1)
    assert len(two_bytes_each.public_json()) < EVENT_BYTES_MAX
    with pytest.raises(TooLarge):
        record(two_bytes_each, 1, context(), None)
    in_private = two_bytes_each.model_copy(update={"item": "i", "note": two_bytes_each.item})
    with pytest.raises(TooLarge):
        record(in_private, 1, context(), None)
    half = two_bytes_each.model_copy(update={"item": "é" * (EVENT_BYTES_MAX // 2 - 500)})
    assert record(half, 1, context(), None).data == half.public_json()


class Queue:
    """Commands on one basket; the first of them waits for its facts until `go_on`."""

    def __init__(self, pair: Pair) -> None:
        self._pair = pair
        self._facts = asyncio.Event()
        self.go_on: Callable[[], None] = self._facts.set

    async def first(self) -> "asyncio.Task[Answer]":
        """Send the first command; return when it waits."""
        waits = asyncio.Event()

        async def facts() -> PriceList:
            waits.set()
            await self._facts.wait()
            return PriceList(most=100)

        handled = self._pair.shop.handle(
            basket, "b1", KOPI, person("first"), rule=decide_by_price_list, facts=facts
        )
        task = asyncio.create_task(handled)
        await waits.wait()
        return task

    async def further(self, by: Context) -> "asyncio.Task[Answer]":
        """Send a further command; return when it is in the queue."""
        task = asyncio.create_task(self._pair.shop.handle(basket, "b1", KOPI, by))
        await asyncio.sleep(0)
        return task


async def test_a_late_command_does_not_fail_its_group(pair: Pair) -> None:
    queue = Queue(pair)
    first = await queue.first()
    late = time.monotonic() - commands.TAKES_AT_MOST_SECONDS - 1
    begun = (time.monotonic(), late, time.monotonic())
    group = [await queue.further(person(f"{n}", begun=at)) for n, at in enumerate(begun)]
    queue.go_on()
    outcomes = await asyncio.gather(first, *group, return_exceptions=True)
    refused = [outcome for outcome in outcomes if isinstance(outcome, Busy)]
    assert [busy.code for busy in refused] == ["too-slow"]
    assert outcomes.index(refused[0]) == 2
    assert (await pair.shop.get(basket, "b1")).version == 3


async def test_a_queue_of_an_aggregate_is_bounded(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "QUEUE_MAX", 3)
    queue = Queue(pair)
    first = await queue.first()
    waiting = [await queue.further(person(f"{number}")) for number in range(3)]
    with pytest.raises(Busy, match="too-many-waiting"):
        await asyncio.wait_for(await queue.further(person("over")), 20)
    # Other aggregates have queues of their own.
    assert (await pair.shop.handle(basket, "b2", KOPI, person("1"))).version == 1
    queue.go_on()
    answers = await asyncio.gather(first, *waiting)
    assert [answer.version for answer in answers] == [1, 2, 3, 4]


async def test_the_queries_that_wait_for_versions_are_bounded(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "WAITING_MAX", 2)

    async def code(timeout_seconds: float) -> str:
        with pytest.raises(Busy) as busy:
            await pair.till.wait_until_applied("basket", "b1", 1, timeout_seconds)
        return busy.value.code

    codes = await asyncio.gather(code(1), code(1), code(1))
    assert list(codes) == ["not-heard-yet", "not-heard-yet", "too-many-waiting"]
    # Their places are free again.
    assert await code(0) == "not-heard-yet"
