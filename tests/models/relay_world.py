"""What the model of the way out is made of: document, writers, relays, the world, and its rules."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

Event = tuple[int, int, int]
"""Its number, who wrote it, and whose event that writer saw before it (-1: none)."""
Run = tuple[Event, ...]
Writer = tuple[Literal["new", "read", "waits", "done"], int, int]
"""A phase and, once it has read, the version and whose event was the last."""
NEW: Writer = ("new", 0, 0)
WAITS: Writer = ("waits", 0, 0)
DONE: Writer = ("done", 0, 0)


class Document(NamedTuple):
    """The aggregate; `last` is who wrote its last event."""

    version: int = 0
    last: int = -1
    outbox: Run = ()
    receipts: frozenset[int] = frozenset()


class Relay(NamedTuple):
    """A relay: what it knows to be published, the run under way, what of it is on the wire.

    And what a writer of its process has told it, and the last number that it knows to be published.
    """

    acked: Run = ()
    run: Run = ()
    wire: Run = ()
    told: Run = ()
    last: int = 0


IDLE = Relay()


class World(NamedTuple):
    """One state; `majority` is the document as most servers have it, where one is ahead."""

    document: Document
    writers: tuple[Writer, ...]
    relays: tuple[Relay, ...]
    history: Run = ()
    topic: Run = ()
    ghosts: tuple[Run, ...] = ()
    majority: Document | None = None


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What our code does; anything else is a safeguard taken out."""

    guards_version: bool = True
    leaves_receipts: bool = True
    appends_to_outbox: bool = True
    loads: Literal["majority", "local"] = "majority"
    relays_read: Literal["majority", "local"] = "majority"
    publishes: Literal["from the head", "one of them"] = "from the head"
    sends_unread: Literal["what continues", "all that is told"] = "what continues"
    after_failure: Literal["stops", "sends the next", "goes on behind a purge"] = "stops"
    waits_for_acks: bool = True
    removes: Literal["by id", "by position", "all"] = "by id"
    archives: Literal["once", "again", "if absent"] = "once"
