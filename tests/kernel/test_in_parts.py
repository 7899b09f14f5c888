"""A busy server gets in parts what it could not take at once, each part within its time.

The aggregates of a transaction are written all or none. The many commands of one event are decided
in transactions of a few, each command once.
"""

import pytest

from shared.kernel.decider import Addressed
from shared.kernel.view import Reaction
from shared.operations.parked import ParkedSubjects
from shared.operations.verify import verify
from shared.service import Service, reactions
from shared.settings import Settings
from shared.store import database
from shared.store.database import in_parts
from shared.store.documents import Loaded, OutboxFull
from tests.kernel.example import (
    AddItem,
    Bill,
    GrowBill,
    ItemAdded,
    Seen,
    basket,
    baskets,
    bill,
    bills,
    shop,
)
from tests.kernel.test_loops import person
from tests.kernel.test_parked import SITI
from tests.settled import settled

BASKETS = ("b1", "b2", "b3", "b4", "b5")
ITEM = ItemAdded(item="batik", price=5, buyer="ani")


async def write(service: Service, *ids: str) -> None:
    """Add an item to each of these baskets in a single transaction, as a reaction does."""
    baskets = service.engine.commands["basket"].aggregates

    async def add(session: database.Session) -> None:
        loaded = await baskets.load_many(ids, session, contested=True)
        many: list[Loaded[object]] = []
        for each in loaded.values():
            baskets.documents.apply_events(each, (ITEM,), person(), None)
            many.append(each)
        await baskets.write_many(many, session)

    await service.engine.database.transaction(add)


async def versions(service: Service) -> dict[str, int]:
    return {found.id: found.version for found in await service.find(basket, after="", limit=9)}


@pytest.fixture
def parts_of_two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "WRITES_AT_ONCE", 2)


@pytest.mark.usefixtures("parts_of_two")
def test_writes_are_cut_into_parts_in_order() -> None:
    assert list(in_parts(BASKETS)) == [("b1", "b2"), ("b3", "b4"), ("b5",)]
    assert list(in_parts(())) == []


@pytest.mark.usefixtures("parts_of_two")
async def test_all_parts_are_written_once(settings: Settings) -> None:
    async with shop().opened(settings) as service:
        await write(service, *BASKETS[:3])
        await write(service, *BASKETS)
        assert await versions(service) == {"b1": 2, "b2": 2, "b3": 2, "b4": 1, "b5": 1}


@pytest.mark.usefixtures("parts_of_two")
async def test_where_one_aggregate_is_full_no_part_is_written(settings: Settings) -> None:
    async with shop().opened(settings.model_copy(update={"outbox_events_max": 2})) as service:
        # The relay publishes nothing, as while the broker is away.
        service.engine.relay.wake = lambda kind, ids: None  # type: ignore[method-assign]  # switched off
        await write(service, *BASKETS)
        await service.handle(basket, "b3", AddItem(item="i", price=1), person("1"))
        with pytest.raises(OutboxFull):
            await write(service, *BASKETS)
        assert await versions(service) == {"b1": 1, "b2": 1, "b3": 2, "b4": 1, "b5": 1}


BUYERS = tuple(f"buyer-{number}" for number in range(7))


def bill_all(event: ItemAdded, mirror: Seen) -> list[Addressed]:
    """Bill an item to seven buyers; the fifth takes no "poison"."""
    return [
        Addressed(
            decider=bill,
            id=buyer,
            command=GrowBill(item=event.item if buyer == BUYERS[4] else "", amount=event.price),
        )
        for buyer in BUYERS
    ]


def till_for_all() -> Service:
    reaction = Reaction(name="bill-all", follows=ItemAdded, react=bill_all)
    return Service("till", deciders=(bill,), mirrors=(baskets, bills), reactions=(reaction,))


@pytest.fixture
def three_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reactions, "COMMANDS_AT_ONCE", 3)


async def billed(till: Service) -> list[Bill | None]:
    return [(await till.get(bill, buyer)).state for buyer in BUYERS]


@pytest.mark.usefixtures("three_at_once")
async def test_the_many_commands_of_each_event_are_decided_once(settings: Settings) -> None:
    async with shop().opened(settings) as selling, till_for_all().opened(settings) as till:
        for number in range(4):
            item = AddItem(item=f"i{number}", price=5)
            await selling.handle(basket, f"b{number % 2}", item, person(f"{number}"))
        await settled(selling, till)
        assert await billed(till) == [Bill(amount=20, lines=4)] * 7
        assert (await verify(till.engine)).differences == []


@pytest.mark.usefixtures("three_at_once")
async def test_what_is_left_of_an_event_is_parked_and_redriven_without_what_was_done(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with shop().opened(settings) as selling, till_for_all().opened(settings) as till:
        await selling.handle(basket, "b1", AddItem(item="poison", price=5), person("1"))
        await selling.handle(basket, "b2", AddItem(item="batik", price=5), person("2"))
        await selling.handle(basket, "b1", AddItem(item="kopi", price=5), person("3"))
        await settled(selling, till)
        rows = await till.engine.inbox.parking.rows("b1")
        assert [(row["reason"], len(row["commands"])) for row in rows] == [
            ("poison", 4),
            ("subject-parked", 7),
        ]
        assert await billed(till) == [Bill(amount=10, lines=2)] * 3 + [Bill(amount=5, lines=1)] * 4
        in_vain = await ParkedSubjects(till.engine).redrive("b1", SITI)
        assert (in_vain.taken, in_vain.stopped is None) == (0, False)
        monkeypatch.setattr("tests.kernel.example.UNBILLABLE", "nothing")
        redriven = await ParkedSubjects(till.engine).redrive("b1", SITI)
        assert (redriven.taken, redriven.stopped) == (2, None)
        await settled(selling, till)
        assert await billed(till) == [Bill(amount=15, lines=3)] * 7
        assert (await verify(till.engine)).differences == []
