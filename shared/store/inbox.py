"""The transaction of one batch: projection, checkpoints, pending reactions, parked messages.

Each partition's checkpoint, `{_id: GROUP/SERVICE/PARTITION, offset, epoch}`, is compared-and-set
from its value before the batch. That comparison alone makes the effect exactly-once: a worker that
was overtaken (a zombie, a lost answer) fails as a whole. An operator who intervenes raises the
`epoch`, so that a worker never writes a result of older reads. A partition has at most one pending
row, `{_id: GROUP/SERVICE/PARTITION, offset, epoch, part, reacted}`; offset and epoch distinguish it
from every other row, `part` (none at first) from itself before some of its commands were decided.

Called by `shared.service.worker` (`commit`) and `shared.service.reactions` (`pending`, `drained`).
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from pymongo import InsertOne, ReturnDocument, UpdateOne

from shared.kernel.counting import Figures
from shared.kernel.errors import CannotStart
from shared.kernel.folding import Batch, Folding
from shared.kernel.wire import Partition
from shared.store.database import Database, Session
from shared.store.errors import DuplicateKey
from shared.store.generations import Generation
from shared.store.indexes import ensure
from shared.store.parking import Parking
from shared.store.projection import Projection


class Checkpoint(NamedTuple):
    """The next offset of a partition, and the count of interventions there (`epoch`)."""

    offset: int
    epoch: int | None = None


NOWHERE = Checkpoint(0)
"""Before the first message."""

RETIRED = -1
"""The offset of a checkpoint whose generation has ended."""


def _exactly(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row.get(name) for name in ("_id", "offset", "epoch", "part")}


class Overtaken(Exception):
    """Another process has moved a checkpoint or drained a pending row: read them again."""


class FollowsMore(CannotStart):
    """The service follows kinds that its mirrors have never counted: each would look like a gap."""


class Inbox:
    """Checkpoints, pending rows and parked messages of one generation of a service's projection."""

    def __init__(
        self,
        database: Database,
        folding: Folding,
        projection: Projection,
        parking: Parking,
    ) -> None:
        self._database = database
        self._folding = folding
        self.projection = projection
        self._checkpoints = database.collection("checkpoints")
        self._pending = database.collection("pending")
        self.parking = parking
        self._following = database.collection("following")

    @property
    def generation(self) -> Generation:
        """The generation that these rows belong to."""
        return self.projection.generation

    @property
    def group(self) -> str:
        """The beginning of the ids of this generation's rows."""
        return self.projection.generation.group

    async def prepare(self) -> None:
        """Create collections and indexes; check the followed kinds. Raises `FollowsMore`."""
        await self._database.create("checkpoints", "pending", "versions", "backfilled")
        await ensure(self._database, self.generation.service, self.parking.indexes())
        kinds = sorted(f"{service}/{kind}" for service, kind in self._folding.mirrors)
        first = {"$setOnInsert": {"kinds": kinds}}
        await self._following.update_one({"_id": self.group}, first, upsert=True)
        counted = await self._following.find_one({"_id": self.group})
        further = sorted(set(kinds) - set(counted["kinds"]))
        if further:
            raise FollowsMore(
                f"{self.group} has never counted {', '.join(further)}: raise the service's "
                "version and rebuild its mirrors, or every subject there would look like a gap"
            )

    async def checkpoints(
        self, partitions: Sequence[Partition], session: Session | None = None
    ) -> dict[Partition, Checkpoint]:
        """Return the checkpoints of these partitions; a partition never read has none."""
        rows = {self._row(partition): partition for partition in partitions}
        found = self._checkpoints.find({"_id": {"$in": list(rows)}}, session=session)
        return {
            rows[row["_id"]]: Checkpoint(row["offset"], row.get("epoch")) async for row in found
        }

    async def rewind(self, partitions: Sequence[Partition]) -> None:
        """Read these partitions from their beginning: what was counted before changes nothing."""
        standing = {**self._rows(partitions), "offset": {"$gt": RETIRED}}
        beginning = {"$set": {"offset": 0}, "$inc": {"epoch": 1}}

        async def write(session: Session) -> None:
            await self._checkpoints.update_many(standing, beginning, session=session)
            await self.parking.forget(partitions, session)

        await self._database.transaction(write)

    async def commit(
        self,
        batch: Batch,
        checkpoints_before: Mapping[Partition, Checkpoint],
        reacted: Mapping[Partition, list[Any]],
        *,
        group: str | None = None,
    ) -> None:
        """Write the batch, with the commands that each partition leaves pending.

        `group` is the group of the copy on which it was folded (None: the present copy). Raises
        `Overtaken`.
        """
        rows = [
            {
                "_id": self._row(partition),
                "offset": batch.next_offsets[partition],
                "epoch": checkpoints_before.get(partition, NOWHERE).epoch,
                "reacted": entries,
            }
            for partition, entries in reacted.items()
        ]

        async def write(session: Session) -> None:
            await self.write(batch, checkpoints_before, session)
            if group not in (None, self.group):
                # Compared while the transaction holds the checkpoints: no swap can come before its
                # commit.
                raise Overtaken
            if rows:
                await self._pending.insert_many(rows, session=session)

        try:
            await self._database.transaction(write)
        except DuplicateKey as error:
            raise Overtaken from error

    async def write(
        self, batch: Batch, checkpoints_before: Mapping[Partition, Checkpoint], session: Session
    ) -> None:
        """Write a batch that leaves no commands pending. Raises `Overtaken`."""
        await self._move_checkpoints(batch.next_offsets, checkpoints_before, session)
        await self.project(batch, session)
        await self.parking.park(batch.parked, session)

    async def project(self, batch: Batch, session: Session) -> None:
        """Write the mirrors, views and figures of a batch."""
        figures: Figures = defaultdict(Counter)
        figures |= {key: Counter(numbers) for key, numbers in batch.figures.items()}
        for name, mirrors in batch.mirrors.items():
            await self.projection.write_mirrors(name, mirrors, session)
        for name, events in batch.views.items():
            view = self._folding.views[name]
            await self.projection.write_view(view, events, figures, session)
        await self.projection.write_figures(figures, session)

    async def intervene(
        self, partition: Partition, entries: Sequence[Any], session: Session
    ) -> None:
        """Raise a partition's epoch, and leave these commands pending there.

        Raises `Overtaken` while other commands are pending: they come first.
        """
        row = {"_id": self._row(partition)}
        standing = {**row, "offset": {"$gt": RETIRED}}
        at = await self._checkpoints.find_one_and_update(
            standing, {"$inc": {"epoch": 1}}, session=session, return_document=ReturnDocument.AFTER
        )
        if at is None or await self._pending.find_one(row, session=session):
            raise Overtaken
        if entries:
            await self._pending.insert_one({**at, "reacted": list(entries)}, session=session)

    async def retire(
        self, partitions: Sequence[Partition], session: Session
    ) -> dict[Partition, int]:
        """End this generation: its checkpoints cannot move any more. Return their last offsets."""
        checkpoints = await self.checkpoints(partitions, session)
        stood = {partition: checkpoint.offset for partition, checkpoint in checkpoints.items()}
        retired = {"$set": {"offset": RETIRED}}
        await self._checkpoints.update_many(self._rows(list(stood)), retired, session=session)
        never_read = [
            {"_id": self._row(partition), "offset": RETIRED}
            for partition in partitions
            if partition not in stood
        ]
        if never_read:
            await self._checkpoints.insert_many(never_read, session=session)
        return stood

    async def pending(self, partitions: Sequence[Partition]) -> list[dict[str, Any]]:
        """Return the pending rows of these partitions."""
        return [row async for row in self._pending.find(self._rows(partitions)).sort("_id", 1)]

    async def drained(
        self, rows: Sequence[dict[str, Any]], events: Collection[str], session: Session
    ) -> None:
        """Delete exactly these pending rows, or of each the entries of these events.

        A row that keeps entries counts its `part`. Raises `Overtaken` if any is gone or replaced.
        """
        done = []
        for row in rows:
            rest = [entry for entry in row["reacted"] if entry["event"] not in events]
            if not rest:
                done.append(_exactly(row))
            elif len(rest) < len(row["reacted"]):
                part = {"reacted": rest, "part": row.get("part", 0) + 1}
                result = await self._pending.update_one(
                    _exactly(row), {"$set": part}, session=session
                )
                if not result.matched_count:
                    raise Overtaken
        result = await self._pending.delete_many({"$or": done}, session=session) if done else None
        if result and result.deleted_count != len(done):
            raise Overtaken

    async def raise_epochs(self, rows: Sequence[dict[str, Any]], session: Session) -> None:
        """Make every worker fail that has read the partitions of these pending rows before this."""
        ids = [row["_id"] for row in rows]
        raised = {"$inc": {"epoch": 1}}
        await self._checkpoints.update_many({"_id": {"$in": ids}}, raised, session=session)

    async def raise_all_epochs(
        self, partitions: Sequence[Partition], session: Session
    ) -> dict[Partition, int]:
        """Make every worker fail that has read these partitions before this; return the offsets.

        A partition that was never read gets its checkpoint, so that no worker makes the first.
        Raises `Overtaken` if another copy is live.
        """
        found = await self.checkpoints(partitions, session)
        if any(checkpoint.offset == RETIRED for checkpoint in found.values()):
            raise Overtaken
        if new := [part for part in partitions if part not in found]:
            first = [{"_id": self._row(partition), "offset": 0} for partition in new]
            await self._checkpoints.insert_many(first, session=session)
        raised = {"$inc": {"epoch": 1}}
        await self._checkpoints.update_many(self._rows(partitions), raised, session=session)
        return {partition: found.get(partition, NOWHERE).offset for partition in partitions}

    async def waiting(self, session: Session) -> int:
        """Count the partitions with pending reactions."""
        ours = {"_id": {"$regex": f"^{self.group}/"}}
        return int(await self._pending.count_documents(ours, session=session))

    def _row(self, partition: Partition) -> str:
        return f"{self.group}/{partition[0]}/{partition[1]}"

    def _rows(self, partitions: Sequence[Partition]) -> dict[str, Any]:
        return {"_id": {"$in": [self._row(partition) for partition in partitions]}}

    async def _move_checkpoints(
        self,
        to: Mapping[Partition, int],
        checkpoints_before: Mapping[Partition, Checkpoint],
        session: Session,
    ) -> None:
        moves = [
            UpdateOne(
                {"_id": self._row(partition), **checkpoints_before[partition]._asdict()},
                {"$set": {"offset": n}},
            )
            for partition, n in to.items()
            if partition in checkpoints_before
        ]
        if moves:
            result = await self._checkpoints.bulk_write(moves, ordered=False, session=session)
            if result.matched_count != len(moves):
                raise Overtaken
        first = [
            InsertOne({"_id": self._row(partition), "offset": n})
            for partition, n in to.items()
            if partition not in checkpoints_before
        ]
        if first:
            await self._checkpoints.bulk_write(first, ordered=False, session=session)
