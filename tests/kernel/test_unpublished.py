"""The relay publishes a process's own new events without reading them, if they are next."""

import asyncio
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.kernel.decider import Context
from shared.service import relay
from shared.service.unpublished import EVENTS_MAX, UnpublishedEvents
from shared.settings import Settings
from shared.store.documents import Documents, Loaded
from shared.store.outbox import Outboxes
from tests.given import context
from tests.kernel.example import AddItem, Basket, ItemAdded, basket, shop
from tests.kernel.test_loops import person
from tests.kernel.test_producer import published
from tests.settled import settled

NAME = ("basket", "b1")
ADD = AddItem(item="batik", price=1)
BY: Context = context(subject="b1", key=None)


def written(after: int, events: int = 1) -> Loaded[Basket]:
    """Make a basket at version `after` to which so many items were just added."""
    loaded = Loaded(id="b1", state=Basket(), version=after, stored_version=after)
    added = ItemAdded(buyer="ani", item="batik", price=1)
    Documents(basket).apply_events(loaded, [added] * events, BY, None)
    return loaded


def add(memory: UnpublishedEvents, name: tuple[str, str], loaded: Loaded[Basket]) -> None:
    """Remember the new events of a basket."""
    memory.add(name, loaded.stored_version, loaded.entries)


def taken(memory: UnpublishedEvents) -> list[int] | None:
    """Take the unpublished events and return their numbers, or None."""
    entries = memory.take(NAME)
    return None if entries is None else [int(id[-3:]) for id in entries]


def test_the_first_events_of_an_aggregate_are_next_and_are_taken_once() -> None:
    memory = UnpublishedEvents()
    add(memory, NAME, written(0))
    add(memory, NAME, written(1, events=2))
    assert taken(memory) == [1, 2, 3]
    assert taken(memory) is None


def test_events_that_continue_the_acknowledged_are_next() -> None:
    memory = UnpublishedEvents()
    memory.acknowledge(NAME, 7)
    add(memory, NAME, written(7))
    assert taken(memory) == [8]
    add(memory, NAME, written(8))
    assert taken(memory) is None, "number 8 is not acknowledged yet"


def test_events_after_those_of_another_replica_are_read() -> None:
    memory = UnpublishedEvents()
    add(memory, NAME, written(0))
    add(memory, NAME, written(2))
    assert taken(memory) is None
    memory.acknowledge(NAME, 1)
    add(memory, NAME, written(2))
    assert taken(memory) is None


def test_events_that_arrive_out_of_order_are_read() -> None:
    memory = UnpublishedEvents()
    add(memory, NAME, written(1))
    add(memory, NAME, written(0))
    assert taken(memory) is None, "number 2 would wait for a sweep"


def test_the_memory_is_bounded() -> None:
    memory = UnpublishedEvents()
    add(memory, NAME, written(0, events=EVENTS_MAX))
    add(memory, ("basket", "b2"), written(0))
    assert memory.take(("basket", "b2")) is None
    add(memory, NAME, written(EVENTS_MAX))
    assert taken(memory) is None, "a part of the events is of no use"
    add(memory, NAME, written(0))
    assert taken(memory) == [1]


async def test_events_of_a_dead_replica_are_published_before_later_events(
    settings: Settings,
) -> None:
    settings = settings.model_copy(update={"sweep_seconds": 600.0})
    async with AsyncExitStack() as stack:
        living, dead = [await stack.enter_async_context(shop().opened(settings)) for _ in range(2)]
        await living.handle(basket, "b1", ADD, person("1"))
        await settled(living)
        dead.engine.relay.wake = lambda kind, ids: None  # type: ignore[method-assign]  # it publishes nothing
        await dead.handle(basket, "b1", ADD, person("2"))
        await living.handle(basket, "b1", ADD, person("3"))
        await settled(living)
        assert published(settings, "b1") == [1, 2, 3]


async def test_own_events_are_published_without_being_read(
    settings: Settings,
) -> None:
    # A sweep reads the outboxes that wait; here it would come in between on a busy machine.
    settings = settings.model_copy(update={"sweep_seconds": 600.0})
    async with shop().opened(settings) as service:
        database: Any = service.engine.commands["basket"].aggregates.collection.database
        await service.handle(basket, "b0", ADD, person("0"))
        await settled(service)
        await database.command("profile", 2)
        for number in range(10):
            await service.handle(basket, f"b{number % 2}", ADD, person(f"{number + 1}"))
            await settled(service)
        await database.command("profile", 0)
        read = {"op": "query", "command.find": "basket", "command.projection.outbox": 1}
        assert await database["system.profile"].count_documents(read) == 0
        assert published(settings, "b1") == [1, 2, 3, 4, 5]


async def test_after_an_outage_a_full_sweep_is_followed_by_the_next_at_once(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay, "CHUNK_MAX", 10)
    swept, pauses = relay.Relay._swept, list[bool]()

    async def noted(publishing: relay.Relay, outboxes: Outboxes) -> bool:
        more = await swept(publishing, outboxes)
        pauses.append(not more)
        return more

    monkeypatch.setattr(relay.Relay, "_swept", noted)
    async with shop().opened(settings) as dead:
        dead.engine.relay.wake = lambda kind, ids: None  # type: ignore[method-assign]  # it publishes nothing
        ids = [f"b{number}" for number in range(100)]
        await asyncio.gather(*(dead.handle(basket, id, ADD, person("1")) for id in ids))
        past = {"$set": {"outbox.0.at": datetime.now(UTC) - timedelta(minutes=1)}}
        await dead.engine.database.collection("basket").update_many({}, past)
    pauses.clear()
    async with shop().opened(settings) as living:
        await settled(living)
    assert pauses[0] is False
    assert published(settings, "b99") == [1]
