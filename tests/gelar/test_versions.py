"""An operator sees which version of a service consumes, accepts another, and runs a backfill."""

import asyncio

import pytest
from typer.testing import CliRunner, Result

from gelar.commands import commands
from gelar.connection import engine_of
from services.budget.app import service as budget
from shared.kernel.wire import Message
from shared.settings import Settings
from shared.store.database import Database, Session

run = CliRunner()


def gelar(*words: str) -> Result:
    """Run a command of `gelar`."""
    return run.invoke(commands, list(words), env={"COLUMNS": "300"})


async def consume_as_a_newer_version(settings: Settings) -> None:
    """Write down that a version consumes that does more."""
    name = settings.database_name("budget")
    database = Database(settings.mongo_uri.get_secret_value(), name)
    more = {"$push": {"features": "reacts by audit to id.go.kukm.selection.later.v1"}}
    await database.collection("versions").update_one({"_id": "consuming"}, more)
    database.close()


async def leave_a_later_command(settings: Settings) -> None:
    """Leave a command of a newer version pending, as its killed worker would."""
    mirror = budget.mirrors[0]
    message = Message(partition=(mirror.service, 0), offset=0, key=b"s1", headers={}, value=b"{}")
    entry = {
        "event": f"{mirror.kind}/s1@{1:020d}",
        "kind": mirror.kind,
        "subject": "s1",
        "sequence": 1,
        "correlation": "c",
        "message": message.stored(),
        "commands": [{"kind": "ledger", "id": "l1", "command": "Open", "data": {}}],
    }
    async with engine_of("budget", settings) as engine:

        async def leave(session: Session) -> None:
            await engine.inbox.intervene(message.partition, [entry], session)

        await engine.attach()
        await engine.database.transaction(leave)


def test_an_operator_goes_back_to_an_older_version(running: Settings) -> None:
    shown = gelar("versions", "show", "budget")
    assert (shown.exit_code, shown.stdout) == (
        0,
        "This version does all that the consuming version does.\n",
    )
    asyncio.run(consume_as_a_newer_version(running))
    shown = gelar("versions", "show", "budget")
    assert shown.exit_code == 1
    assert "The version that consumes reacts by audit to" in shown.stdout
    assert "run `gelar versions accept budget` with it" in shown.stdout
    accepted = gelar("versions", "accept", "budget")
    assert accepted.exit_code == 0
    assert accepted.stdout == "budget: this version consumes from now on.\n"
    assert gelar("versions", "show", "budget").exit_code == 0


def test_what_the_other_version_left_is_parked_only_if_the_operator_says_so(
    running: Settings,
) -> None:
    asyncio.run(leave_a_later_command(running))
    refused = gelar("versions", "accept", "budget")
    assert refused.exit_code == 1
    assert "The other version has left a command: budget has no ledger" in refused.stdout
    assert gelar("versions", "accept", "budget", "--park").exit_code == 0
    assert "newer-version" in gelar("parked", "list").stdout


def test_a_backfill_names_the_reactions_and_runs_nothing_twice(running: Settings) -> None:
    unknown = gelar("backfill", "budget", "no-such", "--from", "2018-01-01")
    assert unknown.exit_code == 1
    assert "There is no such reaction (there are: " in unknown.stdout
    name = budget.reactions[0].name
    ran = gelar("backfill", "budget", name, "--from", "2018-01-01T08:00")
    assert (ran.exit_code, ran.stdout.strip()) == (0, f"{name} ran on 0 events.")
    assert gelar("backfill", "budget", name, "--from", "yesterday").exit_code == 2


@pytest.mark.parametrize("words", [("versions", "show"), ("versions", "accept")])
def test_a_service_that_does_not_exist_is_named(named: Settings, words: tuple[str, ...]) -> None:
    assert gelar(*words, "budgets").exit_code == 2
