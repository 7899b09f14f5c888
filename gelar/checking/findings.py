"""What the history checker finds: each difference in words, and what to do about its kind.

The order of the kinds is the order in which they are to be looked at: whatever is wrong in the
topics is wrong in all that is folded from them.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any


class Concern(Enum):
    """What is wrong; the value is what to do about it, with the services concerned at {names}."""

    LOG = (
        "The topics are wrong: look at who publishes to those of {names}, first for a second "
        "writer. What was published stays; its followers park what they cannot take."
    )
    STRANGERS = (
        "Find who wrote to the topics of {names} what is no event. Whoever follows them parks it "
        "on coming there: see `gelar parked list`, then `gelar parked discard`."
    )
    FOREIGN = (
        "Events were published of {names} that their own databases do not know. Look first for a "
        "second writer (`gelar topics tail` shows who did what). Only where they are its own has a "
        "database lost something: let no command in there, and restore it."
    )
    RECORD = (
        "Aggregates, or what is archived of them, are wrong in {names}: let no command in there "
        "until it is understood, then restore its database. The topic's events are the record."
    )
    COPIES = (
        "Mirrors, views or tallies are wrong in {names}: `gelar rebuild run SERVICE` folds them "
        "anew, once nothing above it is wrong."
    )


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One difference, in words, and the service whose topic or database it lies in."""

    concern: Concern
    service: str
    told: str


def advice(findings: Iterable[Finding]) -> Iterator[str]:
    """What to do, once for each kind of difference that was found."""
    found = list(findings)
    for concern in Concern:
        names = sorted({one.service for one in found if one.concern is concern})
        if names:
            yield concern.value.format(names=", ".join(names))


def damages(where: str, document: Mapping[str, Any], **wanted: type) -> list[str]:
    """What a document lacks of these fields, or holds in another type, a line each."""
    return [
        f"{where}: damaged: {name} is {'no ' + kind.__name__ if name in document else 'missing'}"
        for name, kind in wanted.items()
        if name not in document or not isinstance(document[name], kind)
    ]
