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
from types import MappingProxyType
from typing import Any, NamedTuple, Self

from shared.kernel.recorded import Recorded
from shared.store.counts import Countable, matching
from shared.store.database import Database, Session
from shared.store.errors import DuplicateKey
from shared.store.indexes import Index

LOTS = 2**31
LOOKED_AT_MAX = 1_000
HEADS_BYTES_MAX = 8 * 1024 * 1024
"""The most bytes of outboxes that a relay reads at a time, as the database counts them.

The server sends up to 16 MB in an answer, small outboxes together.
"""
BYTES = {"$bsonSize": {"outbox": "$outbox"}}
FIELDS = tuple(field.name for field in fields(Recorded))
KNOWN = frozenset((*FIELDS, "at", "lot"))


class AnotherRelay(Exception):
    """Another relay has published and archived some of these events first: read again."""


class Heads(NamedTuple):
    """Whole outboxes by id, each in order, and the ids that were `unread` for their bytes."""

    outboxes: "dict[str, list[Entry]]"
    unread: list[str]


class Entry(NamedTuple):
    """An event in an outbox."""

    event: Recorded
    at: datetime
    lot: int
    further: Mapping[str, Any] = MappingProxyType({})
    """Fields that only a later version knows: they are kept as they are."""

    @classmethod
    def stamped(cls, event: Recorded) -> Self:
        """Return the entry of an event that is recorded now."""
        return cls(event=event, at=datetime.now(UTC), lot=random.randrange(LOTS))

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Self:
        """Return the entry of its stored form."""
        further = {name: value for name, value in stored.items() if name not in KNOWN}
        return cls(recorded_of(stored), stored["at"], stored["lot"], further)

    def stored(self) -> dict[str, Any]:
        """Return the entry as the outbox holds it."""
        return {**self.further, **_fields(self.event), "at": self.at, "lot": self.lot}

    def archived(self) -> dict[str, Any]:
        """Return the entry as a document of history."""
        document = _fields(self.event)
        return {"_id": document.pop("id"), **self.further, **document, "at": self.at}


def recorded_of(stored: Mapping[str, Any]) -> Recorded:
    """Return the event of a stored outbox entry or of a document of history."""
    if "_id" in stored:
        stored = {**stored, "id": stored["_id"]}
    return Recorded(**{name: stored[name] for name in FIELDS if name in stored})


class Outboxes:
    """The outboxes of one kind of aggregate."""

    def __init__(self, database: Database, kind: str) -> None:
        self.kind = kind
        self._database = database
        self._read = database.collection(kind, majority_reads=True)
        self._write = database.collection(kind)
        self._history = database.collection("history")
        self._archived = database.collection("history", majority_reads=True)

    def index(self) -> Index:
        """Return the index by which waiting outboxes are found."""
        return Index(self.kind, ("outbox.0.lot",), {"sparse": True})

    async def heads(self, ids: Sequence[str]) -> Heads:
        """Return the whole outboxes of these aggregates, in order, as a majority has them.

        Once they have more than `HEADS_BYTES_MAX` the others are left unread.
        """
        heads, read = dict[str, list[Entry]](), 0
        found = self._waiting(ids, {"outbox": 1, "bytes": BYTES})
        async for document in found:
            heads[document["_id"]] = [Entry.of(stored) for stored in document["outbox"]]
            read += document["bytes"]
            if read > HEADS_BYTES_MAX:
                await found.close()
                return Heads(heads, [id for id in ids if id not in heads])
        return Heads(heads, [])

    async def waiting_ids(self, ids: Sequence[str]) -> dict[str, set[str]]:
        """Return the ids of the events that wait in the outboxes of these aggregates."""
        return {
            document["_id"]: {stored["id"] for stored in document["outbox"]}
            async for document in self._waiting(ids, {"outbox.id": 1})
        }

    def _waiting(self, ids: Sequence[str], fields: Mapping[str, Any]) -> Any:
        waiting = {"_id": {"$in": list(ids)}, "outbox.0.lot": {"$exists": True}}
        return self._read.find(waiting, fields, batch_size=len(ids) + 1)

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

    async def pull_archived(self, entries: Sequence[Entry]) -> tuple[list[Entry], list[Entry]]:
        """Remove events that wait although history has them: a database that was restored in parts.

        Returns those that were removed, and those that history has with other contents: they stay.
        """
        by_id = {entry.event.id: entry for entry in entries}
        found = self._archived.find({"_id": {"$in": list(by_id)}})
        past = {document["_id"]: recorded_of(document) async for document in found}
        same = [by_id[id] for id, event in past.items() if event == by_id[id].event]
        for event, *_ in same:
            await self._write.update_one(
                {"_id": event.subject}, {"$pull": {"outbox": {"id": event.id}}}
            )
        return same, [by_id[id] for id, event in past.items() if event != by_id[id].event]

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

    async def oldest(self, session: Session | None = None) -> datetime | None:
        """Return when the oldest waiting event was recorded, or None.

        Of many outboxes it looks at `LOOKED_AT_MAX`, which are random ones.
        """
        stages: list[dict[str, Any]] = [
            {"$match": {"outbox.0.lot": {"$gte": 0}}},
            {"$limit": LOOKED_AT_MAX},
            {"$project": {"at": {"$first": "$outbox.at"}}},
            {"$group": {"_id": None, "at": {"$min": "$at"}}},
        ]
        found = self._write.aggregate(stages, hint="outbox.0.lot_1", session=session)
        heads: list[datetime] = [row["at"] async for row in found]
        return heads[0] if heads else None

    def waiting(self) -> Countable:
        """Return the aggregates that have events to publish."""
        return matching(self._write, {"outbox.0.lot": {"$gte": 0}})


def _fields(event: Recorded) -> dict[str, Any]:
    return {name: getattr(event, name) for name in FIELDS}
