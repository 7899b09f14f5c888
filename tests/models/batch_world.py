"""What the model of the way in is made of: consumers, the database around them, and its rules."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

Numbers = tuple[int, ...]
"""Numbers of the subject's events, or of the commands that they have caused; a caller's is 0."""


class Row(NamedTuple):
    """The pending row: commands, and the checkpoint that it was left at."""

    offset: int
    epoch: int
    commands: Numbers


class Mirror(NamedTuple):
    """The mirror's document: what was folded, and whether the subject is parked."""

    folded: Numbers = ()
    parked: bool = False


class Consumer(NamedTuple):
    """A phase, and what this consumer believes in it."""

    phase: Literal["away", "assigned", "drains", "decides", "drained", "at", "folded"]
    at: tuple[int, int] | None = None
    end: int = 0
    known: Mirror = Mirror()
    row: Row | None = None
    seen: tuple[Numbers, Row | None] = ((), None)
    ahead: tuple[int, Mirror] | None = None
    """The end of what it has folded onto that in memory meanwhile, and the mirror it folded on."""


AWAY = Consumer("away")
ASSIGNED = Consumer("assigned")


class World(NamedTuple):
    """One state of the database, and of everybody around it."""

    consumers: tuple[Consumer, ...] = (AWAY, AWAY)
    checkpoint: int = 0
    epoch: int = 0
    mirror: Mirror = Mirror()
    view: Numbers = ()
    tally: int = 0
    pending: Row | None = None
    parked: Numbers = ()
    parked_folded: Numbers = ()
    cured: bool = False
    aggregate: Numbers = ()
    committed: int = 0


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What our code does; anything else is a safeguard taken out."""

    begins_at: Literal["checkpoint", "Kafka's offset"] = "checkpoint"
    compares_checkpoint: bool = True
    compares_epoch: bool = True
    counts_numbers: bool = True
    keeps_row: Literal["inserted", "replaced"] = "inserted"
    matches_row: Literal["offset and epoch", "offset", "nothing"] = "offset and epoch"
    counts_deleted: bool = True
    drains_when_assigned: bool = True
    decides_in_snapshot: bool = True
    raises_epoch_when_it_flags: bool = True
    drops_what_is_ahead: bool = True
    keeps_where_it_folded: bool = True
