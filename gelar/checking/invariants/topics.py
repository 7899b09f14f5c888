"""Every event of the four topics, read from their beginning as any subscriber reads them.

A message that came twice counts once. A gap in the numbers of a subject is a fault.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, NamedTuple, Self

from shared.kernel.wire import EventFrame, Message, Undecodable, decode

Data = dict[str, Any]
LEVELS_MAX = 32
"""Above the levels of every event; deeper JSON would end a check that goes through all values."""


class Fact(NamedTuple):
    """A published event; `word` is its name (`place-lost`), `data` its parsed JSON."""

    id: str
    kind: str
    subject: str
    sequence: int
    word: str
    time: str
    actor: str
    data: Data


@dataclass(frozen=True, kw_only=True, eq=False)
class Topics:
    """The published events by kind and subject, in order.

    `messages` counts all messages of the topics, `foreign` those that are no events. `conflicts`
    names messages with the number of an earlier event and other data. `ends` has the offset after
    the last message of each partition (`SERVICE/N`) that has any.
    """

    facts: dict[str, dict[str, list[Fact]]]
    messages: int
    foreign: int
    conflicts: tuple[str, ...] = ()
    ends: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of_messages(cls, messages: Iterable[Message]) -> Self:
        """Return the events of these messages, in the order in which they were read."""
        facts: dict[str, dict[str, list[Fact]]] = defaultdict(lambda: defaultdict(list))
        conflicts: list[str] = []
        ends: dict[str, int] = {}
        count = foreign = 0
        for message in messages:
            count += 1
            service, number = message.partition
            ends[f"{service}/{number}"] = message.offset + 1
            try:
                fact = _fact(decode(message))
            except (Undecodable, ValueError, RecursionError):
                foreign += 1
                continue
            before = facts[fact.kind][fact.subject]
            if not before or fact.sequence > before[-1].sequence:
                before.append(fact)
            elif fact not in before:
                conflicts.append(f"{fact.id} came again with other data, or after a later event")
        return cls(
            facts=facts, messages=count, foreign=foreign, conflicts=tuple(conflicts), ends=ends
        )

    def of(self, kind: str) -> dict[str, list[Fact]]:
        """Return the events of each subject of a kind."""
        return self.facts.get(kind, {})

    def count(self, kind: str) -> int:
        """Count the events of a kind."""
        return sum(map(len, self.of(kind).values()))

    def each(self, kind: str, *words: str) -> Iterator[Fact]:
        """Yield the events of a kind with one of these names."""
        for facts in self.of(kind).values():
            for fact in facts:
                if fact.word in words:
                    yield fact

    def gaps(self) -> Iterator[str]:
        """Yield a line for every conflict, and for every number that does not follow the last."""
        yield from self.conflicts
        for subjects in self.facts.values():
            for facts in subjects.values():
                numbers = [0, *(fact.sequence for fact in facts)]
                for before, fact in zip(numbers, facts, strict=False):
                    if fact.sequence != before + 1:
                        yield f"{fact.id} comes after number {before}"

    def every(self) -> Iterator[Fact]:
        """Yield every event."""
        for subjects in self.facts.values():
            for facts in subjects.values():
                yield from facts


def _fact(frame: EventFrame) -> Fact:
    *_, word, version = ("", *frame.type.split("."))
    data = json.loads(frame.data)
    if not (word and version and isinstance(data, dict)) or _is_deeper(data, LEVELS_MAX):
        raise ValueError("no event of this system")
    return Fact(
        id=frame.id,
        kind=frame.kind,
        subject=frame.subject,
        sequence=frame.sequence,
        word=word,
        time=frame.time,
        actor=frame.actor,
        data=data,
    )


def _is_deeper(data: Any, levels: int) -> bool:
    layer = [data]
    for _ in range(levels):
        objects = (value.values() for value in layer if isinstance(value, dict))
        lists = (value for value in layer if isinstance(value, list))
        layer = [*chain.from_iterable(objects), *chain.from_iterable(lists)]
    return bool(layer)
