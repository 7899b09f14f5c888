"""`gelar rebuild` as an operator uses it, on the budget service's own copy."""

import asyncio

import pytest
from typer.testing import CliRunner, Result

from gelar.main import app
from services.budget.app import service as budget
from shared.settings import Settings
from shared.store.database import Database
from tests.gelar.test_commands import environment

run = CliRunner()


async def start_once(settings: Settings) -> None:
    """Let budget make its first copy."""
    async with budget.opened(settings):
        assert await budget.ready() is None


@pytest.fixture
def running(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A process that finds the servers of this test, where budget has run."""
    for name, value in environment(settings).items():
        monkeypatch.setenv(name, value)
    asyncio.run(start_once(settings))
    return settings


def gelar(*words: str) -> Result:
    """Run a command of `gelar rebuild`."""
    return run.invoke(app, ["rebuild", *words], env={"COLUMNS": "200"})


def test_it_is_run_and_the_old_copy_dropped(running: Settings) -> None:
    rebuilt = gelar("run", "budget")
    assert rebuilt.exit_code == 0
    assert "budget: the new copy is live." in rebuilt.stdout
    assert "Not compared" not in rebuilt.stdout
    assert gelar("drop-old", "budget").stdout == "Dropped: copy 1.\n"
    assert gelar("drop-old", "budget").stdout == "There is no older copy.\n"
    assert gelar("abandon", "budget").stdout == "No rebuild is under way.\n"


def test_what_has_never_run_is_told(running: Settings) -> None:
    refused = gelar("run", "reporting")
    assert refused.exit_code == 1
    assert "reporting has never run" in refused.stdout


def test_another_version_is_told_by_every_command(running: Settings) -> None:
    async def upgrade() -> None:
        name = f"{running.namespace}-kukm-budget"
        database = Database(running.mongo_uri.get_secret_value(), name)
        await database.collection("projection").update_one(
            {"_id": "live"}, {"$set": {"version": 2}}
        )
        database.close()

    asyncio.run(upgrade())
    refused = run.invoke(app, ["verify", "--service", "budget"])
    assert refused.exit_code == 1
    assert "version 2 of budget's projection is live and this is version 1" in refused.stderr
