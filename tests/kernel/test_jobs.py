"""A job's rows are done by lease, each with one outcome, and the job finishes with their number."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from shared.kernel.decider import Decider
from shared.kernel.jobs import Job
from shared.service import Service
from shared.settings import Settings
from shared.store.history import History
from tests.conftest import eventually
from tests.kernel.deliveries import (
    LATE,
    CancelDelivery,
    Delivery,
    deliver,
    delivering_shop,
    delivery,
    finish,
    request,
    rows_of,
)
from tests.kernel.example import SealBasket, basket
from tests.kernel.test_loops import person
from tests.settled import settled

ITEMS = [(f"kopi-{number}", f"b{number % 7}") for number in range(60)]


async def outcomes(service: Service, id: str) -> list[tuple[int, str | None, object]]:
    """Return number, outcome and code of each row that a reader sees."""
    found = await service.job_rows(delivery).page(id, outcome=None, after="", limit=500)
    return [
        (row.state.number, row.state.outcome, row.state.shown.get("code"))
        for row in found
        if row.state
    ]


async def delivered(service: Service) -> list[str]:
    """Return every item in a basket."""
    return sorted([item async for found in service.find_all(basket) for item in found.state.items])


def both(items: list[tuple[str, str]]) -> list[str]:
    """Return what these rows put into baskets."""
    return sorted([step for item, _ in items for step in (item, f"label of {item}")])


async def test_every_row_is_done_once_and_two_workers_share_nothing(settings: Settings) -> None:
    first, second = delivering_shop(), delivering_shop()
    async with first.opened(settings), second.opened(settings):
        await request(first, "d1", ITEMS)
        await settled(first, second)
        expected = Delivery(status="FINISHED", run=1, outcomes={"DELIVERED": len(ITEMS)})
        assert await first.load(delivery, "d1") == expected
        assert await outcomes(first, "d1") == [(n + 1, "DELIVERED", None) for n in range(60)]
        assert await delivered(first) == both(ITEMS)


async def test_an_error_of_a_row_never_stops_the_others(settings: Settings) -> None:
    service = delivering_shop()
    async with service.opened(settings):
        await request(service, "d0", [("gula", "full")])
        await settled(service)
        await service.handle(basket, "full", SealBasket(), person("seal"))
        await request(service, "d1", [("a", "b1"), ("bomb", "b1"), ("c", "full"), ("d", "b1")])
        await settled(service)
        assert await outcomes(service, "d1") == [
            (1, "DELIVERED", None),
            (2, "FAILED", "failed"),
            (3, "REFUSED", "basket-sealed"),
            (4, "DELIVERED", None),
        ]
        expected = {"DELIVERED": 2, "FAILED": 1, "REFUSED": 1}
        assert (await service.get(delivery, "d1")).state == Delivery(
            status="FINISHED", outcomes=expected
        )


async def test_a_row_whose_error_may_pass_is_done_later(settings: Settings) -> None:
    service = delivering_shop()
    LATE.add("late")
    async with service.opened(settings):
        await request(service, "d1", [("late", "b1"), ("kopi", "b1")])

        async def the_other_is_done() -> bool:
            return await outcomes(service, "d1") == [(1, None, None), (2, "DELIVERED", None)]

        await eventually(the_other_is_done)
        progress = await service.progress()
        assert (progress["jobs_running"], progress["job_rows_left"]) == (1, 1)
        assert not progress["caught_up"]
        LATE.clear()
        await settled(service)
        assert await delivered(service) == both([("late", "b1"), ("kopi", "b1")])


async def test_a_cancelled_job_stops_and_goes_on_when_it_is_asked_for_again(
    settings: Settings,
) -> None:
    service = delivering_shop()
    items = [("late", "b1"), ("kopi", "b1")]
    LATE.add("late")
    async with service.opened(settings):
        await request(service, "d1", items)
        await service.handle(delivery, "d1", CancelDelivery(), person("cancel"))
        LATE.clear()
        await settled(service)
        assert (1, None, None) in await outcomes(service, "d1")
        await request(service, "d1", items)
        await settled(service)
        assert await outcomes(service, "d1") == [(1, "DELIVERED", None), (2, "DELIVERED", None)]
        assert await delivered(service) == both(items)


async def test_a_refused_row_is_tried_again_when_its_job_is_asked_for_again(
    settings: Settings,
) -> None:
    service = delivering_shop()
    items = [("bomb", "b1"), ("kopi", "b1")]
    async with service.opened(settings):
        await request(service, "d1", items)
        await settled(service)
        await request(service, "d1", items)
        await settled(service)
        found = await service.job_rows(delivery).page("d1", outcome="FAILED", after="", limit=9)
        assert [(row.id, row.version) for row in found] == [("d1.00001", 2)]
        assert await delivered(service) == both(items[1:])


async def test_done_rows_lose_their_data_and_history_names_the_row(settings: Settings) -> None:
    service = delivering_shop()
    async with service.opened(settings):
        await request(service, "d1", [("kopi", "b1"), ("bomb", "b1")])
        await settled(service)
        rows = service.engine.database.collection("delivery.rows").find({}).sort("_id", 1)
        assert [row.get("data") async for row in rows] == [None, {"item": "bomb", "basket": "b1"}]
        past = await History(service.engine.database).of_subject("basket", "b1")
        assert len({event.correlation for event in past}) == 1


async def test_rows_of_a_job_that_was_never_made_are_removed(settings: Settings) -> None:
    service = delivering_shop()
    async with service.opened(settings):
        await request(service, "d1", [("bomb", "b1")])
        await settled(service)
        rows = service.job_rows(delivery)
        collection = service.engine.database.collection("delivery.rows")
        long_ago = datetime.now(UTC) - timedelta(days=2)
        await collection.insert_one({"_id": "d2.00001", "job": "d2", "unasked": long_ago})
        await collection.insert_one({"_id": "d2.00002", "job": "d2"})
        await collection.update_one({"_id": "d1.00001"}, {"$set": {"unasked": long_ago}})
        assert await rows.remove_unasked() == 1
        assert [row["_id"] async for row in collection.find({})] == ["d1.00001"]


async def test_rows_that_come_again_after_a_day_stay_for_their_job(settings: Settings) -> None:
    service = delivering_shop()
    async with service.opened(settings):
        rows = service.job_rows(delivery)
        collection = service.engine.database.collection("delivery.rows")
        long_ago = datetime.now(UTC) - timedelta(days=2)
        for number in range(20):
            # The process that stored them died before it asked for the job; a day later the same
            # request comes again, just while a worker looks for rows to remove.
            id = f"d{number}"
            added = rows_of(id, ITEMS)
            await rows.add(added)
            await collection.update_one({"_id": f"{id}.00001"}, {"$set": {"unasked": long_ago}})
            await asyncio.gather(rows.add(added), rows.remove_unasked())
            assert await collection.count_documents({"job": id}) == len(ITEMS)
            assert await rows.remove_unasked() == 0
        await request(service, "d0", ITEMS)
        await settled(service)
        assert await delivered(service) == both(ITEMS)


async def test_old_data_of_rows_that_were_not_done_are_removed_and_come_again(
    settings: Settings,
) -> None:
    service = delivering_shop()
    async with service.opened(settings):
        rows = service.job_rows(delivery)
        collection = service.engine.database.collection("delivery.rows")
        await request(service, "d0", [("gula", "full")])
        await settled(service)
        await service.handle(basket, "full", SealBasket(), person("seal"))
        items = [("kopi", "b1"), ("bomb", "b1"), ("teh", "full")]
        await request(service, "d1", items)
        await settled(service)
        before = await outcomes(service, "d1")
        assert before == [
            (1, "DELIVERED", None),
            (2, "FAILED", "failed"),
            (3, "REFUSED", "basket-sealed"),
        ]
        assert await rows.forget() == 0
        long_ago = datetime.now(UTC) - timedelta(days=1)
        due = {"job": "d1", "final": False}
        await collection.update_many(due, {"$set": {"forget_at": long_ago}})
        assert await rows.forget() == 1
        assert await collection.count_documents({"data": {"$exists": True}}) == 0
        assert await outcomes(service, "d1") == before
        await request(service, "d1", items)
        await settled(service)
        assert await outcomes(service, "d1") == before
        kept = collection.find({"data": {"$exists": True}}, {"number": 1, "forget_at": 1})
        assert [row["number"] async for row in kept if row["forget_at"] > long_ago] == [2, 3]
        assert await delivered(service) == both([("gula", "full"), ("kopi", "b1")])


async def test_the_data_of_a_job_that_runs_stay(settings: Settings) -> None:
    service = delivering_shop()
    LATE.add("late")
    async with service.opened(settings):
        await request(service, "d1", [("late", "b1")])
        collection = service.engine.database.collection("delivery.rows")
        long_ago = datetime.now(UTC) - timedelta(days=1)
        await collection.update_many({}, {"$set": {"forget_at": long_ago}})
        assert await service.job_rows(delivery).forget() == 0
        LATE.clear()
        await settled(service)
        assert await outcomes(service, "d1") == [(1, "DELIVERED", None)]


def test_a_job_is_found_by_its_status() -> None:
    unfindable = Decider(
        kind="delivery",
        commands=delivery.commands,
        state=delivery.state,
        events=delivery.events,
        initial=None,
        decide=delivery.decide,
        evolve=delivery.evolve,
    )
    with pytest.raises(TypeError, match="no index by status"):
        Job(decider=unfindable, run_row=deliver, finish=finish)
