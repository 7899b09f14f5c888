"""Servers of a test's own, which it may stop, kill, and stand in the way of.

The broker tells its clients to come by way of a proxy's port, so that none finds a way round it;
a database is reached through one with `directConnection`, which asks for no other address.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.local.children import stop_all
from deploy.local.folder import Folder
from deploy.local.kafka import Kafka
from deploy.local.mongo import Mongo
from deploy.local.ports import LOOPBACK, Ports
from deploy.local.servers import open_folder
from deploy.local.settings import LocalSettings, load_local_settings
from shared.settings import Settings
from tests.faults.small_disk import Disk, small_disk


class ProxiedKafka(Kafka):
    """A Kafka whose clients are told another port than the one that it listens on."""

    def __init__(self, folder: Folder, settings: LocalSettings, ports: Ports) -> None:
        super().__init__(folder, settings, ports)
        self.told_port = ports.take("kafka-told")

    @property
    def port(self) -> int:
        """Where it listens."""
        return self._port

    @property
    def told(self) -> str:
        """What clients connect to."""
        return f"{LOOPBACK}:{self.told_port}"

    def prepare(self) -> None:
        super().prepare()
        own, told = (
            f"advertised.listeners=PLAINTEXT://{one}" for one in (self.bootstrap, self.told)
        )
        path = self._properties()
        path.write_text(path.read_text().replace(own, told))


class PlainMongo(Mongo):
    """A mongod whose port is known."""

    @property
    def port(self) -> int:
        """Where it listens."""
        return self._port


@dataclass(frozen=True)
class OwnServers:
    """One of each, and the disk of Kafka where that is one of its own."""

    kafka: ProxiedKafka
    mongo: PlainMongo
    disk: Disk | None

    @property
    def settings(self) -> Settings:
        """Of a worker that finds them without a detour; Kafka tells the port of its proxy."""
        return Settings(
            environment="local",
            kafka_bootstrap_servers=self.kafka.told,
            mongo_uri=self.mongo.uri,
            parts="worker",
            partitions=3,
            sweep_seconds=0.2,
        )


@contextmanager
def own_servers(path: Path, *, disk_mebibytes: int = 0) -> Iterator[OwnServers]:
    """A pair of servers in a folder, whatever servers the settings name.

    Kafka's data lie on a disk of this size, where one is given.
    """
    any_port = {"local_kafka_port": None, "local_mongo_port": None}
    settings = load_local_settings().model_copy(update=any_port)
    with ExitStack() as stack:
        folder = stack.enter_context(open_folder(path, empty=True))
        disk = None
        if disk_mebibytes:
            disk = stack.enter_context(small_disk(folder.path / "kafka" / "data", disk_mebibytes))
        ports = Ports(folder.path / "ports.json")
        own = OwnServers(
            ProxiedKafka(folder, settings, ports), PlainMongo(folder, settings, ports), disk
        )
        children = [own.mongo, own.kafka]
        try:
            for one in children:
                one.launch()
            for one in children:
                one.await_ready()
            yield own
        finally:
            stop_all(children)
