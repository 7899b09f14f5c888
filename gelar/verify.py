"""`gelar verify`: are the databases what their histories say? For operators and auditors."""

import asyncio
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from gelar.connection import connected, opened_engine, servers_needed
from gelar.services import SERVICES
from shared.service.verify import Verdict, verify
from shared.settings import Settings

console = Console()


@servers_needed()
def verify_databases(
    service: Annotated[
        list[str] | None, typer.Option(help="Only this service (may be repeated).")
    ] = None,
) -> None:
    """Fold every aggregate from its history, recount every tally, and tell every difference."""
    settings = connected()
    verdicts = {name: asyncio.run(_verdict(name, settings)) for name in (service or list(SERVICES))}
    console.print(_table(verdicts))
    differences = [line for one in verdicts.values() for line in one.differences]
    for line in differences:
        console.print(line, style="red", highlight=False)
    if differences:
        raise typer.Exit(1)


async def _verdict(name: str, settings: Settings) -> Verdict:
    async with opened_engine(name, settings) as engine:
        return await verify(engine)


def _table(verdicts: dict[str, Verdict]) -> Table:
    table = Table("service", "kind", "aggregates", "events", "differences")
    for name, verdict in verdicts.items():
        for kind in sorted(verdict.aggregates):
            events = f"{verdict.events[kind]:,}"
            table.add_row(name, kind, f"{verdict.aggregates[kind]:,}", events, "")
        table.add_row(name, f"{verdict.tallies} tallies", "", "", str(len(verdict.differences)))
    return table
