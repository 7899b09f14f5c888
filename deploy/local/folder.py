"""The folder in which one local system lives: data, logs, ports, keys, and the lock on all of it.

    lock            held while the system runs; holds the identity of its process
    run/NAME.json   the identity of each child process while it runs
    logs/NAME.log   what each child process printed
    ports.json      the ports chosen at the first start
    environment     where the running system is, for tools
    kafka/ mongo/ keys/ identifier.key

The holder of the lock may end the processes in `run/`: no other process can have started them.
"""

import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from deploy.local import LocalError
from deploy.local.identity import Identity

CONTENT = ("kafka", "mongo", "keys", "logs", "ports.json", "identifier.key", "environment")


class Folder:
    """One local system's folder; only the paths are known until it is `held`."""

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()

    def log(self, name: str) -> Path:
        """Return the log file of a child process."""
        return self._within("logs") / f"{name}.log"

    def record(self, name: str) -> Path:
        """Return the file with a child process's identity while it runs."""
        return self._within("run") / f"{name}.json"

    def records(self) -> list[Path]:
        """The records of all child processes, those that were left behind included."""
        return sorted((self.path / "run").glob("*.json"))

    def runner(self) -> Identity | None:
        """Return the identity of the process that runs the system in this folder, or None."""
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
        """Hold the folder's lock; raises `LocalError` where another process holds it."""
        self.path.mkdir(parents=True, exist_ok=True)
        # Not truncated before it is ours: the holder's identity is in it.
        with self._lock().open("a+") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise LocalError(self._taken()) from None
            lock.truncate(0)
            lock.write(Identity.of().json())
            lock.flush()
            yield

    def wipe(self) -> None:
        """Remove what earlier runs left, by name, so that a wrong folder loses nothing else."""
        for name in CONTENT:
            path = self.path / name
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)

    def secret(self, name: str) -> str:
        """A random secret, made at its first use and kept in a file for the owner's eyes only."""
        path = self.path / name
        if not path.exists():
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_hex(32))
        return path.read_text()

    def remember(self, name: str, environment: Mapping[str, str]) -> None:
        """Write variables down, for the owner's eyes only: tools find the system by them."""
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

    def _taken(self) -> str:
        holder = Identity.read(self._lock())
        who = f"process {holder.pid}" if holder else "another process"
        return (
            f"{self.path} is in use: {who} runs a local system there. Stop that one first "
            "(Ctrl-C where it runs, or `make down` for `make up`), or use another folder."
        )
