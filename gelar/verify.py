"""`gelar verify`: do topics, histories and databases agree? For operators and auditors."""

import asyncio
from contextlib import AsyncExitStack
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from gelar.checking.check import Report, check
from gelar.checking.findings import advice
from gelar.connection import connected, engine_of, servers_needed
from gelar.services import SERVICES, service_named
from gelar.words import plain, terminal
from shared.settings import Settings

console, words = Console(), terminal()


@servers_needed()
def verify_databases(
    service: Annotated[
        list[str] | None, typer.Option(help="Only this service (may be repeated).")
    ] = None,
) -> None:
    """Check topics, histories, aggregates, mirrors, views and tallies against each other.

    Numbers without gaps, equal ids with equal bytes, everything archived published; every aggregate
    and mirror folded from its first event; every tally counted from scratch; every reservation
    replayed. It may run while the services run. Every difference is told, and then once for each
    kind of them what to do about it; exit 1 says that there are some. Parked subjects are counted
    and are no difference.
    """
    report = asyncio.run(_report(service or list(SERVICES), connected()))
    console.print(_table(report))
    console.print(f"{report.messages:,} messages, {report.events:,} events in the topics")
    if any(report.parked.values()):
        told = ", ".join(f"{name} {number:,}" for name, number in report.parked.items() if number)
        console.print(f"Parked subjects, which wait for a decision (`gelar parked list`): {told}")
    for line in report.differences:
        words.print(plain(line), style="red")
    for line in advice(report.findings):
        words.print(f"-> {line}", style="bold")
    if report.differences:
        raise typer.Exit(1)


async def _report(names: list[str], settings: Settings) -> Report:
    async with AsyncExitStack() as stack:
        services = [
            (service_named(name), await stack.enter_async_context(engine_of(name, settings)))
            for name in names
        ]
        return await check(services)


def _table(report: Report) -> Table:
    table = Table("service", "kind", "aggregates", "events")
    for name, verdict in report.verdicts.items():
        for kind in sorted(verdict.aggregates):
            events = f"{verdict.events[kind]:,}"
            table.add_row(name, kind, f"{verdict.aggregates[kind]:,}", events)
        heard = f"{report.applied[name]:,} heard"
        table.add_row(name, f"mirrors, {verdict.tallies} tallies", "", heard)
    return table
