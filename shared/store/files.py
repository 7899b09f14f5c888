"""The files of one service in GridFS: their bytes are ordinary documents of its database.

So they are as safe as its records (majority writes), are backed up and restored with them, and need
no further server. A file has an id, never a name. GridFS writes the parts first and the file's own
document last: a process that dies in between leaves parts that no file has: `delete_loose_parts`.
A file's parts are deleted first too, so that a deletion that was cut off is done again.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bson import ObjectId
from gridfs.errors import FileExists

from shared.store.database import Database
from shared.store.indexes import Index

BUCKET = "uploads"
FILES, PARTS, SWEPT = f"{BUCKET}.files", f"{BUCKET}.chunks", f"{BUCKET}.swept"
ID, LOOK_AT = "filename", "metadata.look_at"
WAITS = timedelta(hours=24)
"""The time within which a new file is named by a record (ours)."""
SWEPT_AFTER = WAITS + timedelta(hours=1)
"""The age at which a file that no record names is deleted: no command takes the hour between."""
LOOKED_AT_AGAIN = timedelta(days=30)
"""A file that a record names is looked at again after this time (ours): a profile may drop it."""


@dataclass(frozen=True, kw_only=True)
class StoredFile:
    """A file: its owner, what it is, its length, and the SHA-256 of its bytes in hexadecimal."""

    id: str
    owner: str
    media_type: str
    length: int
    sha256: str
    stored_at: datetime

    @property
    def waits_until(self) -> datetime:
        """Return the instant until which a record may name it, by the wall clock."""
        return self.stored_at + WAITS


def file_indexes() -> list[Index]:
    """Return the indexes of a service that has files: those of GridFS, and one of our ids."""
    return [
        Index(FILES, (ID,), {"unique": True}),
        Index(FILES, (LOOK_AT,)),
        Index(PARTS, ("files_id", "n"), {"unique": True}),
    ]


class FileStore:
    """The files of one service."""

    def __init__(self, database: Database) -> None:
        self._bucket = database.bucket(BUCKET)
        self._files = database.collection(FILES, majority_reads=True)
        self._parts = database.collection(PARTS)
        self._swept = database.collection(SWEPT, majority_reads=True)

    async def keep(
        self, id: str, content: bytes, *, owner: str, media_type: str, sha256: str
    ) -> StoredFile:
        """Store a file under this id, or return the file that has it."""
        about = {"owner": owner, "media_type": media_type, "sha256": sha256}
        look_at = {"look_at": datetime.now(UTC) + SWEPT_AFTER}
        present = await self.find(id)
        if present is None:
            # If the same request came twice at once, the parts of the second one are swept.
            with suppress(FileExists):
                await self._bucket.upload_from_stream(id, content, metadata=about | look_at)
            present = await self.find(id)
        assert present is not None, "a file that was stored by a majority is read by one"
        return present

    async def find(self, id: str) -> StoredFile | None:
        """Return what is known of a file, or None."""
        document = await self._files.find_one({ID: id})
        return _stored(document) if document else None

    async def read(self, id: str) -> AsyncIterator[bytes]:
        """Yield the bytes of a file in parts; nothing where there is no such file."""
        document = await self._files.find_one({ID: id}, {"_id": 1})
        if document is None:
            return
        stream = await self._bucket.open_download_stream(document["_id"])
        while part := await stream.readchunk():
            yield part

    async def due(self, now: datetime, limit: int) -> list[StoredFile]:
        """Return files at which a sweep is to look, the longest due first."""
        found = self._files.find({LOOK_AT: {"$lt": now}}).sort(LOOK_AT).limit(limit)
        return [_stored(document) async for document in found]

    async def look_later(self, id: str, now: datetime) -> None:
        """Leave a file alone for some time."""
        await self._files.update_one({ID: id}, {"$set": {LOOK_AT: now + LOOKED_AT_AGAIN}})

    async def delete(self, id: str) -> None:
        """Delete a file; one that does not exist is no error."""
        document = await self._files.find_one({ID: id}, {"_id": 1})
        if document is not None:
            await self._parts.delete_many({"files_id": document["_id"]})
            await self._files.delete_one({"_id": document["_id"]})

    async def delete_loose_parts(self, now: datetime) -> int:
        """Delete the parts of old uploads that no file has; return the number of these uploads.

        The id of an upload begins with the time at which it was begun: those that were begun before
        the last of these sweeps are not read again.
        """
        until = ObjectId.from_datetime((now - SWEPT_AFTER).astimezone(UTC))
        last = await self._swept.find_one({"_id": PARTS})
        begun = {"$lt": until} | ({"$gte": last["until"]} if last else {})
        deleted, file = 0, None
        parts = self._parts.find({"files_id": begun}, {"files_id": 1, "_id": 0})
        async for part in parts.sort("files_id"):
            if part["files_id"] == file:
                continue
            file = part["files_id"]
            if await self._files.find_one({"_id": file}, {"_id": 1}) is None:
                await self._parts.delete_many({"files_id": file})
                deleted += 1
        await self._swept.update_one({"_id": PARTS}, {"$max": {"until": until}}, upsert=True)
        return deleted


def _stored(document: Mapping[str, Any]) -> StoredFile:
    about = document["metadata"]
    return StoredFile(
        id=document[ID],
        owner=about["owner"],
        media_type=about["media_type"],
        length=document["length"],
        sha256=about["sha256"],
        stored_at=document["uploadDate"],
    )
