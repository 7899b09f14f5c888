"""A claimed value belongs to one owner, and only to an owner that needs it."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.kernel.errors import Refused
from shared.service import giving_up
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
