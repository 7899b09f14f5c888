"""The keys that a database was filled with, by name: a process with other keys must not start.

What was hashed with another key would never be recognised again. `{_id: SETTING, name}` has the
name of the key, never the key.
"""

from collections.abc import Mapping, Sequence

from pymongo import ReturnDocument

from shared.kernel.errors import CannotStart
from shared.store.database import Database


class KeyNames:
    """The names of the keys of one service."""

    def __init__(self, database: Database) -> None:
        self._collection = database.collection("keys")

    async def check(self, used: Mapping[str, Sequence[str]]) -> None:
        """Note the last name of each setting, or check that the noted one is among its names.

        Raises `CannotStart`.
        """
        for setting, names in used.items():
            noted = await self._collection.find_one_and_update(
                {"_id": setting},
                {"$setOnInsert": {"name": names[-1]}},
                upsert=True,
                return_document=ReturnDocument.AFTER,
            )
            if noted["name"] not in names:
                raise CannotStart(
                    f"{setting} is another key than the one that this database was filled with "
                    f"(its name there is {noted['name']}, here {names[-1]}): set that one again"
                )

    async def noted(self, setting: str) -> str | None:
        """Return the name of the key that everything is hashed with, or None before any start."""
        found = await self._collection.find_one({"_id": setting})
        return found["name"] if found else None

    async def renew(self, setting: str, name: str) -> None:
        """Note that everything is hashed with another key."""
        await self._collection.update_one({"_id": setting}, {"$set": {"name": name}})
