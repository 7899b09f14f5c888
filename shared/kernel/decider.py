"""The pure way out: a command and the present state make events; events make the next state.

A `Decider` is all that the kernel needs to know of a kind of aggregate. `decide` and `evolve` are
pure: no clock, no database, no randomness. The `Context` has the actor, the time and the aggregate.
A rule that needs facts of other aggregates is a `Rule` of its own, with typed facts. So every
decision can be replayed from history, and every rule tested without a server.

Called by `shared.service.commands` and `shared.service.reactions`.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import UnionType
from typing import Any, Generic, Protocol, TypeVar, Union, get_args, get_origin
from uuid import NAMESPACE_URL, uuid5

from shared.contracts.event import Event
from shared.kernel.errors import NotFound, Refused

__all__ = [
    "Addressed",
    "Context",
    "Deadline",
    "Decider",
    "Origin",
    "Refused",
    "Rule",
    "absent",
    "decide_command",
    "refuse_or_ignore",
]


class Origin(StrEnum):
    """The origin of a command: a person through the API, a reaction to an event, or a deadline."""

    PERSON = "person"
    REACTION = "reaction"
    SWEEP = "sweep"


@dataclass(frozen=True, kw_only=True)
class Context:
    """The circumstances of a command: actor, time, aggregate, idempotency key.

    `alias` is what the topics show of the actor; `now` the programme clock in UTC; `subject` the id
    of the aggregate that decides; `key` the caller's idempotency key; `expects` the versions that
    the caller names (If-Match). `begun` is the start of the request on this process's own clock: a
    command that takes too long is not written. `traceparent` is the trace that its events continue.
    `source` is the row of a job that the command is part of (`KIND/JOB.ROW`).
    """

    now: datetime
    origin: Origin
    actor: str
    alias: str = ""
    subject: str = ""
    roles: frozenset[str] = frozenset()
    enterprise: str | None = None
    key: str | None = None
    expects: frozenset[int] | None = None
    correlation_id: str = ""
    causation_id: str | None = None
    traceparent: str | None = None
    source: str = ""
    begun: float = field(default_factory=time.monotonic, compare=False)

    def derived_id(self, command: str) -> str:
        """Return the id of what `command` makes.

        It derives from actor, command and idempotency key, so a retry names the same thing.
        """
        return str(uuid5(NAMESPACE_URL, f"kukm:{self.actor}/{command}/{self.key}"))


@dataclass(frozen=True, kw_only=True)
class Deadline:
    """A command that a state causes by itself once the programme clock reaches `at`."""

    at: datetime
    command: Any


C = TypeVar("C")
S = TypeVar("S")
E = TypeVar("E", bound=Event)
CC = TypeVar("CC", contravariant=True)
FC = TypeVar("FC", contravariant=True)
SC = TypeVar("SC", contravariant=True)


def _never(state: Any) -> Sequence[Deadline]:
    return ()


def _nothing(state: Any) -> Mapping[str, str]:
    return {}


def _always(state: Any) -> bool:
    return True


def _sound(state: Any) -> str:
    return ""


@dataclass(frozen=True, kw_only=True)
class Decider(Generic[C, S, E]):
    """A kind of aggregate: its commands and events, its first state and its rules.

    `commands` and `events` are unions of classes, `state` is the class (or union) of the state;
    they are everything that may be stored. `revision` counts the forms of the state: a document of
    an older revision is folded again from history. `find` may look by the fields in `indexes`; a
    field of a field has a dot in its name. A list may be in the order of the last field of each of
    `orders`, among documents that have the same value of the field before it, if there is one.
    `deadlines` returns the deadlines of a state; None stands for one that it does not have.
    `claims` returns what a state has for itself alone: by the claim's key its entry in the state.
    `may_claim` is false of a state after which nothing is claimed any more. `fault` says how a
    state contradicts itself, such as a digest that is not that of its content: `gelar verify` asks.
    """

    kind: str
    commands: Any
    state: Any
    events: Any
    initial: S
    decide: Callable[[C, S, Context], Sequence[E]]
    evolve: Callable[[S, E], S]
    deadlines: Callable[[S], Sequence[Deadline | None]] = _never
    claims: Callable[[S], Mapping[str, str]] = _nothing
    may_claim: Callable[[S], bool] = _always
    fault: Callable[[S], str] = _sound
    revision: int = 1
    indexes: tuple[str, ...] = ()
    orders: tuple[tuple[str, ...], ...] = ()

    @property
    def command_classes(self) -> tuple[type[Any], ...]:
        """Return the classes of its commands, in the order of the source."""
        union = self.commands
        return get_args(union) if get_origin(union) in (Union, UnionType) else (union,)

    def deadline(self, state: S) -> Deadline | None:
        """Return the earliest deadline of a state, the only one that is stored and swept.

        Its command ends it, so the next one is stored with what it makes. Of several at the same
        instant the first that `deadlines` names comes first.
        """
        found = (deadline for deadline in self.deadlines(state) if deadline is not None)
        return min(found, key=lambda deadline: deadline.at, default=None)

    @property
    def has_claims(self) -> bool:
        """Return True if its states have something for themselves alone."""
        return self.claims is not _nothing


@dataclass(frozen=True, kw_only=True)
class Addressed:
    """A command of a reaction, with the aggregate of this service that decides it."""

    decider: Decider[Any, Any, Any]
    id: str
    command: Any


class Rule(Protocol[CC, FC, SC]):
    """A rule for one command that needs facts: `rule(command, facts, state, context) -> events`.

    A route names it beside the loader of its facts, so the type checker compares the two.
    """

    def __call__(self, command: CC, facts: FC, state: SC, context: Context, /) -> Sequence[Event]:
        """Return what happens; raise `Refused`."""
        ...


def decide_command(
    decider: Decider[Any, S, Any],
    command: Any,
    state: S,
    context: Context,
    *,
    rule: Rule[Any, Any, S] | None = None,
    facts: object = None,
) -> Sequence[Any]:
    """Return the events of a command: by its `rule` on these `facts`, or by the decider."""
    if rule is None:
        return decider.decide(command, state, context)
    return rule(command, facts, state, context)


def absent(context: Context, noun: str, *, yet: bool = False) -> list[Any]:
    """Tell a person that there is no such thing (404); ignore a reaction or a deadline.

    `yet`: events of other services make it, so it may come a moment later.
    """
    if context.origin is Origin.PERSON:
        raise NotFound(noun, context.subject, yet=yet)
    return []


def refuse_or_ignore(context: Context, code: str, sentence: str) -> list[Any]:
    """Refuse a person; ignore a reaction or a deadline.

    For a command that does not fit the state. A person gets `code`; a reaction or a deadline that
    comes late is no fault, so it changes nothing.
    """
    if context.origin is Origin.PERSON:
        raise Refused(code, sentence)
    return []
