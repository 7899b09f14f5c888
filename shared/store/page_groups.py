"""The pages of several values of one field that one query has found together.

Called by `shared.store.lookup`.
"""

import asyncio
from collections.abc import Awaitable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from shared.kernel.answers import Found

Value = str | bool
Outcome = Found[Any] | Exception
Pages = Mapping[Value, list[Found[Any]] | Exception]


def pages_of(
    values: Sequence[Value], field: str, documents: Iterable[tuple[dict[str, Any], Outcome]]
) -> Pages:
    """Return the page of each value, in order of id, or the error of one of its documents."""
    pages: dict[Value, list[Found[Any]]] = {value: [] for value in values}
    errors: dict[Value, Exception] = {}
    for document, outcome in sorted(documents, key=lambda pair: str(pair[0]["_id"])):
        for value in pages.keys() & set(_values_at(document["state"], field.split("."))):
            if isinstance(outcome, Exception):
                errors[value] = outcome
            else:
                pages[value].append(outcome)
    return pages | errors


async def answered(values: Sequence[Value], *pages: Awaitable[list[Found[Any]]]) -> Pages:
    """Return the page of each value, or its own error."""
    outcomes: dict[Value, list[Found[Any]] | Exception] = {}
    found = await asyncio.gather(*pages, return_exceptions=True)
    for value, page in zip(values, found, strict=True):
        if not isinstance(page, list | Exception):
            raise page
        outcomes[value] = page
    return outcomes


def _values_at(value: Any, path: Sequence[str]) -> Iterator[Value]:
    """Yield what the database compares with a field: each item, where there is a list."""
    if isinstance(value, list):
        for item in value:
            yield from _values_at(item, path)
    elif isinstance(value, dict) and path and path[0] in value:
        yield from _values_at(value[path[0]], path[1:])
    elif isinstance(value, str | bool) and not path:
        yield value
