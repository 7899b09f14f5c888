"""Marks in a service's own topic: of everything before these offsets its database has the events.

`{_id: PARTITION, offset}`. The end of a partition is read first and written here afterwards, and an
event is published only after it was written: so any moment of the database that has a mark also has
the events before it, a restored one as well. Called by `shared.service.catching_up`.
"""

from collections.abc import Mapping

from pymongo import UpdateOne

from shared.kernel.wire import Partition
from shared.store.database import Database


class Published:
    """The marks of one service's own topic."""

    def __init__(self, database: Database, service: str) -> None:
        self._collection = database.collection("published")
        self._service = service

    async def marks(self) -> dict[Partition, int]:
        """Return the known offset of each partition that has one."""
        found = self._collection.find({})
        return {(self._service, row["_id"]): row["offset"] async for row in found}

    async def advance(self, ends: Mapping[Partition, int]) -> None:
        """Move the marks on to these ends, which were read before this call; none moves back."""
        await self._write(ends, "$max")

    async def reset(self, ends: Mapping[Partition, int]) -> None:
        """Set the marks to these ends, also where the topic has become shorter."""
        await self._write(ends, "$set")

    async def _write(self, ends: Mapping[Partition, int], operator: str) -> None:
        moves = [
            UpdateOne({"_id": number}, {operator: {"offset": end}}, upsert=True)
            for (_, number), end in ends.items()
        ]
        if moves:
            await self._collection.bulk_write(moves, ordered=False)
