"""The generations of a service's projection: each rebuild makes a new copy, and one copy is live.

`projection` holds `{_id: "live", generation, version}` and, while a rebuild is under way, the same
with `_id: "building"` and its `builder`, the process that began it or continued it last.
`version` is the code's own count (`Parts.version`): a process of another version than the live
copy must not run. The number of the generation is in the names of the collections and in the ids of
checkpoints, pending rows and parked messages, so copies never share a document.
"""

from dataclasses import dataclass
from functools import partial
from typing import Any

from pymongo import ReturnDocument

from shared.kernel.errors import CannotStart, Refused
from shared.store.database import Database, Session

LIVE, BUILDING = "live", "building"


class OtherVersion(CannotStart):
    """The live copy was built by another version of the service than this process is."""


class NeverRan(CannotStart):
    """The database has no copy of this service: it never ran here."""


class NotBuilding(Exception):
    """No rebuild is under way, or another rebuild than the caller's."""


class TakenOver(Exception):
    """Another process continues this rebuild."""


@dataclass
class Generation:
    """The copy that a process uses; `Generations.follow_live` moves it to another copy."""

    service: str
    number: int = 1

    @property
    def prefix(self) -> str:
        """The beginning of the names of its collections."""
        return f"v{self.number}."

    @property
    def group(self) -> str:
        """The beginning of the ids of its rows."""
        return f"{self.service}.v{self.number}"


class Generations:
    """The generations of one service's projection."""

    def __init__(self, database: Database, *, service: str, version: int) -> None:
        self._database = database
        self._collection = database.collection("projection")
        self._service = service
        self.version = version

    async def make_first(self) -> None:
        """Make the first copy live, where there is none: the very first process does it."""
        first = {"$setOnInsert": {"generation": 1, "version": self.version}}
        await self._collection.update_one({"_id": LIVE}, first, upsert=True)

    async def live(self, session: Session | None = None) -> Generation:
        """Return the live generation. Raises `NeverRan`, `OtherVersion`."""
        found = await self._collection.find_one({"_id": LIVE}, session=session)
        if found is None:
            raise NeverRan(
                f"{self._service} never ran in this database ({self._database.name}): check "
                "KUKM_NAMESPACE and KUKM_MONGO_URI, or start the service first"
            )
        if found["version"] != self.version:
            raise OtherVersion(
                f"version {found['version']} of {self._service}'s projection is live and this is "
                f"version {self.version}: run `gelar rebuild run {self._service}` with the newer "
                "version, or start the other version"
            )
        return Generation(self._service, found["generation"])

    async def follow_live(self, *generations: Generation, session: Session | None = None) -> bool:
        """Move these to the live copy; return True if that changed one.

        The only place that sets the number of a generation in use. Raises `NeverRan`,
        `OtherVersion`.
        """
        live = await self.live(session)
        changed = any(generation.number != live.number for generation in generations)
        for generation in generations:
            generation.number = live.number
        return changed

    async def begin(self, builder: str) -> tuple[Generation, Generation]:
        """Return the live generation and the one to build: new, or of an interrupted rebuild.

        From now on only `builder` builds it. Raises `OtherVersion` if there is nothing to rebuild
        or another version's rebuild was interrupted.
        """
        live = await self._collection.find_one({"_id": LIVE})
        if live is None:
            raise OtherVersion(f"{self._service} has never run: there is nothing to rebuild")
        building = await self._database.transaction(partial(self._begun, builder))
        if building["version"] != self.version:
            raise OtherVersion(
                f"a rebuild of {self._service}, version {building['version']}, was interrupted: "
                f"run `gelar rebuild abandon {self._service}`, or continue it with that version"
            )
        return (
            Generation(self._service, live["generation"]),
            Generation(self._service, building["generation"]),
        )

    async def _begun(self, builder: str, session: Session) -> dict[str, Any]:
        # A number is never used twice, so a process that still uses an old copy shares nothing with
        # a new copy. The live document is written in any case: a concurrent intervention conflicts.
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
                "version": self.version,
                "builder": builder,
            }
            await self._collection.insert_one(begun, session=session)
        result: dict[str, Any] = begun
        return result

    async def intervene(self, session: Session) -> None:
        """Join a transaction that changes documents a rebuild relies on.

        Raises `Refused` while a rebuild is under way.
        """
        await self._collection.update_one(
            {"_id": LIVE}, {"$inc": {"interventions": 1}}, session=session
        )
        if await self._collection.find_one({"_id": BUILDING}, session=session):
            raise Refused(
                "rebuild-under-way",
                f"{self._service} is being rebuilt: wait for its end. If it was interrupted, "
                "run it again or abandon it.",
            )

    async def cut_short(self, session: Session) -> None:
        """Join a transaction after which a rebuild that is under way has to begin again."""
        await self._collection.update_one(
            {"_id": LIVE}, {"$inc": {"interventions": 1}}, session=session
        )
        await self._collection.delete_one({"_id": BUILDING}, session=session)

    async def building(self) -> Generation | None:
        """Return the generation that is being built, or None."""
        found = await self._collection.find_one({"_id": BUILDING})
        return Generation(self._service, found["generation"]) if found else None

    async def still_builds(
        self, builder: str, building: Generation, session: Session | None = None
    ) -> None:
        """Raise `NotBuilding` if it was abandoned, `TakenOver` if another process builds it."""
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
        fields = {"generation": building.number, "version": self.version}
        await self._collection.update_one({"_id": LIVE}, {"$set": fields}, session=session)

    async def abandon(self) -> Generation | None:
        """Abandon the rebuild that is under way and drop its copy."""
        found: dict[str, Any] | None = await self._collection.find_one_and_delete({"_id": BUILDING})
        if found is None:
            return None
        generation = Generation(self._service, found["generation"])
        await self._drop(generation)
        return generation

    async def drop_old(self) -> list[int]:
        """Drop the collections of all generations before the live one; return their numbers."""
        live = await self._collection.find_one({"_id": LIVE})
        number = live["generation"] if live else 0
        names = {name.partition(".")[0] for name in await self._database.collection_names()}
        numbers = [int(name[1:]) for name in names if name[:1] == "v" and name[1:].isdigit()]
        old = sorted(before for before in numbers if before < number)
        for before in old:
            await self._drop(Generation(self._service, before))
        return old

    async def _drop(self, generation: Generation) -> None:
        # Its checkpoints stay: a process that still uses this copy must keep failing at them.
        for name in await self._database.collection_names():
            if name.startswith(generation.prefix):
                await self._database.collection(name).drop()
        rows = {"_id": {"$gt": f"{generation.group}/", "$lt": f"{generation.group}0"}}
        for name in ("pending", "parked"):
            await self._database.collection(name).delete_many(rows)
        await self._database.collection("following").delete_one({"_id": generation.group})
