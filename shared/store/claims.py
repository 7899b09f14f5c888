"""Claims make a value unique across aggregates: one small document per value, with it as `_id`.

`{_id: NOUN/VALUE, owner, entry, at, mark, calls}`; `at` is the database's clock. A claim is made
before the owner is written, so a process that dies between the two leaves a claim without its
entry; after some minutes another owner may take it over, and at once from an owner that has given
it up for good. To claim again makes a claim young again, so no other owner takes it over between
that answer and the write. A process that paused for longer does not write any more: its command has
taken too long.

`calls` counts the calls that rely on a claim: each that has claimed it, less those that released
it. The last call to release it deletes it. A call that was successful never releases, and neither
does a call that has died, so a claim that a state has is never deleted. `mark` is of the claim's
making or taking over: a release of an earlier claim of this value does not count.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import Enum
from typing import Any
from uuid import uuid4

from pymongo import ReturnDocument

from shared.kernel.errors import Busy
from shared.store.database import Database, pause
from shared.store.errors import DuplicateKey

ABANDONED_AFTER = timedelta(minutes=5)
ATTEMPTS_MAX = 5


class Holding(Enum):
    """The owner of a claim has it in its state, may be writing it, or has given it up for good."""

    HELD = "held"
    POSSIBLE = "possible"
    GIVEN_UP = "given up"


HoldingOf = Callable[[str, str], Awaitable[Holding]]
"""`holding_of(owner, entry)`: how the owner's state holds its claim for the entry."""


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A claim on which this call relies; it may have been made by an earlier call."""

    key: str
    owner: str
    entry: str
    mark: str


class Claims:
    """The claims of one service."""

    def __init__(self, database: Database) -> None:
        self._collection = database.collection("claims")
        self._majority = database.collection("claims", majority_reads=True)

    async def take(
        self, key: str, *, owner: str, entry: str, holding_of: HoldingOf
    ) -> Claim | None:
        """Claim `key` for an owner's entry. Return None if another owner holds it.

        Raises `Busy` if it is not known who holds it.
        """
        claim = Claim(key=key, owner=owner, entry=entry, mark=uuid4().hex)
        for attempt in range(ATTEMPTS_MAX):
            ours = {"_id": key, "owner": owner, "entry": entry}
            try:
                made = await self._collection.find_one_and_update(
                    ours, _joined(claim), upsert=True, return_document=ReturnDocument.AFTER
                )
            except DuplicateKey:
                held = await self._majority.find_one({"_id": key})
            else:
                return replace(claim, mark=made["mark"])
            if held is not None and (held["owner"], held["entry"]) != (owner, entry):
                return await self._take_over(held, claim, holding_of)
            # The claim is being written or released at this moment.
            await pause(attempt)
        raise Busy("claim-busy", "Others are claiming this number just now: try again soon.")

    async def release(self, claims: Sequence[Claim]) -> None:
        """Give up what these calls have claimed; a claim on which other calls rely stays."""
        for claim in claims:
            same = {"_id": claim.key, "mark": claim.mark}
            left = await self._collection.find_one_and_update(
                same, {"$inc": {"calls": -1}}, return_document=ReturnDocument.AFTER
            )
            if left is not None and left["calls"] == 0:
                # A call that claims it in between relies on it.
                await self._collection.delete_one({**same, "calls": 0})

    async def made_once(self, key: str, *, owner: str, entry: str) -> Claim | None:
        """Return the claim of this owner's entry if a single call relies on it."""
        once = {"_id": key, "owner": owner, "entry": entry, "calls": 1}
        held = await self._majority.find_one(once)
        return Claim(key=key, owner=owner, entry=entry, mark=held["mark"]) if held else None

    async def owner(self, key: str) -> str | None:
        """Return who has claimed this key, perhaps in vain: its state says if it has it."""
        held = await self._majority.find_one({"_id": key}, {"owner": 1})
        return held["owner"] if held else None

    async def owners_of(self, keys: Sequence[str]) -> dict[str, str]:
        """Return who has claimed each of these keys, perhaps in vain."""
        found = self._majority.find({"_id": {"$in": keys}}, {"owner": 1})
        return {document["_id"]: document["owner"] async for document in found}

    async def owners(self) -> dict[str, tuple[str, str]]:
        """Return owner and entry of every claim, by key."""
        found = self._majority.find({}, {"owner": 1, "entry": 1})
        return {document["_id"]: (document["owner"], document["entry"]) async for document in found}

    async def _take_over(
        self, held: dict[str, Any], claim: Claim, holding_of: HoldingOf
    ) -> Claim | None:
        holding = await holding_of(held["owner"], held["entry"])
        if holding is Holding.HELD:
            return None
        free = {name: held[name] for name in ("_id", "owner", "entry", "at")}
        if holding is Holding.POSSIBLE:
            milliseconds = ABANDONED_AFTER // timedelta(milliseconds=1)
            free["$expr"] = {"$lte": ["$at", {"$subtract": ["$$NOW", milliseconds]}]}
        before = await self._collection.find_one_and_update(free, _taken_over(claim))
        return claim if before else None


def _joined(claim: Claim) -> list[dict[str, Any]]:
    mark = {"$ifNull": ["$mark", {"$literal": claim.mark}]}
    calls = {"$add": [{"$ifNull": ["$calls", 0]}, 1]}
    return _made(claim, mark=mark, calls=calls)


def _taken_over(claim: Claim) -> list[dict[str, Any]]:
    return _made(claim, mark={"$literal": claim.mark}, calls=1)


def _made(claim: Claim, **fields: Any) -> list[dict[str, Any]]:
    owner, entry = {"$literal": claim.owner}, {"$literal": claim.entry}
    return [{"$set": {"owner": owner, "entry": entry, "at": "$$NOW", **fields}}]
