"""The files that callers upload: examined, hashed, and stored under an id of their own.

A file waits a day for a record that names it (`shared.store.files`). Routes call `receive`, and
name the file in a command; who may read a file is decided by the record that names it.
"""

import asyncio
from collections.abc import AsyncIterator
from hashlib import sha256

from shared.files.apart import Apart, Examiner
from shared.files.memory import FileMemory
from shared.kernel.errors import KeyReused
from shared.store.database import Database
from shared.store.files import FileStore, StoredFile


class Uploads:
    """The files of one service.

    `memory` bounds the files under way; `apart` is the gate of the processes that read them.
    """

    def __init__(self, database: Database) -> None:
        self._store = FileStore(database)
        self.memory = FileMemory()
        self.apart = Apart()
        self._examiner = Examiner(self.apart)

    async def receive(self, id: str, content: bytes, *, owner: str) -> StoredFile:
        """Examine a file and store it; the same request again gets the same answer.

        Raises `BadFile`, `Busy`, and `KeyReused` if another file came with the same key.
        """
        media_type = await self._examiner.examine(content)
        digest = await asyncio.to_thread(lambda: sha256(content).hexdigest())
        kept = await self._store.keep(
            id, content, owner=owner, media_type=media_type, sha256=digest
        )
        if (kept.owner, kept.sha256) != (owner, digest):
            raise KeyReused
        return kept

    async def find(self, id: str) -> StoredFile | None:
        """Return what is known of a file, or None."""
        return await self._store.find(id)

    def read(self, id: str) -> AsyncIterator[bytes]:
        """Return the bytes of a file, in parts."""
        return self._store.read(id)
