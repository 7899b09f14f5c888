"""The processes that a benchmark starts: forked children and programs started from nothing.

A `Child` is forked with all imports done and exchanges JSON lines with its parent. A `Program` is
started from nothing and only logs. Each ends with its parent, and with the block that started it.
"""

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from deploy.local.children import die_with_parent
from deploy.local.forks import Forks

ROOT = Path(__file__).parents[2]
CHILD_SECONDS_MAX = 900
LINE_BYTES_MAX = 64 * 1024 * 1024
END_SECONDS_MAX = 15


class Program:
    """A program that was started from nothing."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @property
    def pid(self) -> int:
        """The id of its process."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """True while it runs."""
        return self._process.returncode is None

    async def end(self) -> None:
        """Ask it to end; after `END_SECONDS_MAX` kill it."""
        if not self.alive:
            return
        self._process.terminate()
        try:
            async with asyncio.timeout(END_SECONDS_MAX):
                await self._process.wait()
        except TimeoutError:
            self._process.kill()
            await self._process.wait()


class ChildFailed(Exception):
    """A child ended without the line that its parent waits for; its log has the reason."""


class Child:
    """A forked process and the parent's end of the connection, which closes when the child ends."""

    def __init__(
        self, name: str, pid: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._name = name
        self._pid = pid
        self._reader = reader
        self._writer = writer

    @property
    def pid(self) -> int:
        """The id of its process."""
        return self._pid

    def send_order(self, order: Mapping[str, Any]) -> None:
        """Send it the order that `benchmarks.harness.child` carries out."""
        self._writer.write(json.dumps(order).encode() + b"\n")

    async def read_line(self) -> dict[str, Any]:
        """Return the next line that it sends. Raises `ChildFailed`."""
        async with asyncio.timeout(CHILD_SECONDS_MAX):
            line = await self._reader.readline()
        if not line:
            raise ChildFailed(f"{self._name} ended early: read its log for the reason")
        facts: dict[str, Any] = json.loads(line)
        return facts

    async def finish(self) -> dict[str, Any]:
        """Ask it to finish, and return its last line."""
        self._writer.write_eof()
        return await self.read_line()

    def pause(self) -> None:
        """Stop its execution until `resume`."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let its execution continue."""
        self._signal(signal.SIGCONT)

    async def end(self) -> None:
        """Ask it to end; after `END_SECONDS_MAX` kill it."""
        self._signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(END_SECONDS_MAX):
                await self._until_closed()
        except TimeoutError:
            self._signal(signal.SIGKILL)
            await self._until_closed()
        self._writer.close()

    def _signal(self, number: signal.Signals) -> None:
        # The child may have ended by itself; the system does not reuse its id within the seconds
        # of one measurement.
        with suppress(ProcessLookupError):
            os.kill(self._pid, number)

    async def _until_closed(self) -> None:
        with suppress(ConnectionError):
            while await self._reader.read(LINE_BYTES_MAX):
                pass


@asynccontextmanager
async def running_program(
    command: Sequence[str], environment: Mapping[str, str], *, log: Path
) -> AsyncIterator[Program]:
    """Run any program until the block ends; its output goes to `log`."""
    with log.open("ab") as output:
        process = await asyncio.create_subprocess_exec(
            *die_with_parent(*command),
            cwd=ROOT,
            env=environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    program = Program(process)
    try:
        yield program
    finally:
        await program.end()


@asynccontextmanager
async def forked_child(
    forks: Forks, order: Mapping[str, Any], *, log: Path
) -> AsyncIterator[Child]:
    """Run a forked child with this order until the block ends; its output goes to `log`."""
    child = Child(log.stem, *await forks.fork())
    child.send_order({**order, "log": str(log)})
    try:
        yield child
    finally:
        await child.end()
