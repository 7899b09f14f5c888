"""The outboxes of aggregates, and the relay's two steps with them: read the heads, archive.

An `Entry` is a `Recorded` event with two stamps: `at`, the wall clock, by which a sweep finds what
a crashed replica left, and `lot`, a random number, so that sweeps start at random positions.
Removal is by event id, never by position, and in one transaction with the archive into `history`:
a second relay's archive fails on the unique id, so it aborts as a whole and reads again.

Called by `shared.service.relay`; entries are stamped by `shared.store.documents`.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple, Self

from shared.kernel.recorded import Recorded
from shared.store.database import Database, Session
from shared.store.errors import DuplicateKey

LOTS = 2**31
FIELDS = tuple(field.name for field in fields(Recorded))


class AnotherRelay(Exception):
    """Another relay has published and archived some of these events first: read again."""


class Entry(NamedTuple):
    """An event in an outbox."""

    event: Recorded
    at: datetime
    lot: int

    @classmethod
    def stamped(cls, event: Recorded) -> Self:
        """Return the entry of an event that is recorded now."""
        return cls(event=event, at=datetime.now(UTC), lot=random.randrange(LOTS))

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Self:
        """Return the entry of its stored form."""
        return cls(event=recorded_of(stored), at=stored["at"], lot=stored["lot"])

    def stored(self) -> dict[str, Any]:
        """Return the entry as the outbox holds it."""
        return {**_fields(self.event), "at": self.at, "lot": self.lot}

    def archived(self) -> dict[str, Any]:
        """Return the entry as a document of history."""
        document = _fields(self.event)
        return {"_id": document.pop("id"), **document, "at": self.at}


def recorded_of(stored: Mapping[str, Any]) -> Recorded:
    """Return the event of a stored outbox entry or of a document of history."""
    if "_id" in stored:
        stored = {**stored, "id": stored["_id"]}
    return Recorded(**{name: stored[name] for name in FIELDS})


class Outboxes:
    """The outboxes of one kind of aggregate."""

    def __init__(self, database: Database, kind: str) -> None:
        self.kind = kind
        self._database = database
        self._read = database.collection(kind, majority_reads=True)
        self._write = database.collection(kind)
        self._history = database.collection("history")

    async def prepare(self) -> None:
        """Create the index by which waiting outboxes are found."""
        await self._write.create_index("outbox.0.lot", sparse=True)

    async def heads(self, ids: Sequence[str]) -> dict[str, list[Entry]]:
        """Return the whole outboxes of these aggregates, in order, as a majority has them."""
        waiting = {"_id": {"$in": list(ids)}, "outbox.0.lot": {"$exists": True}}
        found = self._read.find(waiting, {"outbox": 1}, batch_size=len(ids) + 1)
        return {
            document["_id"]: [Entry.of(stored) for stored in document["outbox"]]
            for document in await found.to_list(None)
        }

    async def archive(self, published: Mapping[str, Sequence[Entry]]) -> None:
        """Move published events from their outboxes to history, all or none.

        Raises `AnotherRelay` if some of them are in history already.
        """
        entries = [entry for outbox in published.values() for entry in outbox]
        ids = [entry.event.id for entry in entries]
        past = [entry.archived() for entry in entries]

        async def move(session: Session) -> None:
            await self._write.update_many(
                {"_id": {"$in": list(published)}},
                {"$pull": {"outbox": {"id": {"$in": ids}}}},
                session=session,
            )
            await self._history.insert_many(past, ordered=False, session=session)

        try:
            await self._database.transaction(move)
        except DuplicateKey as error:
            raise AnotherRelay from error

    async def left(self, older_than: timedelta, limit: int) -> list[str]:
        """Return aggregates whose outbox has waited this long, from a random position on."""
        start = random.randrange(LOTS)
        since = datetime.now(UTC) - older_than
        ids: list[str] = []
        for lots in ({"$gte": start}, {"$lt": start}):
            found = self._write.find(
                {"outbox.0.lot": lots, "outbox.0.at": {"$lte": since}}, {"_id": 1}
            )
            ids += [
                document["_id"]
                async for document in found.hint("outbox.0.lot_1").limit(limit - len(ids))
            ]
            if len(ids) >= limit:
                break
        return ids

    async def waiting(self, session: Session | None = None) -> int:
        """Count the aggregates that have events to publish."""
        count = self._write.count_documents
        return int(
            await count({"outbox.0.lot": {"$gte": 0}}, hint="outbox.0.lot_1", session=session)
        )


def _fields(event: Recorded) -> dict[str, Any]:
    return {name: getattr(event, name) for name in FIELDS}
