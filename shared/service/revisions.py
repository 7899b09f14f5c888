"""Documents of another revision of their decider, brought to this one in the background.

Whoever loads such a document folds it anew from history, so nothing waits for this; but only once
it is written in the new form is it found by fields that are new. While old and new processes run
beside each other both are right: each folds anew what the other has written.
"""

import asyncio
from collections.abc import Iterable
from typing import Any

import structlog
from pymongo.errors import PyMongoError

from shared.store.aggregates import Aggregates

AT_ONCE = 100
AGAIN_SECONDS = 60.0
log = structlog.get_logger()


async def renew_revisions(aggregates: Iterable[Aggregates[Any]]) -> None:
    """Bring what is left of other revisions to this one, now and every minute, until cancelled."""
    while True:
        for one in aggregates:
            try:
                await _renew(one)
            except (PyMongoError, ValueError) as error:
                log.error("revision not renewed", kind=one.decider.kind, error=str(error))
        await asyncio.sleep(AGAIN_SECONDS)


async def _renew(aggregates: Aggregates[Any]) -> None:
    renewed, after = 0, ""
    while ids := await aggregates.renew(after, AT_ONCE):
        renewed, after = renewed + len(ids), ids[-1]
    if renewed:
        log.info("revision renewed", kind=aggregates.decider.kind, aggregates=renewed)
