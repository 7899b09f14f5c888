"""The values that the kernel returns: the answer to a command, and a document that was found."""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

S = TypeVar("S")
BY_ID = "id"
SortValue = str | int | None


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A command's answer: the aggregate, its version after the command, and what happened.

    `events` are the types of the events that the command has caused, in order; a repeated request
    has the same answer as the first.
    """

    id: str
    version: int
    events: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Found(Generic[S]):
    """An aggregate, mirror or view as it stands; `version` is the sequence of its last event."""

    id: str
    version: int
    state: S


@dataclass(frozen=True, kw_only=True)
class Place:
    """The place of a document in a list: its value of the list's field, and its id."""

    value: SortValue
    id: str


@dataclass(frozen=True, kw_only=True)
class Listing:
    """A part of a list that is asked for: at most `limit` documents that follow `after`.

    The list is in order of `field`, those with the same value in order of id, and documents without
    a value come first; or all of that the other way round.
    """

    field: str = BY_ID
    descending: bool = False
    after: Place | None = None
    limit: int = 100


@dataclass(frozen=True, kw_only=True)
class Part(Generic[S]):
    """A part of a list; `next` is the place of its last document if more may follow."""

    items: list[Found[S]]
    next: Place | None


@dataclass(frozen=True, kw_only=True)
class Happened:
    """An event of an aggregate: its type, its time, the person behind it, and all that it says.

    `data` has its public fields and those that are in no topic. `actor` is empty if a reaction or a
    deadline has caused it.
    """

    type: str
    time: str
    actor: str
    data: dict[str, Any]
