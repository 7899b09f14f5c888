"""`gelar parked`: events that a service could not take, for the operator who must decide.

`list` and `show` only look. `redrive` takes a subject's events again once the cause is mended;
`discard` gives up one of them for good. Both need a reason, do nothing the second time, and are
kept in the audit that `log` prints.
"""

import asyncio
import getpass
import json
from collections.abc import Awaitable, Callable
from itertools import groupby
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from gelar.connection import connected, opened_engine, servers_needed
from gelar.services import SERVICES
from shared.errors import Refused
from shared.service.engine import Engine
from shared.store.parking import Operator

app = typer.Typer(no_args_is_help=True, help="Look at parked events, take them again, or give up.")
console = Console(highlight=False, soft_wrap=True)
LOG_SHOWN = 100

Only = Annotated[
    list[str] | None, typer.Option("--service", help="Only in this service (may be repeated).")
]


def _said(value: str) -> str:
    if not value.strip():
        raise typer.BadParameter("say it in words: it is what the audit will show")
    return value


Reason = Annotated[str, typer.Option(help="Why; kept in the audit.", callback=_said)]
By = Annotated[str, typer.Option(help="Who does this; kept in the audit.", callback=_said)]
ME = getpass.getuser()


@app.command("list")
@servers_needed()
def list_parked(service: Only = None) -> None:
    """Every parked subject: how many of its events wait, since when, and what stopped the first."""
    found = _everywhere(service, lambda engine: engine.parked.parking.rows())
    table = Table("service", "kind", "subject", "events", "first", "reason", "since")
    for name, rows in found.items():
        for (kind, subject), same in groupby(rows, key=lambda row: (row["kind"], row["subject"])):
            events = list(same)
            first = events[0]
            since = f"{first['at']:%Y-%m-%d %H:%M:%S}Z"
            numbers = (str(len(events)), f"#{first['sequence']}")
            table.add_row(name, kind or "?", subject, *numbers, first["reason"], since)
    console.print(table if table.row_count else "Nothing is parked.")


@app.command()
@servers_needed()
def show(subject: str, service: Only = None) -> None:
    """The parked events of a subject, whole: id, reason, headers, data, what they had caused."""
    found = _everywhere(service, lambda engine: engine.parked.parking.rows(subject))
    for row in (row for rows in found.values() for row in rows):
        state = "its commands failed" if row["folded"] else "not taken"
        console.print(f"{row['_id']}  {row['kind'] or '?'} {row['subject']} #{row['sequence']}")
        console.print(f"  {row['reason']} ({state}): {row['detail']}", style="red")
        for name, value in row["message"]["headers"]:
            console.print(f"  {name}: {value.decode(errors='replace')}", style="dim")
        console.print(f"  {(row['message']['value'] or b'').decode(errors='replace')}")
        for command in row["commands"]:
            about = f"{command['kind']} {command['id']}"
            console.print(f"  -> {command['command']} of {about} {json.dumps(command['data'])}")
    if not any(found.values()):
        console.print(f"Nothing about {subject} is parked.")


@app.command()
@servers_needed()
def redrive(subject: str, reason: Reason, by: By = ME, service: Only = None) -> None:
    """Take a subject's parked events again, in order, until one cannot be taken; exit 1 then."""
    operator = Operator(by=by, reason=reason)
    found = _everywhere(service, lambda engine: engine.parked.redrive(subject, operator))
    for name, redriven in found.items():
        if redriven.taken:
            console.print(f"{name}: {redriven.taken} taken.")
        if redriven.stopped:
            stopped = redriven.stopped
            told = f"{name}: stopped at {stopped['_id']}, {stopped['reason']}: {stopped['detail']}"
            console.print(told, style="red")
    if not any(one.taken or one.stopped for one in found.values()):
        console.print(f"Nothing about {subject} is parked.")
    if any(one.stopped for one in found.values()):
        raise typer.Exit(1)


@app.command()
@servers_needed()
def discard(event: str, reason: Reason, by: By = ME) -> None:
    """Give up one parked event for good, by the id that `show` prints; later ones stay parked."""
    name = event.partition(".")[0]
    if name not in SERVICES:
        raise typer.BadParameter(f"{event} is no id of a parked event: `gelar parked show` has it")
    operator = Operator(by=by, reason=reason)
    try:
        done = _everywhere([name], lambda engine: engine.parked.discard(event, operator))[name]
    except Refused as refused:
        console.print(f"{refused.code}: {refused.sentence}", style="red")
        raise typer.Exit(1) from None
    console.print(f"{event} is given up." if done else f"{event} is not parked (any more).")


@app.command()
@servers_needed()
def log(service: Only = None) -> None:
    """What was done about parked events: when, what, by whom, why; the latest first."""
    found = _everywhere(service, lambda engine: engine.parked.parking.interventions(LOG_SHOWN))
    table = Table("at", "service", "action", "event", "parked for", "by", "reason")
    for name, notes in found.items():
        for one in notes:
            about = f"{one['kind'] or '?'} {one['subject']} #{one['sequence']}"
            at = f"{one['at']:%Y-%m-%d %H:%M:%S}Z"
            table.add_row(
                at, name, one["action"], about, one["parked_for"], one["by"], one["reason"]
            )
    console.print(table if table.row_count else "Nothing was done about parked events yet.")


def _everywhere(
    service: list[str] | None, ask: Callable[[Engine], Awaitable[Any]]
) -> dict[str, Any]:
    settings = connected()

    async def asked(name: str) -> Any:
        async with opened_engine(name, settings) as engine:
            return await ask(engine)

    return {name: asyncio.run(asked(name)) for name in (service or list(SERVICES))}
