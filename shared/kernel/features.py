"""The features of a version of a service: what it follows, reacts to, takes and stores. Pure.

Two versions may run side by side. A version that lacks a feature of another version must not
consume: it would count events as received that the other version reacts to, or store copies without
its fields.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

from shared.contracts.event import event_classes
from shared.kernel.adapters import adapter_of
from shared.kernel.parts import Parts
from shared.kernel.view import Mirror, View


def features_of(parts: Parts) -> frozenset[str]:
    """Return the features of a service in words, such as `reacts by NAME to EVENT-TYPE`."""
    return frozenset((*_stored(parts), *_reacted(parts), *_decided(parts)))


def _stored(parts: Parts) -> Iterator[str]:
    sources: list[Mirror[Any, Any] | View[Any, Any]] = [*parts.mirrors, *parts.views]
    for source in sources:
        for event in event_classes(source.follows):
            yield f"folds {event.type_name()} into {source.name}"
        for field in _fields(source.state):
            yield f"stores {field} in {source.name}"
    for tally in parts.tallies:
        yield f"counts {tally.name} by {', '.join(tally.dimensions)}"


def _reacted(parts: Parts) -> Iterator[str]:
    for reaction in parts.reactions:
        for event in event_classes(reaction.follows):
            yield f"reacts by {reaction.name} to {event.type_name()}"


def _decided(parts: Parts) -> Iterator[str]:
    for decider in parts.deciders:
        for command in decider.command_classes:
            yield f"decides {command.__name__} of {decider.kind}"
        for event in event_classes(decider.events):
            yield f"knows {event.type_name()} of {decider.kind}"


@cache
def _fields(state: Any) -> tuple[str, ...]:
    schema = adapter_of(state).json_schema()
    parts = {"state": schema, **schema.get("$defs", {})}
    return tuple(f"{name}.{field}" for name in parts for field in parts[name].get("properties", ()))
