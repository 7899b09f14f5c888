"""The values that the kernel returns: the answer to a command, and a document that was found."""

from dataclasses import dataclass
from typing import Generic, TypeVar

S = TypeVar("S")


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A command's answer: the aggregate and its version after the command."""

    id: str
    version: int


@dataclass(frozen=True, kw_only=True)
class Found(Generic[S]):
    """An aggregate, mirror or view as it stands; `version` is the sequence of its last event."""

    id: str
    version: int
    state: S
