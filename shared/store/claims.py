"""What must be unique across aggregates is an `_id`: one small document per claimed value.

`{_id: NOUN/VALUE, owner, entry, at}`. A claim is made before the owner is written, so a process
that dies between leaves a claim without its entry; after some minutes it may be taken over. Whoever
stood still for so long does not write any more: its command has taken too long.
"""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from shared.store.database import Database, DuplicateKey, pause

ABANDONED_AFTER = timedelta(minutes=5)
ATTEMPTS_MAX = 5
Shown = Callable[[str, str], Awaitable[bool]]
"""Whether the owner's state shows the entry: `(owner, entry)`."""


class Claims:
    """The claims of one service."""

    def __init__(self, database: Database) -> None:
        self._collection = database.collection("claims")
        self._kept = database.collection("claims", majority_reads=True)

    async def take(self, key: str, *, owner: str, entry: str, shown: Shown) -> bool:
        """Claim `key` for an owner's entry; False where another one holds it."""
        claim = {"_id": key, "owner": owner, "entry": entry, "at": datetime.now(UTC)}
        held = None
        for attempt in range(ATTEMPTS_MAX):
            try:
                await self._collection.insert_one(claim)
                return True
            except DuplicateKey:
                held = await self._kept.find_one({"_id": key})
            if held is not None:
                break
            # Another one's is being written: whether it stays is known in a moment.
            await pause(attempt)
        if held is None:
            return False
        if (held["owner"], held["entry"]) == (owner, entry):
            return True
        return await self._take_over(held, claim, shown)

    async def _take_over(self, held: dict[str, Any], claim: dict[str, Any], shown: Shown) -> bool:
        fresh = datetime.now(UTC) - held["at"] < ABANDONED_AFTER
        if fresh or await shown(held["owner"], held["entry"]):
            return False
        result = await self._collection.replace_one(held, claim)
        return bool(result.modified_count)
