"""Aggregates of one kind in the database: loading, the one guarded write of a command, deadlines.

The guard of a write holds the version and keeps the outbox below its cap, so the outbox is never
loaded for a write. "No document matched" means stale or full; a re-read shows which.

Called by `shared.service.commands` and `shared.service.reactions`.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Generic, TypeVar

from pymongo import InsertOne, UpdateOne

from shared.kernel.decider import Decider
from shared.kernel.recorded import read_event
from shared.store.database import Database, Session
from shared.store.documents import Documents, Loaded
from shared.store.errors import DuplicateKey
from shared.store.history import History
from shared.store.outbox import Outboxes, recorded_of

S = TypeVar("S")
DOCUMENT_BYTES_MAX = 8 * 1024 * 1024


class OutboxFull(Exception):
    """The outbox is full because the broker is away: the aggregate takes no more events for now."""


class Aggregates(Generic[S]):
    """The aggregates of one decider in one service's database."""

    def __init__(
        self, database: Database, decider: Decider[Any, S, Any], *, outbox_events_max: int
    ) -> None:
        self.decider = decider
        self.documents = Documents(decider)
        self.outboxes = Outboxes(database, decider.kind)
        self.collection = database.collection(decider.kind)
        # No answer may rest on a write that an election can still roll back.
        self.majority = database.collection(decider.kind, majority_reads=True)
        self.write_slots = database.command_writes
        self._history = History(database)
        self._outbox_events_max = outbox_events_max

    async def prepare(self) -> None:
        """Create the indexes: waiting outboxes, deadlines, and the fields that are looked up."""
        await self.outboxes.prepare()
        await self.collection.create_index("deadline.at", sparse=True)
        await self.collection.create_index([("revision", 1), ("_id", 1)])
        for name in self.decider.indexes:
            await self.collection.create_index([(f"state.{name}", 1), ("_id", 1)])

    async def load(self, id: str) -> Loaded[S]:
        """Return the aggregate, or its initial state at version 0."""
        document = await self.majority.find_one({"_id": id}, {"outbox": 0})
        if document is None or self.documents.is_current(document):
            return self.documents.loaded(id, document)
        return await self._renewed(id)

    async def load_many(
        self, ids: Sequence[str], session: Session, *, contested: bool = False
    ) -> dict[str, Loaded[S]]:
        """Return these aggregates in one snapshot, without receipts (reactions leave none).

        If they are `contested` they are held first: other writers wait for the transaction.
        """
        if contested:
            held = {"$inc": {"contested": 1}}
            await self.collection.update_many({"_id": {"$in": list(ids)}}, held, session=session)
        found = self.collection.find(
            {"_id": {"$in": list(ids)}}, {"outbox": 0, "receipts": 0}, session=session
        )
        documents = {document["_id"]: document async for document in found}
        older = [
            id for id, document in documents.items() if not self.documents.is_current(document)
        ]
        renewed = {id: await self._renewed(id, session) for id in older}
        return {id: renewed.get(id) or self.documents.loaded(id, documents.get(id)) for id in ids}

    async def state(self, document: dict[str, Any]) -> S:
        """Return the state of a document of any revision."""
        if self.documents.is_current(document):
            return self.documents.state(document)
        return (await self._renewed(document["_id"])).state

    async def renew(self, after: str, limit: int) -> list[str]:
        """Bring documents of other revisions, by id after `after`, to this revision; return ids.

        Then `find` sees them by their new fields. A document that another process has written in
        between already has that process's revision. Raises `ValueError` naming what cannot be
        folded.
        """
        other = {"revision": {"$ne": self.decider.revision}, "_id": {"$gt": after}}
        found = self.collection.find(other, {"_id": 1}).sort("_id", 1).limit(limit)
        ids = [document["_id"] async for document in found]
        for id in ids:
            renewed = await self._renewed(id)
            unchanged = {"_id": id, "version": renewed.version}
            await self.collection.update_one(unchanged, self.documents.renewal(renewed))
        return ids

    async def write(self, loaded: Loaded[S]) -> bool:
        """Write the new events in one document. Return False if another writer was faster.

        Acquire `write_slots` before calling. Raises `OutboxFull`.
        """
        if loaded.stored_version == 0:
            try:
                await self.collection.insert_one(self.documents.created(loaded))
            except DuplicateKey:
                return False
            return True
        changes = self.documents.changes(loaded)
        result = await self.collection.update_one(self._guard(loaded), changes)
        if result.matched_count == 0:
            await self._raise_if_full(loaded)
        return bool(result.matched_count)

    async def write_many(self, many: Sequence[Loaded[S]], session: Session) -> None:
        """Write several aggregates in a reaction's transaction, the hottest first.

        Raises `OutboxFull`; a conflict with another writer is the transaction's own error.
        """
        hottest_first = sorted(many, key=lambda loaded: -loaded.stored_version)
        updates: list[Any] = [
            UpdateOne(self._guard(loaded), self.documents.changes(loaded))
            for loaded in hottest_first
            if loaded.stored_version
        ]
        if updates:
            result = await self.collection.bulk_write(updates, ordered=False, session=session)
            if result.matched_count != len(updates):
                raise OutboxFull(self.decider.kind)
        inserts = [
            InsertOne(self.documents.created(loaded))
            for loaded in many
            if not loaded.stored_version
        ]
        if inserts:
            await self.collection.bulk_write(inserts, ordered=False, session=session)

    async def receipts(self, id: str, keys: list[str]) -> dict[str, tuple[str, int]]:
        """Return requests that the receipts no longer hold: body digest and version, by key.

        The outbox is read before history, because events move from outbox to history.
        """
        among = {"_id": id, "outbox.receipt": {"$in": keys}}
        waiting = await self.majority.find_one(among, {"outbox": 1})
        outbox = waiting["outbox"] if waiting else []
        stored = [entry for entry in outbox if entry["receipt"] in keys]
        stored += await self._history.with_receipts(keys)
        events = sorted(map(recorded_of, stored), key=lambda event: event.sequence)
        return {
            str(event.receipt): (str(event.body), event.sequence)
            for event in events
            if event.subject == id
        }

    async def due(self, now: datetime, limit: int) -> list[tuple[str, Any]]:
        """Return aggregates whose deadline has come, each with the command that it causes."""
        found = self.collection.find({"deadline.at": {"$lte": now}}, {"deadline": 1}).limit(limit)
        return [
            (document["_id"], self.documents.command(document["deadline"]))
            async for document in found
        ]

    async def overdue(self, now: datetime, session: Session) -> int:
        """Count the deadlines that have come and are not swept yet."""
        due = {"deadline.at": {"$lte": now}}
        return int(await self.collection.count_documents(due, session=session))

    async def refolded(self, document: dict[str, Any]) -> Loaded[S]:
        """Return the aggregate of a whole document, folded from its history and outbox alone.

        The document is read before history; later events, and those in both, count once. Raises
        `ValueError` if a number is missing.
        """
        id = document["_id"]
        past = {event.id: event for event in map(recorded_of, document["outbox"])}
        archived = await self._history.of_subject(self.decider.kind, id)
        past |= {event.id: event for event in archived}
        folded = Loaded(id=id, state=self.decider.initial)
        for recorded in sorted(past.values(), key=lambda event: event.sequence):
            if folded.version == document["version"]:
                break
            folded.version += 1
            if recorded.sequence != folded.version:
                raise ValueError(f"{recorded.id} stands where number {folded.version} is due")
            event = read_event(self.decider.events, recorded)
            folded.state = self.decider.evolve(folded.state, event)
        return folded

    async def _renewed(self, id: str, session: Session | None = None) -> Loaded[S]:
        source = self.majority if session is None else self.collection
        whole = await source.find_one({"_id": id}, session=session)
        folded = await self.refolded(whole)
        if folded.version != whole["version"]:
            raise ValueError(f"only {folded.version} events of {self.decider.kind} {id} are stored")
        return self.documents.at(id, whole, folded.state)

    def _guard(self, loaded: Loaded[S]) -> dict[str, Any]:
        return {
            "_id": loaded.id,
            "version": loaded.stored_version,
            f"outbox.{self._outbox_events_max - 1}": {"$exists": False},
            "$expr": {"$lt": [{"$bsonSize": "$$ROOT"}, DOCUMENT_BYTES_MAX]},
        }

    async def _raise_if_full(self, loaded: Loaded[S]) -> None:
        again = await self.collection.find_one({"_id": loaded.id}, {"version": 1})
        if again and again["version"] == loaded.stored_version:
            raise OutboxFull(self.decider.kind)
