"""The pure way in: the copies that a service keeps of foreign events, and its reactions to them.

A `Mirror` is the service's own copy of one foreign subject, and its inbox. A `View` is a further
document under another key. A `Tally` is a figure that follows a mirror or view up and down. A
`Reaction` turns an event into commands on the service's own aggregates. All functions here are
pure; `shared.kernel.folding` calls them, and `shared.service.worker` applies the result exactly
once.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar

from shared.contracts.event import Event, event_classes
from shared.kernel.decider import Addressed

M = TypeVar("M")
E = TypeVar("E", bound=Event)

Cell = tuple[str, ...]
"""The coordinates of a figure, in the order of the tally's `dimensions`."""

Contribution = Mapping[Cell, Mapping[str, int]]
"""The numbers that one document adds to each cell, by measure."""


@dataclass(frozen=True, kw_only=True)
class Mirror(Generic[M, E]):
    """One document per foreign subject of one kind, folded by `evolve(state or None, event)`.

    `follows` is the union of the events that it folds, all of one service and kind; every other
    event of the subject only moves its sequence number on. `find` may look by the fields in
    `indexes`.
    """

    follows: Any
    state: Any
    evolve: Callable[[M | None, E], M]
    indexes: tuple[str, ...] = ()

    @cached_property
    def service(self) -> str:
        """Return the service that publishes the mirrored events."""
        return event_classes(self.follows)[0].service

    @cached_property
    def kind(self) -> str:
        """Return the kind of aggregate that is mirrored."""
        (kind,) = {event.kind for event in event_classes(self.follows)}
        return kind

    @cached_property
    def name(self) -> str:
        """Return the name of the mirror's collection, without its version."""
        return f"mirror.{self.kind}"


@dataclass(frozen=True, kw_only=True)
class View(Generic[M, E]):
    """A document under another key, folded from events that some mirror of the service follows."""

    noun: str
    follows: Any
    state: Any
    key: Callable[[E], str]
    evolve: Callable[[M | None, E], M]
    indexes: tuple[str, ...] = ()

    @cached_property
    def name(self) -> str:
        """Return the name of the view's collection, without its version."""
        return f"view.{self.noun}"


@dataclass(frozen=True, kw_only=True)
class Tally(Generic[M]):
    """A figure that is kept up to date from a mirror or view.

    The kernel adds `contribution(after) - contribution(before)` in the transaction that changes the
    document, so it is exact and goes down as well as up. Ratios are computed on read.
    """

    name: str
    of: Mirror[M, Any] | View[M, Any]
    dimensions: tuple[str, ...]
    contribution: Callable[[M], Contribution]


@dataclass(frozen=True, kw_only=True)
class Reaction(Generic[M, E]):
    """`react(event, mirror)` returns commands for own aggregates; the mirror includes the event."""

    name: str
    follows: Any
    react: Callable[[E, M], Sequence[Addressed]]
