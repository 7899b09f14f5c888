"""Backups of one service's database: made of one moment, checked, and restored into an empty one.

A backup is a folder with a file of raw documents and a file of indexes for each collection, in the
layout of `mongodump --gzip`, and `backup.json`, which is written last: a folder without it is no
backup. A service that is started on a restored database catches up from its topic.
"""

import gzip
import hashlib
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from shared.kernel.errors import CannotStart
from shared.store.database import Database, Session
from shared.store.dump import (
    definition,
    documents_in,
    moment,
    read_collection,
    write_collection,
)

CONTENT = "backup.json"
FORMAT = 1
READ_BYTES = 4_000_000
OWNER_ONLY = 0o700

Tell = Callable[[str], None]


class BackupUnusable(CannotStart):
    """A backup that is not whole, or of another service; or a database that is not empty."""


@dataclass(frozen=True, kw_only=True)
class Backups:
    """Backups of the database of a service; `tell` gets a line for each collection."""

    service: str
    database: Database
    tell: Tell

    async def make(self, folder: Path, *, now: datetime) -> int:
        """Write a backup into a folder that does not exist yet; return how many documents it has.

        Raises `BackupUnusable` if the folder exists, and `MomentLost`.
        """
        building = _new_folder(folder)
        collections: dict[str, Any] = {}
        async with moment(self.database) as (session, names):
            for name in names:
                collections[name] = await self._collection(building, name, session)
        content = {
            "format": FORMAT,
            "service": self.service,
            "database": self.database.name,
            "made_at": now.isoformat(),
            "collections": collections,
        }
        (building / CONTENT).write_text(json.dumps(content, indent=1) + "\n")
        building.rename(folder)
        return sum(each["documents"] for each in collections.values())

    async def restore(self, folder: Path) -> int:
        """Write a backup into this service's database; return how many documents it got.

        Raises `BackupUnusable` if the backup is damaged or of another service, or if the database
        is not empty. Interrupted, it leaves a part: drop the database and restore again.
        """
        content = check_backup(folder)
        if content["service"] != self.service:
            raise BackupUnusable(f"{folder} is a backup of {content['service']}")
        if await self.database.collection_names():
            raise BackupUnusable(
                f"the database {self.database.name} is not empty: stop its service, drop it, and "
                "restore again"
            )
        number = 0
        for name in content["collections"]:
            described = json.loads(gzip.decompress(_metadata(folder, name).read_bytes()))
            documents = _documents(_data(folder, name))
            number += await write_collection(self.database, described, documents)
            self.tell(f"{name}: restored")
        return number

    async def _collection(self, folder: Path, name: str, session: Session) -> dict[str, Any]:
        number, digest = 0, hashlib.sha256()
        with gzip.open(_data(folder, name), "wb", compresslevel=1) as file:
            async for block in read_collection(self.database, name, session):
                file.write(block)
                digest.update(block)
                number += sum(1 for _ in documents_in(block))
        described = json.dumps(await definition(self.database, name)).encode()
        _metadata(folder, name).write_bytes(gzip.compress(described, mtime=0))
        self.tell(f"{name}: {number:,} documents")
        return {"documents": number, "sha256": digest.hexdigest()}


def _new_folder(folder: Path) -> Path:
    """Make the folder in which a backup is written until it is whole."""
    if folder.exists():
        raise BackupUnusable(f"{folder} exists: name a folder that does not")
    building = folder.with_name(f"{folder.name}.part")
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir(parents=True, mode=OWNER_ONLY)
    return building


def check_backup(folder: Path) -> dict[str, Any]:
    """Return the content of a backup after reading all of it. Raises `BackupUnusable`."""
    if not (folder / CONTENT).is_file():
        raise BackupUnusable(f"{folder} is no backup that was made to its end: it has no {CONTENT}")
    content: dict[str, Any] = json.loads((folder / CONTENT).read_text())
    if content.get("format") != FORMAT:
        raise BackupUnusable(f"{folder} has the format {content.get('format')}, not {FORMAT}")
    for name, expected in content["collections"].items():
        try:
            digest = _digest(_data(folder, name))
        except (OSError, EOFError) as error:
            raise BackupUnusable(f"{folder} is damaged: {name} cannot be read") from error
        if digest != expected["sha256"] or not _metadata(folder, name).is_file():
            raise BackupUnusable(f"{folder} is damaged: {name} is not what was written")
    return content


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with gzip.open(path, "rb") as file:
        while block := file.read(READ_BYTES):
            digest.update(block)
    return digest.hexdigest()


def _documents(path: Path) -> Iterator[bytes]:
    """Yield the documents of a file, a few megabytes at a time."""
    rest = b""
    with gzip.open(path, "rb") as file:
        while block := file.read(READ_BYTES):
            whole, rest = _whole(rest + block)
            yield from documents_in(whole)
    yield from documents_in(rest)


def _whole(block: bytes) -> tuple[bytes, bytes]:
    """Cut a block behind its last whole document."""
    end = 0
    while len(block) - end >= 4:
        length = int.from_bytes(block[end : end + 4], "little")
        if end + length > len(block):
            break
        end += length
    return block[:end], block[end:]


def _data(folder: Path, name: str) -> Path:
    return folder / f"{name}.bson.gz"


def _metadata(folder: Path, name: str) -> Path:
    return folder / f"{name}.metadata.json.gz"
