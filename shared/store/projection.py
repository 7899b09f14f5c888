"""Mirrors, views and tallies in the database: written in a batch's transaction, read by routes.

A mirror's document is `{_id: subject, last, parked, state}`, a view's `{_id: key, state}`; a cell
of a tally is stored once per partition, `{_id: SERVICE/PARTITION/CELL, cell, numbers}`, and summed
when it is read, so that two workers never write the same document.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import TypeAdapter
from pymongo import ReplaceOne, UpdateOne

from shared.contracts.event import Event
from shared.kernel.answers import Found
from shared.kernel.folding import Figures, Folding, Kept, Place, count
from shared.kernel.view import Cell, Mirror, Tally, View
from shared.kernel.wire import EventFrame
from shared.store.database import Database, Session
from shared.store.generations import Generation

NOTHING: Mapping[str, Any] = {}
Source = Mirror[Any, Any] | View[Any, Any]


class Projection:
    """What a service has made of what it heard: one generation of it."""

    def __init__(self, database: Database, folding: Folding, generation: Generation) -> None:
        self.generation = generation
        self._database = database
        self._folding = folding
        self._sources: tuple[Source, ...] = (*folding.mirrors.values(), *folding.views.values())
        self._states: dict[str, TypeAdapter[Any]] = {
            one.name: TypeAdapter(one.state) for one in self._sources
        }
        self._tallies = {one.name: one for many in folding.tallies.values() for one in many}

    async def prepare(self) -> None:
        """Create the collections, and the indexes by which documents and cells are looked up."""
        await self._database.create(
            *(self.generation.prefix + source.name for source in self._sources)
        )
        for source in self._sources:
            for name in source.indexes:
                await self.collection(source.name).create_index([(f"state.{name}", 1), ("_id", 1)])
        for tally in self._tallies.values():
            cells = self.collection(f"tally.{tally.name}")
            await cells.create_index(f"cell.{tally.dimensions[0]}")

    def collection(self, name: str) -> Any:
        """A mirror's, view's or tally's collection."""
        return self._database.collection(self.generation.prefix + name)

    async def known(
        self, mirror: Mirror[Any, Any], subjects: Sequence[str], session: Session | None = None
    ) -> dict[str, Kept]:
        """The mirrors of these subjects as they are, to fold a batch on."""
        query = {"_id": {"$in": list(subjects)}}
        # One answer more than there can be: the server has sent all of them, and knows it.
        documents = self.collection(mirror.name).find(
            query, session=session, batch_size=len(subjects) + 1
        )
        return {
            one["_id"]: Kept(
                last=one["last"], parked=one["parked"], state=self._state(mirror.name, one)
            )
            for one in await documents.to_list(None)
        }

    async def known_of(
        self,
        heard: Iterable[EventFrame],
        session: Session | None = None,
        *,
        newer: Mapping[str, Mapping[str, Kept]] = NOTHING,
    ) -> dict[str, dict[str, Kept]]:
        """The mirrors that these events are about, by the mirror's name and subject.

        Those that are `newer` in memory are taken from there.
        """
        known: dict[str, dict[str, Kept]] = defaultdict(dict)
        missing: dict[str, dict[str, None]] = defaultdict(dict)
        for one in heard:
            name = self._folding.mirrors[one.service, one.kind].name
            kept = newer.get(name, NOTHING).get(one.subject)
            if kept is None:
                missing[name][one.subject] = None
            else:
                known[name][one.subject] = kept
        by_name = {one.name: one for one in self._folding.mirrors.values()}
        for name, ids in missing.items():
            known[name] |= await self.known(by_name[name], list(ids), session)
        return known

    def found(self, source: Source, document: dict[str, Any]) -> Found[Any]:
        """A document as a route sees it; a view has no number of its own."""
        state = self._state(source.name, document)
        return Found(id=document["_id"], version=document.get("last", 0), state=state)

    async def heard(self, mirror: Mirror[Any, Any]) -> int:
        """How many events of this kind were heard: the last numbers of all subjects, summed."""
        total = {"$group": {"_id": None, "heard": {"$sum": "$last"}}}
        found = [one async for one in self.collection(mirror.name).aggregate([total])]
        return int(found[0]["heard"]) if found else 0

    async def tally(self, tally: Tally[Any], equal: Mapping[str, str]) -> dict[Cell, Counter[str]]:
        """The figures of the cells whose dimensions equal these; cells of zeros are left out."""
        match = {f"cell.{name}": value for name, value in equal.items()}
        sums: dict[Cell, Counter[str]] = defaultdict(Counter)
        async for one in self.collection(f"tally.{tally.name}").find(match):
            cell = tuple(one["cell"][name] for name in tally.dimensions)
            sums[cell].update(one["numbers"])
        return {cell: sums[cell] for cell in sorted(sums) if any(sums[cell].values())}

    async def write_mirrors(self, name: str, kept: Mapping[str, Kept], session: Session) -> None:
        """Insert or replace the documents of one mirror.

        An insert costs a third of a replacement that finds nothing. Where a new one is there all
        the same (somebody else has read these messages) it fails with a duplicate key.
        """
        collection = self.collection(name)
        fresh: list[dict[str, Any]] = []
        changed: list[ReplaceOne[dict[str, Any]]] = []
        for subject, one in kept.items():
            state = self._dumped(name, one.state)
            document = {"_id": subject, "last": one.last, "parked": one.parked, "state": state}
            if one.new:
                fresh.append(document)
            else:
                changed.append(ReplaceOne({"_id": subject}, document, upsert=True))
        if fresh:
            await collection.insert_many(fresh, ordered=False, session=session)
        if changed:
            await collection.bulk_write(changed, ordered=False, session=session)

    async def write_view(
        self,
        view: View[Any, Any],
        events: Mapping[str, Sequence[tuple[Place, Event]]],
        figures: Figures,
        session: Session,
    ) -> None:
        """Fold events into the documents of one view, by key, and count what that changes.

        The documents are read in the transaction, because two partitions can meet on one: that is
        a conflict, which is tried again.
        """
        collection = self.collection(view.name)
        found = collection.find({"_id": {"$in": list(events)}}, session=session)
        states = {one["_id"]: self._state(view.name, one) async for one in found}
        for key, happened in events.items():
            for place, event in happened:
                before, states[key] = states.get(key), view.evolve(states.get(key), event)
                for tally in self._folding.tallies.get(view.name, ()):
                    count(figures, tally, place, (before, states[key]))
        writes = [
            ReplaceOne({"_id": key}, {"state": self._dumped(view.name, states[key])}, upsert=True)
            for key in events
        ]
        await collection.bulk_write(writes, ordered=False, session=session)

    async def write_figures(self, figures: Figures, session: Session) -> None:
        """Add the changes to the cells."""
        writes: dict[str, list[UpdateOne]] = defaultdict(list)
        for (name, place, cell), numbers in figures.items():
            changes = {
                f"numbers.{measure}": change for measure, change in numbers.items() if change
            }
            if changes:
                named = dict(zip(self._tallies[name].dimensions, cell, strict=True))
                id = f"{place[0]}/{place[1]}/{'|'.join(cell)}"
                update = {"$inc": changes, "$setOnInsert": {"cell": named}}
                writes[name].append(UpdateOne({"_id": id}, update, upsert=True))
        for name, updates in writes.items():
            cells = self.collection(f"tally.{name}")
            await cells.bulk_write(updates, ordered=False, session=session)

    def _state(self, name: str, document: dict[str, Any]) -> Any:
        stored = document["state"]
        return None if stored is None else self._states[name].validate_python(stored)

    def _dumped(self, name: str, state: Any) -> Any:
        return None if state is None else self._states[name].dump_python(state, mode="json")
