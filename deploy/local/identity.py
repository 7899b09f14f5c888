"""Identify a process by its id and its time of creation, so that no unrelated process is ended.

A system uses process ids again, but never with the same time of creation. Records of both outlive
the process that wrote them: a start finds the processes that an earlier start left by them.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

import psutil

# The kernel counts from boot, and the wall clock may be set later; ids do not repeat this fast.
CREATED_TOLERANCE_SECONDS = 2.0


@dataclass(frozen=True)
class Identity:
    """A process, by id and time of creation (seconds since the epoch)."""

    pid: int
    created: float

    @classmethod
    def of(cls, pid: int | None = None) -> Self:
        """Return the identity of a running process, by default of this process."""
        process = psutil.Process(pid)
        return cls(pid=process.pid, created=process.create_time())

    @classmethod
    def read(cls, path: Path) -> Self | None:
        """Return the identity in a file; None if the file is missing or incomplete."""
        try:
            return cls(**json.loads(path.read_text()))
        except (FileNotFoundError, ValueError, TypeError):
            return None

    def json(self) -> str:
        """Return the text that `read` reads."""
        return json.dumps(asdict(self))

    def process(self) -> psutil.Process | None:
        """Return the process if it still runs, else None."""
        try:
            process = psutil.Process(self.pid)
            same = abs(process.create_time() - self.created) < CREATED_TOLERANCE_SECONDS
            running = process.status() != psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return None
        return process if same and running else None
