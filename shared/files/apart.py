"""Read what strangers send in a process of its own: whatever a hostile file does ends with it.

Such a process has some seconds of processor time and `MEMORY_BYTES`. Its first argument is their
number, the file comes on its standard input, and its answer, JSON, goes to its standard output. A
few run at once, a few more files wait in memory, and further callers are asked to come back. Run as
a module, this is the process that examines an uploaded file; `shared.tables.apart` is the one that
reads a table.
"""

import asyncio
import json
import os
import resource
import subprocess
import sys
from dataclasses import dataclass, field

from shared.files.content import MediaType, examine
from shared.files.refusals import BadFile, busy, damaged

MODULE = __name__
SECONDS = 10
NICE = 10
"""Where processors are scarce, requests have theirs before files and solvers."""
MEMORY_BYTES = 1 << 30
AT_ONCE_MAX = 2
"""So many processes run at the same time beside a process of the API."""
WAITING_MAX = 8
"""So many files wait for that in memory."""


@dataclass
class Apart:
    """The gate before these processes, each of which has so many seconds of processor time.

    It is made on the running event loop.
    """

    seconds: int = SECONDS
    _present: int = 0
    _turn: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE_MAX))

    async def ask(self, module: str, content: bytes, *arguments: str) -> bytes | None:
        """Return the answer of this module to a file, or None if the file was too much for it.

        Raises `Busy`.
        """
        if self._present >= AT_ONCE_MAX + WAITING_MAX:
            raise busy()
        self._present += 1
        try:
            async with self._turn:
                return await _ask(module, content, *arguments, seconds=self.seconds)
        finally:
            self._present -= 1


@dataclass
class Examiner:
    """Examines uploaded files."""

    apart: Apart = field(default_factory=Apart)

    async def examine(self, content: bytes) -> MediaType:
        """Return the type of a file. Raises `BadFile`, `Busy`."""
        found = await self.apart.ask(MODULE, content)
        if found is None:
            raise damaged()
        answer: dict[str, str] = json.loads(found)
        if "media_type" in answer:
            return MediaType(answer["media_type"])
        refusal = BadFile(answer["code"], answer["sentence"])
        refusal.status = int(answer["status"])
        raise refusal


async def _ask(module: str, content: bytes, *arguments: str, seconds: int) -> bytes | None:
    command = (sys.executable, "-P", "-m", module, str(seconds), *arguments)
    # On a thread it is begun without a copy of this process's page tables, which takes 1 ms; the
    # event loop's own way takes more than 10, in which every request waits.
    process = await asyncio.to_thread(
        subprocess.Popen,
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        answer, _ = await asyncio.to_thread(process.communicate, content, 3 * seconds)
    except subprocess.TimeoutExpired:
        await asyncio.to_thread(_end, process)
        return None
    finally:
        if process.poll() is None:
            process.kill()
            await asyncio.to_thread(process.wait)
    return answer if process.returncode == 0 else None


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill a process that takes too long, and close its pipes."""
    with process:
        process.kill()


def read_within_limits() -> bytes:
    """Bound this process, let others go first, and return the file on its standard input."""
    seconds = int(sys.argv[1])
    os.nice(NICE)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    return sys.stdin.buffer.read()


def main() -> None:
    """Examine the file on standard input."""
    try:
        answer = {"media_type": examine(read_within_limits()).value}
    except BadFile as bad:
        answer = {"code": bad.code, "sentence": bad.sentence, "status": str(bad.status)}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
