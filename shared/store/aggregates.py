"""Aggregates of one kind in the database: loading, the one guarded write of a command, deadlines.

The guard of a write holds the version and keeps the outbox below its cap, so the outbox is never
loaded for a write. "No document matched" means stale or full; a re-read shows which.

Called by `shared.service.commands` and `shared.service.reactions`.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Generic, NamedTuple, TypeVar

from pymongo import InsertOne, UpdateOne

from shared.kernel.decider import Decider
from shared.kernel.errors import Busy, Unstorable
from shared.kernel.recorded import UnknownType, read_event
from shared.store.batched_reads import BatchedReads
from shared.store.claims import Holding
from shared.store.counts import Countable, matching
from shared.store.database import Database, Session, bounded, in_parts
from shared.store.documents import Damaged, Documents, Loaded, OutboxFull
from shared.store.errors import DuplicateKey, StoreError, unstorable
from shared.store.history import History
from shared.store.indexes import Index
from shared.store.outbox import Outboxes, recorded_of
from shared.store.receipts import Receipts

S = TypeVar("S")
DOCUMENT_BYTES_MAX = 8 * 1024 * 1024


class DueDeadline(NamedTuple):
    """A deadline that has come, with the stored form of the command that it causes."""

    at: datetime
    id: str
    command: dict[str, Any]


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
        self._latest = database.collection(decider.kind, latest_reads=True)
        self.write_slots = database.command_writes
        self.receipts = Receipts(database, decider.kind)
        self.history = History(database)
        self._outbox_events_max = outbox_events_max
        self._loads = BatchedReads(self._read_ids)

    def indexes(self) -> list[Index]:
        """Return the indexes: waiting outboxes, deadlines, and the fields that are looked up."""
        kind, has_deadline = self.decider.kind, {"deadline.at": {"$exists": True}}
        return [
            self.outboxes.index(),
            Index(kind, ("deadline.at", "_id"), {"partialFilterExpression": has_deadline}),
            Index(kind, ("revision", "_id")),
            *(Index(kind, (f"state.{name}", "_id")) for name in self.decider.indexes),
            *(
                Index(kind, (*(f"state.{name}" for name in names), "_id"))
                for names in self.decider.orders
            ),
        ]

    async def load(self, id: str) -> Loaded[S]:
        """Return the aggregate, or its initial state at version 0.

        Raises `Busy` if another version has stored events that this version does not know.
        """
        document = await self._loads.of(id)
        if document is None or self.documents.is_current(document):
            return self.documents.loaded(id, document)
        return await self._renewed_for_caller(id)

    async def _read_ids(self, ids: list[str]) -> Mapping[str, dict[str, Any] | None]:
        found = self.majority.find({"_id": {"$in": ids}}, {"outbox": 0}).batch_size(len(ids) + 1)
        return dict.fromkeys(ids) | {document["_id"]: document async for document in found}

    async def is_latest(self, loaded: Loaded[S]) -> bool:
        """Return True if no acknowledged write is later than this aggregate as it was loaded."""
        found = await self._latest.find_one({"_id": loaded.id}, {"version": 1})
        return bool(loaded.stored_version == (found["version"] if found else 0))

    async def holding(self, key: str, id: str, entry: str) -> Holding:
        """Return if an aggregate's state has claimed this key for this entry, or may do so yet."""
        state = (await self.load(id)).state
        if state is not None and self.decider.claims(state).get(key) == entry:
            return Holding.HELD
        gone = state is not None and not self.decider.may_claim(state)
        return Holding.GIVEN_UP if gone else Holding.POSSIBLE

    async def load_many(
        self, ids: Sequence[str], session: Session, *, contested: bool = False
    ) -> dict[str, Loaded[S]]:
        """Return these aggregates in one snapshot, without receipts (reactions leave none).

        If they are `contested` they are held first: other writers wait for the transaction. Raises
        `Damaged` for the first that cannot be loaded.
        """
        if contested:
            held = {"$inc": {"contested": 1}}
            for part in in_parts(ids):
                await self.collection.update_many({"_id": {"$in": part}}, held, session=session)
        found = self.collection.find(
            {"_id": {"$in": list(ids)}}, {"outbox": 0, "receipts": 0}, session=session
        )
        documents = {document["_id"]: document async for document in found}
        return {id: await self._loaded(id, documents.get(id), session) for id in ids}

    async def _loaded(
        self, id: str, document: dict[str, Any] | None, session: Session
    ) -> Loaded[S]:
        try:
            if document is None or self.documents.is_current(document):
                return self.documents.loaded(id, document)
            return await self.renewed(id, session)
        except StoreError:
            raise
        except Exception as error:
            raise Damaged(self.decider.kind, id, error) from error

    async def state(self, document: dict[str, Any]) -> S:
        """Return the state of a document of any revision. Raises `Busy` as `load` does."""
        if self.documents.is_current(document):
            return self.documents.state(document)
        return (await self._renewed_for_caller(document["_id"])).state

    async def write(self, loaded: Loaded[S]) -> bool:
        """Write the new events in one document. Return False if another writer was faster.

        Acquire `write_slots` before calling. Raises `OutboxFull`, `Unstorable`.
        """
        with unstorable(), bounded():
            if loaded.stored_version == 0:
                try:
                    await self.collection.insert_one(self.documents.created(loaded))
                except DuplicateKey:
                    return False
                return True
            changes = self.documents.changes(loaded)
            result = await self.collection.update_one(self._guard(loaded), changes)
        if result.matched_count == 0:
            await self._raise_if_full([loaded])
        return bool(result.matched_count)

    async def write_many(self, many: Sequence[Loaded[S]], session: Session) -> None:
        """Write several aggregates in a reaction's transaction, the hottest first.

        Raises `OutboxFull`, `Unstorable`; a conflict with another writer is the transaction's own
        error.
        """
        hottest_first = sorted(many, key=lambda loaded: -loaded.stored_version)
        updates: list[Any] = [
            UpdateOne(self._guard(loaded), self.documents.changes(loaded))
            for loaded in hottest_first
            if loaded.stored_version
        ]
        matched = 0
        for part in in_parts(updates):
            result = await self.collection.bulk_write(part, ordered=False, session=session)
            matched += result.matched_count
        if matched != len(updates):
            await self._raise_if_full(hottest_first, session)
            raise OutboxFull(self.decider.kind)
        fresh = [loaded for loaded in many if not loaded.stored_version]
        inserts = [InsertOne(self.documents.created(loaded)) for loaded in fresh]
        for part in in_parts(inserts):
            await self.collection.bulk_write(part, ordered=False, session=session)

    async def due(
        self, now: datetime, limit: int, *, after: DueDeadline | None = None
    ) -> list[DueDeadline]:
        """Return the deadlines that have come, in order of time and id, from after this one on."""
        query: dict[str, Any] = {"deadline.at": {"$lte": now}}
        if after is not None:
            later = {"deadline.at": {"$gt": after.at}}
            query["$or"] = [later, {"deadline.at": after.at, "_id": {"$gt": after.id}}]
        found = self.collection.find(query, {"deadline": 1})
        return [
            DueDeadline(document["deadline"]["at"], document["_id"], document["deadline"])
            async for document in found.sort([("deadline.at", 1), ("_id", 1)]).limit(limit)
        ]

    def overdue(self, now: datetime) -> Countable:
        """Return the deadlines that have come and are not swept yet."""
        return matching(self.collection, {"deadline.at": {"$lte": now}})

    async def whole(self, id: str, session: Session | None = None) -> dict[str, Any]:
        """Return the whole document of an aggregate, as `refolded` needs it."""
        source: Any = self.majority if session is None else self.collection
        return dict(await source.find_one({"_id": id}, session=session))

    async def refolded(self, document: dict[str, Any], session: Session | None = None) -> Loaded[S]:
        """Return the aggregate of a `whole` document, folded from its history and outbox alone.

        The document is read before history, by the same session: an event that is moved in between
        is in both, and counts once. Raises `ValueError` if a number is missing.
        """
        id = document["_id"]
        past = {event.id: event for event in map(recorded_of, document["outbox"])}
        archived = await self.history.of_subject(self.decider.kind, id, session)
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
            folded.digest = recorded.digest or folded.digest
        return folded

    async def renewed(self, id: str, session: Session | None = None) -> Loaded[S]:
        """Return the aggregate of a document of another revision, folded from its past.

        Raises `UnknownType`, `ValueError`.
        """
        whole = await self.whole(id, session)
        folded = await self.refolded(whole, session)
        if folded.version != whole["version"]:
            raise ValueError(f"only {folded.version} events of {self.decider.kind} {id} are stored")
        return self.documents.at(id, whole, folded.state)

    async def _renewed_for_caller(self, id: str) -> Loaded[S]:
        try:
            return await self.renewed(id)
        except UnknownType as error:
            raise Busy(
                "newer-version",
                "A newer version of this service has changed this record: try again in a moment.",
            ) from error

    def _guard(self, loaded: Loaded[S]) -> dict[str, Any]:
        return {
            "_id": loaded.id,
            "version": loaded.stored_version,
            f"outbox.{self._outbox_events_max - 1}": {"$exists": False},
            "$expr": {"$lt": [{"$bsonSize": "$$ROOT"}, DOCUMENT_BYTES_MAX]},
        }

    async def _raise_if_full(
        self, many: Sequence[Loaded[S]], session: Session | None = None
    ) -> None:
        """Raise `OutboxFull` if the guard held one of these back; a stale version is no reason.

        Where nothing waits to be published the document itself is too large, and waiting would not
        help: `Unstorable`.
        """
        versions = {loaded.id: loaded.stored_version for loaded in many}
        found = self.collection.find(
            {"_id": {"$in": list(versions)}},
            {"version": 1, "waits": {"$size": "$outbox"}, "bytes": {"$bsonSize": "$$ROOT"}},
            session=session,
        )
        async for document in found:
            if document["version"] != versions[document["_id"]]:
                continue
            if document["waits"] >= self._outbox_events_max:
                raise OutboxFull(self.decider.kind)
            if document["bytes"] >= DOCUMENT_BYTES_MAX:
                if document["waits"]:
                    raise OutboxFull(self.decider.kind)
                raise Unstorable(f"{self.decider.kind} {document['_id']} has no room left")
