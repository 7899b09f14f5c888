"""A call for many applications: each of them is decided by itself, with the call's Idempotency-Key.

The answer says for each application what happened, and a call that is sent again does what is left.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass

from shared.kernel.answers import Answer
from shared.kernel.errors import Problem, Refused

AT_ONCE = 16
"""So many applications of a call are decided at once; other calls get their turn."""


@dataclass(frozen=True, kw_only=True)
class Result:
    """The effect of a call on an application, or the code of a refusal.

    `id`, `version` and `events` are those of the answer that the command alone would have had, and
    `status` is its HTTP status.
    """

    application: str
    status: int
    id: str | None = None
    version: int | None = None
    events: tuple[str, ...] = ()
    code: str | None = None
    detail: str | None = None


@dataclass(frozen=True, kw_only=True)
class Results:
    """The results in the order of the call, and the number of those that were refused."""

    refused: int
    items: list[Result]


def require_distinct(applications: Iterable[str], code: str) -> None:
    """Refuse a call that names an application twice."""
    repeated = [each for each, count in Counter(applications).items() if count > 1]
    if repeated:
        raise Refused(code, f"Name each application once: {repeated[0]} is named twice.")


async def decide_each(
    applications: Sequence[str], decide: Callable[[int], Awaitable[Answer]], *, status: int = 200
) -> Results:
    """Call `decide` with the position of each application, some at once; `status` if it is done."""
    turns = asyncio.Semaphore(AT_ONCE)

    async def decided(position: int, application: str) -> Result:
        async with turns:
            try:
                answer = await decide(position)
            except Problem as problem:
                return Result(
                    application=application,
                    status=problem.status,
                    code=problem.code,
                    detail=problem.sentence,
                )
        return Result(
            application=application,
            status=status,
            id=answer.id,
            version=answer.version,
            events=answer.events,
        )

    results = await asyncio.gather(*(decided(*each) for each in enumerate(applications)))
    return Results(refused=sum(each.code is not None for each in results), items=list(results))
