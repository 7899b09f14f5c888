"""The history of a service, append-only: one document per published event.

`_id` is the event's id, so a subject's events are stored side by side in order of their numbers.
"""

from collections.abc import AsyncIterator, Sequence
from typing import Any

from shared.kernel.recorded import Recorded, event_id
from shared.store.database import Database, Session
from shared.store.indexes import Index
from shared.store.outbox import recorded_of


class History:
    """The history of one service."""

    def __init__(self, database: Database) -> None:
        self._collection = database.collection("history", majority_reads=True)

    def index(self) -> Index:
        """Return the index of receipts, for requests that an aggregate no longer remembers."""
        is_there = {"receipt": {"$type": "string"}}
        return Index("history", ("receipt",), {"partialFilterExpression": is_there})

    async def of_subject(
        self, kind: str, subject: str, session: Session | None = None
    ) -> list[Recorded]:
        """Return the archived events of one aggregate, in order.

        Without a session those that no election can undo, in a transaction those of its snapshot.
        """
        bounds = {"$gte": event_id(kind, subject, 0), "$lt": f"{kind}/{subject}A"}
        found = self._collection.find({"_id": bounds}, session=session).sort("_id", 1)
        return [recorded_of(document) async for document in found]

    async def page(self, kind: str, subject: str, *, after: str, limit: int) -> list[Recorded]:
        """Return at most `limit` archived events of one aggregate that follow the id `after`."""
        first, end = event_id(kind, subject, 0), f"{kind}/{subject}A"
        bounds = {"$gt": max(after, first), "$lt": end}
        found = self._collection.find({"_id": bounds}).sort("_id", 1).limit(limit)
        return [recorded_of(document) async for document in found]

    async def all(self) -> AsyncIterator[Recorded]:
        """Yield every archived event, each subject's in order."""
        async for document in self._collection.find({}).sort("_id", 1):
            yield recorded_of(document)

    async def with_receipts(self, keys: Sequence[str]) -> list[dict[str, Any]]:
        """Return the archived events that answered these requests."""
        found = self._collection.find({"receipt": {"$in": list(keys)}})
        return [document async for document in found]
