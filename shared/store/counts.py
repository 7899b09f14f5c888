"""Count documents of several collections in one question, as they are at one moment.

Called for a service's progress and figures: a dozen counts, asked one after another, would take
most of the time of a reading.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from shared.store.database import Session

K = TypeVar("K")


class Countable(NamedTuple):
    """Documents to be counted: their collection, and the stages that find them."""

    collection: Any
    stages: Sequence[Mapping[str, Any]]


def matching(collection: Any, query: Mapping[str, Any]) -> Countable:
    """Return the documents of a collection that match a query."""
    return Countable(collection, [{"$match": query}])


async def count(what: Countable, session: Session | None = None) -> int:
    """Return the number of these documents; in a transaction too."""
    return (await counts({"": what}, session))[""]


async def counts(asked: Mapping[K, Countable], session: Session | None = None) -> dict[K, int]:
    """Return the number of documents of each, by its name.

    All collections are of one database. Do not ask for several in a transaction, where MongoDB
    refuses `$unionWith`; a snapshot is allowed.
    """
    names = list(asked)
    first, *others = (_counting(number, asked[name]) for number, name in enumerate(names))
    unions = [
        {"$unionWith": {"coll": asked[name].collection.name, "pipeline": stages}}
        for name, stages in zip(names[1:], others, strict=True)
    ]
    found = asked[names[0]].collection.aggregate([*first, *unions], session=session)
    numbers = {row["of"]: int(row["number"]) async for row in found}
    return {name: numbers.get(number, 0) for number, name in enumerate(names)}


def _counting(number: int, what: Countable) -> list[Mapping[str, Any]]:
    return [*what.stages, {"$count": "number"}, {"$set": {"of": number}}]
