"""The checker folds events that came out of order as the live copy did."""

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
    """Run a till, and a shop that publishes nothing itself."""
    async with both(settings, till()) as running:
        yield running


async def publish(
    settings: Settings, pair: Pair, id: str, numbers: Sequence[int], *, item: str = "kopi"
) -> None:
    """Publish events of a basket with these numbers in this order, as a faulty shop would."""
    producer = EventProducer(settings, "shop")
    data = json.dumps({"buyer": f"buyer-of-{id}", "item": item, "price": 1})
    forged = replace(RECORDED, type=ItemAdded.type_name(), data=data)
    for number in numbers:
        await producer.publish([replace(forged, id=event_id("basket", id, number))])
    await asyncio.to_thread(producer.close)
    await settled(*pair)


async def findings(pair: Pair) -> list[str]:
    """Return the findings about the till without the faults of the log itself."""
    report = await check([(pair.till, pair.till.engine)])
    return [line for line in report.differences if "comes where number" not in line]


async def test_events_out_of_order_that_were_redriven_are_folded_in_order(
    pair: Pair, settings: Settings
) -> None:
    await publish(settings, pair, "b1", [1, 4, 3, 2])
    assert await findings(pair) == []
    redriven = await ParkedSubjects(pair.till.engine).redrive("b1", SITI)
    assert (redriven.taken, redriven.stopped) == (3, None)
    await publish(settings, pair, "b1", [5])
    assert await pair.till.load(baskets, "b1") == Seen(buyer="buyer-of-b1", total=5)
    assert await findings(pair) == []
    report = await check([(pair.till, pair.till.engine)])
    assert len(report.differences) == 3  # The log itself stays out of order.


async def test_a_lower_number_after_a_discarded_event_is_skipped(
    pair: Pair, settings: Settings
) -> None:
    await publish(settings, pair, "b1", [1, 3])
    (row,) = await pair.till.engine.inbox.parking.rows("b1")
    assert await ParkedSubjects(pair.till.engine).discard(row["_id"], SITI)
    await publish(settings, pair, "b1", [2, 4])
    assert await pair.till.load(baskets, "b1") == Seen(buyer="buyer-of-b1", total=2)
    assert await findings(pair) == []


async def test_an_event_redriven_before_a_later_discard_is_folded(
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
    assert await findings(pair) == []


async def test_an_event_out_of_order_that_is_not_parked_is_a_finding(
    pair: Pair, settings: Settings
) -> None:
    await publish(settings, pair, "b1", [1, 3])
    (row,) = await pair.till.engine.inbox.parking.rows("b1")
    await pair.till.engine.database.collection("parked").delete_one({"_id": row["_id"]})
    where = row["_id"].partition("/")[2]
    assert await findings(pair) == [
        f"till: mirror.basket b1: number 2 is due, and number 3 ({where}) is not parked",
        "till: mirror.basket b1: its flag is not what is parked of it",
    ]


async def test_an_event_that_the_code_cannot_fold_and_that_is_not_parked_is_a_finding(
    pair: Pair, settings: Settings
) -> None:
    await publish(settings, pair, "b1", [1], item="bug")
    await pair.till.engine.database.collection("parked").delete_many({})
    assert "cannot be folded: ZeroDivisionError" in (await findings(pair))[0]
