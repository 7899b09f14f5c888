"""Each answer is read from a majority of the servers, never from a single server.

The relay's model shows why: an election can roll back a write that only a single server has, and
then a receipt found there was the answer to a command that is lost. A repeated answer is also
checked on the latest write. The test has a single server,
which cannot lose an election. So it reads in the server's profile which reads were sent.
"""

from typing import Any

from shared.kernel.decider import Context, Origin
from shared.service import Service
from shared.settings import Settings
from tests.given import NOW
from tests.kernel.example import AddItem, basket, shop

READ = ("basket", "history")


async def handle(service: Service, key: str, item: str = "batik") -> None:
    """Send a command under this key."""
    context = Context(now=NOW, origin=Origin.PERSON, actor="ani", key=key)
    await service.handle(basket, "b1", AddItem(item=item, price=1), context)


async def reads(database: Any) -> set[tuple[str, str]]:
    """Return the collections that were read, with the read concern of each."""
    queries = database["system.profile"].find({"op": "query", "command.find": {"$in": READ}})
    return {
        (query["command"]["find"], query["command"].get("readConcern", {}).get("level", "local"))
        async for query in queries
    }


async def test_every_read_of_an_answer_is_a_majority_read(settings: Settings) -> None:
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
    latest = {("basket", "linearizable")}
    assert found == {(name, "majority") for name in READ} | latest
