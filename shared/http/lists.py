"""Sorted lists over HTTP: the parameter `sort`, and cursors that are right under it.

    listing: Annotated[Listing, sorted_by("submitted_at", "deadline_at")]
    part = await service.find_part(application, listing, exhibition=exhibition)
    return part_page(request, shown, part)

A route names the orders that its list has beside that by id, as its readers read them, and the
field of the state that each is; `-` before a name means the other way round. Every order ends with
the id, so items with the same value never change their order between two pages.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any

from fastapi import Depends, Query, Request
from fastapi.exceptions import RequestValidationError

from shared.http.responses import (
    CURSOR_PARAMETER,
    IDENTIFIER,
    Limit,
    coded,
    decoded,
    items_of,
    next_address,
)
from shared.kernel.answers import BY_ID, Found, Listing, Part, Place
from shared.kernel.errors import Contradiction

CURSOR_LENGTH_MAX = 500
SORT_PARAMETER = "sort"
REVERSED = "-"


def sorted_by(*names: str, **fields: str) -> Any:
    """Return a dependency that gives the `Listing` that a request asks for.

    A name that is not that of a field of the state stands with its field (`ends="call.ends_at"`).
    The dependency raises `Contradiction` (`unknown-sort`), and refuses the cursor of another order.
    """
    known = {BY_ID: BY_ID} | dict(zip(names, names, strict=True)) | fields
    allowed = [name for each in known for name in (each, f"{REVERSED}{each}")]
    about = f"The order of the list: {', '.join(allowed)}."

    async def listing(
        sort: Annotated[str, Query(max_length=60, description=about)] = BY_ID,
        cursor: Annotated[
            str,
            Query(
                alias=CURSOR_PARAMETER,
                max_length=CURSOR_LENGTH_MAX,
                description="The cursor from the `next` link of the previous page.",
            ),
        ] = "",
        limit: Limit = 100,
    ) -> Listing:
        if sort not in allowed:
            raise Contradiction(
                "unknown-sort",
                "This list has no such order: leave `sort` out, or use one of "
                f"{', '.join(allowed)}.",
            )
        asked = Listing(
            field=known[sort.removeprefix(REVERSED)],
            descending=sort.startswith(REVERSED),
            limit=limit,
        )
        return replace(asked, after=_place(sort, cursor)) if cursor else asked

    return Depends(listing)


def part_of(found: Sequence[Found[Any]], listing: Listing) -> Part[Any]:
    """Return the part that is asked for of a list that is bounded, and so was read as a whole."""

    def place(item: Found[Any]) -> Place:
        value = None if listing.field == BY_ID else getattr(item.state, listing.field)
        return Place(value=None if value is None else str(value), id=item.id)

    def key(place: Place) -> tuple[bool, str, str]:
        return place.value is not None, str(place.value or ""), place.id

    ordered = sorted(found, key=lambda item: key(place(item)), reverse=listing.descending)
    if listing.after is not None:
        last = key(listing.after)
        ordered = [
            item
            for item in ordered
            if key(place(item)) != last and (key(place(item)) < last) == listing.descending
        ]
    items = ordered[: listing.limit]
    is_full = len(items) == listing.limit
    return Part(items=items, next=place(items[-1]) if is_full else None)


def part_page(request: Request, shown: Sequence[Found[Any]], part: Part[Any]) -> dict[str, Any]:
    """Return a page of a sorted list: `shown` as its items, and `next` as `page` does."""
    following = None
    if part.next is not None:
        sort = request.query_params.get(SORT_PARAMETER, BY_ID)
        following = next_address(request, _cursor(sort, part.next))
    return {"items": items_of(shown), "next": following}


def _cursor(sort: str, place: Place) -> str:
    if sort == BY_ID:
        return coded(place.id)
    return coded(json.dumps([sort, place.value, place.id], separators=(",", ":")))


def _place(sort: str, cursor: str) -> Place:
    """Return the place that a cursor names under this order."""
    text = decoded(cursor) or ""
    if sort == BY_ID and IDENTIFIER.fullmatch(text):
        return Place(value=None, id=text)
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    match found:
        case [of, (str() | int() | None) as value, str(id)] if (
            of == sort and IDENTIFIER.fullmatch(id) and not isinstance(value, bool)
        ):
            place = Place(value=value, id=id)
            if _cursor(sort, place) == cursor:
                return place
    wrong = "take it from the `next` link of a page in this order"
    raise RequestValidationError(
        [
            {
                "type": "cursor_of_another_order",
                "loc": ("query", CURSOR_PARAMETER),
                "msg": wrong,
                "input": None,
            }
        ]
    )
