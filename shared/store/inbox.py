"""The transaction of one batch: projection, checkpoints, pending reactions, parked messages.

Each partition's checkpoint (`shared.store.checkpoints`) is moved in it from its value before the
batch: a worker that was overtaken (a zombie, a lost answer) fails as a whole. A partition has at
most one pending row, `{_id: GROUP/SERVICE/PARTITION, offset, epoch, part, reacted}`; offset and
epoch distinguish it from every other row, `part` (none at first) from itself before some of its
commands were decided.

Called by `shared.service.worker` (`commit`) and `shared.service.reactions` (`pending`, `drained`).
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from shared.kernel.counting import Figures
from shared.kernel.folding import Batch, Folding
from shared.kernel.wire import Partition
from shared.store.checkpoints import NOWHERE, Checkpoint, Checkpoints, Overtaken
from shared.store.counts import Countable, matching
from shared.store.database import Database, Session
from shared.store.errors import DuplicateKey
from shared.store.following import Following
from shared.store.generations import Generation
from shared.store.indexes import ensure
from shared.store.parking import Parking
from shared.store.projection import Projection


def _exactly(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row.get(name) for name in ("_id", "offset", "epoch", "part")}


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
        self.folding = folding
        self.projection = projection
        self.checkpoints = Checkpoints(database, projection.generation)
        self._pending = database.collection("pending")
        self.parking = parking
        self.following = Following(database)

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
        await self._database.create("checkpoints", "pending", "versions", "backfilled", "leases")
        await ensure(self._database, self.generation.service, self.parking.indexes())
        kinds = [f"{service}/{kind}" for service, kind in self.folding.mirrors]
        await self.following.check_kinds(self.group, kinds)

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
                "_id": self.checkpoints.id(partition),
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
        await self.checkpoints.move(batch.next_offsets, checkpoints_before, session)
        await self.project(batch, session)
        await self.parking.park(batch.parked, session)

    async def project(self, batch: Batch, session: Session) -> None:
        """Write the mirrors, views and figures of a batch."""
        figures: Figures = defaultdict(Counter)
        figures |= {key: Counter(numbers) for key, numbers in batch.figures.items()}
        for name, mirrors in batch.mirrors.items():
            await self.projection.write_mirrors(name, mirrors, session)
        for name, events in batch.views.items():
            view = self.folding.views[name]
            await self.projection.write_view(view, events, figures, session)
        await self.projection.write_figures(figures, session)

    async def intervene(
        self, partition: Partition, entries: Sequence[Any], session: Session
    ) -> None:
        """Raise a partition's epoch, and leave these commands pending there.

        Raises `Overtaken` while other commands are pending: they come first.
        """
        row = await self.checkpoints.raise_epoch(partition, session)
        if await self._pending.find_one({"_id": row["_id"]}, session=session):
            raise Overtaken
        if entries:
            left = {name: row[name] for name in ("_id", "offset", "epoch")}
            await self._pending.insert_one({**left, "reacted": list(entries)}, session=session)

    async def pending(self, partitions: Sequence[Partition]) -> list[dict[str, Any]]:
        """Return the pending rows of these partitions."""
        return [
            row async for row in self._pending.find(self.checkpoints.ids(partitions)).sort("_id", 1)
        ]

    async def drained(
        self,
        rows: Sequence[dict[str, Any]],
        left: Mapping[str, Sequence[Any]],
        session: Session,
    ) -> None:
        """Delete exactly these pending rows, or keep of each what is left.

        `left` has the commands that are left of events, by event: an entry without any goes, and an
        event that is not named keeps its entry. A row that keeps entries counts its `part`. Raises
        `Overtaken` if any is gone or replaced.
        """
        done = []
        for row in rows:
            rest = [
                {**entry, "commands": list(left.get(entry["event"], entry["commands"]))}
                for entry in row["reacted"]
                if left.get(entry["event"]) != []
            ]
            if not rest:
                done.append(_exactly(row))
            elif rest != row["reacted"]:
                part = {"reacted": rest, "part": row.get("part", 0) + 1}
                result = await self._pending.update_one(
                    _exactly(row), {"$set": part}, session=session
                )
                if not result.matched_count:
                    raise Overtaken
        result = await self._pending.delete_many({"$or": done}, session=session) if done else None
        if result and result.deleted_count != len(done):
            raise Overtaken

    def waiting(self) -> Countable:
        """Return the partitions with pending reactions."""
        return matching(self._pending, self.checkpoints.all_ids())
