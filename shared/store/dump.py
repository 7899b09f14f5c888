"""Whole collections as raw documents: read as they were at one moment, and written back.

Documents are never decoded, so that a backup holds what the database holds, byte for byte. Used by
`shared.operations.backup`.
"""

import struct
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from bson import json_util
from bson.raw_bson import RawBSONDocument
from pymongo import IndexModel
from pymongo.errors import OperationFailure

from shared.kernel.errors import CannotStart
from shared.store.database import Database, Session

LENGTH = struct.Struct("<i")
INSERTED_AT_ONCE = 1_000
BYTES_AT_ONCE = 8_000_000
TOO_OLD = (239, 246)
"""The codes of a moment that the server does not keep any more."""


class MomentLost(CannotStart):
    """The server does not keep the moment of a backup any more."""


@asynccontextmanager
async def moment(database: Database) -> AsyncIterator[tuple[Session, list[str]]]:
    """Open a session on one moment, with the names of the collections that there were.

    Raises `MomentLost` from the block if the server does not keep the moment long enough.
    """
    try:
        async with database.snapshot() as session:
            # The first read sets the moment: what is listed after it had been made before it, or is
            # empty in it.
            await database.collection("checkpoints").find_one({}, session=session)
            yield session, sorted(await database.collection_names())
    except OperationFailure as error:
        if error.code not in TOO_OLD:
            raise
        raise MomentLost(
            "MongoDB does not keep the moment of this backup any more: raise its parameter "
            "minSnapshotHistoryWindowInSeconds above the time that a backup takes, or run it again "
            "while no collection is made"
        ) from error


async def read_collection(database: Database, name: str, session: Session) -> AsyncIterator[bytes]:
    """Yield blocks of whole documents."""
    async for block in database.collection(name).find_raw_batches({}, session=session):
        if block:
            yield block


async def definition(database: Database, name: str) -> dict[str, Any]:
    """Return the indexes of a collection, as `create_indexes` takes them, in plain JSON."""
    found = await database.collection(name).index_information()
    indexes = [
        {**{key: value for key, value in index.items() if key not in ("v", "ns")}, "name": label}
        for label, index in sorted(found.items())
        if label != "_id_"
    ]
    return {"collectionName": name, "indexes": _plain(indexes)}


async def write_collection(
    database: Database, described: Mapping[str, Any], documents: Iterator[bytes]
) -> int:
    """Make a collection with its indexes and documents; return how many documents it got."""
    name = described["collectionName"]
    await database.create(name)
    collection = database.collection(name)
    number, waiting, size = 0, list[RawBSONDocument](), 0
    for document in documents:
        waiting.append(RawBSONDocument(document))
        size += len(document)
        number += 1
        if len(waiting) >= INSERTED_AT_ONCE or size >= BYTES_AT_ONCE:
            await collection.insert_many(waiting, ordered=False)
            waiting, size = [], 0
    if waiting:
        await collection.insert_many(waiting, ordered=False)
    models = [
        IndexModel([tuple(pair) for pair in index["key"]], **_options(index))
        for index in described["indexes"]
    ]
    if models:
        await collection.create_indexes(models)
    return number


def documents_in(block: bytes) -> Iterator[bytes]:
    """Yield the documents of a block. Raises `ValueError` if it ends within one."""
    start = 0
    while start < len(block):
        if len(block) - start < LENGTH.size:
            raise ValueError("it ends within a document")
        (length,) = LENGTH.unpack_from(block, start)
        end = start + length
        if length < LENGTH.size or end > len(block):
            raise ValueError("it ends within a document")
        yield block[start:end]
        start = end


def _options(index: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in index.items() if key != "key"}


def _plain(value: Any) -> Any:
    plain: Any = json_util.loads(json_util.dumps(value))
    return plain
