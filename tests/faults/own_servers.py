"""Run servers of a test's own, which it may stop, kill, and reach through a proxy.

The broker advertises the port of a proxy, so that no client reaches it past the proxy. A client
reaches the database through a proxy with `directConnection`, which asks for no other address.
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
    """A Kafka that advertises another port than the port it listens on."""

    def __init__(self, folder: Folder, settings: LocalSettings, ports: Ports) -> None:
        super().__init__(folder, settings, ports)
        self.advertised_port = ports.take("kafka-advertised")

    @property
    def port(self) -> int:
        """Return the port it listens on."""
        return self._port

    @property
    def advertised(self) -> str:
        """Return the address that clients connect to."""
        return f"{LOOPBACK}:{self.advertised_port}"

    def prepare(self) -> None:
        super().prepare()
        setting = "advertised.listeners=PLAINTEXT://"
        own, advertised = f"{setting}{self.bootstrap}", f"{setting}{self.advertised}"
        path = self._properties()
        path.write_text(path.read_text().replace(own, advertised))


class PlainMongo(Mongo):
    """A mongod with a public port and folder."""

    @property
    def data(self) -> Path:
        """Return the folder of its data."""
        return self._data

    @property
    def port(self) -> int:
        """Return the port it listens on."""
        return self._port


@dataclass(frozen=True)
class OwnServers:
    """A broker and a database, and the disk of Kafka if it has its own."""

    kafka: ProxiedKafka
    mongo: PlainMongo
    disk: Disk | None

    @property
    def settings(self) -> Settings:
        """Return the settings of a worker; Kafka is reached through its proxy, MongoDB directly."""
        return Settings(
            environment="local",
            kafka_bootstrap_servers=self.kafka.advertised,
            mongo_uri=self.mongo.uri,
            parts="worker",
            partitions=3,
            sweep_seconds=0.2,
        )


@contextmanager
def own_servers(path: Path, *, disk_mebibytes: int = 0) -> Iterator[OwnServers]:
    """Run a pair of servers in a folder, and ignore the servers that the settings name.

    Kafka has its data on a disk of this size, if a size is given.
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
            for child in children:
                child.launch()
            for child in children:
                child.await_ready()
            yield own
        finally:
            stop_all(children)
