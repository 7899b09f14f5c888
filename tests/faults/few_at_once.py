"""Play scenes that mostly wait, a few at once: all at once they would only slow each other down."""

import asyncio
from collections.abc import Coroutine, Iterable
from typing import Any, TypeVar

T = TypeVar("T")
AT_ONCE = 4


async def few_at_once(plays: Iterable[Coroutine[Any, Any, T]]) -> "list[T | BaseException]":
    """Return what each of these plays returns or raises, in order."""
    limit = asyncio.Semaphore(AT_ONCE)

    async def in_turn(play: Coroutine[Any, Any, T]) -> T:
        async with limit:
            return await play

    return await asyncio.gather(*map(in_turn, plays), return_exceptions=True)
