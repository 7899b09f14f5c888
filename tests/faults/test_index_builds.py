"""An index that is being built is not there yet: a start refuses, and the job waits for it."""

import asyncio
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from pymongo import MongoClient

from deploy.local.children import stop_all
from deploy.local.ports import Ports
from deploy.local.servers import open_folder
from deploy.local.settings import load_local_settings
from shared.operations.migrate import migrate, plan
from shared.service.wiring import build
from shared.settings import Settings
from shared.store.indexes import IndexMissing, ensure
from tests.conftest import eventually
from tests.faults.own_servers import PlainMongo
from tests.kernel.example import shop

HANG = "hangAfterStartingIndexBuild"


class FailingMongo(PlainMongo):
    """A mongod that takes the server's own commands for tests, as `configureFailPoint`."""

    def command(self) -> Sequence[str]:
        return (*super().command(), "--setParameter", "enableTestCommands=1")


@pytest.fixture
def mongo(tmp_path: Path) -> Iterator[FailingMongo]:
    """Run a database of this test's own."""
    local = load_local_settings().model_copy(update={"local_mongo_port": None})
    with open_folder(tmp_path, empty=True) as folder:
        server = FailingMongo(folder, local, Ports(folder.path / "ports.json"))
        try:
            server.launch()
            server.await_ready()
            yield server
        finally:
            stop_all([server])


async def test_a_start_refuses_an_index_that_is_being_built_and_a_migration_waits_for_it(
    mongo: FailingMongo,
) -> None:
    settings = Settings(
        environment="local",
        parts="worker",
        kafka_bootstrap_servers="127.0.0.1:1",
        mongo_uri=mongo.uri,
    )
    engine = build(shop(), settings)
    await engine.generations.make_first()
    await engine.database.collection("basket").insert_one({"_id": "b1"})

    def hang(mode: str) -> None:
        with MongoClient[dict[str, object]](mongo.uri) as client:
            client.admin.command("configureFailPoint", HANG, mode=mode)

    async def listed() -> set[str]:
        return set(await engine.database.collection("basket").index_information()) - {"_id_"}

    async def is_under_way() -> bool:
        return len(await listed()) == 1

    await asyncio.to_thread(hang, "alwaysOn")
    migrating = asyncio.create_task(migrate(engine, lambda step: None))
    try:
        await eventually(is_under_way)
        missing = [index for index in (await plan(engine)).indexes if index.name in await listed()]
        assert [index.collection for index in missing] == ["basket"]
        with pytest.raises(IndexMissing, match="run `gelar migrate shop`"):
            await ensure(engine.database, "shop", missing)
        assert not migrating.done()
    finally:
        await asyncio.to_thread(hang, "off")
    await migrating
    assert (await plan(engine)).indexes == []
    await engine.stop()
