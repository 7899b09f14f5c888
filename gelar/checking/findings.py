"""The differences that the history checker finds, and the advice for each kind of them.

The kinds stand in the order in which to look at them: an error in the topics repeats itself in
everything that is folded from them.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any


class Concern(Enum):
    """The kind of a difference; the value is the advice, with the services at {names}."""

    LOG = (
        "The topics are wrong: find out who publishes to the topics of {names}, and look first for "
        "a second writer. Published events stay; their followers park what they cannot apply."
    )
    NOT_EVENTS = (
        "Find the program that wrote messages that are no events to the topics of {names}. Each "
        "follower parks such a message: see `gelar parked list`, then use `gelar parked discard`."
    )
    FOREIGN = (
        "Events were published of {names} that their own databases do not know. Look first for a "
        "second writer (`gelar topics tail` shows the actor of each event). If the events are the "
        "service's own, its database has lost data: stop all commands there, and restore it."
    )
    RECORD = (
        "Aggregates or their archived events are wrong in {names}: stop all commands there until "
        "you know the cause, then restore its database. The topic's events are the record."
    )
    COPIES = (
        "Mirrors, views or tallies are wrong in {names}: correct every difference above first, "
        "then run `gelar rebuild run SERVICE`, which folds them again from the first event."
    )


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A difference in words, and the service whose topic or database it lies in."""

    concern: Concern
    service: str
    text: str


def advice(findings: Iterable[Finding]) -> Iterator[str]:
    """Yield the advice for each kind of difference that was found."""
    differences = list(findings)
    for concern in Concern:
        names = sorted({finding.service for finding in differences if finding.concern is concern})
        if names:
            yield concern.value.format(names=", ".join(names))


def damages(where: str, document: Mapping[str, Any], **wanted: type) -> list[str]:
    """Return a line for each of these fields that is missing or has another type."""
    return [
        f"{where}: damaged: {name} is {'no ' + kind.__name__ if name in document else 'missing'}"
        for name, kind in wanted.items()
        if name not in document or not isinstance(document[name], kind)
    ]
