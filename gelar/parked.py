"""`gelar parked`: list, redrive or discard the events that a service could not apply.

`list` and `show` only read. `redrive` applies a subject's events again after the cause is fixed;
`discard` gives up a single event for good. Both need a reason, do nothing the second time, and
leave an entry in the audit that `log` prints.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, TypeVar

import typer
from rich.table import Column, Table

from gelar.connection import connected, opened_engine, servers_needed
from gelar.lazy import plain_group
from gelar.services import SERVICES, installed_services
from gelar.words import plain, terminal
from shared.contracts.calendar import moment
from shared.kernel.errors import Refused
from shared.operations.parked import ParkedSubjects
from shared.service.engine import Engine
from shared.store.checkpoints import Overtaken
from shared.store.counts import count
from shared.store.generations import NeverRan
from shared.store.parking import Operator

app = plain_group("List, redrive or discard parked events.")
console = terminal()
# A pipe or a file has no width: there, no cell is cut or folded.
unbounded = terminal(width=100_000)
LOG_ENTRIES_MAX = 100
T = TypeVar("T")


def user_name() -> str:
    """Return the user's name, or the user id where the system has no name for it."""
    import getpass
    import os

    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())


def _words(value: str) -> str:
    if not value.strip():
        raise typer.BadParameter("write some words: the audit shows them")
    return value


Only = Annotated[
    list[str] | None, typer.Option("--service", help="Only this service. Repeat it for several.")
]
Reason = Annotated[str, typer.Option(help="The reason; the audit keeps it.", callback=_words)]
By = Annotated[
    str,
    typer.Option(
        help="The operator; the audit keeps the name. Default: your user name.",
        default_factory=user_name,
        show_default=False,
        callback=_words,
    ),
]


@app.command("list")
@servers_needed()
def list_parked(
    service: Only = None,
    limit: Annotated[int, typer.Option(min=1, help="The most subjects to print.")] = 100,
) -> None:
    """Print the parked subjects, oldest first: number of events, first event, reason, time."""

    async def read(engine: Engine) -> tuple[list[dict[str, Any]], int]:
        parking = engine.inbox.parking
        return await parking.by_subject(limit), await count(parking.subjects())

    found = _in_each(service, read)
    rows = [(name, row) for name, (oldest, _) in found.items() for row in oldest]
    rows.sort(key=lambda entry: entry[1]["at"])
    table = _table("service", "kind", "subject", "events", "first", "reason", "since")
    for name, row in rows[:limit]:
        numbers = (str(row["events"]), f"#{row['sequence']}")
        about = (name, row["kind"] or "?", row["subject"])
        _add(table, *about, *numbers, row["reason"], moment(row["at"]))
    _print_table(table, "Nothing is parked.")
    further = sum(subjects for _, subjects in found.values()) - table.row_count
    if further > 0:
        console.print(f"and {further:,} more subjects (--limit).")


@app.command()
@servers_needed()
def show(subject: str, service: Only = None) -> None:
    """Print the parked events of a subject: id, time, reason, headers, data, pending commands.

    Exit 1 if none of its events is parked.
    """
    found = _in_each(service, lambda engine: engine.inbox.parking.rows(subject))
    for row in (row for rows in found.values() for row in rows):
        state = "its commands failed" if row["folded"] else "not applied"
        _print(f"{row['_id']}  {row['kind'] or '?'} {row['subject']} #{row['sequence']}")
        _print(f"  parked since {moment(row['at'])}")
        _print(f"  {row['reason']} ({state}): {row['detail']}", style="red")
        for name, value in row["message"]["headers"]:
            _print(f"  {name}: {value.decode(errors='replace')}", style="dim")
        _print(f"  {(row['message']['value'] or b'').decode(errors='replace')}")
        for command in row["commands"]:
            about = f"{command['kind']} {command['id']}"
            _print(f"  -> {command['command']} of {about} {json.dumps(command['data'])}")
    if not any(found.values()):
        places = f" in {', '.join(service)}" if service else ""
        sentence = f"No event about {subject} is parked{places}: `gelar parked list` has all."
        typer.echo(plain(sentence), err=True)
        raise typer.Exit(1)


@app.command()
@servers_needed()
def redrive(subject: str, reason: Reason, by: By, service: Only = None) -> None:
    """Apply a subject's parked events again, in order, until one fails; exit 1 then."""
    operator = Operator(by=by, reason=reason)
    found = _in_each(
        service,
        lambda engine: _result_or_reason(ParkedSubjects(engine).redrive(subject, operator)),
    )
    failed = taken = False
    for name, redriven in found.items():
        if isinstance(redriven, str):
            failed = True
            _print(f"{name}: {redriven}", style="red")
            continue
        if redriven.taken:
            taken = True
            _print(f"{name}: {redriven.taken} taken.")
        if redriven.stopped:
            failed, stopped = True, redriven.stopped
            cause = f"{stopped['reason']}: {stopped['detail']}"
            _print(f"{name}: stopped at {stopped['_id']}, {cause}", style="red")
    if failed:
        raise typer.Exit(1)
    if not taken:
        _print(f"Nothing about {subject} is parked.")


@app.command()
@servers_needed()
def discard(event: str, reason: Reason, by: By) -> None:
    """Give up a parked event for good, by the id that `show` prints; later events stay parked.

    If it was given up or redriven before, the command says so and does nothing. Exit 1 for an id
    that was never parked, exit 2 for text that is no id.
    """
    name = event.partition(".")[0]
    if name not in SERVICES:
        raise typer.BadParameter(
            f"{event} is no id of a parked event: `gelar parked show SUBJECT` prints the ids"
        )
    operator = Operator(by=by, reason=reason)

    async def give_up(engine: Engine) -> tuple[bool | str, dict[str, Any] | None]:
        done = await _result_or_reason(ParkedSubjects(engine).discard(event, operator))
        return done, None if done else await engine.inbox.parking.done_about(event)

    done, before = _in_each([name], give_up)[name]
    if done is True:
        _print(f"{event} is given up.")
    elif before is not None:
        action = "given up" if before["action"] == "discard" else "redriven"
        about = f"{moment(before['at'])} by {before['by']}: {before['reason']}"
        _print(f"{event} is not parked any more: it was {action} {about}")
    else:
        unknown = (
            f"No event {event} was ever parked here. Ids change with a rebuild: "
            "`gelar parked show SUBJECT` prints the present id."
        )
        _print(done or unknown, style="red")
        raise typer.Exit(1)


@app.command()
@servers_needed()
def log(service: Only = None) -> None:
    """Print the audit of parked events, latest first: time, action, event, operator, reason."""
    found = _in_each(service, lambda engine: engine.inbox.parking.interventions(LOG_ENTRIES_MAX))
    entries = [(name, entry) for name, latest in found.items() for entry in latest]
    entries.sort(key=lambda pair: pair[1]["at"], reverse=True)
    table = _table("at", "service", "action", "event", "parked for", "by", "reason")
    for name, entry in entries[:LOG_ENTRIES_MAX]:
        about = f"{entry['kind'] or '?'} {entry['subject']} #{entry['sequence']}"
        cells = (entry["action"], about, entry["parked_for"], entry["by"], entry["reason"])
        _add(table, moment(entry["at"]), name, *cells)
    _print_table(table, "No parked event was redriven or discarded yet.")


def _table(*columns: str) -> Table:
    # On a narrow terminal cells continue in the next line: none is cut.
    return Table(*(Column(name, overflow="fold") for name in columns))


def _add(table: Table, *cells: str) -> None:
    table.add_row(*map(plain, cells))


def _print(text: object, style: str = "") -> None:
    console.print(plain(text), style=style)


def _print_table(table: Table, nothing: str) -> None:
    target = console if console.is_terminal else unbounded
    target.print(table if table.row_count else nothing)


async def _result_or_reason(work: Awaitable[T]) -> T | str:
    """Return the result, or a sentence that says why the work could not be done."""
    try:
        return await work
    except Refused as refused:
        return f"{refused.code}: {refused.sentence}"
    except Overtaken:
        return "Other operators or a rebuild intervened at every attempt: run it again."


def _in_each(service: list[str] | None, work: Callable[[Engine], Awaitable[Any]]) -> dict[str, Any]:
    """Return the work's result by service; without a choice, of all services that ever ran.

    Raises `NeverRan` if a chosen service never ran, or none of them.
    """
    settings = connected()
    never: NeverRan | None = None
    results: dict[str, Any] = {}

    async def result(name: str) -> Any:
        async with opened_engine(name, settings) as engine:
            return await work(engine)

    for name in service or installed_services():
        try:
            results[name] = asyncio.run(result(name))
        except NeverRan as error:
            if service:
                raise
            never = error
    if never is not None and not results:
        raise never
    return results
