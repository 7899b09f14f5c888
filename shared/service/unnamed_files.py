"""Delete uploaded files that no record names: their command never came, or was refused.

A new file may be named for a day (`StoredFile.waits_until`); what no record names an hour after
that is deleted, and so are the parts of uploads that were cut off. Workers sweep; one at a time is
enough, and two at once do no harm. By the wall clock.
"""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import structlog

from shared.kernel.decider import Decider
from shared.store import StoreError
from shared.store.database import Database
from shared.store.files import SWEPT_AFTER, FileStore
from shared.store.lease import Lease
from shared.store.lookup import Lookup

SWEEP_SECONDS = 6 * 3_600.0
log = structlog.get_logger()


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
                    await self.sweep(datetime.now(UTC))
                    await self._lease.release()
            except StoreError as error:
                log.warning("sweep of files failed", error=type(error).__name__)
            await asyncio.sleep(SWEEP_SECONDS)

    async def sweep(self, now: datetime) -> int:
        """Delete what nothing names, and return the number of files."""
        deleted = 0
        async for file in self._store.stored_before(now - SWEPT_AFTER):
            if not await self._is_named(file.id):
                await self._store.delete(file.id)
                deleted += 1
        parts = await self._store.delete_loose_parts(now)
        if deleted or parts:
            log.info("unnamed files deleted", files=deleted, uploads_cut_off=parts)
        return deleted

    async def _is_named(self, file: str) -> bool:
        for decider, field in self._named_by:
            if await self._lookup.many(decider, {field: file}, after="", limit=1):
                return True
        return False
