"""The indexes of a service's collections: checked at a start, and built by `gelar migrate`.

On an empty collection the start builds an index itself. On a large one that takes minutes, longer
than any start may take and than a client waits for an answer: there it is the work of a job.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from pymongo import IndexModel

from shared.kernel.errors import CannotStart
from shared.store.database import Database, pause
from shared.store.errors import StoreUnavailable

NONE: Mapping[str, Any] = MappingProxyType({})


class Index(NamedTuple):
    """An index of one collection: its fields, ascending, and the driver's options."""

    collection: str
    fields: tuple[str, ...]
    options: Mapping[str, Any] = NONE

    @property
    def name(self) -> str:
        """Its name in the database."""
        return "_".join(f"{field}_1" for field in self.fields)

    def __str__(self) -> str:
        return f"{self.collection} ({', '.join(self.fields)})"


class IndexMissing(CannotStart):
    """A collection with documents has no index that this version looks documents up by."""


async def missing(database: Database, indexes: Iterable[Index]) -> list[Index]:
    """Return those of these indexes that are not there, or still being built."""
    there: dict[str, set[str]] = {}
    found = []
    for index in indexes:
        if index.collection not in there:
            there[index.collection] = await _built(database, index.collection)
        if index.name not in there[index.collection]:
            found.append(index)
    return found


async def _built(database: Database, name: str) -> set[str]:
    collection = database.collection(name)
    names = set(await collection.index_information())
    if names:
        # An index that is being built is listed like the others.
        async for found in collection.aggregate([{"$collStats": {"storageStats": {}}}]):
            names -= set(found["storageStats"].get("indexBuilds", ()))
    return names


async def ensure(database: Database, service: str, indexes: Iterable[Index]) -> None:
    """Build what is missing on empty collections. Raises `IndexMissing` for others."""
    lacking: dict[str, list[Index]] = {}
    for index in await missing(database, indexes):
        lacking.setdefault(index.collection, []).append(index)
    needed: list[str] = []
    for name, of_collection in lacking.items():
        if await database.collection(name).find_one({}, {"_id": 1}) is None:
            await build(database, name, of_collection)
        else:
            needed += map(str, of_collection)
    if needed:
        raise IndexMissing(
            f"{database.name} has no index {', '.join(needed)}: run `gelar migrate {service}` with "
            "this version, beside the version that runs"
        )


async def build(database: Database, name: str, indexes: Iterable[Index]) -> None:
    """Build indexes of one collection, however long it takes.

    The server goes on after the client has given up an answer: the next call waits for the same.
    """
    models = [IndexModel([(f, 1) for f in index.fields], **index.options) for index in indexes]
    attempt = 0
    while True:
        try:
            await database.collection(name).create_indexes(models)
        except StoreUnavailable:
            attempt += 1
            await pause(min(attempt, 8))
        else:
            return
