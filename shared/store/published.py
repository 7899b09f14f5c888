"""Marks in a service's own topic: of everything before these offsets its database has the events.

`{_id: PARTITION, offset, topic}`, where `topic` is the id that Kafka gave to the topic: of a topic
that was made again under the same name a mark says nothing. The end of a partition is read first
and written here afterwards, and an event is published only after it was written: so any moment of
the database that has a mark also has the events before it, a restored one as well. Called by
`shared.service.catching_up`.
"""

from collections.abc import Mapping
from typing import Any

from pymongo import UpdateOne

from shared.kernel.wire import Partition
from shared.store.database import Database


class Published:
    """The marks of one service's own topic."""

    def __init__(self, database: Database, service: str) -> None:
        self._collection = database.collection("published")
        self._service = service

    async def marks(self, topic: str) -> dict[Partition, int]:
        """Return the known offset of each partition of this topic that has one."""
        found = self._collection.find({"topic": topic})
        return {(self._service, row["_id"]): row["offset"] async for row in found}

    async def advance(self, topic: str, ends: Mapping[Partition, int]) -> None:
        """Move the marks on to these ends, which were read before this call; none moves back."""
        same = {"$eq": ["$topic", {"$literal": topic}]}
        later = {
            part: {"$cond": [same, {"$max": ["$offset", end]}, end]} for part, end in ends.items()
        }
        await self._write(topic, later)

    async def reset(self, topic: str, ends: Mapping[Partition, int]) -> None:
        """Set the marks to these ends, also where the topic has become shorter."""
        await self._write(topic, ends)

    async def _write(self, topic: str, offsets: Mapping[Partition, Any]) -> None:
        moves = [
            UpdateOne(
                {"_id": number},
                [{"$set": {"offset": offset, "topic": {"$literal": topic}}}],
                upsert=True,
            )
            for (_, number), offset in offsets.items()
        ]
        if moves:
            await self._collection.bulk_write(moves, ordered=False)
