"""The parts of the model of the relay: document, writers, relays, the world, and the rules."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

Event = tuple[int, int, int]
"""Its number, its writer, and the writer of the event before it as its writer saw it (-1: none)."""
Run = tuple[Event, ...]
Writer = tuple[Literal["new", "read", "waits", "done"], int, int]
"""A phase and, after the read, the version and the writer of the last event."""
NEW: Writer = ("new", 0, 0)
WAITS: Writer = ("waits", 0, 0)
DONE: Writer = ("done", 0, 0)


class Document(NamedTuple):
    """The aggregate; `last` is the writer of its last event."""

    version: int = 0
    last: int = -1
    outbox: Run = ()
    receipts: frozenset[int] = frozenset()


class Relay(NamedTuple):
    """A relay's memory.

    `acked`: published and not yet archived; `run`: under way; `wire`: the part of the run that the
    broker has not taken; `unpublished`: new events of a writer in its own process; `last`: the last
    number that it knows to be published.
    """

    acked: Run = ()
    run: Run = ()
    wire: Run = ()
    unpublished: Run = ()
    last: int = 0


IDLE = Relay()


class World(NamedTuple):
    """A state; `majority` is the document as most servers have it, if a server is ahead of them."""

    document: Document
    writers: tuple[Writer, ...]
    relays: tuple[Relay, ...]
    history: Run = ()
    topic: Run = ()
    ghosts: tuple[Run, ...] = ()
    majority: Document | None = None


@dataclass(frozen=True, kw_only=True)
class Rules:
    """The rules of our code; any other value removes a safeguard."""

    guards_version: bool = True
    leaves_receipts: bool = True
    appends_to_outbox: bool = True
    loads: Literal["majority", "local"] = "majority"
    relays_read: Literal["majority", "local"] = "majority"
    publishes: Literal["from the head", "a single event"] = "from the head"
    sends_unread: Literal["what continues", "all"] = "what continues"
    after_failure: Literal["stops", "sends the next", "goes on behind a purge"] = "stops"
    waits_for_acks: bool = True
    removes: Literal["by id", "by position", "all"] = "by id"
    archives: Literal["once", "again", "if absent"] = "once"
