"""Events that a restored database lacks, added to its aggregates. Called by
`shared.service.catching_up` and `shared.service.reactions`.

`decided` has a row for each command of a reaction whose events came back in this way:
`{_id: "EVENT>KIND/ID"}`, the event that was reacted to and the aggregate. The worker reads that
event again, and must not decide that command twice.
"""

from collections.abc import Sequence
from functools import partial
from typing import Any

from shared.kernel.errors import Busy
from shared.kernel.recorded import Recorded, read_event
from shared.store.aggregates import Aggregates
from shared.store.database import Database, Session, pause
from shared.store.documents import Loaded
from shared.store.errors import DuplicateKey
from shared.store.outbox import Entry, recorded_of

ATTEMPTS_MAX = 20


class Hole(Exception):
    """The topic itself lacks an event that must come first; `args[0]` says which."""


class Missing:
    """The missing events of one service."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._history = database.collection("history")
        self._archived = database.collection("history", majority_reads=True)
        self._decided = database.collection("decided")

    async def prepare(self) -> None:
        """Create the collection of what was decided before."""
        await self._database.create("decided")

    async def versions(self, kind: str, ids: Sequence[str]) -> dict[str, int]:
        """Return the versions of those aggregates that exist, also of a kind of another version."""
        collection = self._database.collection(kind, majority_reads=True)
        found = collection.find({"_id": {"$in": list(ids)}}, {"version": 1})
        return {document["_id"]: document["version"] async for document in found}

    async def differing(self, kind: str, events: Sequence[Recorded]) -> list[str]:
        """Return the ids of those events that outbox or history has with another content."""
        by_id = {event.id: event for event in events}
        subjects = sorted({event.subject for event in events})
        waiting = self._database.collection(kind).find({"_id": {"$in": subjects}}, {"outbox": 1})
        stored = [recorded_of(entry) async for row in waiting for entry in row["outbox"]]
        archived = self._archived.find({"_id": {"$in": list(by_id)}})
        stored += [recorded_of(row) async for row in archived]
        return sorted(
            event.id
            for event in stored
            if event.id in by_id and _content(event) != _content(by_id[event.id])
        )

    async def hold(self, kind: str, id: str, events: Sequence[str]) -> None:
        """Let nothing be decided on an aggregate until an operator has settled these events."""
        collection = self._database.collection(kind)
        await collection.update_one({"_id": id}, {"$addToSet": {"lost": {"$each": list(events)}}})

    async def add(
        self, aggregates: Aggregates[Any], id: str, events: Sequence[Recorded]
    ) -> tuple[Loaded[Any], Exception | None]:
        """Add these events of one aggregate, which come in order; return it with them.

        Events that it has are left alone. The second value says why some could not be added: a
        `Hole`, an `UnknownType`, or what their rules raise. Their record, if it exists, is held.
        """
        for attempt in range(ATTEMPTS_MAX):
            try:
                return await self._database.transaction(partial(self._add, aggregates, id, events))
            except DuplicateKey:
                # Another process has just added it: what is left is added to that.
                await pause(attempt)
        raise Busy("claim-busy", f"{events[0].kind} {id} keeps being created: start again.")

    async def decided(self, decisions: Sequence[str], session: Session) -> frozenset[str]:
        """Return those of these decisions that were made before the database was restored."""
        made = self._decided.find({"_id": {"$in": list(decisions)}}, session=session)
        return frozenset([row["_id"] async for row in made])

    async def _add(
        self, aggregates: Aggregates[Any], id: str, events: Sequence[Recorded], session: Session
    ) -> tuple[Loaded[Any], Exception | None]:
        loaded = (await aggregates.load_many([id], session))[id]
        known = await self._known(events, session)
        new, lost, fault = _folded(aggregates, loaded, [known.get(e.id, e) for e in events])
        # What was held because a version did not know it is no longer lost.
        added = {event.id for event in new}
        held = [event for event in loaded.lost if event not in added]
        loaded.lost = tuple(dict.fromkeys([*held, *lost]))
        if loaded.version or loaded.stored_version:
            await _write(aggregates, loaded, session)
        if not new:
            return loaded, fault
        # History may have some already, if the database was restored in parts.
        rows = [Entry.stamped(event).archived() for event in new if event.id not in known]
        if rows:
            await self._history.insert_many(rows, session=session)
        decisions = [decision(event.causation, event.kind, id) for event in new if event.causation]
        await self._database.note("decided", decisions, session)
        return loaded, fault

    async def _known(self, events: Sequence[Recorded], session: Session) -> dict[str, Recorded]:
        """Return those of these events that history has already, with what they keep private."""
        ids = [event.id for event in events]
        found = self._history.find({"_id": {"$in": ids}}, session=session)
        return {row["_id"]: recorded_of(row) async for row in found}


def _content(event: Recorded) -> tuple[str, str, str]:
    return event.type, event.data, event.digest


def _folded(
    aggregates: Aggregates[Any], loaded: Loaded[Any], events: Sequence[Recorded]
) -> tuple[list[Recorded], list[str], Exception | None]:
    """Fold the events that come next into `loaded`; return them, and the ids that are lost."""
    new, lost = list[Recorded](), list[str]()
    for place, event in enumerate(events):
        if event.sequence <= loaded.version:
            continue
        try:
            if event.sequence != loaded.version + 1:
                raise Hole(f"number {loaded.version + 1} of {event.kind} {loaded.id}")
            happened = read_event(aggregates.decider.events, event)
            loaded.state = aggregates.decider.evolve(loaded.state, happened)
        except Exception as error:  # noqa: BLE001 - a rule may raise anything
            return new, [*lost, *(later.id for later in events[place:])], error
        loaded.version += 1
        loaded.digest = event.digest or loaded.digest
        new.append(event)
        if happened.private_fields() and event.private is None:
            lost.append(event.id)
    return new, lost, None


def decision(event: str, kind: str, id: str) -> str:
    """Return the name of what a reaction to this event decided on this aggregate."""
    return f"{event}>{kind}/{id}"


async def _write(aggregates: Aggregates[Any], loaded: Loaded[Any], session: Session) -> None:
    # These events are published: no outbox has them.
    fields = aggregates.documents.caught_up(loaded)
    if loaded.stored_version:
        await aggregates.collection.update_one(
            {"_id": loaded.id, "version": loaded.stored_version}, {"$set": fields}, session=session
        )
    else:
        new = {"_id": loaded.id, **fields, "outbox": [], "receipts": []}
        await aggregates.collection.insert_one(new, session=session)
