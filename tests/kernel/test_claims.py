"""A claimed value belongs to one owner, and only to an owner that needs it."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.kernel.errors import Busy, Refused
from shared.service import giving_up
from shared.store.claims import Claims
from tests.kernel.example import (
    AddItem,
    SealBasket,
    basket,
)
from tests.kernel.test_loops import Pair, person


async def test_a_claim_belongs_to_one_owner_until_it_is_abandoned(pair: Pair) -> None:
    async def claim(owner: str, entry: str) -> None:
        await pair.shop.claim(basket, owner, "stand/7", entry)

    await claim("b1", "batik")
    await claim("b1", "batik")
    with pytest.raises(Refused, match="stand-taken"):
        await claim("b2", "batik")
    claims = pair.shop.engine.database.collection("claims")
    old = {"$set": {"at": datetime.now(UTC) - timedelta(hours=1)}}
    await claims.update_one({}, old)
    add = AddItem(item="batik", price=5, stand="7")
    await pair.shop.handle(basket, "b1", add, person("1"))
    with pytest.raises(Refused, match="stand-taken"):
        await claim("b2", "batik")
    await claims.update_one({}, {"$set": {"entry": "never written"}})
    await claim("b2", "batik")
    with pytest.raises(Refused, match="stand-taken"):
        await claim("b1", "batik")


async def test_a_claim_that_was_given_up_for_good_passes_on_at_once(pair: Pair) -> None:
    add = AddItem(item="batik", price=5)
    await pair.shop.claim(basket, "b1", "stand/7", "batik")
    await pair.shop.handle(basket, "b1", add, person("1"))
    with pytest.raises(Refused, match="stand-taken"):
        await pair.shop.claim(basket, "b2", "stand/7", "batik")
    await pair.shop.handle(basket, "b1", SealBasket(), person("2"))
    await pair.shop.claim(basket, "b2", "stand/7", "batik")


async def test_a_claim_that_is_made_again_is_young_again(pair: Pair) -> None:
    claims = pair.shop.engine.database.collection("claims")
    await pair.shop.claim(basket, "b1", "stand/7", "batik")
    await claims.update_one({}, {"$set": {"at": datetime.now(UTC) - timedelta(hours=1)}})
    await pair.shop.claim(basket, "b1", "stand/7", "batik")
    # Between this answer and the write of b1, another owner must not take the stand over.
    with pytest.raises(Refused, match="stand-taken"):
        await pair.shop.claim(basket, "b2", "stand/7", "batik")


async def test_a_refused_command_keeps_no_number_that_it_has_newly_claimed(pair: Pair) -> None:
    async def owners() -> dict[str, tuple[str, str]]:
        return await pair.shop.engine.claims.owners()

    await pair.shop.claim(basket, "victim", "stand/8", "kopi")
    await pair.shop.claim(basket, "b1", "stand/6", "teh")
    with pytest.raises(Refused, match="stand-taken"):
        async with pair.shop.claimed(basket, "b1", {"stand/7": "batik", "stand/8": "batik"}):
            pass
    assert await owners() == {"stand/6": ("b1", "teh"), "stand/8": ("victim", "kopi")}
    with pytest.raises(Refused, match="nothing-to-seal"):
        async with pair.shop.claimed(basket, "b1", {"stand/6": "teh", "stand/7": "batik"}):
            await pair.shop.handle(basket, "b1", SealBasket(), person("1"))
    # What was claimed before stays: another call of this owner may rely on it.
    assert await owners() == {"stand/6": ("b1", "teh"), "stand/8": ("victim", "kopi")}


LEAVE = AddItem(item="kopi", price=5, stand="7")
"""Puts another item on the stand: the basket has it no more for its batik."""


async def test_a_claim_that_a_command_gives_up_passes_on_at_once(pair: Pair) -> None:
    shop, stand = pair.shop, {"stand/7": "batik"}
    async with shop.claimed(basket, "b1", stand):
        await shop.handle(basket, "b1", AddItem(item="batik", price=5, stand="7"), person("1"))
    with pytest.raises(Refused, match="nothing-to-clear"):
        async with giving_up(shop, basket, "b1", stand):
            raise Refused("nothing-to-clear", "The command is refused.")
    with pytest.raises(Refused, match="stand-taken"):
        await shop.claim(basket, "b2", "stand/7", "batik")
    async with giving_up(shop, basket, "b1", stand):
        await shop.handle(basket, "b1", LEAVE, person("2"))
    await shop.claim(basket, "b2", "stand/7", "batik")


async def test_a_claim_that_was_made_again_is_not_given_up(pair: Pair) -> None:
    shop, stand = pair.shop, {"stand/7": "batik"}
    async with shop.claimed(basket, "b1", stand):
        await shop.handle(basket, "b1", AddItem(item="batik", price=5, stand="7"), person("1"))
    await shop.claim(basket, "b1", "stand/7", "batik")
    async with giving_up(shop, basket, "b1", stand):
        await shop.handle(basket, "b1", LEAVE, person("2"))
    # Another request of b1 may be about to write, so it keeps the stand for some minutes.
    with pytest.raises(Refused, match="stand-taken"):
        await shop.claim(basket, "b2", "stand/7", "batik")


async def test_a_repeated_command_gives_up_no_claim_that_was_made_since(pair: Pair) -> None:
    shop, stand = pair.shop, {"stand/7": "batik"}
    async with shop.claimed(basket, "b1", stand):
        await shop.handle(basket, "b1", AddItem(item="batik", price=5, stand="7"), person("1"))
    for _ in range(2):
        async with giving_up(shop, basket, "b1", stand):
            await shop.handle(basket, "b1", LEAVE, person("2"))
        await shop.claim(basket, "b1", "stand/7", "batik")
    assert await shop.engine.claims.owner("stand/7") == "b1"


@pytest.mark.parametrize("calls", [2, 6])
async def test_refused_calls_of_an_owner_at_once_keep_no_number(pair: Pair, calls: int) -> None:
    all_have_claimed = asyncio.Barrier(calls)

    async def refused_call() -> None:
        async with pair.shop.claimed(basket, "b1", {"stand/7": "batik"}):
            await all_have_claimed.wait()
            await pair.shop.handle(basket, "b1", SealBasket(), person("same"))

    answers = await asyncio.gather(*(refused_call() for _ in range(calls)), return_exceptions=True)
    assert [type(answer) for answer in answers] == [Refused] * calls
    await pair.shop.claim(basket, "victim", "stand/7", "kopi")


async def test_a_claim_on_which_another_call_relies_outlives_a_refused_one(pair: Pair) -> None:
    add = AddItem(item="batik", price=5, stand="7")
    async with pair.shop.claimed(basket, "b1", {"stand/7": "batik"}):
        for _ in range(2):
            with pytest.raises(Refused, match="nothing-to-seal"):
                async with pair.shop.claimed(basket, "b1", {"stand/7": "batik"}):
                    await pair.shop.handle(basket, "b1", SealBasket(), person("1"))
        with pytest.raises(Refused, match="stand-taken"):
            await pair.shop.claim(basket, "victim", "stand/7", "kopi")
        await pair.shop.handle(basket, "b1", add, person("2"))
    # Nor does a later refused call of the owner give up what its state has.
    with pytest.raises(Refused, match="too-dear"):
        async with pair.shop.claimed(basket, "b1", {"stand/7": "batik"}):
            raise Refused("too-dear", "That costs too much.")
    assert await pair.shop.owner(basket, "stand/7") == "b1"


async def test_a_late_release_gives_up_no_later_claim(pair: Pair) -> None:
    claims: Claims = pair.shop.engine.claims
    early = await pair.shop.claim(basket, "b1", "stand/7", "batik")
    await claims.release([early])
    await pair.shop.claim(basket, "b1", "stand/7", "batik")
    await claims.release([early])
    assert await claims.owners() == {"stand/7": ("b1", "batik")}


async def test_a_call_that_is_busy_before_its_command_has_begun_keeps_no_number(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = Claims.take

    async def busy_at_eight(self: Claims, key: str, **named: Any) -> Any:
        if key == "stand/8":
            raise Busy("claim-busy", "Others are claiming this number just now: try again soon.")
        return await take(self, key, **named)

    monkeypatch.setattr(Claims, "take", busy_at_eight)
    with pytest.raises(Busy):
        async with pair.shop.claimed(basket, "b1", {"stand/7": "batik", "stand/8": "batik"}):
            pass
    assert await pair.shop.engine.claims.owners() == {}


async def test_a_claim_that_is_released_at_this_moment_is_busy(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    claims = pair.shop.engine.claims
    await pair.shop.claim(basket, "b1", "stand/7", "batik")
    found = claims._majority.find_one

    async def not_there(query: Any) -> None:
        assert await found(query) is not None

    # The claim is not to be seen yet, or no more: who holds it is not known.
    monkeypatch.setattr(claims._majority, "find_one", not_there, raising=False)
    with pytest.raises(Busy, match="claim-busy"):
        await pair.shop.claim(basket, "b2", "stand/7", "batik")
    assert await claims.owners() == {"stand/7": ("b1", "batik")}
