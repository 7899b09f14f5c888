"""Reads of the same kind that come together are read together, by one query.

Many requests read the same few documents (the exhibition of a call, its rule set) or one document
each of the same kind (an enterprise). The first is read at once. Those that come while it is under
way are read by the next query, all at once, each key one time. A query begins after each of its
callers has asked, so no answer is older than its question. Where a query takes long, another one
begins beside it: a connection that hangs keeps only its own callers waiting.

Called by `shared.store.lookup` and `shared.store.aggregates`.
"""

import asyncio
import contextvars
from collections.abc import Awaitable, Callable, Hashable, Iterable, Mapping
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
KEYS_MAX = 100
AT_ONCE_MAX = 4
PATIENCE_SECONDS = 0.05
"""A query that takes longer is not waited for by those who come after its start."""
Read = Callable[[list[K]], Awaitable[Mapping[K, V | Exception]]]
"""Read these keys; a key that fails alone has its error as its value."""


class BatchedReads(Generic[K, V]):
    """Reads by key, in one event loop."""

    def __init__(self, read: Read[K, V]) -> None:
        self._read = read
        self._waiting: dict[K, asyncio.Future[V]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._timer: asyncio.TimerHandle | None = None

    async def of(self, key: K) -> V:
        """Return the value of this key. Raises its error, or that of the whole query."""
        found = self._waiting.get(key)
        if found is None:
            found = self._waiting[key] = asyncio.get_running_loop().create_future()
            if self._tasks:
                self._be_patient()
            else:
                self._begin()
        # A caller that gives up leaves the others their answer.
        return await asyncio.shield(found)

    def _begin(self) -> None:
        # Deadlines and ids of the first caller are not those of the others.
        task = contextvars.Context().run(asyncio.create_task, self._run())
        self._tasks.add(task)

    def _be_patient(self) -> None:
        if self._timer is None and len(self._tasks) < AT_ONCE_MAX:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(PATIENCE_SECONDS, self._begin_beside)

    def _begin_beside(self) -> None:
        self._timer = None
        if self._waiting and self._tasks:
            self._begin()
            self._be_patient()

    async def _run(self) -> None:
        batch: dict[K, asyncio.Future[V]] = {}
        try:
            while self._waiting:
                keys = list(self._waiting)[:KEYS_MAX]
                batch = {key: self._waiting.pop(key) for key in keys}
                await self._answer(batch)
        finally:
            self._end(batch)

    def _end(self, batch: Mapping[K, asyncio.Future[V]]) -> None:
        """Whatever has happened, let no caller wait for ever."""
        task = asyncio.current_task()
        assert task is not None, "it is called by a task"
        self._tasks.discard(task)
        _cancel(batch.values())
        if self._tasks:
            return
        _cancel(self._waiting.values())
        self._waiting.clear()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    async def _answer(self, batch: Mapping[K, asyncio.Future[V]]) -> None:
        try:
            found = await self._read(list(batch))
            outcomes = {key: found[key] for key in batch}
        except Exception as error:  # noqa: BLE001 - every caller of the batch gets the error
            outcomes = dict.fromkeys(batch, error)
        for key, answer in batch.items():
            outcome = outcomes[key]
            if isinstance(outcome, Exception):
                answer.set_exception(outcome)
                # The last caller may have given up.
                answer.exception()
            else:
                answer.set_result(outcome)


def _cancel(answers: Iterable["asyncio.Future[V]"]) -> None:
    for answer in answers:
        answer.cancel()
