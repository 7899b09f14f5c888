"""The databases of the four services: their own aggregates, and their mirrors of the others.

The services need not be stopped; they must have caught up.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

from gelar.services import SERVICES, service_named
from shared.kernel.answers import Found
from shared.operations.verify import Verdict, verify
from shared.service.engine import Engine
from shared.service.wiring import build
from shared.settings import Settings

Kept = dict[str, dict[str, Found[Any]]]


@dataclass(frozen=True, kw_only=True)
class Books:
    """The states by kind and id.

    `owners` names the service of each kind; `applied` has, for each follower and kind, the number
    of its mirrors and the sum of their last numbers; `verdicts` are those of `gelar verify`.
    """

    kept: Kept
    owners: dict[str, str]
    applied: dict[tuple[str, str], tuple[int, int]]
    verdicts: dict[str, Verdict]

    def states(self, kind: str) -> dict[str, Any]:
        """The states of one kind by id."""
        return {id: found.state for id, found in self.kept[kind].items()}

    def versions(self, kind: str) -> int:
        """The sum of the versions of one kind: how many events its aggregates have."""
        return sum(found.version for found in self.kept[kind].values())


async def read_books(settings: Settings) -> Books:
    """Read everything, and verify every database."""
    async with _engines(settings) as engines:
        kept: Kept = {}
        owners: dict[str, str] = {}
        applied: dict[tuple[str, str], tuple[int, int]] = {}
        for name, engine in engines.items():
            for decider in service_named(name).deciders:
                kept[decider.kind] = {found.id: found for found in await _all(engine, decider)}
                owners[decider.kind] = name
            for mirror in service_named(name).mirrors:
                found = await _all(engine, mirror)
                applied[name, mirror.kind] = (len(found), sum(copy.version for copy in found))
        verdicts = await asyncio.gather(*(verify(engine) for engine in engines.values()))
        return Books(
            kept=kept,
            owners=owners,
            applied=applied,
            verdicts=dict(zip(engines, verdicts, strict=True)),
        )


@asynccontextmanager
async def _engines(settings: Settings) -> AsyncIterator[dict[str, Engine]]:
    async with AsyncExitStack() as stack:
        engines: dict[str, Engine] = {}
        for name in SERVICES:
            engines[name] = build(service_named(name), settings)
            stack.push_async_callback(engines[name].stop)
        yield engines


async def _all(engine: Engine, source: Any) -> Sequence[Found[Any]]:
    return [found async for found in engine.lookup.all(source, {})]
