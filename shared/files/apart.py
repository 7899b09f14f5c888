"""Examine a file in a process of its own: whatever a hostile file does ends with that process.

It has `SECONDS` of processor time and `MEMORY_BYTES`. Run as a module, it is that process: the file
comes on its standard input, and its answer, a line of JSON, goes to its standard output.
"""

import asyncio
import json
import resource
import sys
from dataclasses import dataclass, field

from shared.files.content import MediaType, examine
from shared.files.refusals import BadFile, damaged
from shared.kernel.errors import Busy

MODULE = __name__
SECONDS = 10
MEMORY_BYTES = 1 << 30
AT_ONCE_MAX = 2
"""So many files are examined at the same time by a process of the API."""
WAITING_MAX = 8
"""So many files wait for that in memory."""


@dataclass
class Examiner:
    """Examines files, a few at once; a few more wait, and further callers are asked to come back.

    It is made on the running event loop.
    """

    _present: int = 0
    _turn: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE_MAX))

    async def examine(self, content: bytes) -> MediaType:
        """Return the type of a file. Raises `BadFile`, `Busy`."""
        if self._present >= AT_ONCE_MAX + WAITING_MAX:
            raise Busy("files-busy", "Other files are being examined: try again in a moment.")
        self._present += 1
        try:
            async with self._turn:
                answer = await _ask(content)
        finally:
            self._present -= 1
        if answer is None:
            raise damaged()
        if "media_type" in answer:
            return MediaType(answer["media_type"])
        refusal = BadFile(answer["code"], answer["sentence"])
        refusal.status = int(answer["status"])
        raise refusal


async def _ask(content: bytes) -> dict[str, str] | None:
    """Return the answer of a process, or None if the file was too much for it."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-P", "-m", MODULE),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(3 * SECONDS):
            answer, _ = await process.communicate(content)
    except TimeoutError:
        return None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    found: dict[str, str] | None = json.loads(answer) if process.returncode == 0 else None
    return found


def main() -> None:
    """Examine the file on standard input."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    try:
        answer = {"media_type": examine(sys.stdin.buffer.read()).value}
    except BadFile as bad:
        answer = {"code": bad.code, "sentence": bad.sentence, "status": str(bad.status)}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
