"""Every event of the four topics, read from their beginning as any subscriber could read them.

A message that came twice counts once; what is out of order or missing is kept as a fault.
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
    """What happened, by kind and subject, in order.

    `messages` counts all that lie in the topics, `faults` tells every gap.
    """

    events: dict[str, dict[str, list[EventFrame]]]
    messages: int
    faults: tuple[str, ...]

    @classmethod
    def of_events(cls, heard: Iterable[EventFrame]) -> Self:
        """What these events tell, in the order in which they were read."""
        events: dict[str, dict[str, list[EventFrame]]] = defaultdict(lambda: defaultdict(list))
        faults: list[str] = []
        messages = 0
        for item in heard:
            messages += 1
            before = events[item.kind][item.subject]
            if item.sequence > len(before) + 1:
                faults.append(f"{item.id} comes after number {len(before)}")
            if item.sequence > len(before):
                before.append(item)
        return cls(events=events, messages=messages, faults=tuple(faults))

    def of(self, kind: str) -> dict[str, list[EventFrame]]:
        """The events of each subject of a kind."""
        return self.events.get(kind, {})

    def count(self, kind: str) -> int:
        """How many events of a kind there are."""
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


def word_of(event_frame: EventFrame) -> str:
    """The event's name: `place-lost`."""
    return event_frame.type.split(".")[-2]


def data_of(event_frame: EventFrame) -> dict[str, Any]:
    """The event's data."""
    data: dict[str, Any] = json.loads(event_frame.data)
    return data
