"""`gelar topics tail`: events as a person reads them, from the beginning or as they come."""

import json
from collections.abc import Iterator
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from gelar.connection import connected
from gelar.services import SERVICES
from shared.messaging.reading import read_topics
from shared.messaging.wire import Heard, Message, Undecodable, decode

app = typer.Typer(no_args_is_help=True, help="Look at the public topics.")
console = Console(highlight=False, soft_wrap=True)


@app.command()
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
    unknown = set(service or ()) - set(SERVICES)
    if unknown:
        raise typer.BadParameter(f"choose services from {', '.join(SERVICES)}")
    for message in read_topics(settings, service or list(SERVICES), follow=follow):
        line = _line(message, subject)
        if line is not None:
            console.print(line)


def _line(message: Message, subject: str | None) -> Text | None:
    try:
        heard = decode(message)
    except Undecodable as error:
        place = f"{message.service}/{message.partition}@{message.offset}"
        return None if subject else Text(f"{place} is no event: {error}", style="red")
    if subject not in (None, heard.subject):
        return None
    return _told(heard)


def _told(heard: Heard) -> Text:
    words = heard.type.rpartition(".v")[0].rpartition(".")[2].replace("-", " ")
    line = Text(f"{heard.time}  ", style="dim")
    line.append(f"{heard.kind} {heard.subject} #{heard.sequence}  ", style="cyan")
    line.append(f"{words}  ", style="bold")
    line.append(_facts(heard.data), style="")
    line.append(f"  by {heard.actor}", style="dim")
    return line


def _facts(data: bytes) -> str:
    try:
        facts = json.loads(data)
    except ValueError:
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
