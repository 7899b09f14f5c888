"""The background tasks of a running service, by name. Called by `shared.service.engine`."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import structlog

log = structlog.get_logger()


class Tasks:
    """Tasks that are to run until they are cancelled; one that ends by itself has failed."""

    def __init__(self) -> None:
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._may_end: set[str] = set()

    def begin(self, name: str, work: Coroutine[Any, Any, None], *, may_end: bool = False) -> None:
        """Begin a task; with `may_end` its end is no failure."""
        if may_end:
            self.let_end(name)

        def ended(task: asyncio.Task[None]) -> None:
            if task.cancelled():
                return
            if task.exception() is not None:
                failure = task.exception()
                log.critical("background task stopped", task=name, exc_info=failure)
            elif name in self._may_end:
                del self._tasks[name]

        task = asyncio.create_task(work, name=name)
        task.add_done_callback(ended)
        self._tasks[name] = task

    def let_end(self, name: str) -> None:
        """Let this task end from now on without a failure; an error of it is still one."""
        self._may_end.add(name)

    def __bool__(self) -> bool:
        return bool(self._tasks)

    def get(self, name: str) -> "asyncio.Task[None] | None":
        """Return the task of this name, or None."""
        return self._tasks.get(name)

    @property
    def stopped(self) -> str | None:
        """Return the name of a task that has ended by itself, or None."""
        return next((name for name, task in self._tasks.items() if task.done()), None)

    async def cancel(self, name: str) -> None:
        """Cancel a task, and wait for its end."""
        task = self._tasks.get(name)
        if task is not None:
            task.cancel()
            await asyncio.wait([task])

    def cancel_all(self) -> None:
        """Cancel every task, and wait for none."""
        for task in self._tasks.values():
            task.cancel()

    async def failed(self) -> None:
        """Return when a task has ended by itself, or none is left."""
        while self._tasks:
            done, _ = await asyncio.wait(self._tasks.values(), return_when=asyncio.FIRST_COMPLETED)
            if done & set(self._tasks.values()):
                return
