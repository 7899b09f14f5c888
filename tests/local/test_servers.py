"""The local servers work, keep their data, and end with the process that started them."""

import json
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import psutil
import pytest
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient, NewTopic
from pymongo import MongoClient

from deploy.local import LocalError
from deploy.local.children import ROOT
from deploy.local.down import stop_runner
from deploy.local.servers import Servers, local_servers

SECONDS_MAX = 30.0
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


def _taken(port: int) -> socket.socket:
    taken = socket.socket()
    taken.bind(("127.0.0.1", port))
    return taken


def _hold(folder: Path) -> tuple[subprocess.Popen[str], list[psutil.Process]]:
    """Start a process that runs servers in this folder; return it and the servers' processes."""
    command = [sys.executable, "-c", HOLDER, str(folder)]
    holder = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert holder.stdout is not None
    return holder, [psutil.Process(pid) for pid in json.loads(holder.stdout.readline())]


def test_servers_work_and_can_be_stopped_and_started_again(tmp_path: Path) -> None:
    with local_servers(tmp_path) as servers:
        _publish(servers, "before")
        _insert(servers, "before")
        servers.kafka.stop()
        servers.mongo.kill()
        assert not servers.kafka.alive
        assert not servers.mongo.alive
        servers.mongo.start()
        servers.kafka.start()
        assert "before" in _topics(servers)
        assert _count(servers, "before") == 1


def test_data_are_kept_when_the_ports_change(tmp_path: Path) -> None:
    with local_servers(tmp_path) as servers:
        first = servers
        _publish(servers, "kept")
        _insert(servers, "kept")
    ports = json.loads((tmp_path / "ports.json").read_text())
    with _taken(ports["mongo"]), _taken(ports["kafka"]), local_servers(tmp_path) as servers:
        assert servers.kafka_bootstrap != first.kafka_bootstrap
        assert servers.mongo_uri != first.mongo_uri
        assert "kept" in _topics(servers)
        assert _count(servers, "kept") == 1
        _insert(servers, "kept")


def test_servers_end_with_a_killed_parent_and_the_next_start_works(tmp_path: Path) -> None:
    holder, children = _hold(tmp_path)
    with holder:
        holder.kill()
    _, alive = psutil.wait_procs(children, timeout=SECONDS_MAX)
    assert alive == []
    with local_servers(tmp_path) as servers:
        _insert(servers, "after")


def test_sigterm_ends_all_processes(tmp_path: Path) -> None:
    holder, children = _hold(tmp_path)
    with holder:
        holder.send_signal(signal.SIGTERM)
        assert holder.wait(SECONDS_MAX) != 0
        assert not [child for child in children if child.is_running()]
    assert list((tmp_path / "run").iterdir()) == []


def test_a_second_start_in_a_folder_is_refused_and_the_first_can_be_stopped(tmp_path: Path) -> None:
    assert stop_runner(tmp_path) is None
    holder, children = _hold(tmp_path)
    with holder:
        refusal = pytest.raises(LocalError, match=f"in use: process {holder.pid} ")
        with refusal, local_servers(tmp_path):
            pytest.fail("two systems in one folder")
        assert stop_runner(tmp_path)
    assert not [child for child in children if child.is_running()]


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
