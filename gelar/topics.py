"""`gelar topics`: print events for a person, and create and check the topics for operators."""

import json
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Annotated, Any

import typer
from rich.text import Text

from gelar.connection import connected, require_topics, servers_needed
from gelar.lazy import plain_group
from gelar.services import SERVICES
from gelar.words import plain, terminal
from shared.contracts.calendar import in_zone
from shared.kernel.wire import EventFrame, Message, Undecodable, decode
from shared.messaging.reading import read_topics
from shared.messaging.topics import TopicMismatch, Topics, topic_name
from shared.settings import Settings

app = plain_group("Read, create and check the public topics.")
console = terminal()
Of = Annotated[
    list[str] | None, typer.Option(help="Only this service's topic. Repeat it for several.")
]
SORTED_MAX = 100_000
"""The number of events that are held in memory to be sorted."""


@app.command()
@servers_needed()
def tail(
    subject: Annotated[str | None, typer.Option(help="Only events about this id.")] = None,
    service: Of = None,
    follow: Annotated[
        bool, typer.Option("--follow/--no-follow", "-f", help="Wait for the next events.")
    ] = False,
) -> None:
    """Print events, oldest first.

    A line has the time (UTC and WIB), the subject, its number, the event, its data and the actor.
    """
    settings = connected(mongo=False)
    services = _known(service)
    require_topics(settings, services, any_is_enough=True)
    offsets: dict[tuple[str, int], int] = {}
    messages = _noting_offsets(offsets, read_topics(settings, services))
    printed = _print_events(_in_order(messages, subject))
    if not printed:
        about = f" about {subject}" if subject else ""
        names = _topic_names(settings, services)
        typer.echo(f"No events{about} yet in {names}.", err=True)
    if follow:
        _print_events(_of_subject(read_topics(settings, services, since=offsets), subject))


@app.command()
@servers_needed()
def check(service: Of = None) -> None:
    """Compare the topics with what events need; exit 1 and a line for every fault.

    A service whose topic has a fault does not start. This changes nothing.
    """
    settings = connected(mongo=False)
    topics = Topics(settings)
    services = _known(service)
    topics.existing(services)
    faults = topics.faults(services)
    for fault in faults:
        console.print(plain(fault), style="red")
    if faults:
        raise typer.Exit(1)
    console.print(plain(f"Right: {_topic_names(settings, services)}."))


@app.command()
@servers_needed()
def apply(service: Of = None) -> None:
    """Create the topics that are missing, then check all of them.

    It needs the right to create topics in Kafka; the services need only the right to describe them.
    A topic that exists is never changed. Repeat it as often as you like.
    """
    settings = connected(mongo=False)
    topics = Topics(settings)
    services = _known(service)
    topics.existing(services)
    try:
        created = topics.apply(services)
    except TopicMismatch as error:
        console.print(plain(str(error)), style="red")
        raise typer.Exit(1) from None
    console.print(plain(f"Created: {', '.join(created) or 'none, all were there'}."))
    console.print(plain(f"Right: {_topic_names(settings, services)}."))


def _known(services: list[str] | None) -> list[str]:
    unknown = sorted(set(services or ()) - set(SERVICES))
    if unknown:
        raise typer.BadParameter(
            f"there is no service {', '.join(unknown)}: choose from {', '.join(SERVICES)}"
        )
    return services or list(SERVICES)


def _topic_names(settings: Settings, services: list[str]) -> str:
    return ", ".join(topic_name(settings.namespace, service) for service in services)


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
    return f"{text} = {in_zone(at)}" if at.tzinfo else text


def _facts(data: bytes) -> str:
    try:
        facts = json.loads(data)
        if isinstance(facts, dict):
            return " ".join(f"{name}={value}" for name, value in _flat(facts))
    except (ValueError, RecursionError):
        # The value is no JSON, or it is JSON in more levels than Python can read or flatten.
        pass
    return "(unreadable data)"


def _flat(facts: Any, prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, value in facts.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}.")
        elif isinstance(value, list):
            yield f"{prefix}{name}", json.dumps(value, ensure_ascii=False)
        else:
            yield f"{prefix}{name}", str(value)
