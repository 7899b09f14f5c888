"""Claims make a value unique across aggregates: one small document per value, with it as `_id`.

`{_id: NOUN/VALUE, owner, entry, at}`. A claim is made before the owner is written, so a process
that dies between the two leaves a claim without its entry; after some minutes another owner may
take it over. A process that paused for so long does not write any more: its command has taken too
long.
"""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from shared.store.database import Database, pause
from shared.store.errors import DuplicateKey

ABANDONED_AFTER = timedelta(minutes=5)
ATTEMPTS_MAX = 5
HasEntry = Callable[[str, str], Awaitable[bool]]
"""`has_entry(owner, entry)`: True if the owner's state has the entry."""


class Claims:
    """The claims of one service."""

    def __init__(self, database: Database) -> None:
        self._collection = database.collection("claims")
        self._majority = database.collection("claims", majority_reads=True)

    async def take(self, key: str, *, owner: str, entry: str, has_entry: HasEntry) -> bool:
        """Claim `key` for an owner's entry. Return False if another owner holds it."""
        claim = {"_id": key, "owner": owner, "entry": entry, "at": datetime.now(UTC)}
        held = None
        for attempt in range(ATTEMPTS_MAX):
            try:
                await self._collection.insert_one(claim)
                return True
            except DuplicateKey:
                held = await self._majority.find_one({"_id": key})
            if held is not None:
                break
            # Another claim is being written; the next read shows if it stays.
            await pause(attempt)
        if held is None:
            return False
        if (held["owner"], held["entry"]) == (owner, entry):
            return True
        return await self._take_over(held, claim, has_entry)

    async def _take_over(
        self, held: dict[str, Any], claim: dict[str, Any], has_entry: HasEntry
    ) -> bool:
        fresh = datetime.now(UTC) - held["at"] < ABANDONED_AFTER
        if fresh or await has_entry(held["owner"], held["entry"]):
            return False
        result = await self._collection.replace_one(held, claim)
        return bool(result.modified_count)
