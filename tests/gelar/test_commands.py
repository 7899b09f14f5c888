"""The operator's commands as an operator meets them: what they print, and what they say of no."""

import asyncio
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from gelar.commands import commands
from shared.kernel.recorded import Recorded, event_id
from shared.messaging.producer import EventProducer
from shared.messaging.topics import Topics
from shared.settings import Settings
from tests.kernel.test_wire import RECORDED

run = CliRunner()
NOBODY = {
    "KUKM_ENVIRONMENT": "local",
    "KUKM_PARTS": "worker",
    "KUKM_KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:1",
    "KUKM_MONGO_URI": "mongodb://127.0.0.1:1/?replicaSet=none",
}


def environment(settings: Settings) -> dict[str, str]:
    """The variables by which a command finds what a test uses."""
    return {
        "KUKM_ENVIRONMENT": "local",
        "KUKM_PARTS": "worker",
        "KUKM_NAMESPACE": settings.namespace,
        "KUKM_KAFKA_BOOTSTRAP_SERVERS": settings.kafka_bootstrap_servers,
        "KUKM_MONGO_URI": settings.mongo_uri.get_secret_value(),
        "KUKM_PARTITIONS": str(settings.partitions),
    }


def event(kind: str, subject: str, second: int) -> Recorded:
    """An event at this second of one minute."""
    id = event_id(kind, subject, 1)
    return replace(RECORDED, id=id, time=f"2018-03-01T02:03:{second:02}.000Z")


async def publish(settings: Settings, service: str, *events: Recorded) -> None:
    """Publish them as this service does."""
    Topics(settings).ensure([service])
    producer = EventProducer(settings, service)
    await producer.publish(events)
    await asyncio.to_thread(producer.close)


@pytest.fixture
def variables(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A process that finds the servers of this test by its environment."""
    for name, value in environment(settings).items():
        monkeypatch.setenv(name, value)
    return settings


def test_tail_says_where_it_found_nothing(variables: Settings) -> None:
    found = run.invoke(commands, ["topics", "tail", "--subject", "ifex-2018"])
    assert (found.exit_code, found.stdout) == (0, "")
    assert "No events about ifex-2018 yet in " in found.stderr


def test_tail_prints_the_oldest_first_whatever_the_topic(variables: Settings) -> None:
    late, early = event("exhibition", "ifex-2018", 9), event("round", "ifex-2018", 1)
    other = event("round", "mihas-2018", 5)
    asyncio.run(publish(variables, "registration", late))
    asyncio.run(publish(variables, "selection", other, early))
    everything = run.invoke(commands, ["topics", "tail"]).stdout.splitlines()
    kinds = ["round ifex-2018", "round mihas-2018", "exhibition ifex-2018"]
    assert [" ".join(line.split()[1:3]) for line in everything] == kinds
    told = run.invoke(commands, ["topics", "tail", "--subject", "ifex-2018"]).stdout.splitlines()
    assert told == [everything[0], everything[2]]
    budget = run.invoke(commands, ["topics", "tail", "--service", "selection"]).stdout.splitlines()
    assert budget == everything[:2]


def test_an_unknown_service_is_told(variables: Settings) -> None:
    for command in (["topics", "tail"], ["verify"]):
        refused = run.invoke(commands, [*command, "--service", "nobody"])
        assert refused.exit_code == 2
        assert "registration," in refused.stderr


@pytest.mark.parametrize(
    ("command", "server"), [(["topics", "tail"], "Kafka"), (["verify"], "MongoDB")]
)
def test_servers_that_are_away_are_told_in_a_sentence(
    command: list[str], server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in NOBODY.items():
        monkeypatch.setenv(name, value)
    ended = run.invoke(commands, command)
    assert ended.exit_code == 1
    assert (ended.stdout, len(ended.stderr.splitlines())) == ("", 1)
    assert ended.stderr.startswith(f"No {server}")
    assert "make up" in ended.stderr
