"""An operator runs `gelar parked` on a real service that could not apply an event."""

import asyncio
import re
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
from services.registration.app import service as registration
from services.reporting.app import service as reporting
from shared.kernel.recorded import event_id
from shared.messaging.topics import Topics, topic_name
from shared.service import Service
from shared.settings import Settings
from shared.store.database import Database
from tests.gelar.test_commands import NO_SERVERS, environment, event, publish
from tests.settled import settled

run = CliRunner()
NOISE = b"\xff no event"


async def park(settings: Settings, *keys: str) -> None:
    """Let budget read messages on selection's topic that are no events."""
    Topics(settings).apply(["selection"])
    producer = Producer({"bootstrap.servers": settings.kafka_bootstrap_servers})
    name = topic_name(settings.namespace, "selection")
    for key in keys:
        producer.produce(name, NOISE, key=key.encode(), headers={"ce_id": b"odd"})
    producer.flush()
    await follow(settings, len(set(keys)))


async def open_once(service: Service, settings: Settings) -> None:
    """Let this service run once: before that, a command finds nothing to read."""
    async with service.opened(settings):
        pass


async def follow(settings: Settings, subjects: int) -> None:
    """Let budget read its topics until this number of subjects is parked."""
    async with budget.opened(settings):
        await settled(budget)
        assert (await budget.progress())["parked_subjects"] == subjects


@pytest.fixture
def variables(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Name the servers of this test in the environment."""
    for name, value in environment(settings).items():
        monkeypatch.setenv(name, value)
    return settings


@pytest.fixture
def stuck(variables: Settings) -> Settings:
    """Do the same, and let budget park a message about ifex-2018."""
    asyncio.run(park(variables, "ifex-2018"))
    return variables


def change_database(
    settings: Settings, work: Callable[[Database], Awaitable[Any]], service: str = "budget"
) -> Any:
    """Change a service's database directly."""

    async def result() -> Any:
        name = settings.database_name(service)
        database = Database(settings.mongo_uri.get_secret_value(), name)
        try:
            return await work(database)
        finally:
            database.close()

    return asyncio.run(result())


def gelar(*words: str) -> Result:
    """Run a command of `gelar parked` with its output in a narrow pipe."""
    return run.invoke(commands, ["parked", *words], env={"COLUMNS": "80"})


@pytest.mark.usefixtures("stuck")
def test_verify_counts_parked_subjects_and_reports_no_difference() -> None:
    verified = run.invoke(commands, ["verify", "--service", "budget"], env={"COLUMNS": "200"})
    assert verified.exit_code == 0
    assert "(`gelar parked list`): budget 1\n" in verified.stdout
    line = r"^budget has parked selection/\d/0: header ce_source is missing$"
    assert re.search(line, verified.stdout, re.MULTILINE)


def test_verify_has_a_line_for_data_in_too_many_levels_and_goes_on(variables: Settings) -> None:
    Topics(variables).apply(["budget", "selection"])
    of_type = "id.go.kukm.{}.v1".format
    opened = replace(event("round", "odd", 1), type=of_type("selection.participants-decreed"))
    asyncio.run(publish(variables, "selection", replace(opened, data="[" * 100_000)))
    envelope = replace(event("envelope", "odd", 1), type=of_type("budget.envelope-opened"))
    asyncio.run(publish(variables, "budget", replace(envelope, data="[" * 100_000)))
    asyncio.run(follow(variables, 1))
    verified = run.invoke(commands, ["verify", "--service", "budget"], env={"COLUMNS": "200"})
    assert isinstance(verified.exception, SystemExit)
    lines = verified.stdout.splitlines()
    assert [line for line in lines if line.startswith("budget has parked selection/")]
    assert [line for line in lines if line.endswith("is no event of an envelope")]


@pytest.mark.usefixtures("stuck")
def test_an_operator_lists_redrives_discards_and_finds_it_in_the_audit() -> None:
    listed = gelar("list").stdout
    assert [word in listed for word in ("budget", "ifex-2018", "undecodable")] == [True] * 3
    printed = gelar("show", "ifex-2018").stdout
    assert "header ce_source is missing" in printed
    assert "ce_id: odd" in printed
    assert re.search(r"parked since \S+ \S+Z = .*\d\d:\d\d:\d\d WIB\n", printed)
    assert "� no event" in printed
    id = printed.split()[0]
    tried = gelar("redrive", "ifex-2018", "--reason", "perhaps now", "--by", "siti")
    assert tried.exit_code == 1
    assert f"budget: stopped at {id}, undecodable" in tried.stdout
    given_up = gelar("discard", id, "--reason", "line noise", "--by", "siti")
    assert (given_up.exit_code, given_up.stdout) == (0, f"{id} is given up.\n")
    again = gelar("discard", id, "--reason", "line noise")
    assert again.exit_code == 0
    assert again.stdout.startswith(f"{id} is not parked any more: it was given up ")
    assert again.stdout.endswith(" WIB by siti: line noise\n")
    unknown = gelar("discard", id.replace("budget.v1", "budget.v2"), "--reason", "line noise")
    assert unknown.exit_code == 1
    assert "Ids change with a rebuild" in unknown.stdout
    assert gelar("redrive", "ifex-2018", "--reason", "r").stdout.startswith("Nothing about")
    gone = gelar("show", "ifex-2018", "--service", "budget")
    assert (gone.exit_code, gone.stdout) == (1, "")
    assert gone.stderr.startswith("No event about ifex-2018 is parked in budget: ")
    assert gelar("list").stdout == "Nothing is parked.\n"
    trace = gelar("log").stdout
    for words in ("discard", "redrive-in-vain", "line noise", "perhaps now", "siti"):
        assert words in trace


def test_text_of_messages_is_printed_as_it_is_and_controls_no_terminal(
    variables: Settings,
) -> None:
    asyncio.run(park(variables, "[bold]2038[/bold][/x]\n\x1b[31mred"))
    subject = "[bold]2038[/bold][/x]\n\x1b[31mred"
    visible = r"[bold]2038[/bold][/x]\n\x1b[31mred"
    listed = gelar("list")
    assert listed.exit_code == 0
    assert visible in listed.stdout
    printed = gelar("show", subject)
    assert visible in printed.stdout
    id = printed.stdout.split()[0]
    reason = "see [ticket 12] of [/x]"
    assert gelar("discard", id, "--reason", reason).exit_code == 0
    assert gelar("discard", id, "--reason", reason).stdout.endswith(f": {reason}\n")
    trace = gelar("log")
    assert trace.exit_code == 0
    assert visible in trace.stdout
    assert reason in trace.stdout


def test_a_command_that_a_rebuild_forbids_is_refused_in_a_sentence(stuck: Settings) -> None:
    id = gelar("show", "ifex-2018").stdout.split()[0]
    building = {"_id": "building", "generation": 2, "version": 1, "builder": "another-process"}
    change_database(stuck, lambda data: data.collection("projection").insert_one(building))
    for command in (("redrive", "ifex-2018"), ("discard", id)):
        refused = gelar(*command, "--reason", "r")
        assert (refused.exit_code, type(refused.exception)) == (1, SystemExit)
        assert "rebuild-under-way: budget is being rebuilt" in refused.stdout


def test_an_operator_overtaken_at_every_attempt_is_asked_to_run_it_again(
    variables: Settings,
) -> None:
    first = event("round", "ifex-2018", 1)
    second = replace(first, id=event_id("round", "ifex-2018", 2))
    asyncio.run(publish(variables, "selection", second, first))
    asyncio.run(follow(variables, 1))
    id = gelar("show", "ifex-2018").stdout.split()[0]
    # So it looks to a process that works on the copy before a rebuild.
    retired = {"$set": {"offset": -1}}
    change_database(variables, lambda data: data.collection("checkpoints").update_many({}, retired))
    for command in (("redrive", "ifex-2018"), ("discard", id)):
        overtaken = gelar(*command, "--reason", "r")
        assert (overtaken.exit_code, type(overtaken.exception)) == (1, SystemExit)
        assert "intervened at every attempt: run it again." in overtaken.stdout


def test_the_limit_lists_the_oldest_subjects(variables: Settings) -> None:
    asyncio.run(park(variables, "ifex-2018", "mihas-2018", "inacraft-2018", "mihas-2018"))
    since = {"$set": {"at": datetime(2018, 3, 1, tzinfo=UTC)}}
    oldest = {"subject": "mihas-2018"}
    change_database(variables, lambda data: data.collection("parked").update_many(oldest, since))
    listed = gelar("list", "--limit", "1").stdout
    assert "mihas-2018" in listed
    assert "2018-03-01 00:00:00Z = 07:00:00 WIB" in listed
    assert listed.endswith("and 2 more subjects (--limit).\n")
    assert listed.count("-2018 ") == 1
    everything = gelar("list").stdout
    assert everything.count("-2018 ") == 3
    assert "more subjects" not in everything


async def note(year: int, database: Database) -> None:
    """Add an entry of this year to the audit, by siti, with a long reason."""
    await database.collection("audit").insert_one(
        {
            "kind": "round",
            "subject": "a-subject-with-a-name-of-its-own",
            "sequence": 1,
            "action": f"redrive-in-vain-{year}",
            "parked_for": "subject-parked",
            "by": "siti",
            "reason": "a reason that is much longer than the part that fits on an ordinary line",
            "at": datetime(year, 3, 1, tzinfo=UTC),
        }
    )


def test_the_audit_is_printed_latest_first_over_all_services_and_nothing_is_cut(
    stuck: Settings,
) -> None:
    assert gelar("redrive", "ifex-2018", "--reason", "perhaps now").exit_code == 1
    for service, year in ((registration, 2018), (reporting, 2017)):
        asyncio.run(open_once(service, stuck))
        change_database(stuck, partial(note, year), service.name)
    lines = [line for line in gelar("log").stdout.splitlines() if "ifex" in line or "siti" in line]
    assert [
        word in line
        for word, line in zip(
            ("perhaps now", "2018-03-01 00:00:00Z", "2017-03-01 00:00:00Z"), lines, strict=True
        )
    ] == [True] * 3
    for words in (
        "redrive-in-vain-2018",
        "much longer than the part that fits on an ordinary line",
    ):
        assert words in lines[1]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("discard", "nonsense", "--reason", "r"), "no id of a parked event"),
        (("discard", "budget.v1/selection/0/0", "--reason", " "), "write some words"),
        (("redrive", "ifex-2018"), "Missing option"),
        (("redrive", "ifex-2018", "--reason", "r", "--by", ""), "write some words"),
        (("list", "--service", "shipping"), "there is no service"),
    ],
)
def test_a_wrong_option_is_refused(
    words: tuple[str, ...], sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in NO_SERVERS.items():
        monkeypatch.setenv(name, value)
    refused = gelar(*words)
    assert refused.exit_code == 2
    assert sentence in refused.stderr
