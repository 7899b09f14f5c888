"""The pure way in: what a service keeps of the events that it follows, and what it does about them.

A `Mirror` is the service's own copy of one foreign subject and its inbox; a `View` is a further
document under another key; a `Tally` is a figure that follows a mirror or view up and down; a
`Reaction` turns an event into commands on the service's own aggregates. All functions here are
pure; `shared.service.worker` applies them, exactly once.
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
"""What one document adds to each cell, by measure."""


@dataclass(frozen=True, kw_only=True)
class Mirror(Generic[M, E]):
    """One document per foreign subject of one kind, folded by `evolve(state or None, event)`.

    `follows` is the union of the events that it folds, all of one service and kind; every other
    event of the subject is counted and left alone. `indexes` are fields that `find` may use.
    """

    follows: Any
    state: Any
    evolve: Callable[[M | None, E], M]
    indexes: tuple[str, ...] = ()

    @cached_property
    def service(self) -> str:
        """The service that publishes what is mirrored."""
        return event_classes(self.follows)[0].service

    @cached_property
    def kind(self) -> str:
        """The kind of aggregate that is mirrored."""
        (kind,) = {event.kind for event in event_classes(self.follows)}
        return kind

    @cached_property
    def name(self) -> str:
        """The mirror's collection, without its version."""
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
        """The view's collection, without its version."""
        return f"view.{self.noun}"


@dataclass(frozen=True, kw_only=True)
class Tally(Generic[M]):
    """A figure kept up to date from a mirror or view.

    The kernel adds `contribution(after) - contribution(before)` in the transaction that changes the
    document, so it is exact and goes down as well as up. Ratios are computed on read.
    """

    name: str
    of: Mirror[M, Any] | View[M, Any]
    dimensions: tuple[str, ...]
    contribution: Callable[[M], Contribution]


@dataclass(frozen=True, kw_only=True)
class Reaction(Generic[M, E]):
    """`react(event, mirror)` makes commands for own aggregates; the mirror is that after it."""

    name: str
    follows: Any
    react: Callable[[E, M], Sequence[Addressed]]
