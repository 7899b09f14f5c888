"""The parts of the model of the batch: consumers, the database around them, and the rules."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

Numbers = tuple[int, ...]
"""Numbers of the subject's events or of the commands they caused; a caller's command is 0."""


class Row(NamedTuple):
    """The pending row: commands, and the checkpoint at which the row was written."""

    offset: int
    epoch: int
    commands: Numbers


class Mirror(NamedTuple):
    """The mirror's document: the folded events, and a flag for a parked subject."""

    folded: Numbers = ()
    parked: bool = False


class Consumer(NamedTuple):
    """A consumer's phase, and the state that it has read."""

    phase: Literal["away", "assigned", "drains", "decides", "drained", "at", "folded"]
    at: tuple[int, int] | None = None
    end: int = 0
    known: Mirror = Mirror()
    row: Row | None = None
    seen: tuple[Numbers, Row | None] = ((), None)
    ahead: tuple[int, Mirror] | None = None
    """The end of the batch that it folded ahead in memory, and the mirror it folded on."""


AWAY = Consumer("away")
ASSIGNED = Consumer("assigned")


class World(NamedTuple):
    """A state of the database and of all consumers and callers."""

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
    """The rules of our code; any other value removes a safeguard."""

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
