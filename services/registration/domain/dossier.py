"""The dossier (id = the application's): it records each reading, and by which reader.

The dossier's content is that of the application and its enterprise; this aggregate only remembers
its readers. A reading is recorded before it is answered, so no reading is without a record. It has
no undo: what was read was read.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from shared.contracts.ids import enterprise_of, exhibition_of
from shared.contracts.registration.dossier import DossierEvent, DossierRead
from shared.kernel.decider import Context, Decider

# Commands


@dataclass(frozen=True, kw_only=True)
class ReadDossier:
    """Read the dossier in this role; `pass_id` is the pass of selection that admits you, if any."""

    role: str
    pass_id: str = ""


# State


@dataclass(frozen=True, kw_only=True)
class Readings:
    """The readings of one reader: the first, the last, and their number."""

    role: str
    first_at: datetime
    last_at: datetime
    times: int


@dataclass(frozen=True, kw_only=True)
class Dossier:
    """The readers of a dossier: as many as there are people who may read it."""

    exhibition: str
    readers: dict[str, Readings] = field(default_factory=dict)


# Rules


def decide(command: ReadDossier, state: Dossier | None, context: Context) -> Sequence[DossierEvent]:
    """Record the reading."""
    return [
        DossierRead(
            exhibition=exhibition_of(context.subject),
            enterprise=enterprise_of(context.subject),
            reader=context.actor,
            role=command.role,
            pass_id=command.pass_id,
            read_at=context.now,
        )
    ]


def evolve(state: Dossier | None, event: DossierEvent) -> Dossier:
    """Fold a reading."""
    state = state or Dossier(exhibition=event.exhibition)
    before = state.readers.get(event.reader)
    readings = Readings(
        role=event.role,
        first_at=before.first_at if before else event.read_at,
        last_at=event.read_at,
        times=before.times + 1 if before else 1,
    )
    return replace(state, readers={**state.readers, event.reader: readings})


dossier = Decider(
    kind="dossier",
    commands=ReadDossier,
    state=Dossier | None,
    events=DossierEvent,
    initial=None,
    decide=decide,
    evolve=evolve,
    indexes=("exhibition",),
)
