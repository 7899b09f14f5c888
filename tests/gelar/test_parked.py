"""`gelar parked` as an operator uses it, on a real service that could not take an event."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
from confluent_kafka import Producer
from typer.testing import CliRunner, Result

from gelar.commands import commands
from services.budget.app import service as budget
from shared.kernel.recorded import event_id
from shared.messaging.topics import Topics, topic_name
from shared.settings import Settings
from shared.store.database import Database
from tests.conftest import eventually
from tests.gelar.test_commands import NOBODY, environment, event, publish

run = CliRunner()
NOISE = b"\xff no event"


async def park(settings: Settings, *keys: str) -> None:
    """Let budget read something on selection's topic that is no event."""
    Topics(settings).ensure(["selection"])
    producer = Producer({"bootstrap.servers": settings.kafka_bootstrap_servers})
    name = topic_name(settings.namespace, "selection")
    for key in keys:
        producer.produce(name, NOISE, key=key.encode(), headers={"ce_id": b"odd"})
    producer.flush()
    await follow(settings, len(set(keys)))


async def follow(settings: Settings, subjects: int) -> None:
    """Let budget read what there is, until so many subjects are parked."""
    async with budget.opened(settings):

        async def parked() -> bool:
            return bool((await budget.progress())["parked_subjects"] == subjects)

        await eventually(parked)


@pytest.fixture
def variables(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A process that finds the servers of this test by its environment."""
    for name, value in environment(settings).items():
        monkeypatch.setenv(name, value)
    return settings


@pytest.fixture
def stuck(variables: Settings) -> Settings:
    """The same, where budget could not read a message about ifex-2018."""
    asyncio.run(park(variables, "ifex-2018"))
    return variables


def behind_its_back(
    settings: Settings, work: Callable[[Database], Awaitable[Any]], service: str = "budget"
) -> Any:
    """Do something in a service's database."""

    async def done() -> Any:
        name = f"{settings.namespace}-kukm-{service}"
        database = Database(settings.mongo_uri.get_secret_value(), name)
        try:
            return await work(database)
        finally:
            database.close()

    return asyncio.run(done())


def gelar(*words: str) -> Result:
    """Run a command of `gelar parked`, its output in a narrow pipe."""
    return run.invoke(commands, ["parked", *words], env={"COLUMNS": "80"})


@pytest.mark.usefixtures("stuck")
def test_verify_counts_what_is_parked_and_calls_it_no_difference() -> None:
    verified = run.invoke(commands, ["verify", "--service", "budget"], env={"COLUMNS": "200"})
    assert verified.exit_code == 0
    assert "(`gelar parked list`): budget 1\n" in verified.stdout


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
    assert again.exit_code == 0
    assert again.stdout.startswith(f"{id} is not parked any more: it was given up ")
    assert again.stdout.endswith("Z by siti: line noise\n")
    unknown = gelar("discard", id.replace("budget.v1", "budget.v2"), "--reason", "line noise")
    assert unknown.exit_code == 1
    assert "Ids change with a rebuild" in unknown.stdout
    assert gelar("redrive", "ifex-2018", "--reason", "r").stdout.startswith("Nothing about")
    assert gelar("list").stdout == "Nothing is parked.\n"
    trace = gelar("log").stdout
    for words in ("discard", "redrive-in-vain", "line noise", "perhaps now", "siti"):
        assert words in trace


def test_words_of_others_are_shown_as_they_are_and_command_no_terminal(
    variables: Settings,
) -> None:
    asyncio.run(park(variables, "[bold]2038[/bold][/x]\n\x1b[31mred"))
    subject = "[bold]2038[/bold][/x]\n\x1b[31mred"
    visible = r"[bold]2038[/bold][/x]\n\x1b[31mred"
    listed = gelar("list")
    assert listed.exit_code == 0
    assert visible in listed.stdout
    shown = gelar("show", subject)
    assert visible in shown.stdout
    id = shown.stdout.split()[0]
    reason = "see [ticket 12] of [/x]"
    assert gelar("discard", id, "--reason", reason).exit_code == 0
    assert gelar("discard", id, "--reason", reason).stdout.endswith(f": {reason}\n")
    trace = gelar("log")
    assert trace.exit_code == 0
    assert visible in trace.stdout
    assert reason in trace.stdout


def test_what_a_rebuild_forbids_is_told_in_a_sentence(stuck: Settings) -> None:
    id = gelar("show", "ifex-2018").stdout.split()[0]
    building = {"_id": "building", "generation": 2, "version": 1, "builder": "somebody"}
    behind_its_back(stuck, lambda one: one.collection("projection").insert_one(building))
    for command in (("redrive", "ifex-2018"), ("discard", id)):
        refused = gelar(*command, "--reason", "r")
        assert (refused.exit_code, type(refused.exception)) == (1, SystemExit)
        assert "rebuild-under-way: budget is being rebuilt" in refused.stdout


def test_who_was_overtaken_again_and_again_is_told_to_try_again(variables: Settings) -> None:
    first = event("round", "ifex-2018", 1)
    second = replace(first, id=event_id("round", "ifex-2018", 2))
    asyncio.run(publish(variables, "selection", second, first))
    asyncio.run(follow(variables, 1))
    id = gelar("show", "ifex-2018").stdout.split()[0]
    # As it looks to whoever is left behind by a rebuild.
    retired = {"$set": {"offset": -1}}
    behind_its_back(variables, lambda one: one.collection("checkpoints").update_many({}, retired))
    for command in (("redrive", "ifex-2018"), ("discard", id)):
        overtaken = gelar(*command, "--reason", "r")
        assert (overtaken.exit_code, type(overtaken.exception)) == (1, SystemExit)
        assert "Others kept intervening there meanwhile: run it again." in overtaken.stdout


def test_of_many_subjects_those_that_wait_longest_are_listed(variables: Settings) -> None:
    asyncio.run(park(variables, "ifex-2018", "mihas-2018", "inacraft-2018", "mihas-2018"))
    since = {"$set": {"at": datetime(2018, 3, 1, tzinfo=UTC)}}
    oldest = {"subject": "mihas-2018"}
    behind_its_back(variables, lambda one: one.collection("parked").update_many(oldest, since))
    listed = gelar("list", "--limit", "1").stdout
    assert "mihas-2018" in listed
    assert "2018-03-01 00:00:00Z" in listed
    assert listed.endswith("and 2 more subjects (--limit).\n")
    assert listed.count("-2018 ") == 1
    everything = gelar("list").stdout
    assert everything.count("-2018 ") == 3
    assert "more subjects" not in everything


async def note(year: int, database: Database) -> None:
    """An entry of the audit as of this year, by siti, with many words."""
    await database.collection("audit").insert_one(
        {
            "kind": "round",
            "subject": "a-subject-with-a-name-of-its-own",
            "sequence": 1,
            "action": f"redrive-in-vain-{year}",
            "parked_for": "subject-parked",
            "by": "siti",
            "reason": "a reason that is much longer than what an ordinary line can hold of it",
            "at": datetime(year, 3, 1, tzinfo=UTC),
        }
    )


def test_the_log_is_the_latest_first_over_all_services_and_nothing_is_cut(
    stuck: Settings,
) -> None:
    assert gelar("redrive", "ifex-2018", "--reason", "perhaps now").exit_code == 1
    for service, year in (("registration", 2018), ("reporting", 2017)):
        behind_its_back(stuck, partial(note, year), service)
    lines = [one for one in gelar("log").stdout.splitlines() if "ifex" in one or "siti" in one]
    assert [
        word in line
        for word, line in zip(
            ("perhaps now", "2018-03-01 00:00:00Z", "2017-03-01 00:00:00Z"), lines, strict=True
        )
    ] == [True] * 3
    for words in ("redrive-in-vain-2018", "much longer than what an ordinary line can hold of it"):
        assert words in lines[1]


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
