"""Which copy of a service's projection is live: each rebuild makes a new generation.

`projection` holds `{_id: "live", generation, version}` and, while a rebuild is under way, the same
with `_id: "building"` and its `builder`, the process that began it or went on with it last.
`version` is the code's own count (`Parts.version`): a process whose version is not the live one
must not run. The number of the generation is in the names of the collections and in the ids of
checkpoints, pending rows and parked messages, so copies never meet.
"""

from dataclasses import dataclass
from functools import partial
from typing import Any

from pymongo import ReturnDocument

from shared.kernel.errors import Refused
from shared.store.database import Database, Session

LIVE, BUILDING = "live", "building"


class OtherVersion(Exception):
    """Another version of the service is live than this process is of."""


class NotBuilding(Exception):
    """No rebuild is under way, or another one than was thought."""


class TakenOver(Exception):
    """Another process goes on with this rebuild."""


@dataclass
class Generation:
    """The copy that somebody works on; whoever holds it moves on to another one when it may."""

    service: str
    number: int = 1

    @property
    def prefix(self) -> str:
        """What the names of its collections begin with."""
        return f"v{self.number}."

    @property
    def group(self) -> str:
        """What the ids of its rows begin with."""
        return f"{self.service}.v{self.number}"


class Generations:
    """The generations of one service's projection."""

    def __init__(self, database: Database, *, service: str, version: int) -> None:
        self._database = database
        self._collection = database.collection("projection")
        self._service = service
        self._version = version

    async def live(self, session: Session | None = None) -> Generation:
        """The live generation; the first process of all makes it. Raises `OtherVersion`."""
        first = {"$setOnInsert": {"generation": 1, "version": self._version}}
        found = await self._collection.find_one({"_id": LIVE}, session=session)
        if found is None:
            found = await self._collection.find_one_and_update(
                {"_id": LIVE}, first, upsert=True, return_document=ReturnDocument.AFTER
            )
        if found["version"] != self._version:
            raise OtherVersion(
                f"version {found['version']} of {self._service}'s projection is live and this is "
                f"version {self._version}: run `gelar rebuild run {self._service}` with the newer "
                "one, or start the other one"
            )
        return Generation(self._service, found["generation"])

    async def begin(self, builder: str) -> tuple[Generation, Generation]:
        """The live generation and the one to build: a new one, or that of a rebuild that was left.

        From now on it is `builder` who builds, and nobody else. Raises `OtherVersion` where there
        is nothing to rebuild, or another version's was left.
        """
        live = await self._collection.find_one({"_id": LIVE})
        if live is None:
            raise OtherVersion(f"{self._service} has never run: there is nothing to rebuild")
        building = await self._database.transaction(partial(self._begun, builder))
        if building["version"] != self._version:
            raise OtherVersion(
                f"a rebuild of {self._service}, version {building['version']}, was begun and left: "
                f"run `gelar rebuild abandon {self._service}`, or go on with that version"
            )
        return (
            Generation(self._service, live["generation"]),
            Generation(self._service, building["generation"]),
        )

    async def _begun(self, builder: str, session: Session) -> dict[str, Any]:
        # A number is never used twice, so that whoever was left behind meets nobody. The live
        # document is written in any case: whoever intervenes at this moment conflicts.
        begun = await self._collection.find_one_and_update(
            {"_id": BUILDING}, {"$set": {"builder": builder}}, session=session
        )
        live = await self._collection.find_one_and_update(
            {"_id": LIVE},
            {"$inc": {"begun": int(begun is None)}},
            session=session,
            return_document=ReturnDocument.AFTER,
        )
        if begun is None:
            begun = {
                "_id": BUILDING,
                "generation": 1 + live["begun"],
                "version": self._version,
                "builder": builder,
            }
            await self._collection.insert_one(begun, session=session)
        result: dict[str, Any] = begun
        return result

    async def intervene(self, session: Session) -> None:
        """Take part in a transaction that changes what a rebuild relies on.

        Raises `Refused` while one is under way.
        """
        await self._collection.update_one(
            {"_id": LIVE}, {"$inc": {"interventions": 1}}, session=session
        )
        if await self._collection.find_one({"_id": BUILDING}, session=session):
            raise Refused(
                "rebuild-under-way",
                f"{self._service} is being rebuilt: wait for its end; where it was interrupted, "
                "run it again, or abandon it.",
            )

    async def building(self) -> Generation | None:
        """The generation that is being built, if one is."""
        found = await self._collection.find_one({"_id": BUILDING})
        return Generation(self._service, found["generation"]) if found else None

    async def still_builds(
        self, builder: str, building: Generation, session: Session | None = None
    ) -> None:
        """Raise `NotBuilding` where it was abandoned, `TakenOver` where somebody else builds it."""
        mine = {"_id": BUILDING, "generation": building.number}
        found = await self._collection.find_one(mine, session=session)
        if found is None:
            raise NotBuilding
        if found["builder"] != builder:
            raise TakenOver

    async def promote(self, builder: str, building: Generation, session: Session) -> None:
        """Make this generation live. Raises `NotBuilding`, `TakenOver`."""
        await self.still_builds(builder, building, session)
        await self._collection.delete_one({"_id": BUILDING}, session=session)
        fields = {"generation": building.number, "version": self._version}
        await self._collection.update_one({"_id": LIVE}, {"$set": fields}, session=session)

    async def abandon(self) -> Generation | None:
        """Give up the rebuild that is under way and drop what it has built."""
        found: dict[str, Any] | None = await self._collection.find_one_and_delete({"_id": BUILDING})
        if found is None:
            return None
        generation = Generation(self._service, found["generation"])
        await self._drop(generation)
        return generation

    async def drop_old(self) -> list[int]:
        """Drop the collections of all generations before the live one; their numbers."""
        live = await self._collection.find_one({"_id": LIVE})
        number = live["generation"] if live else 0
        names = [one.partition(".")[0] for one in await self._database.collection_names()]
        kept = {one for one in names if one[:1] == "v" and one[1:].isdigit()}
        old = sorted(int(one[1:]) for one in kept if int(one[1:]) < number)
        for one in old:
            await self._drop(Generation(self._service, one))
        return old

    async def _drop(self, generation: Generation) -> None:
        # Its checkpoints stay: a process that was left behind must go on failing at them.
        for name in await self._database.collection_names():
            if name.startswith(generation.prefix):
                await self._database.collection(name).drop()
        rows = {"_id": {"$gt": f"{generation.group}/", "$lt": f"{generation.group}0"}}
        for name in ("pending", "parked"):
            await self._database.collection(name).delete_many(rows)
        await self._database.collection("following").delete_one({"_id": generation.group})
