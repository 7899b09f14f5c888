"""What only one server has is never an answer: the reads under every answer ask for a majority's.

The relay's model shows why: an election can roll back what one server has, and then a receipt found
there was the answer to a command that is lost. One server cannot lose an election, so here the
server's own profile tells what was asked of it.
"""

from typing import Any

from shared.kernel.decider import Context, Origin
from shared.service import Service
from shared.settings import Settings
from tests.given import NOW
from tests.kernel.example import AddItem, basket, shop

READ = ("basket", "history")


async def handle(service: Service, key: str, item: str = "batik") -> None:
    """A command under this key."""
    context = Context(now=NOW, origin=Origin.PERSON, actor="ani", key=key)
    await service.handle(basket, "b1", AddItem(item=item, price=1), context)


async def reads(database: Any) -> set[tuple[str, str]]:
    """Which collections were read, and with what concern."""
    asked = database["system.profile"].find({"op": "query", "command.find": {"$in": READ}})
    return {
        (one["command"]["find"], one["command"].get("readConcern", {}).get("level", "local"))
        async for one in asked
    }


async def test_every_read_under_an_answer_asks_for_what_a_majority_has(settings: Settings) -> None:
    settings = settings.model_copy(update={"parts": frozenset({"api"}), "sweep_seconds": 600.0})
    service = shop()
    async with service.opened(settings):
        collection = service.engine.database.collection("basket")
        await handle(service, "first")
        await collection.update_one({"_id": "b1"}, {"$set": {"receipts": [], "forgotten": True}})
        await collection.database.command("profile", 2)
        await handle(service, "second")
        await handle(service, "first")
        await service.get(basket, "b1")
        await collection.database.command("profile", 0)
        found = await reads(collection.database)
        assert (await service.get(basket, "b1")).version == 2
    assert found == {(name, "majority") for name in READ}
