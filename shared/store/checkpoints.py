"""The checkpoint of each partition in one generation of a projection: the next offset to apply.

A row is `{_id: GROUP/SERVICE/PARTITION, offset, epoch}`. A batch moves it by compare-and-set from
its value before the batch, in the batch's transaction: that comparison alone makes the effect
exactly-once. An operator who intervenes raises the `epoch`, so that a worker never writes a result
of older reads. `read_before` is the end up to which a partition was read before a rewind. Called by
`shared.store.inbox`, its workers and its operations.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from pymongo import InsertOne, ReturnDocument, UpdateOne

from shared.kernel.wire import Partition
from shared.store.database import Database, Session
from shared.store.generations import Generation


class Checkpoint(NamedTuple):
    """The next offset of a partition, and the count of interventions there (`epoch`)."""

    offset: int
    epoch: int | None = None


NOWHERE = Checkpoint(0)
"""Before the first message."""

RETIRED = -1
"""The offset of a checkpoint whose generation has ended."""
RAISED = {"$inc": {"epoch": 1}}


class Overtaken(Exception):
    """Another process has moved a checkpoint or drained a pending row: read them again."""


class Checkpoints:
    """The checkpoints of one generation; its ids are those of pending rows too."""

    def __init__(self, database: Database, generation: Generation) -> None:
        self._collection = database.collection("checkpoints")
        self._generation = generation

    def id(self, partition: Partition) -> str:
        """Return the id of a partition's rows."""
        return f"{self._generation.group}/{partition[0]}/{partition[1]}"

    def ids(self, partitions: Iterable[Partition]) -> dict[str, Any]:
        """Return the query for the rows of these partitions."""
        return {"_id": {"$in": [self.id(partition) for partition in partitions]}}

    def all_ids(self) -> dict[str, Any]:
        """Return the query for the rows of this generation."""
        group = self._generation.group
        return {"_id": {"$gt": f"{group}/", "$lt": f"{group}0"}}

    async def of(
        self, partitions: Sequence[Partition], session: Session | None = None
    ) -> dict[Partition, Checkpoint]:
        """Return the checkpoints of these partitions; a partition never read has none."""
        found = self._collection.find(self.ids(partitions), session=session)
        return {_partition(row): Checkpoint(row["offset"], row.get("epoch")) async for row in found}

    async def standing(
        self, partitions: Sequence[Partition], session: Session | None = None
    ) -> dict[Partition, Checkpoint]:
        """Return the checkpoints as `of`. Raises `Overtaken` if another copy has become live."""
        found = await self.of(partitions, session)
        if any(checkpoint.offset == RETIRED for checkpoint in found.values()):
            raise Overtaken
        return found

    async def move(
        self, to: Mapping[Partition, int], before: Mapping[Partition, Checkpoint], session: Session
    ) -> None:
        """Move checkpoints from what they were before. Raises `Overtaken`, `DuplicateKey`."""
        moves = [
            UpdateOne(
                {"_id": self.id(partition), **before[partition]._asdict()}, {"$set": {"offset": n}}
            )
            for partition, n in to.items()
            if partition in before
        ]
        if moves:
            result = await self._collection.bulk_write(moves, ordered=False, session=session)
            if result.matched_count != len(moves):
                raise Overtaken
        first = [
            InsertOne({"_id": self.id(partition), "offset": n})
            for partition, n in to.items()
            if partition not in before
        ]
        if first:
            await self._collection.bulk_write(first, ordered=False, session=session)

    async def rewind(
        self, begins: Mapping[Partition, int], ends: Mapping[Partition, int], session: Session
    ) -> None:
        """Read these partitions from their beginnings; up to these ends they were read before.

        Raises `Overtaken` if another copy has become live.
        """
        found = await self.standing(list(ends), session)
        rewinds = [
            UpdateOne(
                {"_id": self.id(partition)},
                {"$set": {"offset": begins[partition], "read_before": end}, **RAISED},
            )
            for partition, end in ends.items()
            if partition in found
        ]
        if rewinds:
            await self._collection.bulk_write(rewinds, ordered=False, session=session)

    async def read_again(self, session: Session) -> bool:
        """Return True while a partition is read that was read before, since a rewind."""
        behind = {"$expr": {"$lt": ["$offset", "$read_before"]}, "read_before": {"$exists": True}}
        query = self.all_ids() | behind
        return await self._collection.find_one(query, session=session) is not None

    async def offsets(self, session: Session) -> dict[Partition, int]:
        """Return the offset of every partition of this generation that was read."""
        found = self._collection.find(self.all_ids(), session=session)
        return {_partition(row): row["offset"] async for row in found}

    async def raise_epoch(self, partition: Partition, session: Session) -> dict[str, Any]:
        """Make every worker fail that has read this partition before this; return its row.

        Raises `Overtaken` where no worker has read it in this generation, or another is live.
        """
        standing = {"_id": self.id(partition), "offset": {"$gt": RETIRED}}
        row: dict[str, Any] | None = await self._collection.find_one_and_update(
            standing, RAISED, session=session, return_document=ReturnDocument.AFTER
        )
        if row is None:
            raise Overtaken
        return row

    async def raise_epochs(self, ids: Sequence[str], session: Session) -> None:
        """Make every worker fail that has read the partitions of these rows before this."""
        await self._collection.update_many({"_id": {"$in": list(ids)}}, RAISED, session=session)

    async def raise_all_epochs(
        self, partitions: Sequence[Partition], session: Session
    ) -> dict[Partition, int]:
        """Make every worker fail that has read these partitions before this; return the offsets.

        A partition that was never read gets its checkpoint, so that no worker makes the first.
        Raises `Overtaken` if another copy is live.
        """
        found = await self.standing(partitions, session)
        if new := [part for part in partitions if part not in found]:
            first = [{"_id": self.id(partition), "offset": 0} for partition in new]
            await self._collection.insert_many(first, session=session)
        await self._collection.update_many(self.ids(partitions), RAISED, session=session)
        return {partition: found.get(partition, NOWHERE).offset for partition in partitions}

    async def retire(
        self, partitions: Sequence[Partition], session: Session
    ) -> dict[Partition, int]:
        """End this generation: its checkpoints cannot move any more. Return their last offsets.

        Other partitions than these may be among them: another version has followed those.
        """
        stood = await self.offsets(session)
        retired = {"$set": {"offset": RETIRED}}
        await self._collection.update_many(self.all_ids(), retired, session=session)
        never_read = [
            {"_id": self.id(partition), "offset": RETIRED}
            for partition in partitions
            if partition not in stood
        ]
        if never_read:
            await self._collection.insert_many(never_read, session=session)
        return stood


def _partition(row: Mapping[str, Any]) -> Partition:
    _, service, number = row["_id"].rsplit("/", 2)
    return service, int(number)
