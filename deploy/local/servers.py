"""A real Kafka and a real mongod for as long as a `with` block lasts.

    with local_servers(Path(".local/test"), empty=True) as servers:
        …servers.kafka_bootstrap, servers.mongo_uri…

Both start at once, and the block begins when both can be used. They end with the block, also when
it ends with an error. A server that `KUKM_KAFKA_BOOTSTRAP_SERVERS` or `KUKM_MONGO_URI` names is
used instead of a server of our own, and is never emptied: a namespace separates its users.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.local import LocalError
from deploy.local.children import Child, await_all_ready, end_leftovers, stopped_at_the_end
from deploy.local.folder import Folder
from deploy.local.kafka import Kafka, kafka_answers
from deploy.local.mongo import Mongo, mongo_answers
from deploy.local.ports import Ports
from deploy.local.settings import LocalSettings, load_local_settings
from deploy.local.termination import termination_raises


@dataclass(frozen=True)
class Servers:
    """The addresses of the servers, and our own servers, which can be stopped and started."""

    kafka_bootstrap: str
    mongo_uri: str
    own_kafka: Kafka | None = None
    own_mongo: Mongo | None = None

    @property
    def kafka(self) -> Kafka:
        """Our own Kafka, to `stop`, `kill` and `start`. Raises `LocalError` if it is not ours."""
        if self.own_kafka is None:
            raise LocalError(
                "KUKM_KAFKA_BOOTSTRAP_SERVERS names this Kafka: it is not ours to stop or start"
            )
        return self.own_kafka

    @property
    def mongo(self) -> Mongo:
        """Our own mongod, to `stop`, `kill` and `start`. Raises `LocalError` if it is not ours."""
        if self.own_mongo is None:
            raise LocalError("KUKM_MONGO_URI names this MongoDB: it is not ours to stop or start")
        return self.own_mongo

    @property
    def own(self) -> list[Child]:
        """All our own servers."""
        return [server for server in (self.own_mongo, self.own_kafka) if server is not None]


@contextmanager
def local_servers(path: Path, *, empty: bool = False) -> Iterator[Servers]:
    """Run Kafka and MongoDB with their data in a folder; `empty` removes earlier data first.

    Raises `LocalError` if they cannot start or the folder is in use.
    """
    settings = load_local_settings()
    with open_folder(path, empty=empty) as folder, running_servers(folder, settings) as servers:
        yield servers


@contextmanager
def open_folder(path: Path, *, empty: bool) -> Iterator[Folder]:
    """Hold a folder, after ending the processes that earlier runs left there."""
    folder = Folder(path)
    with termination_raises(), folder.held():
        end_leftovers(folder)
        if empty:
            folder.wipe()
        yield folder


@contextmanager
def running_servers(
    folder: Folder, settings: LocalSettings, say: Callable[[str], None] = lambda words: None
) -> Iterator[Servers]:
    """Run both servers in a folder that is held; the block begins when both are ready.

    `say` takes a sentence now and then until then.
    """
    servers = _chosen(folder, settings)
    with stopped_at_the_end(servers.own):
        for server in servers.own:
            server.launch()
        await_all_ready(servers.own, seconds=settings.local_ready_seconds, say=say)
        _check_others(servers)
        yield servers


def _chosen(folder: Folder, settings: LocalSettings) -> Servers:
    ports = Ports(folder.path / "ports.json")
    mongo = None if settings.mongo_uri else Mongo(folder, settings, ports)
    kafka = None if settings.kafka_bootstrap_servers else Kafka(folder, settings, ports)
    return Servers(
        kafka_bootstrap=kafka.bootstrap if kafka else settings.kafka_bootstrap_servers or "",
        mongo_uri=mongo.uri if mongo else settings.mongo_uri or "",
        own_kafka=kafka,
        own_mongo=mongo,
    )


def _check_others(servers: Servers) -> None:
    if servers.own_kafka is None and not kafka_answers(servers.kafka_bootstrap):
        raise LocalError(
            f"no Kafka answers at {servers.kafka_bootstrap}: start it, or correct "
            "KUKM_KAFKA_BOOTSTRAP_SERVERS"
        )
    if servers.own_mongo is None and not mongo_answers(servers.mongo_uri):
        # The address itself is not shown: it may contain a password.
        raise LocalError(
            "no MongoDB with a primary answers at KUKM_MONGO_URI: start it, or correct the variable"
        )
