"""What this process has just written, so that its relay need not read it before it publishes it.

A subject's events are published without a gap. What was written here may go out unread only where
it continues what this process has itself seen acknowledged, or begins its aggregate; of anything
else the relay reads the outbox, from its head.
"""

from typing import Any

from shared.store.documents import Loaded
from shared.store.outbox import entry

Name = tuple[str, str]
Entries = dict[str, dict[str, Any]]
"""Entries of one outbox by their ids, in order."""

EVENTS_MAX = 5_000
"""While the broker is away: what is written beyond these is read when it is back."""
ACKNOWLEDGED_MAX = 20_000


class Written:
    """Events that wait to be published and need not be read, and how far each aggregate's are."""

    def __init__(self) -> None:
        self._waiting: dict[Name, tuple[int, Entries]] = {}
        self._events = 0
        self._acknowledged: dict[Name, int] = {}

    def keep(self, name: Name, loaded: Loaded[Any]) -> None:
        """These events follow number `loaded.stored_version` in the outbox of this aggregate."""
        entries = {one.id: entry(one) for one in loaded.recorded}
        after, waiting = self._waiting.get(name, (loaded.stored_version, {}))
        continues = after + len(waiting) == loaded.stored_version
        if not continues or self._events + len(entries) > EVENTS_MAX:
            # Others have written between the two, or these were told late: all of it is read.
            self._drop(name)
            return
        waiting.update(entries)
        self._waiting[name] = after, waiting
        self._events += len(entries)

    def take(self, name: Name) -> Entries | None:
        """What waits, or None where the outbox is to be read; it is given once."""
        waiting = self._drop(name)
        if waiting and waiting[0] == self._acknowledged.get(name, 0):
            return waiting[1]
        return None

    def acknowledged(self, name: Name, number: int) -> None:
        """All events of this aggregate up to this number are in the topic."""
        self._acknowledged.pop(name, None)
        self._acknowledged[name] = number
        if len(self._acknowledged) > ACKNOWLEDGED_MAX:
            del self._acknowledged[next(iter(self._acknowledged))]

    def _drop(self, name: Name) -> tuple[int, Entries] | None:
        waiting = self._waiting.pop(name, None)
        if waiting:
            self._events -= len(waiting[1])
        return waiting
