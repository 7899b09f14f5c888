"""Start, order, stop, continue and kill the children from a test."""

import asyncio
import json
import os
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from deploy.local.forks import Forks, forks
from shared.settings import Settings
from tests.faults.points import Point

START_SECONDS_MAX = 300.0


class Died(Exception):
    """The process has ended; `args[0]` was its id."""


class Process:
    """A service in a process of its own.

    Orders do not use the transport that reads: an order to a dead process would close that
    transport, and the last lines of the process would be lost with it.
    """

    def __init__(
        self, pid: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.pid = pid
        self.at = asyncio.Event()
        self.ended: bool | None = None
        self.passed: list[str] = []
        self._writer = writer
        self._answers: dict[str, asyncio.Future[Any]] = {}
        self._ready = asyncio.Event()
        self._gone = asyncio.Event()
        self._passed = asyncio.Event()
        self._partitions = 0
        self._assigned = asyncio.Event()
        self._orders: asyncio.Queue[bytes] = asyncio.Queue()
        self._reading = asyncio.create_task(self._read(reader))
        self._ordering = asyncio.create_task(self._order(os.dup(_descriptor(writer))))

    @property
    def gone(self) -> bool:
        """Return True if it has ended."""
        return self._gone.is_set()

    async def ready(self) -> None:
        """Wait until it runs, or has died at its point."""
        async with asyncio.timeout(START_SECONDS_MAX):
            await self._first_of(self._ready, self._gone)
        assert self._ready.is_set() or self.at.is_set(), "the process has ended before it was ready"

    async def command(self, order: dict[str, Any]) -> Any:
        """Send a command and return its answer. Raises `Died` if the process dies before."""
        if self.gone:
            raise Died(self.pid)
        answer = self._answers.get(order["key"])
        if answer is None:
            answer = self._answers[order["key"]] = asyncio.get_running_loop().create_future()
            self.order(order)
        return await asyncio.shield(answer)

    async def arm(self) -> None:
        """Make its point count from now on: return once it has the order, or is at its point."""
        self.order({"arm": True})
        # Orders are taken in turn: with this answer the order before it is done.
        await self.passes()

    async def passes(self) -> list[str]:
        """Return the awaits that it has passed so far, as far as known if it is at its point."""
        self._passed.clear()
        self.order({"passed": True})
        await self._first_of(self._passed, self.at, self._gone)
        return self.passed

    async def partitions(self) -> int:
        """Return the number of the partitions that it reads, 0 if it has ended."""
        self._partitions = 0
        self._assigned.clear()
        self.order({"assigned": True})
        await self._first_of(self._assigned, self.at, self._gone)
        return self._partitions

    def order(self, order: dict[str, Any]) -> None:
        """Send an order."""
        self._orders.put_nowait(json.dumps(order).encode() + b"\n")

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal, unless it has ended."""
        if not self.gone:
            os.kill(self.pid, number)

    async def end(self) -> None:
        """Wait until it has ended."""
        await self._gone.wait()

    async def stop(self) -> None:
        """Stop it in order, and wait for its end."""
        self.signal(signal.SIGCONT)
        self.signal(signal.SIGTERM)
        await self.end()

    async def kill(self) -> None:
        """Kill it, and wait for its end."""
        self.signal(signal.SIGKILL)
        await self.end()

    async def _read(self, reader: asyncio.StreamReader) -> None:
        # A killed process resets the connection if an order was on its way to it.
        try:
            while line := await reader.readline():
                self._take(json.loads(line))
        except ConnectionError:
            pass
        self._gone.set()
        self._ordering.cancel()
        self._writer.close()
        for answer in self._answers.values():
            if not answer.done():
                answer.set_exception(Died(self.pid))
                answer.exception()

    async def _first_of(self, *events: asyncio.Event) -> None:
        waiting = [asyncio.create_task(event.wait()) for event in events]
        try:
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in waiting:
                task.cancel()

    async def _order(self, descriptor: int) -> None:
        with socket.socket(fileno=descriptor) as way, suppress(ConnectionError):
            way.setblocking(False)
            while True:
                order = await self._orders.get()
                await asyncio.get_running_loop().sock_sendall(way, order)

    def _take(self, report: dict[str, Any]) -> None:
        match report:
            case {"ready": _}:
                self._ready.set()
            case {"at": _}:
                self.at.set()
            case {"ended": ended}:
                self.ended = ended
            case {"passed": passed}:
                self.passed = passed
                self._passed.set()
            case {"assigned": number}:
                self._partitions = number
                self._assigned.set()
            case {"key": key}:
                answer = self._answers.pop(key)
                if not answer.done():
                    answer.set_result(report)
            case _:
                raise AssertionError(report)


def _descriptor(writer: asyncio.StreamWriter) -> int:
    connection: socket.socket = writer.get_extra_info("socket")
    return connection.fileno()


class Nursery:
    """Start processes, and kill them at the end."""

    def __init__(self, forks: Forks, log_path: Path) -> None:
        self._forks = forks
        self._log_path = log_path
        self._started: list[Process] = []

    async def start(
        self,
        service: str,
        settings: Settings,
        *,
        point: Point | None = None,
        number: signal.Signals = signal.SIGKILL,
    ) -> Process:
        """Start a process that signals itself at a point; it is not ready yet."""
        process = Process(*await self._forks.fork())
        self._started.append(process)
        order = {"service": service, "settings": worker_settings(settings), "signal": number}
        at = {"point": "", "when": "", "armed": False}
        if point is not None:
            at = {"point": point.site, "when": point.when, "armed": point.at_start}
        process.order({**order, **at})
        return process

    def warnings(self, lines_max: int = 20) -> str:
        """Return the last lines of the children's log that are no information."""
        lines = self._log_path.read_text(errors="replace").splitlines()
        return "\n".join([line for line in lines if "[info" not in line][-lines_max:])

    async def kill_all(self) -> None:
        """Kill all processes that still run."""
        for process in self._started:
            await process.kill()


@asynccontextmanager
async def nursery(folder: Path) -> AsyncIterator[Nursery]:
    """Make a nursery; the logs of its children go to `folder`."""
    async with forks(folder, "tests.faults.marked:serve") as started:
        children = Nursery(started, folder / "children.log")
        try:
            yield children
        finally:
            await children.kill_all()


def worker_settings(settings: Settings) -> dict[str, Any]:
    """Return the settings of a worker for a child; a worker needs no tokens."""
    return {
        "environment": settings.environment,
        "namespace": settings.namespace,
        "kafka_bootstrap_servers": settings.kafka_bootstrap_servers,
        "mongo_uri": settings.mongo_uri.get_secret_value(),
        "parts": "worker",
        "partitions": settings.partitions,
        "replication_factor": settings.replication_factor,
        "sweep_seconds": settings.sweep_seconds,
        "outbox_events_max": settings.outbox_events_max,
        "batch_events_max": settings.batch_events_max,
    }
