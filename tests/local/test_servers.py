"""The local servers work, keep their data, and end with the process that started them."""

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import psutil
import pytest
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient, NewTopic
from pymongo import MongoClient

from deploy.local import LocalError
from deploy.local.children import ROOT
from deploy.local.down import stop_runner
from deploy.local.servers import Servers, local_servers
from tests.long_tests import long_test

SECONDS_MAX = 120.0
# It sleeps for short times: a signal that comes just before an endless wait would be handled only
# after that wait.
HOLDER = """
import json, sys, time
from pathlib import Path
from deploy.local.servers import local_servers
with local_servers(Path(sys.argv[1])) as servers:
    print(json.dumps([server.pid for server in servers.own]), flush=True)
    while True:
        time.sleep(0.05)
"""


def _publish(servers: Servers, topic: str) -> None:
    admin = AdminClient({"bootstrap.servers": servers.kafka_bootstrap})
    admin.create_topics([NewTopic(topic, 1, 1)])[topic].result(SECONDS_MAX)
    producer = Producer({"bootstrap.servers": servers.kafka_bootstrap})
    errors: list[Any] = []
    producer.produce(topic, b"value", on_delivery=lambda error, _: errors.append(error))
    assert producer.flush(SECONDS_MAX) == 0
    assert errors == [None]


def _topics(servers: Servers) -> set[str]:
    admin = AdminClient({"bootstrap.servers": servers.kafka_bootstrap})
    return set(admin.list_topics(timeout=SECONDS_MAX).topics)


def _insert(servers: Servers, name: str) -> None:
    with (
        MongoClient[dict[str, Any]](servers.mongo_uri) as client,
        client.start_session() as session,
    ):
        session.with_transaction(
            lambda session: client["probe"][name].insert_one({}, session=session)
        )


def _count(servers: Servers, name: str) -> int:
    with MongoClient[dict[str, Any]](servers.mongo_uri) as client:
        return client["probe"][name].count_documents({})


@contextmanager
def _taken(port: int) -> Iterator[None]:
    with socket.socket() as taken:
        # Connections of the server that has just ended may still be closing: they take no port.
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", port))
        taken.listen()
        yield


def _hold(folder: Path) -> tuple[subprocess.Popen[str], list[psutil.Process]]:
    """Start a process that runs servers in this folder; return it and the servers' processes."""
    command = [sys.executable, "-c", HOLDER, str(folder)]
    holder = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert holder.stdout is not None
    return holder, [psutil.Process(pid) for pid in json.loads(holder.stdout.readline())]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the folder of all servers that are started here, one after another."""
    return tmp_path_factory.mktemp("local")


@long_test
def test_data_are_kept_by_servers_that_end_and_start_again_also_on_other_ports(
    folder: Path,
) -> None:
    with local_servers(folder) as servers:
        first = servers
        _publish(servers, "kept")
        _insert(servers, "kept")
        servers.kafka.stop()
        servers.mongo.kill()
        assert not servers.kafka.alive
        assert not servers.mongo.alive
        servers.mongo.start()
        servers.kafka.start()
        assert "kept" in _topics(servers)
        assert _count(servers, "kept") == 1
    ports = json.loads((folder / "ports.json").read_text())
    with _taken(ports["mongo"]), _taken(ports["kafka"]), local_servers(folder) as servers:
        assert servers.kafka_bootstrap != first.kafka_bootstrap
        assert servers.mongo_uri != first.mongo_uri
        assert "kept" in _topics(servers)
        assert _count(servers, "kept") == 1
        _insert(servers, "kept")


@long_test
def test_servers_end_with_a_killed_parent_and_the_next_start_works(folder: Path) -> None:
    holder, children = _hold(folder)
    with holder:
        holder.kill()
    _, alive = psutil.wait_procs(children, timeout=SECONDS_MAX)
    assert alive == []
    with local_servers(folder) as servers:
        _insert(servers, "after")


@long_test
def test_a_second_start_in_a_folder_is_refused_and_sigterm_ends_all_of_the_first(
    folder: Path,
) -> None:
    holder, children = _hold(folder)
    with holder:
        refusal = pytest.raises(LocalError, match=f"in use: process {holder.pid} ")
        with refusal, local_servers(folder):
            pytest.fail("two systems in one folder")
        holder.send_signal(signal.SIGTERM)
        assert holder.wait(SECONDS_MAX) != 0
        assert not [child for child in children if child.is_running()]
    assert list((folder / "run").iterdir()) == []


@long_test
def test_the_first_start_in_a_folder_can_be_stopped(folder: Path) -> None:
    assert stop_runner(folder) is None
    holder, children = _hold(folder)
    with holder:
        assert stop_runner(folder)
    assert not [child for child in children if child.is_running()]


def test_no_document_of_a_slow_query_is_in_the_log(servers: Servers) -> None:
    if servers.own_mongo is None:
        pytest.skip("the MongoDB of the settings writes its log elsewhere")
    marker = f"ibu-siti-{uuid4().hex}"
    with MongoClient[dict[str, Any]](servers.mongo_uri) as client:
        slow = {"$where": "sleep(300) || true", "name": marker}
        client["probe"]["people"].insert_one({"name": marker})
        assert client["probe"]["people"].find_one(slow) is not None
    log = servers.own_mongo.folder.log("mongod").read_text(errors="replace")
    assert "Waiting for connections" in log
    assert marker not in log


def test_servers_that_variables_name_are_used(
    servers: Servers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KUKM_KAFKA_BOOTSTRAP_SERVERS", servers.kafka_bootstrap)
    monkeypatch.setenv("KUKM_MONGO_URI", servers.mongo_uri)
    with local_servers(tmp_path) as others:
        assert (others.kafka_bootstrap, others.mongo_uri) == (
            servers.kafka_bootstrap,
            servers.mongo_uri,
        )
        assert others.own == []
        with pytest.raises(LocalError, match="not ours"):
            others.kafka.stop()
