"""What a process has just written is published unread, and only where it is next."""

from contextlib import AsyncExitStack
from typing import Any

from shared.kernel.decider import Context
from shared.service.unpublished import EVENTS_MAX, Written
from shared.settings import Settings
from shared.store.documents import Documents, Loaded
from tests.given import context
from tests.kernel.example import AddItem, Basket, ItemAdded, basket, shop
from tests.kernel.test_loops import person
from tests.kernel.test_producer import published
from tests.settled import settled

NAME = ("basket", "b1")
ADD = AddItem(item="batik", price=1)
BY: Context = context(subject="b1", key=None)


def written(after: int, events: int = 1) -> Loaded[Basket]:
    """A basket into which so many items were just put, after version `after`."""
    loaded = Loaded(id="b1", state=Basket(), version=after, stored_version=after)
    added = ItemAdded(buyer="ani", item="batik", price=1)
    Documents(basket).apply_events(loaded, [added] * events, BY, None)
    return loaded


def taken(memory: Written) -> list[int] | None:
    """The numbers of what is taken."""
    entries = memory.take(NAME)
    return None if entries is None else [int(id[-3:]) for id in entries]


def test_what_begins_an_aggregate_is_next_and_is_given_once() -> None:
    memory = Written()
    memory.keep(NAME, written(0))
    memory.keep(NAME, written(1, events=2))
    assert taken(memory) == [1, 2, 3]
    assert taken(memory) is None


def test_what_continues_the_acknowledged_is_next() -> None:
    memory = Written()
    memory.acknowledged(NAME, 7)
    memory.keep(NAME, written(7))
    assert taken(memory) == [8]
    memory.keep(NAME, written(8))
    assert taken(memory) is None, "number 8 is not acknowledged yet"


def test_what_others_have_written_before_it_is_read() -> None:
    memory = Written()
    memory.keep(NAME, written(0))
    memory.keep(NAME, written(2))
    assert taken(memory) is None
    memory.acknowledged(NAME, 1)
    memory.keep(NAME, written(2))
    assert taken(memory) is None


def test_what_is_told_out_of_order_is_read() -> None:
    memory = Written()
    memory.keep(NAME, written(1))
    memory.keep(NAME, written(0))
    assert taken(memory) is None, "number 2 would wait for a sweep"


def test_no_more_is_remembered_than_has_room() -> None:
    memory = Written()
    memory.keep(NAME, written(0, events=EVENTS_MAX))
    memory.keep(("basket", "b2"), written(0))
    assert memory.take(("basket", "b2")) is None
    memory.keep(NAME, written(EVENTS_MAX))
    assert taken(memory) is None, "what is remembered in part is no use"
    memory.keep(NAME, written(0))
    assert taken(memory) == [1]


async def test_what_a_dead_replica_has_left_is_published_before_what_is_written_after_it(
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


async def test_what_was_written_here_is_not_read_before_it_is_published(
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
