"""The operator's commands: their output, and their errors."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient
from typer.testing import CliRunner

from gelar.commands import commands
from gelar.connection import LOCAL, connected, engine_of
from gelar.services import SERVICES
from shared.kernel.recorded import Recorded, event_id
from shared.messaging.producer import EventProducer
from shared.messaging.topics import Topics
from shared.settings import Settings
from tests.kernel.test_wire import RECORDED

run = CliRunner()
NO_SERVERS = {
    "KUKM_ENVIRONMENT": "local",
    "KUKM_PARTS": "worker",
    "KUKM_KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:1",
    "KUKM_MONGO_URI": "mongodb://127.0.0.1:1/?replicaSet=none",
}


def environment(settings: Settings) -> dict[str, str]:
    """Return the variables by which a command finds a test's servers."""
    return {
        "KUKM_ENVIRONMENT": "local",
        "KUKM_PARTS": "worker",
        "KUKM_NAMESPACE": settings.namespace,
        "KUKM_KAFKA_BOOTSTRAP_SERVERS": settings.kafka_bootstrap_servers,
        "KUKM_MONGO_URI": settings.mongo_uri.get_secret_value(),
        "KUKM_PARTITIONS": str(settings.partitions),
    }


def event(kind: str, subject: str, second: int) -> Recorded:
    """Return an event at this second of a minute."""
    id = event_id(kind, subject, 1)
    return replace(RECORDED, id=id, time=f"2018-03-01T02:03:{second:02}.000Z")


async def publish(settings: Settings, service: str, *events: Recorded) -> None:
    """Publish these events as this service does."""
    Topics(settings).apply([service])
    producer = EventProducer(settings, service)
    await producer.publish(events)
    await asyncio.to_thread(producer.close)


@pytest.fixture
def variables(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Name the servers of this test in the environment."""
    for name, value in environment(settings).items():
        monkeypatch.setenv(name, value)
    return settings


def test_tail_names_the_topics_that_hold_no_event(variables: Settings) -> None:
    Topics(variables).apply(["budget"])
    ended = run.invoke(commands, ["topics", "tail", "--subject", "ifex-2018"])
    assert (ended.exit_code, ended.stdout) == (0, "")
    assert "No events about ifex-2018 yet in " in ended.stderr


def test_without_topics_tail_and_audit_end_in_a_sentence(
    variables: Settings, tmp_path: Path
) -> None:
    (tmp_path / "token").write_text("token")
    urls = [f"--{name}=http://127.0.0.1:1" for name in SERVICES]
    audit = ["audit", f"--token-file={tmp_path / 'token'}", *urls]
    tail = ["topics", "tail"]
    for command in (tail, [*tail, "--follow"], [*tail, "--service=budget"], audit):
        ended = run.invoke(commands, command)
        assert (ended.exit_code, ended.stdout) == (1, "")
        (line,) = ended.stderr.splitlines()
        assert line.startswith("There is no topic ")
        assert f"{variables.namespace}-kukm.budget.v1" in line
        assert "check KUKM_NAMESPACE" in line
    # The audit needs all four, a tail of all has something to print from any.
    Topics(variables).apply(["budget"])
    assert run.invoke(commands, tail).exit_code == 0
    assert "There is no topic" in run.invoke(commands, audit).stderr


@pytest.mark.parametrize("options", [[], ["--dry-run"]])
def test_migrate_makes_nothing_where_the_service_never_ran(
    variables: Settings, options: list[str]
) -> None:
    ended = run.invoke(commands, ["migrate", "budget", *options])
    assert (ended.exit_code, ended.stderr) == (0, "")
    assert "its first start makes everything" in ended.stdout
    assert "done" not in ended.stdout

    async def collections() -> list[str]:
        async with engine_of("budget", variables) as engine:
            return await engine.database.collection_names()

    assert asyncio.run(collections()) == []


def test_verify_of_a_mistyped_namespace_fails_and_makes_nothing(
    variables: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    mistyped = f"{variables.namespace}x"
    monkeypatch.setenv("KUKM_NAMESPACE", mistyped)
    for options in ([], ["--service", "budget"]):
        ended = run.invoke(commands, ["verify", *options])
        assert (ended.exit_code, ended.stdout) == (1, "")
        (line,) = ended.stderr.splitlines()
        assert f"never ran in this database ({mistyped}-kukm-" in line
        assert "check KUKM_NAMESPACE" in line
    with MongoClient[dict[str, Any]](variables.mongo_uri.get_secret_value()) as client:
        assert [name for name in client.list_database_names() if mistyped in name] == []
    assert Topics(connected()).existing(SERVICES) == []


@pytest.mark.parametrize("data", ["[" * 100_000, '{"a":' * 5_000 + "1" + "}" * 5_000, "{", "[]"])
def test_tail_has_a_line_for_data_that_cannot_be_read_and_goes_on(
    variables: Settings, data: str
) -> None:
    odd, sound = replace(event("round", "odd", 1), data=data), event("round", "ifex-2018", 2)
    asyncio.run(publish(variables, "selection", odd, sound))
    ended = run.invoke(commands, ["topics", "tail"])
    assert (ended.exit_code, ended.exception) == (0, None)
    first, second = ended.stdout.splitlines()
    assert "round odd #1" in first
    assert "(unreadable data)" in first
    assert "round ifex-2018 #1" in second


def test_tail_prints_the_oldest_first_over_all_topics(variables: Settings) -> None:
    late, early = event("exhibition", "ifex-2018", 9), event("round", "ifex-2018", 1)
    other = event("round", "mihas-2018", 5)
    asyncio.run(publish(variables, "registration", late))
    asyncio.run(publish(variables, "selection", other, early))
    everything = run.invoke(commands, ["topics", "tail"]).stdout.splitlines()
    kinds = ["round ifex-2018", "round mihas-2018", "exhibition ifex-2018"]
    assert [" ".join(line.split()[4:6]) for line in everything] == kinds
    assert everything[0].startswith("2018-03-01T02:03:01.000Z = 09:03:01 WIB  round")
    of_ifex = run.invoke(commands, ["topics", "tail", "--subject", "ifex-2018"])
    assert of_ifex.stdout.splitlines() == [everything[0], everything[2]]
    selection = run.invoke(
        commands, ["topics", "tail", "--service", "selection"]
    ).stdout.splitlines()
    assert selection == everything[:2]


def test_an_unknown_service_is_refused(variables: Settings) -> None:
    for command in (["topics", "tail"], ["verify"]):
        refused = run.invoke(commands, [*command, "--service", "shipping"])
        assert refused.exit_code == 2
        assert "shipping" in refused.stderr
        assert "registration," in refused.stderr


@pytest.mark.parametrize("local", [False, True])
@pytest.mark.parametrize(
    ("command", "variable"),
    [(["topics", "tail"], "KUKM_KAFKA_BOOTSTRAP_SERVERS"), (["verify"], "KUKM_MONGO_URI")],
)
def test_an_unreachable_server_is_reported_in_a_sentence(
    command: list[str],
    variable: str,
    local: bool,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.chdir(tmp_path)
    if local:
        for name in NO_SERVERS:
            monkeypatch.delenv(name, raising=False)
        LOCAL.parent.mkdir(parents=True)
        LOCAL.write_text("".join(f"{name}={value}\n" for name, value in NO_SERVERS.items()))
    else:
        for name, value in NO_SERVERS.items():
            monkeypatch.setenv(name, value)
    ended = run.invoke(commands, command)
    assert ended.exit_code == 1
    assert (ended.stdout, len(ended.stderr.splitlines())) == ("", 1)
    server = "Kafka" if "KAFKA" in variable else "MongoDB"
    assert ended.stderr.startswith(f"No {server}")
    assert ("make up" in ended.stderr) is local
    assert (f"Check {variable}" in ended.stderr) is not local


def test_an_empty_variable_counts_as_not_set(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in NO_SERVERS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("KUKM_MONGO_URI")
    monkeypatch.setenv("KUKM_MONGO_URI_FILE", "")
    assert connected(mongo=False).mongo_uri.get_secret_value() == "mongodb://is-not-read"


def test_an_address_in_a_file_counts_before_that_of_a_local_system(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    LOCAL.parent.mkdir(parents=True)
    LOCAL.write_text("KUKM_MONGO_URI=mongodb://local\n")
    (tmp_path / "uri").write_text("mongodb://elsewhere\n")
    for name, value in NO_SERVERS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("KUKM_MONGO_URI")
    monkeypatch.setenv("KUKM_MONGO_URI_FILE", str(tmp_path / "uri"))
    for mongo in (True, False):
        assert connected(mongo=mongo).mongo_uri.get_secret_value() == "mongodb://elsewhere"
