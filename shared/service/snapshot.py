"""Reading documents and figures of a service's copies as they all were at one moment.

Called by `Service.at_one_moment`. Every read is part of one transaction on one generation of the
copies. So the answers fit together, and the checkpoints say which events they contain.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from shared.kernel.answers import Found
from shared.kernel.decider import Decider
from shared.kernel.view import Cell, Mirror, Tally, View
from shared.service.engine import Engine
from shared.store.checkpoints import RETIRED, Checkpoints
from shared.store.database import Session, bounded
from shared.store.lookup import Lookup

S = TypeVar("S")


async def in_snapshot(engine: Engine, read: Callable[["Snapshot"], Awaitable[S]]) -> S:
    """Return what `read` finds in a transaction that writes nothing; it is repeated if need be."""
    with bounded():
        return await engine.database.transaction(lambda session: read(Snapshot(engine, session)))


class Snapshot:
    """Aggregates, mirrors, views and tallies of a service in the snapshot of a session."""

    def __init__(self, engine: Engine, session: Session) -> None:
        # The process may move to another generation while this one is read.
        generation = replace(engine.projection.generation)
        self._projection = engine.projection.of_generation(generation)
        aggregates = {kind: commands.aggregates for kind, commands in engine.commands.items()}
        self._lookup = Lookup(aggregates, self._projection, session)
        self._checkpoints = Checkpoints(engine.database, generation)
        self._session = session

    async def load(self, source: Mirror[S, Any] | View[S, Any], id: str) -> S | None:
        """Return the state of a mirror or view, or None if it does not exist (yet)."""
        found = await self._lookup.by_id(source, id)
        return found.state if found else None

    async def find_all(
        self, source: Decider[Any, S, Any] | Mirror[S, Any] | View[S, Any], **equal: str | None
    ) -> list[Found[S]]:
        """Return all whose indexed fields have these values, in order of id; None is no value."""
        return [found async for found in self._lookup.all(source, equal)]

    async def find(
        self,
        source: Mirror[S, Any] | View[S, Any],
        *,
        after: str,
        limit: int,
        **equal: str | None,
    ) -> list[Found[S]]:
        """Return at most `limit` of them, those with ids after `after`."""
        return await self._lookup.many(source, equal, after=after, limit=limit)

    async def tally(self, tally: Tally[Any], **equal: str) -> Mapping[Cell, Mapping[str, int]]:
        """Return the figures of the cells whose dimensions have these values."""
        return await self._projection.tally(tally, equal, self._session)

    async def checkpoints(self) -> dict[str, int]:
        """Return for each partition, `SERVICE/N`, the offset before which all events count.

        Those of a copy that another version has replaced are not known any more.
        """
        offsets = await self._checkpoints.offsets(self._session)
        return {
            f"{service}/{number}": offset
            for (service, number), offset in sorted(offsets.items())
            if offset != RETIRED
        }
