"""Requests that an aggregate no longer remembers: its events keep their receipts.

Called by `shared.service.commands`. The outbox is read before history, because events move from
outbox to history.
"""

from collections.abc import Sequence

from shared.store.database import Database
from shared.store.documents import Remembered
from shared.store.history import History
from shared.store.outbox import recorded_of


class Receipts:
    """The receipts of one kind of aggregate."""

    def __init__(self, database: Database, kind: str) -> None:
        self._kind = kind
        self._majority = database.collection(kind, majority_reads=True)
        self._history = History(database)

    async def of(self, id: str, keys: Sequence[str]) -> dict[str, Remembered]:
        """Return requests that this aggregate has answered, by key."""
        among = {"_id": id, "outbox.receipt": {"$in": keys}}
        waiting = await self._majority.find_one(among, {"outbox": 1})
        outbox = waiting["outbox"] if waiting else []
        stored = [entry for entry in outbox if entry["receipt"] in keys]
        stored += await self._history.with_receipts(keys)
        found: dict[str, Remembered] = {}
        for event in sorted(map(recorded_of, stored), key=lambda event: event.sequence):
            if event.subject == id:
                key, before = str(event.receipt), found.get(str(event.receipt))
                types = (*(before.events if before else ()), event.type)
                found[key] = Remembered(str(event.body), event.sequence, types)
        return found

    async def answered_by(self, key: str) -> str | None:
        """Return the id of an aggregate that has answered this request, or None.

        It reads a whole collection: only for kinds of which there are few.
        """
        remembered = await self._majority.find_one({"receipts.key": key}, {"_id": 1})
        if remembered is not None:
            return str(remembered["_id"])
        archived = map(recorded_of, await self._history.with_receipts([key]))
        return next((event.subject for event in archived if event.kind == self._kind), None)
