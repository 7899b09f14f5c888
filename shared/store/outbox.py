"""What waits to be published: entries of the outboxes, and the relay's two steps with them.

An entry is a `Recorded` with two stamps: `at`, the wall clock, by which a sweep tells what a
crashed replica has left, and `lot`, a random number, by which sweeps start at random places.
Removal is by event id, never by position, and in one transaction with the archive into `history`:
a second relay's archive fails on the unique id, so it aborts whole and reads again.
"""

import random
from collections.abc import Sequence
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import Any

from pymongo.errors import BulkWriteError

from shared.kernel.recorded import Recorded
from shared.store.database import Database, Session

LOTS = 2**31
FIELDS = tuple(one.name for one in fields(Recorded))
E11000 = 11000


class AnotherRelay(Exception):
    """Another relay has published and archived some of this first: read again."""


def entry(recorded: Recorded) -> dict[str, Any]:
    """An event as it lies in the outbox."""
    kept = {name: getattr(recorded, name) for name in FIELDS}
    return {**kept, "at": datetime.now(UTC), "lot": random.randrange(LOTS)}


def recorded_of(stored: dict[str, Any]) -> Recorded:
    """The event of an outbox entry or of a document of history."""
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

    async def heads(self, ids: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
        """The whole outboxes of these aggregates, from the head, as a majority has them."""
        waiting = {"_id": {"$in": list(ids)}, "outbox.0.lot": {"$exists": True}}
        found = self._read.find(waiting, {"outbox": 1}, batch_size=len(ids) + 1)
        return {one["_id"]: one["outbox"] for one in await found.to_list(None)}

    async def archive(self, published: dict[str, list[dict[str, Any]]]) -> None:
        """Move published events from their outboxes to history, all or none.

        Raises `AnotherRelay` where some of them are in history already.
        """
        events = [event for outbox in published.values() for event in outbox]
        ids = [event["id"] for event in events]
        past = [_past(event) for event in events]

        async def move(session: Session) -> None:
            await self._write.update_many(
                {"_id": {"$in": list(published)}},
                {"$pull": {"outbox": {"id": {"$in": ids}}}},
                session=session,
            )
            await self._history.insert_many(past, ordered=False, session=session)

        try:
            await self._database.transaction(move)
        except BulkWriteError as error:
            if any(one["code"] == E11000 for one in error.details["writeErrors"]):
                raise AnotherRelay from error
            raise

    async def left(self, older_than: timedelta, limit: int) -> list[str]:
        """Aggregates whose outbox has waited for so long, from a random place on."""
        start = random.randrange(LOTS)
        since = datetime.now(UTC) - older_than
        ids: list[str] = []
        for lots in ({"$gte": start}, {"$lt": start}):
            found = self._write.find(
                {"outbox.0.lot": lots, "outbox.0.at": {"$lte": since}}, {"_id": 1}
            )
            ids += [
                one["_id"] async for one in found.hint("outbox.0.lot_1").limit(limit - len(ids))
            ]
            if len(ids) >= limit:
                break
        return ids

    async def waiting(self, session: Session | None = None) -> int:
        """How many aggregates have something to publish."""
        count = self._write.count_documents
        return int(
            await count({"outbox.0.lot": {"$gte": 0}}, hint="outbox.0.lot_1", session=session)
        )


def _past(event: dict[str, Any]) -> dict[str, Any]:
    past = {name: value for name, value in event.items() if name not in ("id", "lot")}
    return {"_id": event["id"], **past}
