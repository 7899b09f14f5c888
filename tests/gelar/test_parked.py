"""`gelar parked` as an operator uses it, on a real service that could not take an event."""

import asyncio

import pytest
from confluent_kafka import Producer
from typer.testing import CliRunner, Result

from gelar.main import app
from services.budget.app import service as budget
from shared.messaging.topics import Topics, topic_name
from shared.settings import Settings
from tests.conftest import eventually
from tests.gelar.test_commands import NOBODY, environment

run = CliRunner()
NOISE = b"\xff no event"


async def park(settings: Settings) -> None:
    """Let budget read something on selection's topic that is no event."""
    Topics(settings).ensure(["selection"])
    producer = Producer({"bootstrap.servers": settings.kafka_bootstrap_servers})
    name = topic_name(settings.namespace, "selection")
    producer.produce(name, NOISE, key=b"ifex-2018", headers={"ce_id": b"odd"})
    producer.flush()
    async with budget.opened(settings):

        async def parked() -> bool:
            return bool((await budget.progress())["parked_subjects"])

        await eventually(parked)


@pytest.fixture
def stuck(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in environment(settings).items():
        monkeypatch.setenv(name, value)
    asyncio.run(park(settings))


def gelar(*words: str) -> Result:
    """Run a command of `gelar parked`."""
    return run.invoke(app, ["parked", *words], env={"COLUMNS": "200"})


@pytest.mark.usefixtures("stuck")
def test_an_operator_sees_tries_again_gives_up_and_leaves_a_trace() -> None:
    listed = gelar("list").stdout
    assert [word in listed for word in ("budget", "ifex-2018", "undecodable")] == [True] * 3
    shown = gelar("show", "ifex-2018").stdout
    assert "header ce_source is missing" in shown
    assert "ce_id: odd" in shown
    assert "� no event" in shown
    id = shown.split()[0]
    tried = gelar("redrive", "ifex-2018", "--reason", "perhaps now", "--by", "siti")
    assert tried.exit_code == 1
    assert f"budget: stopped at {id}, undecodable" in tried.stdout
    given_up = gelar("discard", id, "--reason", "line noise", "--by", "siti")
    assert (given_up.exit_code, given_up.stdout) == (0, f"{id} is given up.\n")
    again = gelar("discard", id, "--reason", "line noise")
    assert (again.exit_code, again.stdout) == (0, f"{id} is not parked (any more).\n")
    assert gelar("redrive", "ifex-2018", "--reason", "r").stdout.startswith("Nothing about")
    assert gelar("list").stdout == "Nothing is parked.\n"
    trace = gelar("log").stdout
    for words in ("discard", "redrive-in-vain", "line noise", "perhaps now", "siti"):
        assert words in trace


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("discard", "nonsense", "--reason", "r"), "no id of a parked event"),
        (("discard", "budget.v1/selection/0/0", "--reason", " "), "say it in words"),
        (("redrive", "ifex-2018"), "Missing option"),
        (("redrive", "ifex-2018", "--reason", "r", "--by", ""), "say it in words"),
        (("list", "--service", "nobody"), "there is no service"),
    ],
)
def test_what_is_missing_is_told_and_nothing_happens(
    words: tuple[str, ...], told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in NOBODY.items():
        monkeypatch.setenv(name, value)
    refused = gelar(*words)
    assert refused.exit_code == 2
    assert told in refused.stderr
