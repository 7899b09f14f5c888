"""Answer queries: an entity with its ETag, or a page of a list with a link to the next page.

The cursor of a page is its last id, base64url-coded; where a list has another order than by id, it
has that order and the value of the last item too. It is opaque to callers. By id it stays valid
because ids never change their order; an item whose value changes between two pages may be on both
or on neither, and every other item is on one. A cursor that a caller sends is checked.
"""

import binascii
import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from hashlib import blake2b
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Query, Request, Response
from pydantic import AfterValidator, BeforeValidator

from shared.contracts.wrong_value import WrongValue
from shared.kernel.adapters import adapter_of
from shared.kernel.answers import Found

CURSOR_LENGTH_MAX = 200
CURSOR_PARAMETER = "cursor"
IDENTIFIER = re.compile(r"[\x21-\x7e]{1,150}")
ENVELOPE = frozenset({"id", "version"})


def _id_of(cursor: str) -> str:
    if not cursor:
        return ""
    identifier = decoded(cursor)
    if identifier is None or not IDENTIFIER.fullmatch(identifier):
        raise WrongValue(
            "take the cursor from the `next` link of a page",
            id="Ambil `cursor` dari tautan `next` sebuah halaman.",
        )
    return identifier


def _digits(given: object) -> object:
    if isinstance(given, str) and not re.fullmatch(r"[0-9]{1,9}", given):
        raise WrongValue(
            "write a whole number in digits, without a sign or blanks",
            id="Tulis bilangan bulat dengan angka, tanpa tanda atau spasi.",
        )
    return given


Limit = Annotated[
    int, BeforeValidator(_digits), Query(ge=1, le=500, description="The most items of a page.")
]
"""A parameter for the length of a page: `limit: Limit = 100`."""

After = Annotated[
    str,
    AfterValidator(_id_of),
    Query(
        alias=CURSOR_PARAMETER,
        max_length=CURSOR_LENGTH_MAX,
        description="The cursor from the `next` link of the previous page.",
    ),
]
"""A parameter for the last id of the previous page, decoded for `find`: `after: After = ""`."""


def entity(response: Response, found: Found[Any], **extra: object) -> dict[str, Any]:
    """Return an entity as JSON: `id`, `version`, its state's fields, then `extra`; sets the ETag.

    `extra` may replace fields of the state that the caller must not see, but not `id` or `version`.
    The ETag, `"VERSION-DIGEST"`, is strong: another reader, who sees other fields, gets another.
    """
    document = _document(found, extra)
    text = json.dumps(document, sort_keys=True, default=str).encode()
    response.headers["ETag"] = f'"{found.version}-{blake2b(text, digest_size=6).hexdigest()}"'
    return document


def is_unchanged(request: Request, response: Response) -> bool:
    """Return True if the caller has this answer already: `If-None-Match` names its ETag.

    Tags are compared weakly (RFC 9110, 13.1.2), and only on reading.
    """
    known, tag = request.headers.get("if-none-match"), response.headers.get("etag")
    if request.method != "GET" or known is None or tag is None or response.status_code != 200:
        return False
    return known.strip() == "*" or tag in (
        each.strip().removeprefix("W/") for each in known.split(",")
    )


def page(request: Request, found: Sequence[Found[Any]], limit: int) -> dict[str, Any]:
    """Return a page: `items`, and `next`, the address of the following page or null.

    A full page has a next page, which may be empty; a page that is not full is the last. The
    address is relative to this page's own (RFC 3986, 5.4: it begins with `?`), so it is valid
    behind any proxy and any prefix of paths.
    """
    following = next_address(request, coded(found[-1].id)) if len(found) >= limit else None
    return {"items": items_of(found), "next": following}


def items_of(found: Sequence[Found[Any]]) -> list[dict[str, Any]]:
    """Return the items of a page as JSON."""
    return [_document(entity, {}) for entity in found]


def coded(place: str) -> str:
    """Return the cursor of a place in a list."""
    return urlsafe_b64encode(place.encode("ascii")).decode("ascii").rstrip("=")


def decoded(cursor: str) -> str | None:
    """Return the place of a cursor, or None if `coded` has not made it."""
    try:
        place = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
    except (binascii.Error, ValueError):
        return None
    return place if coded(place) == cursor else None


def next_address(request: Request, cursor: str) -> str:
    """Return the address of the page that begins at this cursor, relative to this page's own."""
    others = [
        (name, value)
        for name, value in request.query_params.multi_items()
        if name != CURSOR_PARAMETER
    ]
    return f"?{urlencode([*others, (CURSOR_PARAMETER, cursor)])}"


def _document(found: Found[Any], extra: dict[str, object]) -> dict[str, Any]:
    state = adapter_of(type(found.state)).dump_python(found.state, mode="json")
    document = {**state, **extra}
    if ENVELOPE & document.keys():
        raise TypeError(f"{type(found.state).__name__} may not show fields `id` or `version`")
    return {"id": found.id, "version": found.version, **document}
