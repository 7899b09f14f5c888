"""Fork children that have all modules imported already, so that a start takes no time for imports.

    python -m deploy.local.forks SOCKET MODULE:FUNCTION

For each connection to the UNIX socket this program forks a child, which calls the function with the
connection and ends with this process. This process has no threads, so that a fork copies all of it.
Tests and benchmarks use it, because they start many processes.
"""

import asyncio
import ctypes
import importlib
import json
import os
import signal
import socket
import sys
import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from deploy.local.children import ROOT, die_with_parent

PR_SET_PDEATHSIG = 1
IMPORTED_SECONDS_MAX = 180.0
POLL_SECONDS = 0.02


class Forks:
    """A client of the forking process."""

    def __init__(self, path: Path, line_bytes_max: int) -> None:
        self._path = path
        self._line_bytes_max = line_bytes_max

    async def fork(self) -> tuple[int, asyncio.StreamReader, asyncio.StreamWriter]:
        """Fork a child; return its id, and this end of the connection that it serves."""
        reader, writer = await asyncio.open_unix_connection(self._path, limit=self._line_bytes_max)
        return json.loads(await reader.readline())["pid"], reader, writer


@asynccontextmanager
async def forks(
    folder: Path, function: str, *, line_bytes_max: int = 1_000_000
) -> AsyncIterator[Forks]:
    """Run a process that forks children, until the block ends; the children end with it.

    A child calls `function`, a `MODULE:FUNCTION`. Its output goes to `children.log` in the folder.
    """
    log_path = folder / "children.log"
    # The path of a UNIX socket must be short.
    with TemporaryDirectory() as short, log_path.open("ab") as log:
        path = Path(short) / "forks.sock"
        program = await asyncio.create_subprocess_exec(
            *die_with_parent(sys.executable, "-m", "deploy.local.forks", str(path), function),
            cwd=ROOT,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            async with asyncio.timeout(IMPORTED_SECONDS_MAX):
                while not path.exists():
                    if program.returncode is not None:
                        raise RuntimeError(log_path.read_text())
                    await asyncio.sleep(POLL_SECONDS)
            yield Forks(path, line_bytes_max)
        finally:
            if program.returncode is None:
                program.kill()
            await program.wait()


def main() -> None:
    """Fork a child for each connection, until this process is killed."""
    path, (module, _, function) = sys.argv[1], sys.argv[2].partition(":")
    serve = getattr(importlib.import_module(module), function)
    # No process waits for the children: their connections show how they ended.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    listening = socket.socket(socket.AF_UNIX)
    # The socket gets its name only once it listens, so that no client connects too early.
    listening.bind(f"{path}.new")
    listening.listen()
    os.rename(f"{path}.new", path)
    while True:
        connection, _ = listening.accept()
        if os.fork() == 0:
            listening.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
            status = 1
            try:
                connection.sendall(b'{"pid": %d}\n' % os.getpid())
                serve(connection)
                status = 0
            except BaseException:  # noqa: BLE001 - after any error: a fork never goes on as its parent
                traceback.print_exc()
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)
        connection.close()


if __name__ == "__main__":
    main()
