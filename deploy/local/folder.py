"""The folder of one local system: its data, logs, ports and keys, and the lock on all of them.

    lock            locked while the system runs; contains the identity of the runner
    run/NAME.json   the identity of each child process while it runs
    logs/NAME.log   the output of each child process
    ports.json      the ports chosen at the first start
    environment     the addresses of the running system, for tools
    kafka/ mongo/ keys/ identifier.key dossier.key

The process that holds the lock may end the processes that the records in `run/` name: no other
process can have started them.
"""

import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from deploy.local import FolderInUse
from deploy.local.identity import Identity

CONTENT = (
    *("kafka", "mongo", "keys", "logs", "ports.json"),
    *("identifier.key", "dossier.key", "environment"),
)


class Folder:
    """The folder of one local system; until it is `held`, only its paths may be used."""

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()

    def log(self, name: str) -> Path:
        """Return the path of a child process's output."""
        return self._within("logs") / f"{name}.log"

    def record(self, name: str) -> Path:
        """Return the path of a child process's identity, which exists while it runs."""
        return self._within("run") / f"{name}.json"

    def records(self) -> list[Path]:
        """Return the records of all child processes, also of those that an earlier run left."""
        return sorted((self.path / "run").glob("*.json"))

    def runner(self) -> Identity | None:
        """Return the process that runs the system in this folder now; None if there is none."""
        try:
            with self._lock().open() as lock:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except FileNotFoundError:
            return None
        except BlockingIOError:
            return Identity.read(self._lock())
        return None

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the folder's lock. Raises `FolderInUse` if another process holds it."""
        self.path.mkdir(parents=True, exist_ok=True)
        # Not truncated before this process has the lock: the identity of the holder is in it.
        with self._lock().open("a+") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise FolderInUse(self._in_use()) from None
            lock.truncate(0)
            lock.write(Identity.of().json())
            lock.flush()
            yield

    def wipe(self) -> None:
        """Remove the files of earlier runs by name, so that a wrong folder loses no other file."""
        for name in CONTENT:
            path = self.path / name
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)

    def secret(self, name: str) -> str:
        """Return a random secret, made at its first use and stored in a file for its owner only."""
        path = self.path / name
        if not path.exists():
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_hex(32))
        return path.read_text()

    def remember(self, name: str, environment: Mapping[str, str]) -> None:
        """Write variables to a file for its owner only; tools find the system by them."""
        lines = "".join(f"{variable}={value}\n" for variable, value in environment.items())
        descriptor = os.open(self.path / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(lines)

    def _within(self, name: str) -> Path:
        path = self.path / name
        path.mkdir(parents=True, exist_ok=True)
        return path

    def _lock(self) -> Path:
        return self.path / "lock"

    def _in_use(self) -> str:
        holder = Identity.read(self._lock())
        user = f"process {holder.pid}" if holder else "another process"
        return (
            f"{self.path} is in use: {user} runs a local system there. Stop that one first "
            "(Ctrl-C where it runs, or `make down` for `make up`), or use another folder."
        )
