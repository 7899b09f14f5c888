"""`gelar verify`: compare topics, histories and databases. For operators and auditors."""

import asyncio
from contextlib import AsyncExitStack
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from gelar.checking.check import Report, check
from gelar.checking.findings import advice
from gelar.connection import connected, engine_of, servers_needed
from gelar.services import installed_services, service_named
from gelar.words import plain, terminal
from shared.settings import Settings

console, plain_console = Console(), terminal()


@servers_needed()
def verify_databases(
    service: Annotated[
        list[str] | None,
        typer.Option(
            help="Only this service. Repeat it for several; by default all that are here."
        ),
    ] = None,
) -> None:
    """Compare the topics, histories, aggregates, mirrors, views and tallies with each other.

    It checks that numbers have no gaps, that equal ids have equal bytes, and that all archived
    events are published. It folds every aggregate and mirror from its first event, counts every
    tally from scratch, and replays every rupiah. The services may keep running. It prints
    every difference, and then for each kind of difference what to do about it; exit 1 means that
    there are differences. Parked subjects are counted; each parked message that cannot be read
    has a line, and so have records with events that only another version knows, as after a
    rollback. None of these is a difference.
    """
    report = asyncio.run(_report(service or installed_services(), connected()))
    console.print(_table(report))
    console.print(f"{report.messages:,} messages, {report.events:,} events in the topics")
    if any(report.parked.values()):
        numbers = ", ".join(f"{name} {count:,}" for name, count in report.parked.items() if count)
        console.print(
            f"Parked subjects, which wait for a decision (`gelar parked list`): {numbers}"
        )
    for line in (*report.undecodable, *report.unchecked):
        plain_console.print(plain(line), style="yellow")
    for line in report.differences:
        plain_console.print(plain(line), style="red")
    for line in advice(report.findings):
        plain_console.print(f"-> {line}", style="bold")
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
        applied = f"{report.applied[name]:,} applied"
        table.add_row(name, f"mirrors, {verdict.tallies} tallies", "", applied)
    return table
