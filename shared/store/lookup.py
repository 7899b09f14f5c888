"""Reading one or many documents of an aggregate, mirror or view, by id or by indexed fields.

Equality on declared fields, and order by id or by a declared field, nothing more: every other
question gets a view or a tally of its own. While there are documents of another revision, such a
question is answered with `Busy`: it would pass over them (`shared.store.revisions`).
"""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any, TypeVar

from shared.kernel.answers import Found, Happened, Listing, Part
from shared.kernel.decider import Decider
from shared.kernel.recorded import Recorded
from shared.store.aggregates import Aggregates
from shared.store.database import Session
from shared.store.projection import Projection, Source
from shared.store.revisions import Revisions
from shared.store.sorting import check_order, place_of, ranges, sort_key

T = TypeVar("T")
PAGE = 500
Equal = Mapping[str, str | bool | None]
"""Values of indexed fields; a field with None is not compared."""


class Lookup:
    """Queries of one service's routes; with a session all of them read its snapshot."""

    def __init__(
        self,
        aggregates: Mapping[str, Aggregates[Any]],
        projection: Projection,
        session: Session | None = None,
    ) -> None:
        self._aggregates = aggregates
        self._projection = projection
        self._session = session

    async def by_id(self, source: Decider[Any, Any, Any] | Source, id: str) -> Found[Any] | None:
        """Return the document with this id, or None."""
        collection = self._collection(source)
        found = await collection.find_one({"_id": id}, WITHOUT_LOADS, session=self._session)
        return await self._found(source, found) if found else None

    async def many(
        self,
        source: Decider[Any, Any, Any] | Source,
        equal: Equal,
        *,
        after: str,
        limit: int,
    ) -> list[Found[Any]]:
        """Return the documents whose fields have these values, in order of id, after `after`."""
        query: dict[str, Any] = _query(source, equal)
        if after:
            query["_id"] = {"$gt": after}

        async def page() -> list[Found[Any]]:
            documents = self._collection(source).find(query, WITHOUT_LOADS, session=self._session)
            found = documents.sort("_id", 1).limit(limit)
            return [await self._found(source, document) async for document in found]

        return await self._checked(source, page)

    async def part(
        self, decider: Decider[Any, Any, Any], equal: Equal, listing: Listing
    ) -> Part[Any]:
        """Return a part of a sorted list; see `shared.store.sorting`. Raises `Contradiction`."""
        check_order(decider, equal, listing)
        collection = self._collection(decider)
        key = sort_key(listing)

        async def read() -> list[dict[str, Any]]:
            documents: list[dict[str, Any]] = []
            for following in ranges(listing):
                left = listing.limit - len(documents)
                if left > 0:
                    query = _query(decider, equal) | following
                    found = collection.find(query, WITHOUT_LOADS, session=self._session)
                    documents += await found.sort(key).limit(left).to_list(left)
            return documents

        documents = await self._checked(decider, read)
        is_full = len(documents) == listing.limit
        return Part(
            items=[await self._found(decider, document) for document in documents],
            next=place_of(documents[-1], listing) if is_full else None,
        )

    async def all(
        self, source: Decider[Any, Any, Any] | Source, equal: Equal
    ) -> AsyncIterator[Found[Any]]:
        """Yield the documents whose fields have these values, in order of id."""
        after = ""
        while True:
            found = await self.many(source, equal, after=after, limit=PAGE)
            for document in found:
                yield document
            if len(found) < PAGE:
                return
            after = found[-1].id

    async def count(self, source: Decider[Any, Any, Any] | Source, equal: Equal) -> int:
        """Count the documents that have these values."""

        async def number() -> int:
            return int(await self._collection(source).count_documents(_query(source, equal)))

        return await self._checked(source, number)

    async def _checked(
        self, source: Decider[Any, Any, Any] | Source, ask: Callable[[], Awaitable[T]]
    ) -> T:
        """Return the answer to a question that passes over documents of another revision."""
        if not isinstance(source, Decider):
            return await ask()
        revisions = Revisions(self._aggregates[source.kind])
        await revisions.check_before()
        answer = await ask()
        await revisions.check_after()
        return answer

    async def history(
        self, decider: Decider[Any, Any, Any], id: str, *, after: str, limit: int
    ) -> list[Found[Happened]]:
        """Return the published events of an aggregate that follow the event id `after`."""
        events = await self._aggregates[decider.kind].history.page(
            decider.kind, id, after=after, limit=limit
        )
        return [Found(id=each.id, version=each.sequence, state=_past(each)) for each in events]

    def _collection(self, source: Decider[Any, Any, Any] | Source) -> Any:
        if isinstance(source, Decider):
            return self._aggregates[source.kind].majority
        return self._projection.collection(source.name)

    async def _found(
        self, source: Decider[Any, Any, Any] | Source, document: dict[str, Any]
    ) -> Found[Any]:
        if not isinstance(source, Decider):
            return self._projection.found(source, document)
        state = await self._aggregates[source.kind].state(document)
        return Found(id=document["_id"], version=document["version"], state=state)


WITHOUT_LOADS = {"outbox": 0, "receipts": 0}


def _query(source: Decider[Any, Any, Any] | Source, equal: Equal) -> dict[str, Any]:
    unknown = set(equal) - set(source.indexes)
    if unknown:
        raise TypeError(f"no index by {sorted(unknown)}: declare an index")
    return {
        f"state.{name}": value if isinstance(value, bool) else str(value)
        for name, value in equal.items()
        if value is not None
    }


def _past(event: Recorded) -> Happened:
    private = json.loads(event.private) if event.private else {}
    data = json.loads(event.data) | private
    return Happened(type=event.type, time=event.time, actor=event.person or event.actor, data=data)
