"""A service: its declared parts, and the methods that its routes call while it runs.

    service = Service("budget", deciders=(envelope, allocation), mirrors=(...), reactions=(...))

The parts are pure; the methods are the only way from a route to the database. `opened` runs the
service; `shared.run` calls it for the life of a process. `handle` calls `shared.service.commands`
next.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self, TypeVar, overload

from shared.kernel.answers import Answer, Found, Happened, Listing, Part
from shared.kernel.decider import Context, Decider, Rule
from shared.kernel.errors import STARTING, NotFollowed, NotFound
from shared.kernel.explanations import NO_EXPLANATIONS, Explanations
from shared.kernel.view import Cell, Mirror, Tally, View
from shared.service.claiming import ServiceParts
from shared.service.readings import Invariants, Readings
from shared.service.snapshot import Snapshot, in_snapshot
from shared.service.uploads import Uploads
from shared.service.waiting import Waiting
from shared.service.wiring import build
from shared.settings import Settings
from shared.store.job_rows import JobRows
from shared.store.key_names import KeyNames

C = TypeVar("C")
F = TypeVar("F")
S = TypeVar("S")


@dataclass
class Service(ServiceParts):
    """One of the four services.

    `key_names` are those that its database depends on, `invariants` are counted for `/metrics`,
    `explanations` are the sentences of its refusals.
    """

    key_names: Callable[[Settings], Mapping[str, Sequence[str]]] = lambda settings: {}
    invariants: Invariants | None = None
    explanations: Explanations = NO_EXPLANATIONS
    _readings: Readings | None = field(default=None, init=False, repr=False)
    _waiting: Waiting = field(default_factory=Waiting, init=False, repr=False)

    @property
    def uploads(self) -> Uploads:
        """The files that callers upload; only of a service that has files."""
        return self.engine.uploads

    @asynccontextmanager
    async def opened(self, settings: Settings) -> AsyncIterator[Self]:
        """Run on these servers, in this event loop, until the block ends."""
        engine = build(self, settings)
        try:
            await engine.start()
            keys = KeyNames(engine.database, self.key_names(settings))
            await keys.start()
            self._engine, self._keys = engine, keys
            self._readings = Readings(engine=engine, invariants=self.invariants)
            yield self
        finally:
            if self._readings is not None:
                self._readings.close()
            await engine.stop()
            self._engine = self._keys = self._readings = None

    @overload
    async def handle(
        self, decider: Decider[C, S, Any], id: str, command: C, context: Context
    ) -> Answer: ...

    @overload
    async def handle(
        self,
        decider: Decider[Any, S, Any],
        id: str,
        command: C,
        context: Context,
        *,
        rule: Rule[C, F, S],
        facts: Callable[[], Awaitable[F]],
    ) -> Answer: ...

    async def handle(
        self,
        decider: Decider[Any, Any, Any],
        id: str,
        command: Any,
        context: Context,
        *,
        rule: Rule[Any, Any, Any] | None = None,
        facts: Callable[[], Awaitable[Any]] | None = None,
    ) -> Answer:
        """Decide `command` on an aggregate and save its events; the answer names the new version.

        A command that needs facts brings its `rule` and the loader of its `facts`, which is awaited
        again in each try. Every other command is decided by the decider. Raises `Refused`,
        `Stale`, `KeyReused`, `Busy`, and the loader's errors (`Unknown`).
        """
        return await self.engine.commands[decider.kind].handle(id, command, context, facts, rule)

    async def check_key(
        self, decider: Decider[Any, Any, Any], id: str, command: Any, context: Context
    ) -> None:
        """Raise `KeyReused` if the caller's key has made another aggregate by this command.

        For commands whose body names the id to create, of kinds with few aggregates.
        """
        await self.engine.commands[decider.kind].refuse_used_key(id, command, context)

    async def get(
        self, source: Decider[Any, S, Any] | Mirror[S, Any], id: str, *, yet: bool = False
    ) -> Found[S]:
        """Return the aggregate or mirror with this id; raise `NotFound`.

        `yet`: events of other services make it, so it may come a moment later.
        """
        found = await self.engine.lookup.by_id(source, id)
        if found is None or found.state is None:
            raise NotFound(source.kind, id, yet=yet or isinstance(source, Mirror))
        return found

    async def load(
        self, source: Decider[Any, S, Any] | Mirror[S, Any] | View[S, Any], id: str
    ) -> S | None:
        """Return the state of an aggregate, mirror or view, or None if it does not exist (yet)."""
        found = await self.engine.lookup.by_id(source, id)
        return found.state if found else None

    async def find(
        self,
        source: Decider[Any, S, Any] | Mirror[S, Any] | View[S, Any],
        *,
        after: str = "",
        limit: int = 100,
        **equal: str | bool | None,
    ) -> list[Found[S]]:
        """Return those whose indexed fields have these values, in order of id.

        A field given as None is not compared. Only ids after `after` count; at most `limit` come.
        """
        return await self.engine.lookup.many(source, equal, after=after, limit=limit)

    async def find_part(
        self, decider: Decider[Any, S, Any], listing: Listing, **equal: str | bool | None
    ) -> Part[S]:
        """Return a part of the list of those whose indexed fields have these values.

        Raises `Contradiction` if there is no such order among them.
        """
        return await self.engine.lookup.part(decider, equal, listing)

    async def find_sharing(
        self, decider: Decider[Any, S, Any], field: str, values: Sequence[str], *, at_most: int
    ) -> list[Found[S]]:
        """Return those whose indexed field has one of these values, in order of id.

        A value that more than `at_most` have is passed over.
        """
        return await self.engine.lookup.sharing(decider, field, values, at_most=at_most)

    async def find_all(
        self,
        source: Decider[Any, S, Any] | Mirror[S, Any] | View[S, Any],
        **equal: str | bool | None,
    ) -> AsyncIterator[Found[S]]:
        """Yield all that `find` would return, page after page.

        A document that changes while the pages are read may be missing or in its older state: the
        caller says why that does not matter.
        """
        async for found in self.engine.lookup.all(source, equal):
            yield found

    async def count(
        self,
        source: Decider[Any, Any, Any] | Mirror[Any, Any] | View[Any, Any],
        **equal: str | bool | None,
    ) -> int:
        """Count those whose indexed fields have these values."""
        return await self.engine.lookup.count(source, equal)

    async def history(
        self, decider: Decider[Any, Any, Any], id: str, *, after: str = "", limit: int = 100
    ) -> list[Found[Happened]]:
        """Return the published events of an aggregate, also what they keep private, in order."""
        return await self.engine.lookup.history(decider, id, after=after, limit=limit)

    async def tally(self, tally: Tally[Any], **equal: str) -> Mapping[Cell, Mapping[str, int]]:
        """Return the figures of the cells whose dimensions have these values."""
        return await self.engine.projection.tally(tally, equal)

    async def at_one_moment(self, read: Callable[[Snapshot], Awaitable[S]]) -> S:
        """Call `read` on a snapshot of all copies, perhaps several times, and return its result."""
        return await in_snapshot(self.engine, read)

    async def wait_until_applied(
        self, kind: str, id: str, version: int, timeout_seconds: float = 2.0
    ) -> None:
        """Wait until the mirror of this kind has applied this version of a subject.

        Raises `Busy` (`not-heard-yet`), `SubjectParked` (an operator must decide), and
        `NotFollowed` for a kind that this service does not follow.
        """
        mirror = next((mirror for mirror in self.mirrors if mirror.kind == kind), None)
        if mirror is None:
            raise NotFollowed(kind, sorted({mirror.kind for mirror in self.mirrors}))
        projection = self.engine.projection
        await self._waiting.until_applied(projection, mirror, id, version, timeout_seconds)

    def job_rows(self, decider: Decider[Any, Any, Any]) -> JobRows:
        """Return the rows of the jobs of this decider: to store, to count and to read them."""
        return self.engine.progress.job_rows[decider.kind]

    def now(self) -> datetime:
        """Return the instant of the programme clock."""
        return self.engine.clock.now()

    def become_unready(self) -> None:
        """Begin to stop: no more batches are taken, requests are served, the probe says no."""
        if self._engine is not None:
            self._engine.become_unready()

    async def progress(self) -> dict[str, Any]:
        """Return the progress of this service; see `shared.service.progress`."""
        return await self.engine.progress.read()

    async def renew_gauges(self) -> None:
        """Set the gauges of `/metrics`; while the service is not open they stay as they are."""
        if self._readings is not None:
            await self._readings.renew()

    async def not_ready_reason(self) -> str | None:
        """Return why requests cannot be served now, or None when they can."""
        return await self._engine.not_ready_reason() if self._engine else STARTING

    def stuck_reason(self) -> str | None:
        """Return why this process cannot go on by itself, or None when it can."""
        return self._engine.stuck_reason() if self._engine else None
