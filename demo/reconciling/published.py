"""Every event of the four topics, read from their beginning as any subscriber could read them.

A message that came twice counts once; a gap or an event out of order is a fault.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Self

from gelar.services import SERVICES
from shared.kernel.wire import EventFrame, decode
from shared.messaging.reading import read_topics
from shared.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Published:
    """The published events, by kind and subject, in order.

    `messages` counts all messages of the topics; `faults` names every gap.
    """

    events: dict[str, dict[str, list[EventFrame]]]
    messages: int
    faults: tuple[str, ...]

    @classmethod
    def of_events(cls, frames: Iterable[EventFrame]) -> Self:
        """Return these events, in the order in which they were read."""
        events: dict[str, dict[str, list[EventFrame]]] = defaultdict(lambda: defaultdict(list))
        faults: list[str] = []
        messages = 0
        for frame in frames:
            messages += 1
            before = events[frame.kind][frame.subject]
            if frame.sequence > len(before) + 1:
                faults.append(f"{frame.id} comes after number {len(before)}")
            if frame.sequence > len(before):
                before.append(frame)
        return cls(events=events, messages=messages, faults=tuple(faults))

    def of(self, kind: str) -> dict[str, list[EventFrame]]:
        """The events of each subject of a kind."""
        return self.events.get(kind, {})

    def count(self, kind: str) -> int:
        """Count the events of a kind."""
        return sum(map(len, self.of(kind).values()))

    def each(self, kind: str, word: str) -> Iterator[tuple[EventFrame, dict[str, Any]]]:
        """The events of a kind with this name, with their data."""
        for events in self.of(kind).values():
            for event in events:
                if word_of(event) == word:
                    yield event, data_of(event)


def read_published(settings: Settings) -> Published:
    """Read all topics to their present end; blocking."""
    messages = read_topics(settings, SERVICES)
    return Published.of_events(decode(message) for message in messages)


def word_of(event: EventFrame) -> str:
    """The event's name: `place-lost`."""
    return event.type.split(".")[-2]


def data_of(event: EventFrame) -> dict[str, Any]:
    """The event's data."""
    data: dict[str, Any] = json.loads(event.data)
    return data
