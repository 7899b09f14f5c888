"""Reading one or many documents of an aggregate, mirror or view, by id or by indexed fields.

Equality on declared fields, and order by id or by a declared field, nothing more: every other
question gets a view or a tally of its own. While there are documents of another revision, such a
question is answered with `Busy`: it would pass over them (`shared.store.revisions`).

Questions by id, and first pages by one field, that come together are one query
(`shared.store.batched_reads`): a rush of requests asks the same few things.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

from shared.kernel.answers import Found, Happened, Listing, Part
from shared.kernel.decider import Decider
from shared.kernel.recorded import Recorded
from shared.store.aggregates import Aggregates
from shared.store.batched_reads import BatchedReads
from shared.store.database import Session
from shared.store.page_groups import answered, pages_of
from shared.store.projection import Projection, Source
from shared.store.revisions import Revisions
from shared.store.sorting import check_order, place_of, ranges, sort_key

T = TypeVar("T")
PAGE = 500
TOGETHER, PAUSE_SECONDS = 10, 0.001
"""After so many documents of a page the others have their turn. It is no mere turn of the loop: the
threads that wait for the database need the interpreter, too, and have it only while it rests."""
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
        self._revisions = {kind: Revisions(of_kind) for kind, of_kind in aggregates.items()}
        self._by_id: dict[str, BatchedReads[str, Found[Any] | None]] = {}
        self._first_pages: dict[tuple[str, str], BatchedReads[str | bool, list[Found[Any]]]] = {}

    async def by_id(self, source: Decider[Any, Any, Any] | Source, id: str) -> Found[Any] | None:
        """Return the document with this id, or None."""
        if self._session is not None:
            found = await self._collection(source).find_one(
                {"_id": id}, WITHOUT_LOADS, session=self._session
            )
            return await self._found(source, found) if found else None
        name = self._collection(source).name
        if name not in self._by_id:
            self._by_id[name] = BatchedReads(partial(self._read_ids, source))
        return await self._by_id[name].of(id)

    async def _read_ids(
        self, source: Decider[Any, Any, Any] | Source, ids: list[str]
    ) -> Mapping[str, Found[Any] | Exception | None]:
        documents = self._collection(source).find({"_id": {"$in": ids}}, WITHOUT_LOADS)
        outcomes: dict[str, Found[Any] | Exception | None] = dict.fromkeys(ids)
        async for document in documents.batch_size(len(ids) + 1):
            outcomes[document["_id"]] = await self._outcome(source, document)
        return outcomes

    async def _outcome(
        self, source: Decider[Any, Any, Any] | Source, document: dict[str, Any]
    ) -> Found[Any] | Exception:
        try:
            return await self._found(source, document)
        except Exception as error:  # noqa: BLE001 - raised to those who asked for this document
            return error

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
            found = documents.sort("_id", 1).limit(limit).batch_size(50)
            read: list[Found[Any]] = []
            async for document in found:
                read.append(await self._found(source, document))
                if len(read) % TOGETHER == 0:
                    await asyncio.sleep(PAUSE_SECONDS)
            return read

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
        found = await self._first_page(source, equal)
        while True:
            for number, document in enumerate(found, start=1):
                yield document
                if number % TOGETHER == 0:
                    await asyncio.sleep(PAUSE_SECONDS)
            if len(found) < PAGE:
                return
            found = await self.many(source, equal, after=found[-1].id, limit=PAGE)

    async def _first_page(
        self, source: Decider[Any, Any, Any] | Source, equal: Equal
    ) -> list[Found[Any]]:
        compared = [(field, value) for field, value in equal.items() if value is not None]
        if self._session is not None or len(compared) != 1:
            return await self.many(source, equal, after="", limit=PAGE)
        ((field, value),) = compared
        name = (self._collection(source).name, field)
        if name not in self._first_pages:
            self._first_pages[name] = BatchedReads(partial(self._read_pages, source, field))
        return await self._first_pages[name].of(_stored(value))

    async def _read_pages(
        self, source: Decider[Any, Any, Any] | Source, field: str, values: list[str | bool]
    ) -> Mapping[str | bool, list[Found[Any]] | Exception]:
        query = _query(source, {field: None}) | {f"state.{field}": {"$in": values}}

        async def together() -> list[dict[str, Any]]:
            found = self._collection(source).find(query, WITHOUT_LOADS)
            documents: list[dict[str, Any]] = await found.limit(PAGE + 1).to_list(None)
            return documents

        documents = await self._checked(source, together) if len(values) > 1 else []
        if len(values) == 1 or len(documents) > PAGE:
            each = (self.many(source, {field: value}, after="", limit=PAGE) for value in values)
            return await answered(values, *each)
        outcomes = [(document, await self._outcome(source, document)) for document in documents]
        return pages_of(values, field, outcomes)

    async def sharing(
        self,
        decider: Decider[Any, Any, Any],
        field: str,
        values: Sequence[str],
        *,
        at_most: int,
    ) -> list[Found[Any]]:
        """Return the documents that have one of these values, in order of id.

        A value that more than `at_most` documents have is passed over, and these are not read.
        """
        if not values:
            return []
        collection = self._collection(decider)
        values = list(dict.fromkeys(values))
        first, *others = (_having(decider, field, value, at_most + 1) for value in values)
        pipeline = [
            *first,
            *({"$unionWith": {"coll": collection.name, "pipeline": other}} for other in others),
            {"$group": {"_id": "$value", "ids": {"$push": "$id"}}},
            {"$match": {f"ids.{at_most}": {"$exists": False}}},
        ]

        async def read() -> list[dict[str, Any]]:
            found = collection.aggregate(pipeline, session=self._session)
            return [document async for document in found]

        groups = await self._checked(decider, read)
        ids = sorted({id for group in groups for id in group["ids"]})
        found = await asyncio.gather(*(self.by_id(decider, id) for id in ids))
        return [document for document in found if document is not None]

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
        revisions = self._revisions[source.kind]
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
    return {f"state.{name}": _stored(value) for name, value in equal.items() if value is not None}


def _having(
    decider: Decider[Any, Any, Any], field: str, value: str, limit: int
) -> list[dict[str, Any]]:
    """Return the stages that give id and value of some documents that have this value."""
    pair = {"_id": 0, "id": "$_id", "value": {"$literal": value}}
    return [{"$match": _query(decider, {field: value})}, {"$limit": limit}, {"$project": pair}]


def _stored(value: str | bool) -> str | bool:
    return value if isinstance(value, bool) else str(value)


def _past(event: Recorded) -> Happened:
    private = json.loads(event.private) if event.private else {}
    data = json.loads(event.data) | private
    return Happened(type=event.type, time=event.time, actor=event.person or event.actor, data=data)
