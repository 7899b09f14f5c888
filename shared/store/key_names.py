"""The newest key that a database was filled with, by name: a process without it must not go on.

What was hashed with another key would never be recognised again. `{_id: SETTING, name}` has the
name of the key, never the key. A newer key is noted before the first use of it, and a user checks
after its claims that no newer one was noted. So of two processes that use two keys at one moment,
either the older one sees the newer name, or the newer one meets the older one's claims.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from pymongo import ReturnDocument

from shared.kernel.errors import Busy, CannotStart
from shared.store.database import Database


class KeyNames:
    """The names of the keys of one service; `used` has those of this process, the newest last.

    The setting of former keys is named after that of the key: `KUKM_…_KEYS_BEFORE`.
    """

    def __init__(self, database: Database, used: Mapping[str, Sequence[str]]) -> None:
        self._collection = database.collection("keys")
        self._latest = database.collection("keys", latest_reads=True)
        self._used = used
        self._noted: set[str] = set()

    async def start(self) -> None:
        """Note the newest name of each setting in a new database, or check what is noted there.

        Raises `CannotStart`.
        """
        for setting, names in self._used.items():
            found = await self._collection.find_one_and_update(
                {"_id": setting},
                {"$setOnInsert": {"name": names[-1]}},
                upsert=True,
                return_document=ReturnDocument.AFTER,
            )
            if found["name"] not in names:
                raise CannotStart(
                    f"{setting} is another key than the newest one that this database was filled "
                    f"with (its name there is {found['name']}, here {names[-1]}): set that one "
                    "again, or, if this is a new key, give every key that it replaces in "
                    f"{setting}S_BEFORE"
                )

    async def note(self) -> None:
        """Note the newest name before something is hashed with it; raises `Busy` for a former key.

        A process asks the database once: what it has noted is only replaced by a newer name.
        """
        for setting in self._used.keys() - self._noted:
            names = list(self._used[setting])
            found = await self._collection.find_one_and_update(
                {"_id": setting, "name": {"$in": names}}, {"$set": {"name": names[-1]}}
            )
            _require(setting, found)
            self._noted.add(setting)

    async def check(self) -> None:
        """Check that no newer key was noted; raises `Busy`."""
        for setting, names in self._used.items():
            known = {"_id": setting, "name": {"$in": list(names)}}
            _require(setting, await self._latest.find_one(known))


def _require(setting: str, found: Any) -> None:
    if found is None:
        raise Busy(
            "key-changed",
            f"{setting} was changed, and this process has a former key only: ask an operator to "
            "restart it with the new key; another process may take the request, so try again.",
        )
