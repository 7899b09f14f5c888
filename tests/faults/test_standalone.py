"""A MongoDB without transactions, or of an old version, stops the start in a sentence."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from deploy.local.children import stop_all
from deploy.local.mongo import REPLICA_SET, Mongo
from deploy.local.ports import Ports, listens
from deploy.local.servers import open_folder
from deploy.local.settings import load_local_settings
from shared.kernel.errors import CannotStart
from shared.settings import Settings
from shared.store import database
from tests.kernel.example import shop


class Standalone(Mongo):
    """A mongod that is no member of a replica set."""

    @property
    def uri(self) -> str:
        return f"mongodb://{self._host}"

    def command(self) -> Sequence[str]:
        return [part for part in super().command() if part not in ("--replSet", REPLICA_SET)]

    def ready(self) -> bool:
        return listens(self._port)


async def test_a_mongodb_that_is_too_old_stops_the_start(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "VERSION_MIN", (99, 0))
    with pytest.raises(CannotStart, match=r"is version \d+\.\d+\.\d+: use 99\.0 or later"):
        async with shop().opened(settings):
            pytest.fail("it has started")


async def test_a_standalone_mongod_stops_the_start(settings: Settings, tmp_path: Path) -> None:
    any_port = {"local_mongo_port": None}
    with open_folder(tmp_path, empty=True) as folder:
        local = load_local_settings().model_copy(update=any_port)
        mongo = Standalone(folder, local, Ports(folder.path / "ports.json"))
        try:
            mongo.start()
            given = Settings(
                environment="local",
                namespace=settings.namespace,
                kafka_bootstrap_servers=settings.kafka_bootstrap_servers,
                mongo_uri=mongo.uri,
                parts="worker",
                partitions=3,
            )
            with pytest.raises(CannotStart, match=r"standalone server.*run it as a replica set"):
                async with shop().opened(given):
                    pytest.fail("it has started")
        finally:
            stop_all([mongo])
