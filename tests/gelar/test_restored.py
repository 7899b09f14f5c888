"""An operator settles what was lost with a restore, publishes what a topic lost, and migrates."""

import asyncio

import pytest
from typer.testing import CliRunner, Result

from gelar.commands import commands
from services.budget.app import service as budget
from shared.settings import Settings
from shared.store.database import Database

run = CliRunner()
KIND = budget.deciders[0].kind


def gelar(*words: str) -> Result:
    """Run a command of `gelar`."""
    return run.invoke(commands, list(words), env={"COLUMNS": "300"})


async def change(settings: Settings, document: dict[str, object]) -> None:
    """Store a document of budget's first kind, and drop an index."""
    name = settings.database_name("budget")
    database = Database(settings.mongo_uri.get_secret_value(), name)
    await database.collection(KIND).insert_one(document)
    await database.collection(KIND).drop_index("deadline.at_1__id_1")
    database.close()


def test_what_was_lost_is_listed_and_settled_once_with_a_reason(running: Settings) -> None:
    assert gelar("restored", "list", "budget").stdout == "budget: nothing waits to be settled.\n"
    event = f"{KIND}/x1@{3:020d}"
    document = {"_id": "x1", "version": 3, "revision": 1, "outbox": [], "lost": [event]}
    asyncio.run(change(running, document))
    listed = gelar("restored", "list", "budget")
    assert (listed.exit_code, listed.stdout) == (1, f"{KIND} x1: {event}\n")
    words = ("restored", "settle", "budget", KIND, "x1")
    assert gelar(*words, "--reason", " ").exit_code == 2
    settled = gelar(*words, "--reason", "asked the owner", "--by", "siti")
    assert settled.stdout == f"{KIND} x1: commands are decided on it again.\n"
    again = gelar(*words, "--reason", "asked the owner", "--by", "siti")
    assert again.exit_code == 1
    assert f"{KIND} x1 does not wait: see `gelar restored list budget`." in again.stdout
    assert gelar("restored", "settle", "budget", "no-kind", "x1", "--reason", "r").exit_code == 1
    log = gelar("parked", "log").stdout
    assert "siti" in log
    assert "asked the owner" in log


def test_nothing_is_published_again_that_the_topic_has(running: Settings) -> None:
    published = gelar("restored", "republish", "budget")
    assert (published.exit_code, published.stdout) == (0, "budget: 0 events published.\n")


def test_a_follower_reads_a_topic_again(running: Settings) -> None:
    again = gelar("restored", "reread", "budget", "selection")
    assert again.stdout == f"budget reads {running.partitions} partitions of selection again.\n"
    unknown = gelar("restored", "reread", "budget", "nobody")
    assert (unknown.exit_code, unknown.stdout) == (1, "budget does not follow nobody.\n")


def test_a_migration_says_what_it_would_do_does_it_and_then_has_nothing_to_do(
    running: Settings,
) -> None:
    assert gelar("migrate", "budget").stdout == "budget: nothing to do.\n"
    document = {"_id": "x1", "version": 0, "revision": 1, "outbox": []}
    asyncio.run(change(running, document))
    planned = gelar("migrate", "budget", "--dry-run").stdout
    assert planned == f"to build: {KIND} (deadline.at, _id)\n"
    assert gelar("migrate", "budget", "--dry-run").stdout == planned
    done = gelar("migrate", "budget").stdout
    assert done == f"budget: building {KIND} (deadline.at, _id)\nbudget: done.\n"
    assert gelar("migrate", "budget").stdout == "budget: nothing to do.\n"


@pytest.mark.parametrize(
    "words", [("migrate",), ("restored", "list"), ("restored", "republish"), ("restored", "settle")]
)
def test_a_service_that_does_not_exist_is_named(named: Settings, words: tuple[str, ...]) -> None:
    assert gelar(*words, "budgets").exit_code == 2
