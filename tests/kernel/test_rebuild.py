"""A rebuild beside the live copy has the same figures, loses nothing and repeats no reaction."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from shared.kernel.errors import Busy, Refused
from shared.kernel.folding import Batch
from shared.operations.parked import ParkedSubjects
from shared.operations.rebuild import Rebuild
from shared.operations.refolding import CannotFold
from shared.operations.verify import verify
from shared.service import Service
from shared.settings import Settings
from shared.store.checkpoints import NOWHERE, Overtaken
from shared.store.generations import Generations, NotBuilding
from tests.conftest import eventually
from tests.kernel.example import (
    AddItem,
    ItemAdded,
    Seen,
    basket,
    baskets,
    bill,
    buyers,
    see,
    spending,
    till,
)
from tests.kernel.test_loops import Pair, person
from tests.kernel.test_parked import SITI, both, fill, repaired_till, whole
from tests.settled import settled


def rebuild_of(service: Service, settings: Settings) -> Rebuild:
    """Make a rebuild of the running till; a test may give it other code."""
    return Rebuild(
        service=service,
        settings=settings,
        database=service.engine.database,
        generations=service.engine.generations,
    )


def silent(done: int, of: int) -> None:
    """Ignore the progress."""


@asynccontextmanager
async def publishing(pair: Pair, baskets_count: int = 20) -> AsyncIterator[None]:
    """Let the shop add items to its baskets until the block ends."""
    stop = asyncio.Event()

    async def publish() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            id = f"b{number % baskets_count}"
            add = AddItem(item="teh", price=1, buyer=f"buyer-of-{id}")
            await pair.shop.handle(basket, id, add, person(f"busy/{number}"))

    task = asyncio.create_task(publish())
    try:
        yield
    finally:
        stop.set()
        await task


async def moved_on(pair: Pair, generation: int) -> None:
    """Wait until the till reads the copy of this generation."""

    async def is_there() -> bool:
        return pair.till.engine.projection.generation.number == generation

    await eventually(is_there)


async def figures(pair: Pair) -> tuple[object, ...]:
    """Return all mirrors, views, bills, figures and the number of parked subjects of the till."""
    seen = await pair.till.find(baskets, limit=1000)
    bought = await pair.till.find(buyers, limit=1000)
    bills = await pair.till.find(bill, limit=1000)
    stuck = (await pair.till.progress())["parked_subjects"]
    return seen, bought, bills, await pair.till.tally(spending), stuck


async def only_discarded_items_are_missing(pair: Pair, number: int) -> None:
    """Check that a basket was billed whole, but for the discarded item of basket 3."""
    seen = await pair.till.load(baskets, f"b{number}")
    billed = await pair.till.load(bill, f"buyer-of-b{number}")
    assert seen is not None
    assert billed is not None
    assert seen.total == billed.amount
    in_basket = (await pair.shop.get(basket, f"b{number}")).state.total
    assert in_basket - seen.total == (1 if number == 3 else 0)


async def test_a_rebuild_is_swapped_in_beside_a_live_copy_under_load(
    settings: Settings,
) -> None:
    async with both(settings, till()) as pair:
        await fill(pair, "b1", "batik", "bug", "kopi")
        await fill(pair, "b2", "batik", "poison", "kopi")
        await fill(pair, "b3", "batik", "bug", "kopi")
        (row, _) = await pair.till.engine.inbox.parking.rows("b3")
        assert await ParkedSubjects(pair.till.engine).discard(row["_id"], SITI)
        async with publishing(pair):
            found = await rebuild_of(pair.till, settings).run(silent)
            assert found is not None
            assert found.named == []
            assert found.compared["mirror.basket"] >= 3
            assert await pair.till.engine.generations.building() is None
        await moved_on(pair, 2)
        # The worker turns to the new copy with its next batch.
        await fill(pair, "another", "teh")
        assert pair.till.engine.worker is not None
        assert pair.till.engine.worker.projection.generation.number == 2
        assert (await verify(pair.till.engine)).differences == []
        live = await figures(pair)
        await rebuild_of(pair.till, settings).run(silent)

        async def again() -> bool:
            return await figures(pair) == live

        await eventually(again)
    async with both(settings, repaired_till()) as pair:
        for id in ("b1", "b2", "b3"):
            assert (await ParkedSubjects(pair.till.engine).redrive(id, SITI)).stopped is None
        await settled(*pair)
        assert (await verify(pair.till.engine)).differences == []
        for number in range(20):
            await only_discarded_items_are_missing(pair, number)


async def test_a_rebuild_names_damaged_rows_and_repairs_them(settings: Settings) -> None:
    async with both(settings, till()) as pair:
        for id in ("b1", "b2"):
            await fill(pair, id, "batik", "kopi")
        projection = pair.till.engine.projection
        await projection.collection("mirror.basket").update_one(
            {"_id": "b1"}, {"$set": {"state.total": 7}}
        )
        await projection.collection("tally.spending").delete_many(
            {"_id": {"$regex": "buyer-of-b2"}}
        )
        found = await rebuild_of(pair.till, settings).run(silent)
        assert found is not None
        assert found.differing == {"mirror.basket": 1, "tally.spending": 1}
        assert found.named[0] == "mirror.basket b1"

        async def right() -> bool:
            return await pair.till.load(baskets, "b1") == Seen(buyer="buyer-of-b1", total=2)

        await eventually(right)
        await whole(pair, "b2", 2)
        assert await pair.till.engine.generations.drop_old() == [1]
        names = await pair.till.engine.database.collection_names()
        assert [name for name in names if name.startswith("v1.")] == []
        await fill(pair, "b1", "teh")
        await whole(pair, "b1", 3)


def counting_till(version: int) -> Service:
    """Make a till whose mirror counts each price a hundredfold."""

    def count(state: Seen | None, event: ItemAdded) -> Seen:
        return see(state, event.model_copy(update={"price": 100 * event.price}))

    mirror = replace(baskets, evolve=count)
    return Service(
        "till",
        deciders=(bill,),
        mirrors=(mirror,),
        tallies=(replace(spending, of=mirror),),
        version=version,
    )


async def test_a_newer_version_waits_and_takes_over_and_the_older_one_serves_on(
    settings: Settings,
) -> None:
    newer = counting_till(version=2)
    async with both(settings, till()) as pair, newer.opened(settings):
        await fill(pair, "b1", "batik")
        reason = await newer.not_ready_reason() or ""
        assert "run `gelar rebuild run till`" in reason
        with pytest.raises(Busy, match="not-ready"):
            await newer.load(newer.mirrors[0], "b1")
        rebuild = rebuild_of(pair.till, settings)
        rebuild.service = newer
        rebuild.generations = Generations(rebuild.database, service="till", version=2)
        found = await rebuild.run(silent)
        assert found is not None
        assert found.differing["mirror.basket"] == 1

        async def has_taken_over() -> bool:
            handed_over = pair.till.engine.handed_over is not None
            return await newer.not_ready_reason() is None and handed_over

        await eventually(has_taken_over)
        assert await newer.load(newer.mirrors[0], "b1") == Seen(buyer="buyer-of-b1", total=100)
        await pair.shop.handle(basket, "b1", AddItem(item="teh", price=1), person("9"))
        await settled(pair.shop, newer)
        assert (await newer.get(newer.mirrors[0], "b1")).state.total == 200
        # The older process has not ended: it serves what it has, until it is stopped.
        assert await pair.till.not_ready_reason() is None
        assert await pair.till.load(baskets, "b1") == Seen(buyer="buyer-of-b1", total=1)
    async with till().opened(settings) as older:
        reason = await older.not_ready_reason() or ""
        assert "version 2 of till's projection is live" in reason
    assert "version" not in {task.get_name() for task in asyncio.all_tasks()}, "it waits for ever"


class Interrupted(Exception):
    """The operator interrupts the rebuild."""


async def test_an_interrupted_rebuild_continues_where_it_stopped(settings: Settings) -> None:
    single = settings.model_copy(update={"partitions": 1})
    async with both(single, till()) as pair:
        await asyncio.gather(*(fill(pair, f"b{n}", *(["batik"] * 120)) for n in range(10)))
        read: list[int] = []

        def interrupt(done: int, of: int) -> None:
            read.append(done)
            raise Interrupted

        with pytest.raises(Interrupted):
            await rebuild_of(pair.till, single).run(interrupt)
        assert 0 < read[0] <= 1000
        with pytest.raises(Refused, match="rebuild-under-way"):
            await intervening(pair)
        begins: list[int] = []
        await rebuild_of(pair.till, single).run(lambda done, of: begins.append(done))
        assert begins[0] > read[0]
        for number in range(10):
            await whole(pair, f"b{number}", 120)


async def intervening(pair: Pair) -> None:
    """Take part in a transaction as a redrive does."""
    await pair.till.engine.database.transaction(pair.till.engine.generations.intervene)


async def test_an_abandoned_rebuild_leaves_nothing_and_cannot_be_swapped_in(
    settings: Settings,
) -> None:
    async with both(settings, till()) as pair:
        await fill(pair, "b1", "batik", "kopi")
        rebuild = rebuild_of(pair.till, settings)

        def abandon(step: Callable[[], Awaitable[object]]) -> Callable[[int, int], None]:
            def report_progress(done: int, of: int) -> None:
                abandoned.append(asyncio.ensure_future(step()))

            return report_progress

        abandoned: list[asyncio.Future[object]] = []
        with pytest.raises(NotBuilding):
            await rebuild.run(abandon(rebuild.generations.abandon))
        await asyncio.gather(*abandoned)
        assert await pair.till.engine.generations.abandon() is None
        await intervening(pair)
        await fill(pair, "b1", "teh")
        await whole(pair, "b1", 3)


async def test_an_event_that_the_new_code_cannot_fold_stops_the_rebuild_and_not_the_live_copy(
    settings: Settings,
) -> None:
    async with both(settings, repaired_till()) as pair:
        await fill(pair, "b1", "batik", "bug", "kopi")
        rebuild = rebuild_of(pair.till, settings)
        rebuild.service = till()
        with pytest.raises(CannotFold, match="a bug in evolve"):
            await rebuild.run(silent)
        assert await pair.till.engine.generations.building() is None
        await fill(pair, "b1", "teh")
        await whole(pair, "b1", 4)


async def test_a_worker_on_the_old_copy_can_write_nothing_after_the_swap(
    settings: Settings,
) -> None:
    async with both(settings, till()) as pair:
        await fill(pair, "b1", "batik", "kopi")
        on_old_copy = pair.till.engine.inbox
        partitions = [("shop", number) for number in range(settings.partitions)]
        checkpoints = await on_old_copy.checkpoints.of(partitions)
        await rebuild_of(pair.till, settings).run(silent)
        assert on_old_copy.generation.number == 1
        for partition in partitions:
            again = Batch(next_offsets={partition: checkpoints.get(partition, NOWHERE).offset + 1})
            for begins_at in (checkpoints, {}):
                with pytest.raises(Overtaken):
                    await on_old_copy.commit(again, begins_at, {})
