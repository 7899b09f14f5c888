"""An operator makes, checks and restores a backup with `gelar backup`."""

import asyncio
from pathlib import Path

from typer.testing import CliRunner

from gelar.commands import commands
from services.budget.app import service as budget
from shared.service.wiring import open_database
from shared.settings import Settings

run = CliRunner()


def drop(settings: Settings) -> None:
    """Lose budget's database."""

    async def dropped() -> None:
        database = open_database("budget", settings)
        await database.drop()
        database.close()

    asyncio.run(dropped())


def test_a_backup_is_made_checked_and_restored(running: Settings, tmp_path: Path) -> None:
    folder = str(tmp_path / "backup")
    made = run.invoke(commands, ["backup", "make", "budget", folder])
    assert made.exit_code == 0, made.output
    assert "documents in" in made.output
    checked = run.invoke(commands, ["backup", "check", folder])
    assert checked.exit_code == 0, checked.output
    assert "is whole" in checked.output
    refused = run.invoke(commands, ["backup", "restore", "budget", folder])
    assert refused.exit_code == 1
    assert "is not empty" in refused.output
    drop(running)
    restored = run.invoke(commands, ["backup", "restore", "budget", folder])
    assert restored.exit_code == 0, restored.output

    async def starts() -> None:
        async with budget.opened(running):
            assert await budget.not_ready_reason() is None

    asyncio.run(starts())


def test_wrong_names_are_said_in_a_sentence(running: Settings, tmp_path: Path) -> None:
    unknown = run.invoke(commands, ["backup", "make", "budgets", str(tmp_path / "backup")])
    assert unknown.exit_code == 2
    assert "there is no service budgets" in unknown.output
    missing = run.invoke(commands, ["backup", "check", str(tmp_path / "none")])
    assert missing.exit_code == 1
    assert "is no backup" in missing.output
