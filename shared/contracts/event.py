"""The base of every event: a frozen model with public fields, and private fields for history.

The class name is the contract: `ApplicationSubmitted` of service `registration` travels as
`id.go.kukm.registration.application-submitted.v1`. Fields marked `Private[…]` are kept in outbox
and history and never go on the wire; they need a default, because readers of the topic decode
without them. Readers ignore fields that they do not know.
"""

import json
import re
from collections.abc import Iterator
from functools import cache
from types import UnionType
from typing import Annotated, Any, ClassVar, Self, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict

T = TypeVar("T")


class _PrivateMark:
    """Marks a field that history keeps and no topic may carry."""


PRIVATE = _PrivateMark()
Private = Annotated[T, PRIVATE]
"""`Private[str]`: a field for history only; give it a neutral default."""


class Event(BaseModel):
    """A fact, in the past tense, published by one service about one kind of aggregate.

    `private_actor` hides who did it from the topic (`ce_actor` is then the service).
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    service: ClassVar[str]
    kind: ClassVar[str]
    version: ClassVar[int] = 1
    private_actor: ClassVar[bool] = False

    @classmethod
    @cache
    def type_name(cls) -> str:
        """Return the CloudEvents type, one to one with the class name."""
        words = re.sub(r"(?<!^)(?=[A-Z])", "-", cls.__name__).lower()
        return f"id.go.kukm.{cls.service}.{words}.v{cls.version}"

    @classmethod
    @cache
    def private_fields(cls) -> frozenset[str]:
        """Return the names of the fields that stay in the service's own database."""
        names = frozenset(
            name for name, field in cls.model_fields.items() if PRIVATE in field.metadata
        )
        for name in names:
            if cls.model_fields[name].is_required():
                raise TypeError(f"{cls.__name__}.{name} is private and needs a default")
        return names

    def public_json(self) -> str:
        """Return the data of the wire: JSON without the private fields."""
        return self.model_dump_json(exclude=set(self.private_fields()))

    def private_json(self) -> str | None:
        """Return the private fields as one opaque JSON value, or None if there are none."""
        names = self.private_fields()
        return self.model_dump_json(include=set(names)) if names else None

    @classmethod
    def read(cls, data: str | bytes, private: str | None = None) -> Self:
        """Return the event of its public data and, if history has one, its private value."""
        if private is None:
            return cls.model_validate_json(data)
        return cls.model_validate({**json.loads(data), **json.loads(private)})


def event_classes(union: Any) -> tuple[type[Event], ...]:
    """Return the event classes of a union (or of one class), in the order of the source."""
    return tuple(_members(union))


def _members(union: Any) -> Iterator[type[Event]]:
    if get_origin(union) in (Union, UnionType):
        for member in get_args(union):
            yield from _members(member)
    elif isinstance(union, type) and issubclass(union, Event):
        yield union
    else:
        raise TypeError(f"{union!r} is no event and no union of events")
