"""Damage stops their own subject and nothing else, and an operator sees the reason."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from shared.clock import write_clock
from shared.kernel.decider import Context, Decider
from shared.kernel.errors import NewerVersion, TooLarge
from shared.kernel.view import Reaction, View
from shared.kernel.wire import decode
from shared.service import Service
from shared.settings import Settings
from shared.store.checkpoints import NOWHERE
from tests.conftest import eventually
from tests.given import NOW
from tests.kernel.example import (
    AddItem,
    Basket,
    Bill,
    Buyer,
    ItemAdded,
    SealBasket,
    basket,
    baskets,
    bill,
    bill_it,
    bills,
    buy,
    buyers,
    decide_basket,
    evolve_basket,
    shop,
    till,
)
from tests.kernel.junk import message_of_an_item, reasons, the_others_flow_on
from tests.kernel.test_loops import Pair, person
from tests.settled import settled


def buy_without(item: str) -> Any:
    """Return the fold of a buyer that fails at this item."""

    def folded(state: Buyer | None, event: ItemAdded) -> Buyer:
        if event.item == item:
            raise ZeroDivisionError("a bug in a view")
        return buy(state, event)

    return folded


async def test_a_bug_in_a_view_parks_its_subject(settings: Settings) -> None:
    view = View(
        noun="buyer",
        follows=ItemAdded,
        state=Buyer,
        key=buyers.key,
        evolve=buy_without("batik"),
    )
    following = Service("till", deciders=(), mirrors=(baskets,), views=(view,))
    async with shop().opened(settings) as selling:
        for number, item in enumerate(("kopi", "batik", "teh")):
            await selling.handle(basket, f"b{number}", AddItem(item=item, price=1), person(item))
        await settled(selling)
        async with following.opened(settings):
            await settled(selling, following)
            assert await reasons(following) == [("b1", "unstorable")]
            assert await following.load(view, "ani") == Buyer(items=("kopi", "teh"))


async def test_a_mirror_that_cannot_be_read_parks_its_subject_and_is_kept(pair: Pair) -> None:
    await pair.shop.handle(basket, "b1", AddItem(item="batik", price=5), person("1"))
    await settled(*pair)
    mirrors = pair.till.engine.projection.collection("mirror.basket")
    await mirrors.update_one({"_id": "b1"}, {"$set": {"state.total": "many"}})
    await pair.shop.handle(basket, "b1", AddItem(item="kopi", price=2), person("2"))
    await the_others_flow_on(pair)
    assert await reasons(pair.till) == [("b1", "damaged")]
    assert await mirrors.find_one({"_id": "b1"}) == {
        "_id": "b1", "last": 1, "parked": True, "state": {"buyer": "ani", "total": "many"}
    }  # fmt: skip


async def test_an_aggregate_that_cannot_be_loaded_parks_what_would_change_it(pair: Pair) -> None:
    await pair.shop.handle(basket, "b1", AddItem(item="batik", price=5), person("1"))
    await settled(*pair)
    bills_of = pair.till.engine.database.collection("bill")
    await bills_of.update_one({"_id": "ani"}, {"$set": {"state": {"amount": "many"}}})
    await pair.shop.handle(basket, "b1", AddItem(item="kopi", price=2), person("2"))
    await the_others_flow_on(pair)
    assert await reasons(pair.till) == [("b1", "Damaged")]
    async with till().opened(pair.till.engine.settings) as restarted:
        await settled(pair.shop, restarted)


async def test_reactions_that_are_too_large_together_are_decided_in_parts(
    settings: Settings,
) -> None:
    following = Service(
        "till",
        deciders=(bill,),
        mirrors=(baskets, bills),
        reactions=(Reaction(name="bill-it", follows=ItemAdded, react=bill_it),),
    )
    large = "x" * 600_000
    async with shop().opened(settings) as selling:
        for number in range(40):
            add = AddItem(item=large, price=1)
            await selling.handle(basket, f"b{number}", add, person(f"{number}"))
        await settled(selling)
        # All of them come in one batch: their pending rows would have 48 MB.
        async with following.opened(settings):
            await settled(selling, following)
            assert await following.load(bill, "ani") == Bill(amount=40, lines=40)
            assert await reasons(following) == []


async def test_deadlines_that_fail_starve_no_other(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.service.deadlines.PAGE", 3)
    clock = tmp_path / "clock"
    write_clock(clock, NOW)
    async with shop().opened(settings.model_copy(update={"clock_file": clock})) as selling:
        for number in range(12):
            item = "bomb" if number < 8 else "kopi"
            await selling.handle(basket, f"b{number:02}", AddItem(item=item, price=1), person("1"))
            await selling.handle(basket, f"b{number:02}", SealBasket(hours=1), person("2"))
        write_clock(clock, NOW + timedelta(hours=2))

        async def the_others_have_fired() -> bool:
            return await selling.count(basket, status="forgotten") == 4

        await eventually(the_others_have_fired)
        assert (await selling.progress())["deadlines_overdue"] == 8


async def test_a_deadline_of_a_command_that_this_version_does_not_know_is_left(
    settings: Settings, tmp_path: Path
) -> None:
    clock = tmp_path / "clock"
    write_clock(clock, NOW)
    async with shop().opened(settings.model_copy(update={"clock_file": clock})) as selling:
        for number in range(2):
            await selling.handle(basket, f"b{number}", AddItem(item="kopi", price=1), person("1"))
            await selling.handle(basket, f"b{number}", SealBasket(hours=1), person("2"))
        documents = selling.engine.database.collection("basket")
        unknown = {"$set": {"deadline.command": "OfALaterVersion"}}
        await documents.update_one({"_id": "b0"}, unknown)
        write_clock(clock, NOW + timedelta(hours=2))

        async def the_known_has_fired() -> bool:
            return await selling.count(basket, status="forgotten") == 1

        await eventually(the_known_has_fired)
        assert await selling.not_ready_reason() is None
        assert (await selling.progress())["deadlines_overdue"] == 1


async def test_commands_that_only_another_version_knows_are_left_to_it(
    settings: Settings,
) -> None:
    async with shop().opened(settings) as selling, till().opened(settings) as older:
        await settled(selling, older)
        partition = ("shop", 0)
        command = {"kind": "bill", "id": "ani", "command": "OfALaterVersion", "data": {}}
        frame = decode(message_of_an_item("b1"))
        entry = older.engine.reactions.entry(message_of_an_item("b1"), frame, [command])
        row = {"_id": "till.v1/shop/0", "offset": 0, "epoch": None, "reacted": [entry]}
        await older.engine.database.collection("pending").insert_one(row)
        with pytest.raises(NewerVersion, match="bill has no command OfALaterVersion"):
            await older.engine.reactions.drain([partition])
        assert await reasons(older) == []
        # Its worker meets them at its next batch, and waits for that version.
        for number in range(10):
            add = AddItem(item="kopi", price=1)
            await selling.handle(basket, f"b{number}", add, person("1"))

        async def handed_over() -> bool:
            return older.engine.handed_over is not None

        await eventually(handed_over)
        assert await older.not_ready_reason() is None
        found = await older.engine.inbox.checkpoints.of([partition])
        assert found.get(partition, NOWHERE).offset == 0
        assert await older.engine.database.collection("pending").count_documents({}) >= 1


async def test_a_rule_that_ends_an_iteration_answers_its_caller(settings: Settings) -> None:
    def decide(command: AddItem, state: Basket, context: Context) -> Sequence[Any]:
        if command.item == "bug":
            raise StopIteration
        return decide_basket(command, state, context)

    stopping = Decider(
        kind="basket",
        commands=AddItem,
        state=Basket,
        events=basket.events,
        initial=Basket(),
        decide=decide,
        evolve=evolve_basket,
    )
    async with Service("shop", deciders=(stopping,)).opened(settings) as selling:
        # A future takes no `StopIteration`: its caller and all later ones would wait for ever.
        async with asyncio.timeout(30):
            with pytest.raises(RuntimeError, match="StopIteration"):
                await selling.handle(stopping, "b1", AddItem(item="bug", price=1), person("1"))
            answer = await selling.handle(
                stopping, "b1", AddItem(item="kopi", price=1), person("2")
            )
        assert answer.version == 1


async def test_a_command_beyond_what_the_database_holds_is_its_callers_own(
    settings: Settings,
) -> None:
    async with shop().opened(settings) as selling:
        prices = (1, 2**62, 2**62, 2)
        outcomes = await asyncio.gather(
            *(
                selling.handle(basket, "b1", AddItem(item="i", price=price), person(f"{number}"))
                for number, price in enumerate(prices)
            ),
            return_exceptions=True,
        )
        refused = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
        assert [type(error) for error in refused] == [TooLarge]
        assert (await selling.get(basket, "b1")).state.total == sum(prices) - 2**62
