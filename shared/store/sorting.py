"""Sorted lists: the queries by which a part of a list is read, each answered by one index.

A list is in order of a field and then of id, so that documents with the same value have an order
too, and a cursor is exact. It is read as ranges, one after the other: the documents with the value
of the cursor that follow it, then those with a later value; documents without a value are a range
of their own, because the database compares only values of one type. Called by `lookup`.
"""

from collections.abc import Mapping
from typing import Any

from shared.kernel.answers import BY_ID, Listing, Place
from shared.kernel.decider import Decider
from shared.kernel.errors import Contradiction


def check_order(
    decider: Decider[Any, Any, Any], equal: Mapping[str, object], listing: Listing
) -> None:
    """Raise `Contradiction` if no index has this order among the documents that are asked for."""
    if listing.field == BY_ID:
        return
    given = {name for name, value in equal.items() if value is not None}
    before = [names[:-1] for names in decider.orders if names[-1] == listing.field]
    if not before:
        raise TypeError(f"{decider.kind} has no order by {listing.field}: declare it")
    if any(given.issuperset(names) and bool(names) == bool(given) for names in before):
        return
    # A route offers as filters what it asks for, given or not.
    offered = [name for names in before for name in names if equal.keys() >= set(names)]
    named = ", ".join(f"`{name.rpartition('.')[2]}`" for name in offered)
    raise Contradiction(
        "sort-needs-filter",
        "The list is too long to be sorted so with these filters: leave `sort` out, or add one of "
        f"{named}."
        if named
        else "Leave `sort` or the filters out: this list has no such order.",
    )


def sort_key(listing: Listing) -> list[tuple[str, int]]:
    """Return the order of a list, as the driver takes it."""
    direction = -1 if listing.descending else 1
    by_id = [("_id", direction)]
    return by_id if listing.field == BY_ID else [(_path(listing), direction), *by_id]


def ranges(listing: Listing) -> list[dict[str, Any]]:
    """Return the queries of what follows the cursor, in the order of the list."""
    after, later = listing.after, "$lt" if listing.descending else "$gt"
    if after is None:
        return [{}]
    rest = {"_id": {later: after.id}}
    if listing.field == BY_ID:
        return [rest]
    field = _path(listing)
    found: list[dict[str, Any]] = [{field: after.value, **rest}]
    if after.value is not None:
        found.append({field: {later: after.value}})
    # Documents without a value are the first, and the last of a list the other way round.
    if listing.descending and after.value is not None:
        found.append({field: None})
    elif not listing.descending and after.value is None:
        found.append({field: {"$ne": None}})
    return found


def place_of(document: Mapping[str, Any], listing: Listing) -> Place:
    """Return the place of a document in a list."""
    value: Any = None
    if listing.field != BY_ID:
        value = document["state"]
        for name in listing.field.split("."):
            value = (value or {}).get(name)
    return Place(value=value, id=document["_id"])


def _path(listing: Listing) -> str:
    return f"state.{listing.field}"
