"""Bring documents of a lower revision of their decider to this revision, in the background.

A process that loads such a document folds it again from history, so no request waits for this. But
`find` sees a document by new fields only once it is written in the new form. Old and new processes
may run side by side: each folds the documents of the other from history. Of several workers one at
a time renews the documents of a kind.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import structlog

from shared.store import Database, StoreError
from shared.store.aggregates import Aggregates
from shared.store.lease import Lease
from shared.store.revisions import Revisions

AT_ONCE = 100
AGAIN_SECONDS = 60.0
log = structlog.get_logger()


async def renew_revisions(database: Database, aggregates: Iterable[Aggregates[Any]]) -> None:
    """Bring all documents of lower revisions to this revision, every minute, until cancelled."""
    leases = [(each, Lease(database, f"revision/{each.decider.kind}")) for each in aggregates]
    while True:
        for of_kind, lease in leases:
            try:
                await renew_in_turn(of_kind, lease)
            except StoreError as error:
                log.warning("revisions not read", kind=of_kind.decider.kind, error=str(error))
        await asyncio.sleep(AGAIN_SECONDS)


async def renew_in_turn(aggregates: Aggregates[Any], lease: Lease) -> int:
    """Renew as `renew` does, unless another process is at it; return the number of documents."""
    revisions = Revisions(aggregates)
    # A version without older documents leaves the lease to a version that has them.
    if not await revisions.there_is(revisions.lower):
        return 0
    try:
        return await _renew(revisions, revisions.lower, lease.take)
    finally:
        await lease.release()


async def _always() -> bool:
    return True


async def renew(aggregates: Aggregates[Any]) -> int:
    """Bring all documents of lower revisions of one kind to this revision; return their number."""
    revisions = Revisions(aggregates)
    return await _renew(revisions, revisions.lower)


async def bring_back(aggregates: Aggregates[Any]) -> int:
    """Bring all documents of higher revisions to this revision; return their number.

    Only an operator does this, after a rollback: the newer version would undo it at once.
    """
    revisions = Revisions(aggregates)
    return await _renew(revisions, revisions.higher)


async def _renew(
    revisions: Revisions, which: dict[str, Any], goes_on: Callable[[], Awaitable[bool]] = _always
) -> int:
    renewed, after = 0, ""
    while await goes_on() and (ids := await revisions.renew(which, after, AT_ONCE)):
        renewed, after = renewed + len(ids), ids[-1]
    if renewed:
        kind = revisions.aggregates.decider.kind
        log.info("revision renewed", kind=kind, aggregates=renewed)
    return renewed
