"""The revisions of the documents of one kind: which are older or newer, and their renewal.

Two versions may run side by side. The newer one renews documents of lower revisions and leaves
higher ones alone, so that no version undoes what another has done. A question by indexed fields
passes over documents of another revision, so it is not answered while there are any. Called by
`shared.service.revisions`, `shared.operations.migrate` and `shared.store.lookup`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import structlog

from shared.kernel.errors import Busy
from shared.store.aggregates import Aggregates
from shared.store.batched_reads import BatchedReads

LOWER, HIGHER = "lower", "higher"
log = structlog.get_logger()


@dataclass
class Revisions:
    """The documents of one decider, by revision."""

    aggregates: Aggregates[Any]
    _before: BatchedReads[str, bool] = field(init=False, repr=False)
    _after: BatchedReads[str, bool] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._before, self._after = BatchedReads(self._read), BatchedReads(self._read)

    @property
    def lower(self) -> dict[str, Any]:
        """The query for documents of lower revisions than this version's."""
        return {"revision": {"$lt": self.aggregates.decider.revision}}

    @property
    def higher(self) -> dict[str, Any]:
        """The query for documents that a newer version has renewed or written."""
        return {"revision": {"$gt": self.aggregates.decider.revision}}

    async def count(self, which: dict[str, Any]) -> int:
        """Count the documents that are `lower` or `higher`."""
        return int(await self.aggregates.collection.count_documents(which))

    async def there_is(self, which: dict[str, Any]) -> bool:
        """Return True if there are documents that are `lower` or `higher`."""
        return await self.aggregates.majority.find_one(which, {"_id": 1}) is not None

    async def renew(self, which: dict[str, Any], after: str, limit: int) -> list[str]:
        """Bring documents that are `which`, by id after `after`, to this revision; return ids.

        Then `find` sees them by their new fields. A document that another process has written in
        between already has that process's revision. A document that this version cannot fold is
        left to the version that can: that is only logged.
        """
        aggregates = self.aggregates
        query = {**which, "_id": {"$gt": after}}
        found = aggregates.collection.find(query, {"_id": 1}).sort("_id", 1).limit(limit)
        ids = [document["_id"] async for document in found]
        for id in ids:
            try:
                renewed = await aggregates.renewed(id)
            except ValueError as error:
                log.error("revision not renewed", kind=aggregates.decider.kind, error=str(error))
                continue
            unchanged = {"_id": id, "version": renewed.version, **which}
            renewal = aggregates.documents.renewal(renewed)
            await aggregates.collection.update_one(unchanged, renewal)
        return ids

    async def check_before(self) -> None:
        """Raise `Busy` while a document has a lower revision: the query would pass over it."""
        if self.aggregates.decider.revision > 1 and await self._before.of(LOWER):
            raise Busy(
                "being-renewed",
                "After an upgrade older records are still being renewed: try again in a moment.",
            )

    async def check_after(self) -> None:
        """Raise `Busy` where a document has a higher revision: the query has passed over it.

        A newer version may have renewed it since a check before the query.
        """
        if await self._after.of(HIGHER):
            raise Busy(
                "newer-version",
                "A newer version of this service has renewed these records: try again in a moment.",
            )

    async def _read(self, names: list[str]) -> Mapping[str, bool]:
        which = {LOWER: self.lower, HIGHER: self.higher}
        return {name: await self.there_is(which[name]) for name in names}
