"""Run three brokers and a replica set of three members, each a process that can be killed."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from confluent_kafka.admin import AdminClient
from pymongo import MongoClient
from pymongo.errors import PyMongoError

from deploy.local import LocalError
from deploy.local.children import Child, stop_all
from deploy.local.folder import Folder
from deploy.local.kafka import PROPERTIES, Kafka
from deploy.local.mongo import REPLICA_SET, Mongo
from deploy.local.ports import LOOPBACK, Ports, listens
from deploy.local.servers import open_folder
from deploy.local.settings import LocalSettings, load_local_settings

MEMBERS = (1, 2, 3)
IN_SYNC_MIN = 2
ELECTED_WITHIN_SECONDS = 60.0
ONE_NODE = (
    "offsets.topic.replication.factor=1",
    "transaction.state.log.replication.factor=1",
    "share.coordinator.state.topic.replication.factor=1",
)


class Broker(Kafka):
    """A broker and controller of a cluster of three."""

    def __init__(self, folder: Folder, settings: LocalSettings, ports: Ports, number: int) -> None:
        super().__init__(folder, settings, ports)
        self.name = f"kafka-{number}"
        self.number = number
        self._port = ports.take(self.name)
        self._controller_port = ports.take(f"{self.name}-controller")
        self._home = folder.path / "kafka" / str(number)
        self.cluster = ""
        self.voters = ""

    @property
    def voter(self) -> str:
        """Return its name in the quorum of the controllers."""
        return f"{self.number}@{LOOPBACK}:{self._controller_port}"

    def prepare(self) -> None:
        self._home.mkdir(parents=True, exist_ok=True)
        text = PROPERTIES.format(
            host=LOOPBACK, broker=self._port, controller=self._controller_port, data=self._data()
        )
        for setting in ONE_NODE:
            text = text.replace(setting, f"{setting[:-1]}{len(MEMBERS)}")
        own = f"controller.quorum.voters=1@{LOOPBACK}:{self._controller_port}"
        text = text.replace(own, f"controller.quorum.voters={self.voters}")
        text = text.replace("node.id=1\n", f"node.id={self.number}\n")
        self._properties().write_text(f"{text}min.insync.replicas={IN_SYNC_MIN}\n")
        if not (self._data() / "meta.properties").exists():
            self._format()

    def ready(self) -> bool:
        """Return True if it knows all other brokers."""
        if not super().ready():
            return False
        admin = AdminClient({"bootstrap.servers": self.bootstrap})
        return len(admin.list_topics(timeout=10).brokers) == len(MEMBERS)

    def _format(self) -> None:
        super()._format()
        made = self._data() / "meta.properties"
        lines = [
            line for line in made.read_text().splitlines() if not line.startswith("cluster.id=")
        ]
        made.write_text("\n".join([*lines, f"cluster.id={self.cluster}", ""]))


class Member(Mongo):
    """A member of a replica set of three."""

    def __init__(self, folder: Folder, settings: LocalSettings, ports: Ports, number: int) -> None:
        super().__init__(folder, settings, ports)
        self.name = f"mongod-{number}"
        self._port = ports.take(self.name)
        self._data = folder.path / "mongo" / str(number)

    @property
    def host(self) -> str:
        """Return its name in the set."""
        return self._host

    def ready(self) -> bool:
        return listens(self._port)


@dataclass(frozen=True)
class Clusters:
    """The brokers and the members, with their addresses."""

    brokers: Sequence[Broker]
    members: Sequence[Member]

    @property
    def kafka_bootstrap(self) -> str:
        """Return the addresses of all brokers."""
        return ",".join(broker.bootstrap for broker in self.brokers)

    @property
    def mongo_uri(self) -> str:
        """Return the URI of the replica set."""
        hosts = ",".join(member.host for member in self.members)
        return f"mongodb://{hosts}/?replicaSet={REPLICA_SET}"

    def leader(self, topic: str) -> Broker:
        """Return the leader of a topic's first partition."""
        admin = AdminClient({"bootstrap.servers": self.kafka_bootstrap})
        number = admin.list_topics(topic, timeout=10).topics[topic].partitions[0].leader
        return next(broker for broker in self.brokers if broker.number == number)

    def primary(self) -> Member:
        """Wait until the set has a primary, and return it."""
        give_up_at = time.monotonic() + ELECTED_WITHIN_SECONDS
        while time.monotonic() < give_up_at:
            with MongoClient[dict[str, Any]](
                self.mongo_uri, serverSelectionTimeoutMS=1_000
            ) as client:
                try:
                    host = client.admin.command("hello")["primary"]
                    return next(member for member in self.members if member.host == host)
                except (PyMongoError, KeyError):
                    time.sleep(0.2)
        raise LocalError("the replica set has no primary")


@contextmanager
def clusters(path: Path) -> Iterator[Clusters]:
    """Start brokers and members in a folder; both are ready."""
    any_port = {"local_kafka_port": None, "local_mongo_port": None}
    settings = load_local_settings().model_copy(update=any_port)
    with open_folder(path, empty=True) as folder:
        ports = Ports(folder.path / "ports.json")
        brokers = [Broker(folder, settings, ports, number) for number in MEMBERS]
        members = [Member(folder, settings, ports, number) for number in MEMBERS]
        voters, cluster = ",".join(broker.voter for broker in brokers), uuid4().hex[:22]
        for broker in brokers:
            broker.voters, broker.cluster = voters, cluster
        children: list[Child] = [*members, *brokers]
        try:
            for child in children:
                child.launch()
            for child in children:
                child.await_ready()
            made = Clusters(brokers, members)
            _initiate(made)
            yield made
        finally:
            stop_all(children)


def _initiate(made: Clusters) -> None:
    members = [{"_id": number, "host": member.host} for number, member in enumerate(made.members)]
    config: dict[str, Any] = {"_id": REPLICA_SET, "members": members}
    # An election takes two seconds instead of ten.
    config["settings"] = {"electionTimeoutMillis": 2_000, "heartbeatIntervalMillis": 500}
    with MongoClient[dict[str, Any]](made.members[0].host, directConnection=True) as client:
        client.admin.command("replSetInitiate", config)
    made.primary()
