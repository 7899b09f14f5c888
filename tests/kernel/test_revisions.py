"""The documents of a decider whose state has a new form are folded again from history."""

from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass

import pytest

from shared.kernel.decider import Context, Decider
from shared.kernel.errors import Busy
from shared.kernel.recorded import event_id
from shared.kernel.view import Reaction
from shared.operations.migrate import plan
from shared.operations.verify import verify
from shared.service import Service
from shared.service.wiring import build
from shared.settings import Settings
from shared.store import indexes
from tests.conftest import eventually
from tests.kernel.example import (
    AddItem,
    Bill,
    BillGrown,
    GrowBill,
    ItemAdded,
    basket,
    baskets,
    bill_it,
    bills,
    buyers,
    decide_bill,
    shop,
    spending,
    till,
    variety,
)
from tests.kernel.test_loops import person
from tests.settled import settled


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """A basket in another form: it has the price of each item."""

    prices: dict[str, int]
    dearest: str = ""


def shelve(state: Shelf, event: object) -> Shelf:
    assert isinstance(event, ItemAdded)
    prices = {**state.prices, event.item: event.price}
    return Shelf(prices=prices, dearest=max(prices, key=prices.__getitem__))


def add_to_shelf(command: AddItem, state: Shelf, context: Context) -> Sequence[ItemAdded]:
    return [ItemAdded(buyer=command.buyer, item=command.item, price=command.price)]


shelf: Decider[AddItem, Shelf, ItemAdded] = Decider(
    kind="basket",
    commands=AddItem,
    state=Shelf,
    events=basket.events,
    initial=Shelf(prices={}),
    decide=add_to_shelf,
    evolve=shelve,
    revision=2,
    indexes=("dearest",),
)
KOPI, BATIK = AddItem(item="kopi", price=2), AddItem(item="batik", price=5)


async def build_indexes(service: Service, settings: Settings) -> None:
    """Build what this version needs, as the first step of `gelar migrate`."""
    engine = build(service, settings)
    for index in (await plan(engine)).indexes:
        await indexes.build(engine.database, index.collection, [index])
    await engine.stop()


async def test_an_older_form_is_folded_again_when_it_is_loaded(settings: Settings) -> None:
    async with shop().opened(settings) as older:
        await older.handle(basket, "b1", BATIK, person("1"))
        await older.handle(basket, "b1", KOPI, person("2"))
    newer = Service("shop", deciders=(shelf,))
    await build_indexes(newer, settings)
    async with newer.opened(settings):
        assert await newer.load(shelf, "b1") == Shelf(
            prices={"batik": 5, "kopi": 2}, dearest="batik"
        )
        again = await newer.handle(shelf, "b1", KOPI, person("2"))
        assert again.version == 2
        third = await newer.handle(shelf, "b1", AddItem(item="sutra", price=9), person("3"))
        assert third.version == 3
        assert (await verify(newer.engine)).differences == []
    async with shop().opened(settings) as older:
        # During a deployment, a process of the older form is right as well.
        assert (await older.get(basket, "b1")).state.total == 16


async def test_a_document_is_found_by_its_new_fields_before_it_is_loaded(
    settings: Settings,
) -> None:
    async with shop().opened(settings) as older:
        for number in range(30):
            await older.handle(basket, f"b{number}", BATIK, person("1"))
    newer = Service("shop", deciders=(shelf,))
    await build_indexes(newer, settings)
    async with newer.opened(settings):

        async def is_answered() -> bool:
            try:
                # It never passes over a document that is not renewed yet.
                assert await newer.count(shelf, dearest="batik") == 30
            except Busy as busy:
                if busy.code != "being-renewed":
                    raise
                return False
            return True

        await eventually(is_answered)


async def test_reactions_decide_on_the_new_form(settings: Settings) -> None:
    @dataclass(frozen=True, kw_only=True)
    class Amounts:
        amounts: tuple[int, ...] = ()

    def note(state: Amounts, event: BillGrown) -> Amounts:
        return Amounts(amounts=(*state.amounts, event.amount))

    def decide(command: GrowBill, state: Amounts, context: Context) -> list[BillGrown]:
        return decide_bill(command, Bill(), context)

    renewed: Decider[GrowBill, Amounts, BillGrown] = Decider(
        kind="bill",
        commands=GrowBill,
        state=Amounts,
        events=BillGrown,
        initial=Amounts(),
        decide=decide,
        evolve=note,
        revision=2,
    )
    async with AsyncExitStack() as stack:
        publisher = await stack.enter_async_context(shop().opened(settings))
        async with till().opened(settings) as older:
            await publisher.handle(basket, "b1", BATIK, person("1"))
            await settled(publisher, older)
        newer = Service(
            "till",
            deciders=(renewed,),
            mirrors=(baskets, bills),
            views=(buyers,),
            tallies=(spending, variety),
            reactions=(Reaction(name="bill-it", follows=ItemAdded, react=bill_it),),
        )
        await stack.enter_async_context(newer.opened(settings))
        await publisher.handle(basket, "b1", KOPI, person("2"))
        await settled(publisher, newer)
        assert await newer.load(renewed, "ani") == Amounts(amounts=(5, 2))


async def test_a_history_with_a_hole_is_an_error_and_nothing_is_decided_on_it(
    settings: Settings,
) -> None:
    async with shop().opened(settings) as older:
        await older.handle(basket, "b1", BATIK, person("1"))
        await older.handle(basket, "b1", KOPI, person("2"))
        await settled(older)
        history = older.engine.database.collection("history")
        assert (await history.delete_one({"_id": event_id("basket", "b1", 1)})).deleted_count
    # Once the newer service runs, it renews the document itself in the background.
    newer = Service("shop", deciders=(shelf,))
    await build_indexes(newer, settings)
    async with newer.opened(settings):
        with pytest.raises(ValueError, match="stands where number 1 is due"):
            await newer.handle(shelf, "b1", KOPI, person("3"))
