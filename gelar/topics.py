"""`gelar topics tail`: print events for a person, from the beginning or as they arrive."""

import json
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Annotated, Any

import typer
from rich.text import Text

from gelar.connection import connected, servers_needed
from gelar.lazy import plain_group
from gelar.services import SERVICES
from gelar.words import plain, terminal
from shared.contracts.calendar import in_wib
from shared.kernel.wire import EventFrame, Message, Undecodable, decode
from shared.messaging.reading import read_topics
from shared.messaging.topics import topic_name

app = plain_group("Read the public topics.")
console = terminal()
SORTED_MAX = 100_000
"""The number of events that are held in memory to be sorted."""


@app.command()
@servers_needed()
def tail(
    subject: Annotated[str | None, typer.Option(help="Only events about this id.")] = None,
    service: Annotated[
        list[str] | None, typer.Option(help="Only this service's topic. Repeat it for several.")
    ] = None,
    follow: Annotated[
        bool, typer.Option("--follow/--no-follow", "-f", help="Wait for the next events.")
    ] = False,
) -> None:
    """Print events, oldest first.

    A line has the time (UTC and WIB), the subject, its number, the event, its data and the actor.
    """
    settings = connected(mongo=False)
    services = service or list(SERVICES)
    unknown = sorted(set(services) - set(SERVICES))
    if unknown:
        raise typer.BadParameter(
            f"there is no service {', '.join(unknown)}: choose from {', '.join(SERVICES)}"
        )
    offsets: dict[tuple[str, int], int] = {}
    messages = _noting_offsets(offsets, read_topics(settings, services))
    printed = _print_events(_in_order(messages, subject))
    if not printed:
        about = f" about {subject}" if subject else ""
        names = ", ".join(topic_name(settings.namespace, name) for name in services)
        typer.echo(f"No events{about} yet in {names}.", err=True)
    if follow:
        _print_events(_of_subject(read_topics(settings, services, since=offsets), subject))


def _noting_offsets(
    offsets: dict[tuple[str, int], int], messages: Iterator[Message]
) -> Iterator[Message]:
    for message in messages:
        offsets[message.partition] = message.offset + 1
        yield message


def _in_order(messages: Iterator[Message], subject: str | None) -> Iterator[EventFrame | Text]:
    """Sort by time over all partitions; more than `SORTED_MAX` events are sorted in parts."""
    events = _of_subject(messages, subject)
    while part := list(islice(events, SORTED_MAX)):
        yield from sorted(part, key=_sort_key)


def _sort_key(event: EventFrame | Text) -> str:
    return event.time if isinstance(event, EventFrame) else ""


def _of_subject(messages: Iterator[Message], subject: str | None) -> Iterator[EventFrame | Text]:
    for message in messages:
        try:
            event = decode(message)
        except Undecodable as error:
            if subject is None:
                position = f"{message.service}/{message.partition[1]}@{message.offset}"
                yield Text(plain(f"{position} is no event: {error}"), style="red")
        else:
            if subject in (None, event.subject):
                yield event


def _print_events(events: Iterator[EventFrame | Text]) -> int:
    printed = 0
    for event in events:
        console.print(_line(event) if isinstance(event, EventFrame) else event)
        printed += 1
    return printed


def _line(event: EventFrame) -> Text:
    name = event.type.rpartition(".v")[0].rpartition(".")[2].replace("-", " ")
    line = Text(plain(f"{_time(event.time)}  "), style="dim")
    line.append(plain(f"{event.kind} {event.subject} #{event.sequence}  "), style="cyan")
    line.append(plain(f"{name}  "), style="bold")
    line.append(plain(_facts(event.data)), style="")
    line.append(plain(f"  by {event.actor}"), style="dim")
    return line


def _time(text: str) -> str:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return text
    # Without a zone it is unknown which instant is meant.
    return f"{text} = {in_wib(at)}" if at.tzinfo else text


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
