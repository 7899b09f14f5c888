"""A lease: work that one process at a time does, so that others need not do it too.

`{_id: NAME, holder, until}`, by the database's clock. A process that dies or stands still loses its
lease after some time, and may be at work beside the next holder for a moment: the work itself must
be right for any number of processes.
"""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from pymongo import ReturnDocument

from shared.store.database import Database
from shared.store.errors import DuplicateKey

HELD_FOR = timedelta(minutes=1)


class Lease:
    """The lease of this name, for this object; each `take` holds it for this long."""

    def __init__(self, database: Database, name: str, held_for: timedelta = HELD_FOR) -> None:
        self._collection = database.collection("leases")
        self._name = name
        self._held_for = held_for
        self._holder = uuid4().hex

    async def take(self) -> bool:
        """Take the lease, or hold it for longer; return False while another process has it."""
        ours = {"$eq": ["$holder", self._holder]}
        # A missing time is before every time.
        free = {"$or": [ours, {"$lte": ["$until", "$$NOW"]}]}
        until = {"$add": ["$$NOW", self._held_for // timedelta(milliseconds=1)]}
        fields = {
            "holder": {"$cond": [free, self._holder, "$holder"]},
            "until": {"$cond": [free, until, "$until"]},
        }
        try:
            held: dict[str, Any] = await self._collection.find_one_and_update(
                {"_id": self._name},
                [{"$set": fields}],
                upsert=True,
                return_document=ReturnDocument.AFTER,
            )
        except DuplicateKey:
            # Another process has just made it.
            return False
        return bool(held["holder"] == self._holder)

    async def release(self) -> None:
        """Leave the lease to others, if this object has it."""
        await self._collection.delete_one({"_id": self._name, "holder": self._holder})
