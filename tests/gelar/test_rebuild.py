"""An operator runs `gelar rebuild` on the budget service's own copy."""

import asyncio
import subprocess
import sys

from typer.testing import CliRunner, Result

from gelar.commands import commands
from shared.settings import Settings
from shared.store.database import Database
from shared.store.following import Following
from tests.conftest import ROOT
from tests.gelar.test_parked import park

run = CliRunner()
# A rebuild that gets SIGINT when it has begun and has read nothing. Where these tests run in the
# background, SIGINT is ignored, and a child inherits that.
INTERRUPTED = """
import os, signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from shared.operations.rebuild import Rebuild
catch_up = Rebuild._catch_up

async def interrupted(*arguments):
    os.kill(os.getpid(), signal.SIGINT)
    await catch_up(*arguments)

Rebuild._catch_up = interrupted
from gelar.main import app
app()
"""


def gelar(*words: str) -> Result:
    """Run a command of `gelar rebuild`."""
    return run.invoke(commands, ["rebuild", *words], env={"COLUMNS": "200"})


def test_a_rebuild_is_run_and_the_old_copy_is_dropped(running: Settings) -> None:
    rebuilt = gelar("run", "budget")
    assert rebuilt.exit_code == 0
    assert "budget: the new copy is live." in rebuilt.stdout
    assert "Nothing to compare: the live copy is empty." in rebuilt.stdout
    assert gelar("drop-old", "budget").stdout == "Dropped: copy 1.\n"
    assert gelar("drop-old", "budget").stdout == "There is no older copy.\n"
    assert gelar("abandon", "budget").stdout == "No rebuild is under way.\n"


def test_an_interrupted_rebuild_says_what_remains_and_the_next_continues(running: Settings) -> None:
    asyncio.run(park(running, "ifex-2018"))
    command = [sys.executable, "-c", INTERRUPTED, "rebuild", "run", "budget"]
    ended = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    assert ended.returncode == 130
    assert "`gelar rebuild run budget` goes on with it" in ended.stdout
    assert "the new copy is live" in gelar("run", "budget").stdout


def test_a_service_that_has_never_run_is_refused(running: Settings) -> None:
    refused = gelar("run", "reporting")
    assert refused.exit_code == 1
    assert "reporting has never run" in refused.stdout


def test_a_topic_that_was_made_again_is_to_be_read_again_first(running: Settings) -> None:
    async def note_another_topic() -> None:
        name = running.database_name("budget")
        database = Database(running.mongo_uri.get_secret_value(), name)
        await Following(database).note_topics({"selection": "another"})
        database.close()

    asyncio.run(note_another_topic())
    refused = gelar("run", "budget")
    assert refused.exit_code == 1
    assert "The topic of selection was made again" in refused.stdout
    assert "start budget, and then run the rebuild." in refused.stdout
    # It has not begun.
    assert gelar("abandon", "budget").stdout == "No rebuild is under way.\n"


def test_every_command_refuses_another_version(running: Settings) -> None:
    async def upgrade() -> None:
        name = running.database_name("budget")
        database = Database(running.mongo_uri.get_secret_value(), name)
        await database.collection("projection").update_one(
            {"_id": "live"}, {"$set": {"version": 2}}
        )
        database.close()

    asyncio.run(upgrade())
    refused = run.invoke(commands, ["verify", "--service", "budget"])
    assert refused.exit_code == 1
    assert "version 2 of budget's projection is live and this is version 1" in refused.stderr
