"""What is folded from the log, where it did not come in order: as the live copy took it."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

import pytest

from gelar.checking.check import check
from shared.kernel.recorded import event_id
from shared.messaging.producer import EventProducer
from shared.operations.parked import ParkedSubjects
from shared.settings import Settings
from tests.kernel.example import ItemAdded, Seen, baskets, till
from tests.kernel.test_loops import Pair
from tests.kernel.test_parked import SITI, both
from tests.kernel.test_wire import RECORDED
from tests.settled import settled


@pytest.fixture
async def pair(settings: Settings) -> AsyncIterator[Pair]:
    """A shop that says nothing itself, and a till."""
    async with both(settings, till()) as running:
        yield running


async def publish(
    settings: Settings, pair: Pair, id: str, numbers: Sequence[int], *, item: str = "kopi"
) -> None:
    """Events of a basket with these numbers, in this order, as a faulty shop would."""
    producer = EventProducer(settings, "shop")
    data = json.dumps({"buyer": f"buyer-of-{id}", "item": item, "price": 1})
    forged = replace(RECORDED, type=ItemAdded.type_name(), data=data)
    for number in numbers:
        await producer.publish([replace(forged, id=event_id("basket", id, number))])
    await asyncio.to_thread(producer.close)
    await settled(*pair)


async def found(pair: Pair) -> list[str]:
    """What the checker finds of the till, but for the faults of the log itself."""
    report = await check([(pair.till, pair.till.engine)])
    return [one for one in report.differences if "comes where number" not in one]


async def test_what_came_before_its_turn_and_was_redriven_is_folded_in_order(
    pair: Pair, settings: Settings
) -> None:
    await publish(settings, pair, "b1", [1, 4, 3, 2])
    assert await found(pair) == []
    redriven = await ParkedSubjects(pair.till.engine).redrive("b1", SITI)
    assert (redriven.taken, redriven.stopped) == (3, None)
    await publish(settings, pair, "b1", [5])
    assert await pair.till.load(baskets, "b1") == Seen(buyer="buyer-of-b1", total=5)
    assert await found(pair) == []
    report = await check([(pair.till, pair.till.engine)])
    assert len(report.differences) == 3  # The log has come in this order for ever.


async def test_what_came_after_a_later_one_was_given_up_is_passed_over_with_it(
    pair: Pair, settings: Settings
) -> None:
    await publish(settings, pair, "b1", [1, 3])
    (early,) = await pair.till.engine.inbox.parking.rows("b1")
    assert await ParkedSubjects(pair.till.engine).discard(early["_id"], SITI)
    await publish(settings, pair, "b1", [2, 4])
    assert await pair.till.load(baskets, "b1") == Seen(buyer="buyer-of-b1", total=2)
    assert await found(pair) == []


async def test_what_was_redriven_before_a_later_one_was_given_up_is_folded(
    pair: Pair, settings: Settings
) -> None:
    await publish(settings, pair, "b1", [1])
    await publish(settings, pair, "b1", [3], item="bug")
    await publish(settings, pair, "b1", [2])
    redriven = await ParkedSubjects(pair.till.engine).redrive("b1", SITI)
    assert redriven.taken == 1
    assert redriven.stopped is not None
    assert await ParkedSubjects(pair.till.engine).discard(redriven.stopped["_id"], SITI)
    await publish(settings, pair, "b1", [4])
    assert await pair.till.load(baskets, "b1") == Seen(buyer="buyer-of-b1", total=3)
    assert await found(pair) == []


async def test_what_waits_for_its_turn_and_is_not_parked_is_told(
    pair: Pair, settings: Settings
) -> None:
    await publish(settings, pair, "b1", [1, 3])
    (early,) = await pair.till.engine.inbox.parking.rows("b1")
    await pair.till.engine.database.collection("parked").delete_one({"_id": early["_id"]})
    where = early["_id"].partition("/")[2]
    assert await found(pair) == [
        f"till: mirror.basket b1: number 2 is due, and number 3 ({where}) is not parked",
        "till: mirror.basket b1: its flag is not what is parked of it",
    ]


async def test_what_the_code_cannot_fold_and_nobody_has_parked_is_told(
    pair: Pair, settings: Settings
) -> None:
    await publish(settings, pair, "b1", [1], item="bug")
    await pair.till.engine.database.collection("parked").delete_many({})
    assert "cannot be folded: ZeroDivisionError" in (await found(pair))[0]
