"""Type adapters of states, commands and responses: building one takes long, so each is kept."""

from typing import Any

from pydantic import TypeAdapter

ADAPTERS: dict[Any, TypeAdapter[Any]] = {}


def adapter_of(kind: Any) -> TypeAdapter[Any]:
    """Return the type adapter of a class or of a union of classes, the same at every call."""
    if kind not in ADAPTERS:
        ADAPTERS[kind] = TypeAdapter(kind)
    return ADAPTERS[kind]
