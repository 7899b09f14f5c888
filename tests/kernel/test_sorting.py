"""The pages of a sorted list, one after the other, are the list: also with equal or no values."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.http.lists import part_of
from shared.kernel.answers import Found, Listing, Place
from shared.kernel.errors import Contradiction
from shared.settings import Settings
from shared.store.database import Database
from shared.store.sorting import check_order, place_of, ranges, sort_key
from tests.kernel.example import basket

VALUES = st.lists(st.sampled_from([None, "2018-01-01", "2018-01-02", "2018-02"]), max_size=9)
LISTINGS = st.builds(
    Listing,
    field=st.sampled_from(["id", "due.on"]),
    descending=st.booleans(),
    limit=st.integers(1, 4),
)


def in_order(values: list[str | None], listing: Listing) -> list[str]:
    """Return the ids of documents with these values, sorted from scratch."""
    ids = [(f"d{number}", value) for number, value in enumerate(values)]
    if listing.field == "id":
        found = sorted(ids)
    else:
        found = sorted(ids, key=lambda each: (each[1] is not None, each[1] or "", each[0]))
    return [id for id, _ in (reversed(found) if listing.descending else found)]


@given(VALUES, LISTINGS)
def test_pages_of_a_list_in_memory_are_the_whole_list(
    values: list[str | None], listing: Listing
) -> None:
    class Item:
        def __init__(self, value: str | None) -> None:
            self.on = value

    field = "id" if listing.field == "id" else "on"
    documents = [Found(id=f"d{n}", version=1, state=Item(v)) for n, v in enumerate(values)]
    pages, after = list[str](), None
    while True:
        asked = Listing(
            field=field, descending=listing.descending, limit=listing.limit, after=after
        )
        part = part_of(documents, asked)
        pages += [each.id for each in part.items]
        if (after := part.next) is None:
            break
    assert pages == in_order(values, listing)


async def test_pages_of_a_list_in_the_database_are_the_whole_list(settings: Settings) -> None:
    database = Database(settings.mongo_uri.get_secret_value(), f"{settings.namespace}-sorting")
    collection = database.collection("things")
    values = [None, "b", "a", None, "b", "b", "c", "a", None, "b"]
    await collection.insert_many(
        [
            {"_id": f"d{n}", "state": {"due": None if value is None else {"on": value}}}
            for n, value in enumerate(values)
        ]
    )
    for field in ("id", "due.on"):
        for descending in (False, True):
            for limit in (1, 2, 3, 20):
                listing = Listing(field=field, descending=descending, limit=limit)
                assert await walked(collection, listing) == in_order(values, listing)
    database.close()


async def walked(collection: Any, listing: Listing) -> list[str]:
    """Return the ids of all pages."""
    ids: list[str] = []
    place: Place | None = None
    while True:
        asked = Listing(
            field=listing.field, descending=listing.descending, limit=listing.limit, after=place
        )
        page: list[dict[str, Any]] = []
        for following in ranges(asked):
            if (left := listing.limit - len(page)) > 0:
                found = collection.find(following).sort(sort_key(asked)).limit(left)
                page += await found.to_list(left)
        ids += [document["_id"] for document in page]
        if len(page) < listing.limit:
            return ids
        place = place_of(page[-1], asked)


def test_an_order_without_an_index_among_these_is_refused() -> None:
    sorted_basket = replaced(("sealed_on",), ("buyer", "sealed_on"))
    by_day = Listing(field="sealed_on")
    for equal in ({}, {"buyer": None}, {"buyer": "ani"}, {"buyer": "ani", "shop": "s"}):
        check_order(sorted_basket, equal, by_day)
    check_order(sorted_basket, {"shop": "s"}, Listing())
    with pytest.raises(Contradiction, match="sort-needs-filter"):
        check_order(sorted_basket, {"shop": "s"}, by_day)
    with pytest.raises(TypeError, match="declare it"):
        check_order(sorted_basket, {}, Listing(field="price"))


def replaced(*orders: tuple[str, ...]) -> Any:
    """Return the decider of baskets with these orders."""
    return replace(basket, orders=orders)
