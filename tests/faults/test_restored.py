"""A database that was restored to an earlier moment, and a topic that lost its events."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from confluent_kafka.admin import AdminClient

from gelar.checking.check import check
from shared.kernel.errors import Refused
from shared.messaging.topics import Topics, topic_name
from shared.operations.restored import Republication, Restored
from shared.service import Service
from shared.settings import Settings
from shared.store.parking import Operator
from tests.faults.callers import Databases
from tests.faults.own_servers import OwnServers, PlainMongo, own_servers
from tests.faults.proxy import proxy
from tests.kernel.example import AddItem, Bill, SealBasket, basket, bill, shop, till
from tests.kernel.test_loops import person
from tests.long_tests import long_test
from tests.settled import settled

pytestmark = long_test

SITI = Operator(by="siti", reason="restored from the backup of the morning")


@pytest.fixture
async def own(module_path: Path) -> AsyncIterator[OwnServers]:
    """Run a pair of servers of this test's own."""
    async with AsyncExitStack() as stack:
        servers = await asyncio.to_thread(stack.enter_context, own_servers(module_path))
        await stack.enter_async_context(proxy(servers.kafka.port, servers.kafka.advertised_port))
        yield servers


@dataclass(frozen=True)
class Pair:
    """A shop and a till that runs beside it."""

    shop: Service
    till: Service

    async def fill(self, *ids: str) -> None:
        """Put an item into each of these baskets."""
        for id in ids:
            key = f"{id}/{(await self.shop.load(basket, id) or basket.initial).total}"
            add = AddItem(item="kopi", price=1, buyer=id)
            await self.shop.handle(basket, id, add, person(key))

    async def settled(self) -> None:
        """Wait until both are settled."""
        await settled(self.shop, self.till)

    async def bills(self) -> dict[str, Bill]:
        """Return all bills by buyer."""
        found = await self.till.find(bill, limit=100)
        return {page.id: page.state for page in found}


async def differences(settings: Settings) -> list[str]:
    """Return every difference between topics and databases."""

    async def find() -> list[str]:
        databases = Databases(settings)
        try:
            return list((await check(databases.pairs)).differences)
        finally:
            await databases.close()

    # Reading a topic blocks, and this loop must serve the proxy.
    return await asyncio.to_thread(lambda: asyncio.run(find()))


@asynccontextmanager
async def both(settings: Settings) -> AsyncIterator[Pair]:
    """Run a shop and a till."""
    async with shop().opened(settings) as selling, till().opened(settings) as billing:
        yield Pair(selling, billing)


def copy_data(mongo: PlainMongo, source: Path, target: Path) -> None:
    """Copy the data of a server, which is stopped for it."""
    mongo.stop()
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target)
    mongo.start()


async def test_a_restored_database_is_caught_up_from_the_topics(
    own: OwnServers, tmp_path: Path
) -> None:
    data, backup = own.mongo.data, tmp_path / "backup"
    async with both(own.settings) as pair:
        await pair.fill("b1", "b2", "b3")
        await pair.settled()
    await asyncio.to_thread(copy_data, own.mongo, data, backup)
    async with both(own.settings) as pair:
        await pair.fill("b1", "b1", "b4")
        await pair.shop.handle(basket, "b3", SealBasket(), person("seal"))
        await pair.settled()
        bills = await pair.bills()
    await asyncio.to_thread(copy_data, own.mongo, backup, data)
    async with both(own.settings) as pair:
        # Before anything is served, the numbers go on where they were.
        assert (await pair.shop.get(basket, "b1")).version == 3
        assert (await pair.shop.get(basket, "b3")).state.status != "open"
        await pair.settled()
        assert await pair.bills() == bills
        assert await differences(own.settings) == []
        # The notes of the new items are lost; a sealed basket has none.
        lost = await Restored(pair.shop.engine).lost()
        assert [each.id for each in lost] == ["b1", "b4"]
        with pytest.raises(Refused, match="private-part-lost"):
            await pair.fill("b1")
        assert await Restored(pair.shop.engine).settle("basket", "b1", SITI)
        assert not await Restored(pair.shop.engine).settle("basket", "b1", SITI)
        await pair.fill("b1", "b2", "b5")
        await pair.settled()
        assert (await pair.shop.get(basket, "b1")).version == 4
        assert {id: state.lines for id, state in (await pair.bills()).items()} == {
            "b1": 4,
            "b2": 2,
            "b3": 1,
            "b4": 1,
            "b5": 1,
        }
        assert await differences(own.settings) == []


async def test_what_a_topic_has_lost_is_published_from_history(own: OwnServers) -> None:
    async with both(own.settings) as pair:
        await pair.fill("b1", "b2", "b1")
        await pair.settled()
    await asyncio.to_thread(lose_topic, own.settings, "shop")
    async with both(own.settings) as pair:
        # The services start, and what comes now is taken.
        engine = pair.shop.engine
        assert await Republication(engine, "shop").run(lambda published: None) == 3
        assert await Republication(engine, "shop").run(lambda published: None) == 0
        await pair.fill("b1", "b3")
        await pair.settled()
        bills = {id: state.lines for id, state in (await pair.bills()).items()}
        assert bills == {"b1": 3, "b2": 1, "b3": 1}
        assert await differences(own.settings) == []


def lose_topic(settings: Settings, service: str) -> None:
    """Delete a topic with its events, and make it again."""
    admin = AdminClient({"bootstrap.servers": settings.kafka_bootstrap_servers})
    name = topic_name(settings.namespace, service)
    admin.delete_topics([name])[name].result()
    Topics(settings).apply([service])
