"""An operator redrives parked events in order or discards them; the audit has every action."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from confluent_kafka import Producer

from shared.kernel.decider import Context
from shared.kernel.errors import Refused
from shared.kernel.folding import Batch
from shared.kernel.view import Reaction
from shared.messaging.topics import topic_name
from shared.operations.parked import ParkedSubjects
from shared.operations.verify import verify
from shared.service import Service
from shared.settings import Settings
from shared.store.checkpoints import Overtaken
from shared.store.parking import Operator
from tests.kernel.example import (
    AddItem,
    Bill,
    BillGrown,
    Buyer,
    GrowBill,
    ItemAdded,
    Seen,
    basket,
    baskets,
    bill,
    bill_it,
    bills,
    buyers,
    see,
    shop,
    spending,
    till,
    variety,
)
from tests.kernel.test_loops import Pair, person
from tests.settled import settled

SITI = Operator(by="siti", reason="the rule was repaired")
BASKETS = 8
"""So many subjects are redriven at once, each by two operators."""


def repaired_till() -> Service:
    """Make a till that takes the items "poison" and "bug" like any other."""

    def decide(command: GrowBill, state: Bill, context: Context) -> list[BillGrown]:
        return [BillGrown(amount=command.amount)]

    def evolve(state: Seen | None, event: ItemAdded) -> Seen:
        return see(state, event.model_copy(update={"item": "repaired"}))

    mirror = replace(baskets, evolve=evolve)
    return Service(
        "till",
        deciders=(replace(bill, decide=decide),),
        mirrors=(mirror, bills),
        views=(buyers,),
        tallies=(replace(spending, of=mirror), variety),
        reactions=(Reaction(name="bill-it", follows=ItemAdded, react=bill_it),),
    )


@asynccontextmanager
async def both(settings: Settings, follower: Service) -> AsyncIterator[Pair]:
    """Run a shop and this follower."""
    async with shop().opened(settings) as publisher, follower.opened(settings):
        yield Pair(shop=publisher, till=follower)


async def fill(pair: Pair, id: str, *items: str) -> None:
    """Add these items, each for 1, and wait until both services are settled."""
    for number, item in enumerate(items):
        add = AddItem(item=item, price=1, buyer=f"buyer-of-{id}")
        await pair.shop.handle(basket, id, add, person(f"{id}/{number}/{item}"))
    await settled(*pair)


async def parked(pair: Pair, subject: str | None = None) -> list[tuple[str, int, str, bool]]:
    """Return the parked events: subject, number, reason, folded."""
    rows = await pair.till.engine.inbox.parking.rows(subject)
    return [(row["subject"], row["sequence"], row["reason"], row["folded"]) for row in rows]


async def audit(pair: Pair) -> list[tuple[str, str, str]]:
    """Return the audit, oldest first: action, by, reason."""
    notes = await pair.till.engine.inbox.parking.interventions(100)
    return [(note["action"], note["by"], note["reason"]) for note in reversed(notes)]


async def whole(pair: Pair, id: str, items: int) -> None:
    """Check that mirror, view, tally and bill of a basket have all its items."""
    buyer = f"buyer-of-{id}"
    assert await pair.till.load(baskets, id) == Seen(buyer=buyer, total=items)
    assert len((await pair.till.load(buyers, buyer) or Buyer()).items) == items
    assert await pair.till.load(bill, buyer) == Bill(amount=items, lines=items)
    cells = await pair.till.tally(spending, buyer=buyer)
    assert cells[buyer,] == {"baskets": 1, "total": items}


async def test_a_refused_reaction_is_redriven_with_all_that_came_after_it(
    settings: Settings,
) -> None:
    async with both(settings, till()) as pair:
        await fill(pair, "b1", "batik", "poison", "kopi")
        await fill(pair, "b1", "teh")
        await fill(pair, "b2", "batik", "kopi")
        *behind, last = await parked(pair, "b1")
        # The third may be folded with the second or not: that depends on where a batch was cut.
        assert [row[:3] for row in behind] == [("b1", 2, "poison"), ("b1", 3, "subject-parked")]
        assert behind[0][3]
        assert last == ("b1", 4, "subject-parked", False)
        in_vain = await ParkedSubjects(pair.till.engine).redrive("b1", SITI)
        assert in_vain.taken == 0
        assert in_vain.stopped is not None
        assert in_vain.stopped["reason"] == "poison"
        assert (await pair.till.progress())["parked_subjects"] == 1
        await whole(pair, "b2", 2)
    async with both(settings, repaired_till()) as pair:
        redriven = await ParkedSubjects(pair.till.engine).redrive("b1", SITI)
        assert (redriven.taken, redriven.stopped) == (3, None)
        await settled(*pair)
        await whole(pair, "b1", 4)
        assert (await pair.till.progress())["parked_subjects"] == 0
        assert (await verify(pair.till.engine)).differences == []
        assert {note[1:] for note in await audit(pair)} == {("siti", "the rule was repaired")}
        again = await ParkedSubjects(pair.till.engine).redrive("b1", SITI)
        assert (again.taken, again.stopped) == (0, None)
        await fill(pair, "b1", "gula")
        await whole(pair, "b1", 5)


async def test_a_bug_stops_a_redrive_until_it_is_repaired(settings: Settings) -> None:
    async with both(settings, till()) as pair:
        await fill(pair, "b1", "batik", "bug", "kopi")
        in_vain = await ParkedSubjects(pair.till.engine).redrive("b1", SITI)
        assert in_vain.stopped is not None
        assert in_vain.stopped["detail"] == "ZeroDivisionError: a bug in evolve"
        assert await audit(pair) == [("redrive-in-vain", "siti", "the rule was repaired")]
    async with both(settings, repaired_till()) as pair:
        assert (await ParkedSubjects(pair.till.engine).redrive("b1", SITI)).taken == 2
        await settled(*pair)
        await whole(pair, "b1", 3)
        assert (await verify(pair.till.engine)).differences == []


async def test_a_discarded_event_is_passed_over_once_and_in_order(settings: Settings) -> None:
    async with both(settings, till()) as pair:
        await fill(pair, "b1", "batik", "bug", "kopi")
        operations = ParkedSubjects(pair.till.engine)
        first, second = await operations.parking.rows("b1")
        with pytest.raises(Refused, match="earlier-parked"):
            await operations.discard(second["_id"], SITI)
        assert await operations.discard(first["_id"], SITI)
        assert not await operations.discard(first["_id"], SITI)
        assert (await operations.redrive("b1", SITI)).stopped is None
        await settled(*pair)
        await whole(pair, "b1", 2)
        assert [note[0] for note in await audit(pair)] == ["discard", "redrive"]
        await fill(pair, "b1", "teh")
        await whole(pair, "b1", 3)


async def test_a_refused_reaction_can_be_discarded(settings: Settings) -> None:
    async with both(settings, till()) as pair:
        await fill(pair, "b1", "batik", "poison")
        (row,) = await pair.till.engine.inbox.parking.rows("b1")
        assert await ParkedSubjects(pair.till.engine).discard(row["_id"], SITI)
        await fill(pair, "b1", "kopi")
        assert await pair.till.load(baskets, "b1") == Seen(buyer="buyer-of-b1", total=3)
        assert await pair.till.load(bill, "buyer-of-b1") == Bill(amount=2, lines=2)


async def test_bytes_that_are_no_event_are_kept_shown_and_discarded(settings: Settings) -> None:
    async with both(settings, till()) as pair:
        await fill(pair, "b1", "batik")
        producer = Producer({"bootstrap.servers": settings.kafka_bootstrap_servers})
        producer.produce(topic_name(settings.namespace, "shop"), b"\xff\x00", key=b"b1")
        producer.flush()
        await settled(*pair)
        (row,) = await pair.till.engine.inbox.parking.rows("b1")
        assert (row["reason"], row["message"]["value"]) == ("undecodable", b"\xff\x00")
        assert (await ParkedSubjects(pair.till.engine).redrive("b1", SITI)).stopped is not None
        assert await ParkedSubjects(pair.till.engine).discard(row["_id"], SITI)
        await fill(pair, "b1", "kopi")
        await whole(pair, "b1", 2)


async def test_a_redrive_beside_a_busy_worker_loses_and_doubles_nothing(
    settings: Settings,
) -> None:
    small = settings.model_copy(update={"partitions": 1, "batch_events_max": 20})
    async with both(small, till()) as pair:
        for number in range(BASKETS):
            await fill(pair, f"b{number}", "batik", "poison", "kopi")
    async with both(small, repaired_till()) as pair:

        async def keep_publishing() -> None:
            for number in range(BASKETS):
                for item in range(10):
                    add = AddItem(item="teh", price=1, buyer=f"buyer-of-b{number}")
                    key = person(f"more/{number}/{item}")
                    await pair.shop.handle(basket, f"b{number}", add, key)

        async def redrive(number: int) -> Any:
            return await ParkedSubjects(pair.till.engine).redrive(f"b{number}", SITI)

        publishing = asyncio.create_task(keep_publishing())
        # Two operators redrive each subject at once while the shop publishes.
        await asyncio.gather(*(redrive(number) for number in range(BASKETS) for _ in range(2)))
        await publishing
        await settled(*pair)
        # Redrive the events that were parked because their subject still was.
        await asyncio.gather(*(redrive(number) for number in range(BASKETS)))
        await settled(*pair)
        for number in range(BASKETS):
            await whole(pair, f"b{number}", 13)
        assert (await verify(pair.till.engine)).differences == []


async def test_a_worker_never_writes_what_it_read_before_an_intervention(
    settings: Settings,
) -> None:
    async with both(settings, till()) as pair:
        await fill(pair, "b1", "batik", "bug", "kopi")
        operations = ParkedSubjects(pair.till.engine)
        (first, _) = await operations.parking.rows("b1")
        partition = ("shop", first["message"]["partition"])
        checkpoints = await operations.engine.inbox.checkpoints.of([partition])
        nothing_new = Batch(next_offsets={partition: checkpoints[partition].offset})
        await operations.engine.inbox.commit(nothing_new, checkpoints, {})
        assert await operations.discard(first["_id"], SITI)
        with pytest.raises(Overtaken):
            await operations.engine.inbox.commit(nothing_new, checkpoints, {})
