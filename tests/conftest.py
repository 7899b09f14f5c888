"""Fixtures: real servers for the whole run, and settings with a namespace for a single test."""

import asyncio
import gc
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import uuid4

import hypothesis
import pytest
import uvloop
from pymongo import MongoClient

from deploy.local.children import die_with_parent
from deploy.local.servers import Servers, local_servers
from gelar.issuer import ensure_local_key
from shared.settings import Settings
from tests.abandoned import abandoned_transactions_end
from tests.pooled import PooledSettings, drop, empty
from tests.server_folder import server_folder

ROOT = Path(__file__).parent.parent
DEADLINE_SECONDS = 300.0
"""Long enough for a machine that is busy with other work; a passing test waits far less."""
PAUSE_SECONDS, PAUSE_SECONDS_MAX, GROWTH = 0.02, 0.3, 1.3

# A busy machine may take long for an example; the number of examples is what proves something.
# `make test` tries the same examples each time, so that a change is refused for what it changed;
# `make explore` looks for new ones.
hypothesis.settings.register_profile(
    "gelar",
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
    derandomize="KUKM_EXPLORE" not in os.environ,
)
hypothesis.settings.load_profile("gelar")

# A Kafka of a test runs for minutes: Java's second compiler costs more time than it saves.
os.environ.setdefault("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1")


# They need the programs of Kubernetes: `make k8s-dry` builds them, and runs these.
collect_ignore = [] if "KUKM_KUBERNETES" in os.environ else ["k8s"]
# They need a cluster with nodes: `make k8s-test` runs them in it.
collect_ignore += [] if "KUKM_LAB" in os.environ else ["k8s_lab"]

LONGEST_FILES = (
    "local/test_servers.py",
    "demo/test_run.py",
    "faults/test_connections.py",
    "models/test_batch_model.py",
    "faults/test_crash_points.py",
    "selection/test_api.py",
    "faults/test_signals.py",
    "gelar/test_checking.py",
    "faults/test_secured.py",
    "models/test_relay_model.py",
    "faults/test_restored.py",
    "faults/test_two_versions.py",
    "journey/test_kill.py",
    "kernel/test_rebuild_parked.py",
    "reporting/test_report.py",
    "kernel/test_rebuild.py",
    "journey/test_interleavings.py",
    "selection/test_api_thousands.py",
    "kernel/test_parked.py",
    "selection/test_api_candidates.py",
    "budget/test_api_payments.py",
    "selection/test_api_rights.py",
    "reporting/test_api_outcomes.py",
    "gelar/test_audit.py",
    "budget/test_races.py",
    "reporting/test_api.py",
    "gelar/test_parked.py",
    "kernel/test_loops.py",
    "kernel/test_catching_up.py",
    "kernel/test_made_again.py",
    "kernel/test_operations.py",
)
"""The files that take longest (`pytest --durations=0` shows them), in an order in which those that
wait run beside those that compute."""


MAKES_CLASSES = pytest.StashKey[subprocess.Popen[bytes]]()


def pytest_sessionstart(session: pytest.Session) -> None:
    """Let `make test` make the file of Kafka's classes beside the first tests, if it is missing."""
    own_kafka = "KUKM_KAFKA_BOOTSTRAP_SERVERS" not in os.environ
    if own_kafka and session.config.getoption("numprocesses", None):
        making = subprocess.Popen(
            die_with_parent(sys.executable, "-m", "deploy.local.kafka_classes"), cwd=ROOT
        )
        session.config.stash[MAKES_CLASSES] = making


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Wait until the file of Kafka's classes is made: an incomplete file is of no use."""
    making = session.config.stash.get(MAKES_CLASSES, None)
    if making is not None:
        making.wait()


def pytest_collection_finish() -> None:
    """Exclude the collected tests and their modules from all later garbage collections."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the longest files first, so that all processes of `make test` end at the same time."""
    order = {ROOT / "tests" / name: number for number, name in enumerate(LONGEST_FILES)}
    items.sort(key=lambda item: order.get(item.path, len(order)))


def pytest_asyncio_loop_factories() -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Run every test in the event loop that the services run in."""
    return {"uvloop": uvloop.new_event_loop}


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """Run a real Kafka and a real MongoDB, empty at the start, or use the servers of the settings.

    `make test` shares the files among several processes; each process has a pair of servers.
    """
    given = {"KUKM_KAFKA_BOOTSTRAP_SERVERS", "KUKM_MONGO_URI"} <= set(os.environ)
    if given:
        with (
            local_servers(tmp_path_factory.mktemp("servers")) as started,
            abandoned_transactions_end(started.mongo_uri),
        ):
            yield started
        return
    name = f"test{os.environ.get('PYTEST_XDIST_WORKER', '')}"
    with (
        server_folder(ROOT / ".local" / name) as folder,
        local_servers(folder, empty=True) as started,
        abandoned_transactions_end(started.mongo_uri),
    ):
        yield started


@pytest.fixture(scope="session")
def token_keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the keys of a token issuer, and return their folder."""
    keys = tmp_path_factory.mktemp("keys")
    ensure_local_key(keys)
    return keys


@pytest.fixture(scope="session")
def dropped(servers: Servers) -> Iterator[Callable[[str], object]]:
    """Drop the databases of a namespace, beside the next test.

    The more collections a MongoDB has, the longer it takes to create the next: after 1,800 twice as
    long, and a run of all tests makes several times as many.
    """

    def drop(namespace: str) -> None:
        for name in client.list_database_names():
            if name.startswith(namespace):
                client.drop_database(name)

    client: MongoClient[dict[str, Any]] = MongoClient(servers.mongo_uri)
    with client, ThreadPoolExecutor(max_workers=1) as beside:
        yield lambda namespace: beside.submit(drop, namespace)


@pytest.fixture
def settings(
    servers: Servers, token_keys: Path, dropped: Callable[[str], object]
) -> Iterator[Settings]:
    """Make the settings of a process in a namespace of its own; drop its databases at the end."""
    namespace = f"t{uuid4().hex[:12]}"
    yield Settings(
        environment="local",
        namespace=namespace,
        kafka_bootstrap_servers=servers.kafka_bootstrap,
        mongo_uri=servers.mongo_uri,
        jwks_file=token_keys / "jwks.json",
        identifier_key="an identifier key for tests, 32 characters",
        dossier_key="a dossier key for tests, 32 characters",
        public_url="https://gelar.example/",
        partitions=3,
        sweep_seconds=0.5,
    )
    dropped(namespace)


@pytest.fixture(scope="session")
def pool(servers: Servers) -> "Iterator[MongoClient[dict[str, Any]]]":
    """Return a client of the server with the pooled databases; drop them at the end."""
    client: MongoClient[dict[str, Any]] = MongoClient(servers.mongo_uri)
    with client:
        yield client
        drop(client)


@pytest.fixture
def pooled_settings(settings: Settings, pool: "MongoClient[dict[str, Any]]") -> PooledSettings:
    """Make settings whose databases are those of the test before it, empty; see `tests.pooled`."""
    empty(pool)
    return PooledSettings(**dict(settings))


Condition = Callable[[], Awaitable[bool]]


async def eventually(condition: Condition, *, seconds: float = DEADLINE_SECONDS) -> None:
    """Return once the condition holds; fail when it does not within the deadline."""
    async with asyncio.timeout(seconds):
        for pause in pauses():
            if await condition():
                return
            await asyncio.sleep(pause)


def pauses() -> Iterator[float]:
    """Return the pauses, in seconds, between looks at something that servers do.

    They grow: to look often at what takes long would only take the machine from what is awaited.
    """
    pause = PAUSE_SECONDS
    while True:
        yield pause
        pause = min(PAUSE_SECONDS_MAX, pause * GROWTH)
