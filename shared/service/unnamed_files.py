"""Delete uploaded files that no record names: their command never came, or was refused.

A new file may be named for a day (`StoredFile.waits_until`); what no record names an hour after
that is deleted, and so are the parts of uploads that were cut off. A file that a record names is
looked at again after some weeks, so a sweep reads few of all files. Workers sweep; one at a time is
enough, and two at once do no harm: a sweep holds its lease for longer before each page, and stops
if another worker has it. By the wall clock.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import structlog

from shared.kernel.decider import Decider
from shared.store import StoreError
from shared.store.database import Database
from shared.store.files import FileStore, StoredFile
from shared.store.lease import Lease
from shared.store.lookup import Lookup

SWEEP_SECONDS = 6 * 3_600.0
PAGE = 100
"""So many files are looked at in far less time than a lease lasts."""
log = structlog.get_logger()


async def _alone() -> bool:
    return True


class UnnamedFiles:
    """The sweep of one service's files; `named_by` are the fields of records that name them."""

    def __init__(
        self,
        database: Database,
        lookup: Lookup,
        named_by: Sequence[tuple[Decider[Any, Any, Any], str]],
    ) -> None:
        self._store = FileStore(database)
        self._lease = Lease(database, "unnamed-files")
        self._lookup = lookup
        self._named_by = named_by

    async def run(self) -> None:
        """Sweep until cancelled."""
        while True:
            try:
                if await self._lease.take():
                    await self.sweep(datetime.now(UTC), goes_on=self._lease.take)
                    await self._lease.release()
            except StoreError as error:
                log.warning("sweep of files failed", error=type(error).__name__)
            await asyncio.sleep(SWEEP_SECONDS)

    async def sweep(self, now: datetime, *, goes_on: Callable[[], Awaitable[bool]] = _alone) -> int:
        """Delete what nothing names, and return the number of files.

        Each page leaves none of its files due: a sweep that ends anywhere is continued by the next.
        """
        deleted = parts = 0
        while await goes_on():
            due = await self._store.due(now, PAGE)
            for file in due:
                deleted += await self._delete_unnamed(file, now)
            if len(due) < PAGE:
                parts = await self._store.delete_loose_parts(now)
                break
        if deleted or parts:
            log.info("unnamed files deleted", files=deleted, uploads_cut_off=parts)
        return deleted

    async def _delete_unnamed(self, file: StoredFile, now: datetime) -> bool:
        if await self._is_named(file.id):
            await self._store.look_later(file.id, now)
            return False
        await self._store.delete(file.id)
        return True

    async def _is_named(self, file: str) -> bool:
        for decider, field in self._named_by:
            if await self._lookup.many(decider, {field: file}, after="", limit=1):
                return True
        return False
