"""`gelar backup`: make, check and restore backups of a service's database."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from gelar.connection import connected, servers_needed
from gelar.lazy import plain_group
from gelar.services import ServiceName, known_service
from gelar.words import plain, terminal
from shared.operations.backup import Backups, check_backup
from shared.service.wiring import open_database

app = plain_group("Make, check and restore backups of a service's database.")
console = terminal()
Folder = Annotated[Path, typer.Argument(help="The folder of the backup.")]


@app.command()
@servers_needed()
def make(service: ServiceName, folder: Folder) -> None:
    """Write a backup of one moment into a new folder, beside the running service.

    MongoDB must keep that moment until the end: its minSnapshotHistoryWindowInSeconds (300).
    """

    async def work(backups: Backups) -> int:
        return await backups.make(folder, now=datetime.now(UTC))

    number = _with_backups(service, work)
    console.print(plain(f"{service}: {number:,} documents in {folder}."))


@app.command()
@servers_needed()
def check(folder: Folder) -> None:
    """Read a whole backup and compare it with what was written."""
    content = check_backup(folder)
    number = sum(each["documents"] for each in content["collections"].values())
    made = f"of {content['service']}, made at {content['made_at']}"
    console.print(plain(f"{folder} is whole: {number:,} documents {made}."))


@app.command()
@servers_needed()
def restore(service: ServiceName, folder: Folder) -> None:
    """Restore a backup into the empty database of a service that is stopped.

    Then start the service: it catches up from its topic before it serves anything.
    """

    async def work(backups: Backups) -> int:
        return await backups.restore(folder)

    number = _with_backups(service, work)
    console.print(plain(f"{service}: {number:,} documents restored. Start the service."))


def _with_backups(service: str, work: Callable[[Backups], Awaitable[int]]) -> int:
    known_service(service)
    settings = connected()

    async def run() -> int:
        database = open_database(service, settings)
        try:
            await database.check()
            return await work(Backups(service=service, database=database, tell=_tell))
        finally:
            database.close()

    return asyncio.run(run())


def _tell(line: str) -> None:
    console.print(plain(line))
