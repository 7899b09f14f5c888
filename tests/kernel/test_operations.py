"""The kernel starts, stops and scales as operators rely on."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pymongo.errors import AutoReconnect
from pymongo.monitoring import CommandListener, CommandStartedEvent, register
from structlog.testing import capture_logs

from shared.clock import write_clock
from shared.kernel.errors import TooLarge
from shared.operations.rebuild import Rebuild
from shared.operations.verify import verify
from shared.service import Service
from shared.settings import Settings
from shared.store import StoreError
from shared.store.counts import count
from shared.store.database import (
    COMMAND_WRITES_MAX,
    SOCKET_TIMEOUT_MS,
    WRITE_SECONDS,
    Session,
)
from shared.store.following import FollowsMore
from shared.store.generations import Generations
from shared.store.history import History
from shared.store.outbox import Entry
from tests.conftest import eventually
from tests.given import NOW
from tests.kernel.example import AddItem, Bill, SealBasket, basket, baskets, bill, bills, shop, till
from tests.kernel.test_loops import person
from tests.settled import settled


async def test_following_a_further_kind_needs_a_new_version(settings: Settings) -> None:
    less = Service("till", deciders=(bill,), mirrors=(baskets,))
    more = Service("till", deciders=(bill,), mirrors=(baskets, bills))
    async with less.opened(settings):
        pass
    with pytest.raises(
        FollowsMore, match="has never counted till/bill: raise the service's version"
    ):
        async with more.opened(settings):
            pytest.fail("it has started")
    newer = Service("till", deciders=(bill,), mirrors=(baskets, bills), version=2)
    async with newer.opened(settings):
        assert "run `gelar rebuild run till`" in (await newer.not_ready_reason() or "")
    async with less.opened(settings):
        await Rebuild(
            service=newer,
            settings=settings,
            database=less.engine.database,
            generations=Generations(less.engine.database, service="till", version=2),
        ).run(lambda done, of: None)
    async with newer.opened(settings):
        assert await newer.not_ready_reason() is None


async def test_the_start_makes_every_collection_so_that_no_transaction_has_to(
    settings: Settings,
) -> None:
    # Two transactions that make the same collection make each other fail.
    async with shop().opened(settings) as selling, till().opened(settings) as billing:
        databases = [service.engine.database for service in (selling, billing)]
        at_start = [set(await database.collection_names()) for database in databases]
        for item in ("batik", "poison"):
            await selling.handle(basket, "b", AddItem(item=item, price=1), person(item))
        await settled(selling, billing)
        assert await billing.load(bill, "ani") == Bill(amount=1, lines=1)
        assert [set(await database.collection_names()) for database in databases] == at_start


async def test_workers_come_and_go_and_everything_is_applied_once(settings: Settings) -> None:
    publisher, first, second = shop(), till(), till()
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(publisher.opened(settings))

        async def publish(start: int) -> None:
            for number in range(start, start + 150):
                add = AddItem(item=f"i{number}", price=1, buyer=f"buyer-{number % 3}")
                await publisher.handle(basket, f"b{number % 30}", add, person(f"{number}"))

        async with first.opened(settings):
            await publish(0)
            # The second joins and the first leaves while events keep coming.
            await stack.enter_async_context(second.opened(settings))
            await asyncio.gather(publish(150), publish(300))
        await publish(450)
        await settled(publisher, second)
        for number in range(3):
            assert await second.load(bill, f"buyer-{number}") == Bill(amount=200, lines=200)
        assert (await verify(second.engine)).differences == []
        assert (await second.progress())["parked_subjects"] == 0


async def test_a_stop_publishes_the_known_events_before_it_ends(settings: Settings) -> None:
    publisher, follower = shop(), till()
    async with publisher.opened(settings):
        adds = (
            publisher.handle(basket, f"b{n}", AddItem(item="i", price=1), person(f"{n}"))
            for n in range(100)
        )
        await asyncio.gather(*adds)
    async with follower.opened(settings):

        async def all_are_billed() -> bool:
            return await follower.load(bill, "ani") == Bill(amount=100, lines=100)

        await eventually(all_are_billed)


async def test_an_event_that_cannot_be_archived_delays_no_stop_and_is_archived_later(
    settings: Settings,
) -> None:
    service = shop()
    async with service.opened(settings):
        relay = service.engine.relay
        outboxes = service.engine.commands["basket"].aggregates.outboxes
        archive, failures = outboxes.archive, list[int]()

        async def fails(published: Mapping[str, Sequence[Entry]]) -> None:
            failures.append(len(published))
            raise AutoReconnect("away for a moment")

        outboxes.archive = fails  # type: ignore[method-assign]  # the database is away for this step
        await service.handle(basket, "b1", AddItem(item="i", price=1), person("1"))
        await relay.drain(1)
        assert failures
        outboxes.archive = archive  # type: ignore[method-assign]  # it is back
        await relay.drain(10)
        assert len(await History(service.engine.database).of_subject("basket", "b1")) == 1


async def test_a_bug_behind_a_deadline_does_not_delay_the_other_deadlines(
    settings: Settings, tmp_path: Path
) -> None:
    clock = tmp_path / "clock"
    write_clock(clock, NOW)
    service = shop()
    async with service.opened(settings.model_copy(update={"clock_file": clock})):
        for item in ("bomb", "batik"):
            await service.handle(basket, item, AddItem(item=item, price=1), person("1"))
            await service.handle(basket, item, SealBasket(hours=1), person("2"))
        write_clock(clock, NOW + timedelta(hours=2))

        async def forgotten() -> bool:
            return await service.count(basket, status="forgotten") == 1

        await eventually(forgotten)
        assert await service.not_ready_reason() is None
        assert (await service.progress())["deadlines_overdue"] == 1


async def test_an_event_that_no_broker_would_take_is_not_kept(settings: Settings) -> None:
    service = shop()
    async with service.opened(settings):
        with pytest.raises(TooLarge):
            await service.handle(basket, "b1", AddItem(item="x" * 800_000, price=1), person("1"))
        assert await service.load(basket, "b1") is None


async def test_commands_that_wait_for_a_transaction_leave_it_the_threads_it_needs(
    settings: Settings,
) -> None:
    service = shop()
    ids = [f"b{number}" for number in range(2 * COMMAND_WRITES_MAX)]

    async def add(price: int) -> None:
        add, by = AddItem(item="i", price=price), person(f"{price}")
        await asyncio.gather(*(service.handle(basket, id, add, by) for id in ids))

    async with service.opened(settings):
        stored = service.engine.commands["basket"].aggregates

        async def published() -> bool:
            return await count(stored.outboxes.waiting()) == 0

        async def all_wait() -> bool:
            return await updates_under_way(stored.collection) >= COMMAND_WRITES_MAX

        await add(1)
        await eventually(published)
        commit_begins = 0.0
        async with asyncio.TaskGroup() as tasks:

            async def hold(session: Session) -> None:
                nonlocal commit_begins
                await stored.collection.update_many({}, {"$set": {"held": True}}, session=session)
                tasks.create_task(add(2))
                await eventually(all_wait)
                commit_begins = time.monotonic()

            await service.engine.database.transaction(hold)
            # Without a thread, the commit waits until the sockets of the commands time out.
            assert time.monotonic() - commit_begins < SOCKET_TIMEOUT_MS / 2000
        totals = [(await service.get(basket, id)).state.total for id in ids]
        assert totals == [3] * len(ids)


async def updates_under_way(collection: Any) -> int:
    """Count the updates of a collection that the server has begun and not ended."""
    updates = {"op": "update", "ns": collection.full_name}
    admin = collection.database.client.admin
    return len(await admin.aggregate([{"$currentOp": {}}, {"$match": updates}]).to_list(None))


async def test_a_permanent_error_in_a_transaction_is_raised_as_it_is(settings: Settings) -> None:
    async with shop().opened(settings) as service:
        database = service.engine.database

        async def fail(session: Session) -> None:
            await database.collection("x").update_one({}, {"$no": 1}, session=session)

        with pytest.raises(StoreError) as raised:
            await database.transaction(fail)
        assert raised.value.__cause__ is not raised.value


async def test_a_transaction_that_is_repeated_for_long_is_logged(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.store.database.LOGGED_SECONDS", 0.0)
    holds, released = asyncio.Event(), asyncio.Event()
    async with shop().opened(settings) as service:
        database = service.engine.database
        collection = database.collection("x")
        await collection.insert_one({"_id": "1", "n": 0})

        async def write(session: Session) -> None:
            await collection.update_one({"_id": "1"}, {"$inc": {"n": 1}}, session=session)

        async def hold(session: Session) -> None:
            await write(session)
            holds.set()
            await released.wait()

        with capture_logs() as logs:

            async def repeated() -> bool:
                return any(line["event"] == "transaction repeated" for line in logs)

            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(database.transaction(hold))
                await holds.wait()
                tasks.create_task(database.transaction(write))
                await eventually(repeated)
                released.set()
        assert (await collection.find_one({"_id": "1"}))["n"] == 2


class Written(CommandListener):
    """The writes of aggregates that the driver sends, with their time limits in milliseconds."""

    def __init__(self) -> None:
        self.limits: list[tuple[str, int | None]] = []

    def started(self, event: CommandStartedEvent) -> None:
        if event.command_name in ("insert", "update"):
            limit = event.command.get("maxTimeMS")
            self.limits.append((event.command[event.command_name], limit))

    def succeeded(self, event: Any) -> None:
        """Ignore it."""

    def failed(self, event: Any) -> None:
        """Ignore it."""


async def test_the_server_itself_ends_a_write_that_comes_too_late(settings: Settings) -> None:
    written = Written()
    # Every client that is made from now on reports to it.
    register(written)
    async with shop().opened(settings) as selling:
        for number in range(2):
            await selling.handle(basket, "b1", AddItem(item="i", price=1), person(f"{number}"))
    limits = [limit for collection, limit in written.limits if collection == "basket" and limit]
    assert len(limits) >= 2
    assert all(0 < limit <= 1_000 * WRITE_SECONDS for limit in limits)
