"""The transaction of one batch: projection, checkpoints, pending reactions, parked messages.

Each partition's checkpoint, `{_id: GROUP/SERVICE/PARTITION, offset, epoch}`, is compared-and-set
from where the batch began. That comparison alone makes the effect exactly-once: whoever was
overtaken (a zombie, a lost answer) fails as a whole. An operator who intervenes raises the `epoch`,
so that a worker never writes what it has read before that. A partition has at most one pending row,
`{_id: GROUP/SERVICE/PARTITION, offset, epoch, reacted}`; offset and epoch tell it from any other.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from pymongo import InsertOne, ReturnDocument, UpdateOne
from pymongo.errors import BulkWriteError

from shared.kernel.folding import Batch, Figures, Folding, Place
from shared.store.database import Database, Session
from shared.store.generations import Generation
from shared.store.outbox import E11000
from shared.store.parking import Parking
from shared.store.projection import Projection


class Checkpoint(NamedTuple):
    """The next offset of a partition, and how often an operator has intervened there."""

    offset: int
    epoch: int | None = None


NOWHERE = Checkpoint(0)
"""Before the first message."""

RETIRED = -1
"""The offset of a checkpoint whose generation has ended."""


class Overtaken(Exception):
    """Somebody else has moved a checkpoint or drained a pending row: read again where we are."""


class FollowsMore(Exception):
    """The service follows kinds that its mirrors have never counted: they would all look gapped."""


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
        """What the ids of this generation's rows begin with."""
        return self.projection.generation.group

    async def prepare(self) -> None:
        """Create collections and indexes; check what is followed. Raises `FollowsMore`."""
        await self._database.create("checkpoints", "pending")
        await self.parking.prepare()
        kinds = sorted(f"{service}/{kind}" for service, kind in self._folding.mirrors)
        first = {"$setOnInsert": {"kinds": kinds}}
        await self._following.update_one({"_id": self.group}, first, upsert=True)
        known = await self._following.find_one({"_id": self.group})
        further = sorted(set(kinds) - set(known["kinds"]))
        if further:
            raise FollowsMore(
                f"{self.group} has never counted {', '.join(further)}: raise the service's "
                "version and rebuild its mirrors, or every subject there would look like a gap"
            )

    async def checkpoints(
        self, places: Sequence[Place], session: Session | None = None
    ) -> dict[Place, Checkpoint]:
        """The checkpoint of each of these partitions; absent where nothing was ever read."""
        rows = {self._row(place): place for place in places}
        found = self._checkpoints.find({"_id": {"$in": list(rows)}}, session=session)
        return {
            rows[one["_id"]]: Checkpoint(one["offset"], one.get("epoch")) async for one in found
        }

    async def commit(
        self,
        batch: Batch,
        begun_at: Mapping[Place, Checkpoint],
        reacted: Mapping[Place, list[Any]],
        *,
        group: str | None = None,
    ) -> None:
        """Write the batch, with the commands that each partition leaves pending.

        `group` is that of the copy on which it was folded (None: the present one). Raises
        `Overtaken`.
        """
        rows = [
            {
                "_id": self._row(place),
                "offset": batch.next_offsets[place],
                "epoch": begun_at.get(place, NOWHERE).epoch,
                "reacted": entries,
            }
            for place, entries in reacted.items()
        ]

        async def write(session: Session) -> None:
            await self.write(batch, begun_at, session)
            if group not in (None, self.group):
                # Asked once its checkpoints are held: until the commit no copy can be swapped.
                raise Overtaken
            if rows:
                await self._pending.insert_many(rows, session=session)

        try:
            await self._database.transaction(write)
        except BulkWriteError as error:
            if any(one["code"] == E11000 for one in error.details["writeErrors"]):
                raise Overtaken from error
            raise

    async def write(
        self, batch: Batch, begun_at: Mapping[Place, Checkpoint], session: Session
    ) -> None:
        """Write a batch that leaves nothing pending. Raises `Overtaken`."""
        await self._move_checkpoints(batch.next_offsets, begun_at, session)
        await self.project(batch, session)
        await self.parking.park(batch.parked, session)

    async def project(self, batch: Batch, session: Session) -> None:
        """Write the mirrors, views and figures of a batch."""
        figures: Figures = defaultdict(Counter)
        figures |= {key: Counter(numbers) for key, numbers in batch.figures.items()}
        for name, kept in batch.mirrors.items():
            await self.projection.write_mirrors(name, kept, session)
        for name, events in batch.views.items():
            view = self._folding.views[name]
            await self.projection.write_view(view, events, figures, session)
        await self.projection.write_figures(figures, session)

    async def intervene(self, place: Place, entries: Sequence[Any], session: Session) -> None:
        """Raise a partition's epoch, and leave these commands pending there.

        Raises `Overtaken` where others are pending still: they come first.
        """
        row = {"_id": self._row(place)}
        standing = {**row, "offset": {"$gt": RETIRED}}
        at = await self._checkpoints.find_one_and_update(
            standing, {"$inc": {"epoch": 1}}, session=session, return_document=ReturnDocument.AFTER
        )
        if at is None or await self._pending.find_one(row, session=session):
            raise Overtaken
        if entries:
            await self._pending.insert_one({**at, "reacted": list(entries)}, session=session)

    async def retire(self, places: Sequence[Place], session: Session) -> dict[Place, int]:
        """End this generation: nobody can move its checkpoints any more. Where they stood."""
        stood = {one: at.offset for one, at in (await self.checkpoints(places, session)).items()}
        rows = [self._row(place) for place in stood]
        retired = {"$set": {"offset": RETIRED}}
        await self._checkpoints.update_many({"_id": {"$in": rows}}, retired, session=session)
        never_read = [
            {"_id": self._row(place), "offset": RETIRED} for place in places if place not in stood
        ]
        if never_read:
            await self._checkpoints.insert_many(never_read, session=session)
        return stood

    async def pending(self, places: Sequence[Place]) -> list[dict[str, Any]]:
        """The pending rows of these partitions."""
        rows = [self._row(place) for place in places]
        return [one async for one in self._pending.find({"_id": {"$in": rows}}).sort("_id", 1)]

    async def drained(self, rows: Sequence[dict[str, Any]], session: Session) -> None:
        """Delete exactly these pending rows. Raises `Overtaken` where one is gone or another."""
        exactly = [{name: row.get(name) for name in ("_id", "offset", "epoch")} for row in rows]
        result = await self._pending.delete_many({"$or": exactly}, session=session)
        if result.deleted_count != len(rows):
            raise Overtaken

    async def raise_epochs(self, rows: Sequence[dict[str, Any]], session: Session) -> None:
        """Let nobody write what was read of the partitions of these pending rows before this."""
        ids = [row["_id"] for row in rows]
        raised = {"$inc": {"epoch": 1}}
        await self._checkpoints.update_many({"_id": {"$in": ids}}, raised, session=session)

    async def waiting(self, session: Session) -> int:
        """How many partitions have reactions pending."""
        return int(
            await self._pending.count_documents(
                {"_id": {"$regex": f"^{self.group}/"}}, session=session
            )
        )

    def _row(self, place: Place) -> str:
        return f"{self.group}/{place[0]}/{place[1]}"

    async def _move_checkpoints(
        self, to: Mapping[Place, int], begun_at: Mapping[Place, Checkpoint], session: Session
    ) -> None:
        moves = [
            UpdateOne(
                {"_id": self._row(place), **begun_at[place]._asdict()}, {"$set": {"offset": n}}
            )
            for place, n in to.items()
            if place in begun_at
        ]
        if moves:
            result = await self._checkpoints.bulk_write(moves, ordered=False, session=session)
            if result.matched_count != len(moves):
                raise Overtaken
        first = [
            InsertOne({"_id": self._row(place), "offset": n})
            for place, n in to.items()
            if place not in begun_at
        ]
        if first:
            await self._checkpoints.bulk_write(first, ordered=False, session=session)
