"""Mirrors, views and tallies in the database: written in a batch's transaction, read by routes.

A mirror's document is `{_id: subject, last, parked, state}`, a view's `{_id: key, state}`; a cell
of a tally is stored once per partition, `{_id: SERVICE/PARTITION/CELL, cell, numbers}`, and summed
when it is read, so two workers never write the same document.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from pydantic import TypeAdapter, ValidationError
from pymongo import ReplaceOne, UpdateOne

from shared.contracts.event import Event
from shared.kernel.adapters import adapter_of
from shared.kernel.answers import Found
from shared.kernel.counting import Figures, count, pure
from shared.kernel.folding import Folding, Mirrors, MirrorState, where_invalid
from shared.kernel.view import Cell, Mirror, Tally, View
from shared.kernel.wire import EventFrame, Partition
from shared.store.database import Database, Session, in_parts
from shared.store.generations import Generation
from shared.store.indexes import Index, ensure

NOTHING: Mapping[str, Any] = {}
Source = Mirror[Any, Any] | View[Any, Any]


class LastApplied(NamedTuple):
    """The last number of a subject that is applied, and if the subject is parked."""

    last: int
    parked: bool


class Projection:
    """One generation of the mirrors, views and tallies of a service."""

    def __init__(self, database: Database, folding: Folding, generation: Generation) -> None:
        self.generation = generation
        self._database = database
        self._folding = folding
        self._sources: tuple[Source, ...] = (*folding.mirrors.values(), *folding.views.values())
        self._states: dict[str, TypeAdapter[Any]] = {
            source.name: adapter_of(source.state) for source in self._sources
        }
        self._tallies = {
            tally.name: tally for tallies in folding.tallies.values() for tally in tallies
        }

    def of_generation(self, generation: Generation) -> "Projection":
        """Return the same copies of another generation."""
        return Projection(self._database, self._folding, generation)

    async def prepare(self) -> None:
        """Create the collections, and on empty collections the indexes.

        Raises `IndexMissing`.
        """
        prefix = self.generation.prefix
        await self._database.create(*(prefix + source.name for source in self._sources))
        await ensure(self._database, self.generation.service, self.indexes())

    def indexes(self) -> list[Index]:
        """Return the indexes by which documents and cells are looked up."""
        prefix = self.generation.prefix
        fields = [
            Index(prefix + source.name, (f"state.{name}", "_id"))
            for source in self._sources
            for name in source.indexes
        ]
        return fields + [
            Index(f"{prefix}tally.{tally.name}", (f"cell.{tally.dimensions[0]}",))
            for tally in self._tallies.values()
        ]

    def collection(self, name: str) -> Any:
        """Return the collection of a mirror, view or tally."""
        return self._database.collection(self.generation.prefix + name)

    async def current(
        self, mirror: Mirror[Any, Any], subjects: Sequence[str], session: Session | None = None
    ) -> dict[str, MirrorState]:
        """Return the mirrors of these subjects as they are now, to fold a batch on."""
        query = {"_id": {"$in": list(subjects)}}
        # A batch of one more than there can be: the server sends all and closes the cursor.
        documents = self.collection(mirror.name).find(
            query, session=session, batch_size=len(subjects) + 1
        )
        return {
            document["_id"]: self._mirror_state(mirror.name, document)
            for document in await documents.to_list(None)
        }

    async def last_applied(self, mirror: Mirror[Any, Any], subject: str) -> "LastApplied | None":
        """Return the last number of a subject that is applied, without its state."""
        document = await self.collection(mirror.name).find_one(
            {"_id": subject}, {"last": 1, "parked": 1}
        )
        return LastApplied(document["last"], document["parked"]) if document else None

    def _mirror_state(self, name: str, document: dict[str, Any]) -> MirrorState:
        mirror = MirrorState(last=document["last"], parked=document["parked"])
        try:
            mirror.state = self._state(name, document)
        except ValueError as error:
            mirror.fault = f"its copy cannot be read: {_faults(error)}"
        return mirror

    async def current_of(
        self,
        frames: Iterable[EventFrame],
        session: Session | None = None,
        *,
        newer: Mirrors = NOTHING,
    ) -> dict[str, dict[str, MirrorState]]:
        """Return the mirrors of these events, by the mirror's name and subject.

        A mirror in `newer`, which is ahead of the database, is taken from there.
        """
        current: dict[str, dict[str, MirrorState]] = defaultdict(dict)
        missing: dict[str, dict[str, None]] = defaultdict(dict)
        for frame in frames:
            name = self._folding.mirrors[frame.service, frame.kind].name
            mirror_state = newer.get(name, NOTHING).get(frame.subject)
            if mirror_state is None:
                missing[name][frame.subject] = None
            else:
                current[name][frame.subject] = mirror_state
        by_name = {mirror.name: mirror for mirror in self._folding.mirrors.values()}
        for name, ids in missing.items():
            current[name] |= await self.current(by_name[name], list(ids), session)
        return current

    def found(self, source: Source, document: dict[str, Any]) -> Found[Any]:
        """Return a document as a route sees it; a view has no version of its own."""
        state = self._state(source.name, document)
        return Found(id=document["_id"], version=document.get("last", 0), state=state)

    async def tally(
        self, tally: Tally[Any], equal: Mapping[str, str], session: Session | None = None
    ) -> dict[Cell, Counter[str]]:
        """Return the figures of the cells with these dimensions; cells of zeros are left out."""
        match = {f"cell.{name}": value for name, value in equal.items()}
        sums: dict[Cell, Counter[str]] = defaultdict(Counter)
        async for document in self.collection(f"tally.{tally.name}").find(match, session=session):
            cell = tuple(document["cell"][name] for name in tally.dimensions)
            sums[cell].update(document["numbers"])
        return {cell: sums[cell] for cell in sorted(sums) if any(sums[cell].values())}

    async def write_mirrors(
        self, name: str, mirrors: Mapping[str, MirrorState], session: Session
    ) -> None:
        """Insert or replace the documents of one mirror.

        An insert costs a third of a replacement that finds nothing. If a new document exists all
        the same (another worker has read these messages) the insert fails: `DuplicateKey`.
        """
        collection = self.collection(name)
        fresh: list[dict[str, Any]] = []
        changed: list[ReplaceOne[dict[str, Any]] | UpdateOne] = []
        for subject, mirror in mirrors.items():
            if mirror.fault:
                numbers = {"last": mirror.last, "parked": mirror.parked}
                changed.append(UpdateOne({"_id": subject}, {"$set": numbers}))
                continue
            document = {
                "_id": subject,
                "last": mirror.last,
                "parked": mirror.parked,
                "state": self._dumped(name, mirror.state),
            }
            if mirror.new:
                fresh.append(document)
            else:
                changed.append(ReplaceOne({"_id": subject}, document, upsert=True))
        for documents in in_parts(fresh):
            await collection.insert_many(documents, ordered=False, session=session)
        for part in in_parts(changed):
            await collection.bulk_write(part, ordered=False, session=session)

    async def write_view(
        self,
        view: View[Any, Any],
        events: Mapping[str, Sequence[tuple[Partition, Event]]],
        figures: Figures,
        session: Session,
    ) -> None:
        """Fold events into the documents of one view, by key, and add the changes to the figures.

        The documents are read in the transaction, because two partitions can change the same
        document: that is a conflict, and the transaction runs again. Raises `Unstorable` where the
        view or a tally fails.
        """
        collection = self.collection(view.name)
        found = collection.find({"_id": {"$in": list(events)}}, session=session)
        documents = [document async for document in found]
        with pure():
            states = {document["_id"]: self._state(view.name, document) for document in documents}
            for key, events_of_key in events.items():
                for partition, event in events_of_key:
                    before, states[key] = states.get(key), view.evolve(states.get(key), event)
                    for tally in self._folding.tallies.get(view.name, ()):
                        count(figures, tally, partition, (before, states[key]))
        writes = [
            ReplaceOne({"_id": key}, {"state": self._dumped(view.name, states[key])}, upsert=True)
            for key in events
        ]
        for part in in_parts(writes):
            await collection.bulk_write(part, ordered=False, session=session)

    async def write_figures(self, figures: Figures, session: Session) -> None:
        """Add the changes to the cells."""
        writes: dict[str, list[UpdateOne]] = defaultdict(list)
        for (name, partition, cell), numbers in figures.items():
            changes = {
                f"numbers.{measure}": change for measure, change in numbers.items() if change
            }
            if changes:
                named = dict(zip(self._tallies[name].dimensions, cell, strict=True))
                id = f"{partition[0]}/{partition[1]}/{'|'.join(cell)}"
                update = {"$inc": changes, "$setOnInsert": {"cell": named}}
                writes[name].append(UpdateOne({"_id": id}, update, upsert=True))
        for name, updates in writes.items():
            cells = self.collection(f"tally.{name}")
            for part in in_parts(updates):
                await cells.bulk_write(part, ordered=False, session=session)

    def _state(self, name: str, document: dict[str, Any]) -> Any:
        stored = document["state"]
        return None if stored is None else self._states[name].validate_python(stored)

    def _dumped(self, name: str, state: Any) -> Any:
        return None if state is None else self._states[name].dump_python(state, mode="json")


def _faults(error: ValueError) -> str:
    # Position and kind of the fault only: the values may be anything, and details are logged.
    return where_invalid(error) if isinstance(error, ValidationError) else type(error).__name__
