"""`gelar migrate`: what a version's databases need, before its first process starts."""

import asyncio
from typing import Annotated

import typer

from gelar.connection import connected, engine_of, servers_needed
from gelar.services import ServiceName
from gelar.words import plain, terminal
from shared.operations.migrate import Plan, migrate, plan
from shared.settings import Settings
from shared.store.generations import NeverRan

console = terminal()


@servers_needed()
def migrate_database(
    service: ServiceName,
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print what is to be done, and change nothing.")
    ] = False,
) -> None:
    """Build the indexes and renew the records that this version needs.

    Run it with the new version, beside the processes of the old one; after a rollback, with the
    old version, once no process of the new one runs. Interrupted or repeated, it does what is left.
    Where the service never ran there is nothing to do: its first start makes everything.
    """
    settings = connected()
    try:
        done = asyncio.run(_run(service, settings, dry_run=dry_run))
    except NeverRan:
        console.print(
            plain(
                f"{service}: it never ran in this database, so there is nothing to do: its first "
                "start makes everything. If it did run, check KUKM_NAMESPACE and KUKM_MONGO_URI."
            )
        )
        return
    if dry_run:
        for index in done.indexes:
            console.print(plain(f"to build: {index}"))
        for kind, number in done.older.items():
            console.print(plain(f"to renew: {number:,} of {kind}"))
        for kind, number in done.newer.items():
            console.print(plain(f"to bring back: {number:,} of {kind}"))
    if not (done.indexes or done.older or done.newer):
        console.print(plain(f"{service}: nothing to do."))
    elif not dry_run:
        console.print(plain(f"{service}: done."))


async def _run(service: str, settings: Settings, *, dry_run: bool) -> Plan:
    async with engine_of(service, settings) as engine:
        if dry_run:
            return await plan(engine)
        return await migrate(engine, lambda step: console.print(plain(f"{service}: {step}")))
