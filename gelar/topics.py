"""`gelar topics tail`: events as a person reads them, from the beginning or as they come."""

import json
from collections.abc import Iterator
from itertools import islice
from typing import Annotated, Any

import typer
from rich.text import Text

from gelar.connection import connected, servers_needed
from gelar.services import SERVICES
from gelar.words import plain, terminal
from shared.kernel.wire import EventFrame, Message, Undecodable, decode
from shared.messaging.reading import read_topics
from shared.messaging.topics import topic_name

app = typer.Typer(no_args_is_help=True, help="Look at the public topics.")
console = terminal()
SORTED_MAX = 100_000
"""How many events are kept in memory to put them in order."""


@app.command()
@servers_needed()
def tail(
    subject: Annotated[str | None, typer.Option(help="Only events about this id.")] = None,
    service: Annotated[
        list[str] | None, typer.Option(help="Only this service's topic (may be repeated).")
    ] = None,
    follow: Annotated[
        bool, typer.Option("--follow/--no-follow", "-f", help="Wait for what comes next.")
    ] = False,
) -> None:
    """Print events, oldest first: when, who, about what, its number, what happened, with what."""
    settings = connected()
    services = service or list(SERVICES)
    unknown = set(services) - set(SERVICES)
    if unknown:
        raise typer.BadParameter(f"choose services from {', '.join(SERVICES)}")
    read: dict[tuple[str, int], int] = {}
    shown = _show(_in_order(_noting(read, read_topics(settings, services)), subject))
    if not shown:
        about = f" about {subject}" if subject else ""
        names = ", ".join(topic_name(settings.namespace, one) for one in services)
        typer.echo(f"No events{about} yet in {names}.", err=True)
    if follow:
        _show(_of_subject(read_topics(settings, services, since=read), subject))


def _noting(read: dict[tuple[str, int], int], messages: Iterator[Message]) -> Iterator[Message]:
    for message in messages:
        read[message.partition] = message.offset + 1
        yield message


def _in_order(messages: Iterator[Message], subject: str | None) -> Iterator[EventFrame | Text]:
    """By time over all partitions; of more than `SORTED_MAX`, in parts."""
    events = _of_subject(messages, subject)
    while some := list(islice(events, SORTED_MAX)):
        yield from sorted(some, key=lambda one: one.time if isinstance(one, EventFrame) else "")


def _of_subject(messages: Iterator[Message], subject: str | None) -> Iterator[EventFrame | Text]:
    for message in messages:
        try:
            heard = decode(message)
        except Undecodable as error:
            if subject is None:
                place = f"{message.service}/{message.partition[1]}@{message.offset}"
                yield Text(plain(f"{place} is no event: {error}"), style="red")
        else:
            if subject in (None, heard.subject):
                yield heard


def _show(events: Iterator[EventFrame | Text]) -> int:
    shown = 0
    for one in events:
        console.print(_told(one) if isinstance(one, EventFrame) else one)
        shown += 1
    return shown


def _told(heard: EventFrame) -> Text:
    words = heard.type.rpartition(".v")[0].rpartition(".")[2].replace("-", " ")
    line = Text(plain(f"{heard.time}  "), style="dim")
    line.append(plain(f"{heard.kind} {heard.subject} #{heard.sequence}  "), style="cyan")
    line.append(plain(f"{words}  "), style="bold")
    line.append(plain(_facts(heard.data)), style="")
    line.append(plain(f"  by {heard.actor}"), style="dim")
    return line


def _facts(data: bytes) -> str:
    try:
        facts = json.loads(data)
    except ValueError:
        facts = None
    if not isinstance(facts, dict):
        return "(unreadable data)"
    return " ".join(f"{name}={value}" for name, value in _flat(facts))


def _flat(facts: Any, prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, value in facts.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}.")
        elif isinstance(value, list):
            yield f"{prefix}{name}", json.dumps(value, ensure_ascii=False)
        else:
            yield f"{prefix}{name}", str(value)
