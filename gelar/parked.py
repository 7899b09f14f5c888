"""`gelar parked`: events that a service could not take, for the operator who must decide.

`list` and `show` only look. `redrive` takes a subject's events again once the cause is mended;
`discard` gives up one of them for good. Both need a reason, do nothing the second time, and are
kept in the audit that `log` prints.
"""

import asyncio
import getpass
import json
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated, Any, TypeVar

import typer
from rich.table import Column, Table

from gelar.connection import connected, opened_engine, servers_needed
from gelar.services import SERVICES
from gelar.words import plain, terminal
from shared.kernel.errors import Refused
from shared.operations.parked import ParkedSubjects
from shared.service.engine import Engine
from shared.store.inbox import Overtaken
from shared.store.parking import Operator

app = typer.Typer(no_args_is_help=True, help="Look at parked events, take them again, or give up.")
console = terminal()
# What is not a terminal has no width: nothing is cut or folded there.
unbounded = terminal(width=100_000)
LOG_SHOWN = 100
T = TypeVar("T")

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
def list_parked(
    service: Only = None,
    limit: Annotated[int, typer.Option(min=1, help="How many subjects at most.")] = 100,
) -> None:
    """Parked subjects, the oldest first: how many events wait, since when, what stopped one."""

    async def ask(engine: Engine) -> tuple[list[dict[str, Any]], int]:
        parking = engine.inbox.parking
        return await parking.by_subject(limit), await parking.subjects()

    found = _everywhere(service, ask)
    rows = [(name, row) for name, (some, _) in found.items() for row in some]
    rows.sort(key=lambda one: one[1]["at"])
    table = _table("service", "kind", "subject", "events", "first", "reason", "since")
    for name, row in rows[:limit]:
        numbers = (str(row["events"]), f"#{row['sequence']}")
        about = (name, row["kind"] or "?", row["subject"])
        _add(table, *about, *numbers, row["reason"], _moment(row["at"]))
    _show(table, "Nothing is parked.")
    further = sum(subjects for _, subjects in found.values()) - table.row_count
    if further > 0:
        console.print(f"and {further:,} more subjects (--limit).")


@app.command()
@servers_needed()
def show(subject: str, service: Only = None) -> None:
    """The parked events of a subject, whole: id, reason, headers, data, what they had caused."""
    found = _everywhere(service, lambda engine: engine.inbox.parking.rows(subject))
    for row in (row for rows in found.values() for row in rows):
        state = "its commands failed" if row["folded"] else "not taken"
        _say(f"{row['_id']}  {row['kind'] or '?'} {row['subject']} #{row['sequence']}")
        _say(f"  {row['reason']} ({state}): {row['detail']}", style="red")
        for name, value in row["message"]["headers"]:
            _say(f"  {name}: {value.decode(errors='replace')}", style="dim")
        _say(f"  {(row['message']['value'] or b'').decode(errors='replace')}")
        for command in row["commands"]:
            about = f"{command['kind']} {command['id']}"
            _say(f"  -> {command['command']} of {about} {json.dumps(command['data'])}")
    if not any(found.values()):
        _say(f"Nothing about {subject} is parked.")


@app.command()
@servers_needed()
def redrive(subject: str, reason: Reason, by: By = ME, service: Only = None) -> None:
    """Take a subject's parked events again, in order, until one cannot be taken; exit 1 then."""
    operator = Operator(by=by, reason=reason)
    found = _everywhere(service, lambda one: _tried(ParkedSubjects(one).redrive(subject, operator)))
    failed = False
    for name, redriven in found.items():
        if isinstance(redriven, str):
            failed = True
            _say(f"{name}: {redriven}", style="red")
            continue
        if redriven.taken:
            _say(f"{name}: {redriven.taken} taken.")
        if redriven.stopped:
            failed, stopped = True, redriven.stopped
            told = f"{name}: stopped at {stopped['_id']}, {stopped['reason']}: {stopped['detail']}"
            _say(told, style="red")
    if failed:
        raise typer.Exit(1)
    if not any(one.taken for one in found.values()):
        _say(f"Nothing about {subject} is parked.")


@app.command()
@servers_needed()
def discard(event: str, reason: Reason, by: By = ME) -> None:
    """Give up one parked event for good, by the id that `show` prints; later ones stay parked.

    What was given up or redriven before is told, and nothing happens; an id that was never parked
    ends with 1, and what cannot be one with 2.
    """
    name = event.partition(".")[0]
    if name not in SERVICES:
        raise typer.BadParameter(f"{event} is no id of a parked event: `gelar parked show` has it")
    operator = Operator(by=by, reason=reason)

    async def ask(engine: Engine) -> tuple[bool | str, dict[str, Any] | None]:
        done = await _tried(ParkedSubjects(engine).discard(event, operator))
        return done, None if done else await engine.inbox.parking.done_about(event)

    done, before = _everywhere([name], ask)[name]
    if done is True:
        _say(f"{event} is given up.")
    elif before is not None:
        what = "given up" if before["action"] == "discard" else "redriven"
        when = f"{_moment(before['at'])} by {before['by']}: {before['reason']}"
        _say(f"{event} is not parked any more: it was {what} {when}")
    else:
        unknown = (
            f"No event {event} was ever parked here. Ids change with a rebuild: "
            "`gelar parked show SUBJECT` has the present one."
        )
        _say(done or unknown, style="red")
        raise typer.Exit(1)


@app.command()
@servers_needed()
def log(service: Only = None) -> None:
    """What was done about parked events: when, what, by whom, why; the latest first."""
    found = _everywhere(service, lambda engine: engine.inbox.parking.interventions(LOG_SHOWN))
    notes = [(name, one) for name, some in found.items() for one in some]
    notes.sort(key=lambda note: note[1]["at"], reverse=True)
    table = _table("at", "service", "action", "event", "parked for", "by", "reason")
    for name, one in notes[:LOG_SHOWN]:
        about = f"{one['kind'] or '?'} {one['subject']} #{one['sequence']}"
        told = (one["action"], about, one["parked_for"], one["by"], one["reason"])
        _add(table, _moment(one["at"]), name, *told)
    _show(table, "Nothing was done about parked events yet.")


def _table(*columns: str) -> Table:
    # On a narrow terminal cells go on in the next line: none is cut.
    return Table(*(Column(one, overflow="fold") for one in columns))


def _add(table: Table, *cells: str) -> None:
    table.add_row(*map(plain, cells))


def _say(words: object, style: str = "") -> None:
    console.print(plain(words), style=style)


def _show(table: Table, nothing: str) -> None:
    shown = console if console.is_terminal else unbounded
    shown.print(table if table.row_count else nothing)


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}Z"


async def _tried(work: Awaitable[T]) -> T | str:
    """What came of it, or why it could not be done."""
    try:
        return await work
    except Refused as refused:
        return f"{refused.code}: {refused.sentence}"
    except Overtaken:
        return "Others kept intervening there meanwhile: run it again."


def _everywhere(
    service: list[str] | None, ask: Callable[[Engine], Awaitable[Any]]
) -> dict[str, Any]:
    settings = connected()

    async def asked(name: str) -> Any:
        async with opened_engine(name, settings) as engine:
            return await ask(engine)

    return {name: asyncio.run(asked(name)) for name in (service or list(SERVICES))}
