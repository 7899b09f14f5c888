"""Events that this process has just written: its relay need not read them before it publishes them.

Filled by `Relay.on_committed`; emptied by the relay.

A subject's events are published without a gap. An event in memory may be published unread only if
it continues the events that this process has itself seen acknowledged, or begins its aggregate.
Otherwise the relay reads the outbox, from its head.
"""

from collections.abc import Mapping, Sequence

from shared.store.outbox import Entry

Name = tuple[str, str]
"""An aggregate: kind and id."""

Entries = dict[str, Entry]
"""Entries of one outbox by the ids of their events, in order."""

EVENTS_MAX = 5_000
"""While the broker is away: events beyond these are read from the outboxes when it is back."""
ACKNOWLEDGED_MAX = 20_000


class UnpublishedEvents:
    """Events in memory that wait to be published, and each aggregate's last acknowledged number."""

    def __init__(self) -> None:
        self._waiting: dict[Name, tuple[int, Entries]] = {}
        self._events = 0
        self._acknowledged: dict[Name, int] = {}

    def add(self, name: Name, after: int, entries: Sequence[Entry]) -> None:
        """Remember entries that follow number `after` in the outbox of this aggregate."""
        first, waiting = self._waiting.get(name, (after, {}))
        continues = first + len(waiting) == after
        if not continues or self._events + len(entries) > EVENTS_MAX:
            # Another process has written in between, or these came late: the outbox is read.
            self._drop(name)
            return
        waiting.update((entry.event.id, entry) for entry in entries)
        self._waiting[name] = first, waiting
        self._events += len(entries)

    def take(self, name: Name) -> Entries | None:
        """Remove and return the waiting entries, or None if the outbox must be read."""
        waiting = self._drop(name)
        if waiting and waiting[0] == self._acknowledged.get(name, 0):
            return waiting[1]
        return None

    def acknowledge(self, name: Name, number: int) -> None:
        """Remember that all events of this aggregate up to this number are in the topic."""
        self._acknowledged.pop(name, None)
        self._acknowledged[name] = number
        if len(self._acknowledged) > ACKNOWLEDGED_MAX:
            del self._acknowledged[next(iter(self._acknowledged))]

    def _drop(self, name: Name) -> tuple[int, Entries] | None:
        waiting = self._waiting.pop(name, None)
        if waiting:
            self._events -= len(waiting[1])
        return waiting


def first_of_a_kind(
    acknowledged: Mapping[Name, Entries], names_max: int, events_max: int
) -> list[Name]:
    """Return the first aggregates, all of one kind, up to these numbers; one at least if any."""
    names, events = list[Name](), 0
    for name, entries in acknowledged.items():
        if names and (
            name[0] != names[0][0] or len(names) == names_max or events + len(entries) > events_max
        ):
            break
        names.append(name)
        events += len(entries)
    return names
