"""Which process is meant: its id and when it was created, so that no stranger is ever ended.

Process ids are used again; id and time of creation together are not. Records of both outlive the
process that wrote them and are how a start finds what an earlier one left behind.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

import psutil

# The kernel counts from boot, and the wall clock may be set in between; ids do not wrap this fast.
CREATED_TOLERANCE_SECONDS = 2.0


@dataclass(frozen=True)
class Identity:
    """A process, by id and time of creation (seconds since the epoch)."""

    pid: int
    created: float

    @classmethod
    def of(cls, pid: int | None = None) -> Self:
        """The identity of a living process, of this one by default."""
        process = psutil.Process(pid)
        return cls(pid=process.pid, created=process.create_time())

    @classmethod
    def read(cls, path: Path) -> Self | None:
        """The identity that a file records; none where there is no (whole) record."""
        try:
            return cls(**json.loads(path.read_text()))
        except (FileNotFoundError, ValueError, TypeError):
            return None

    def json(self) -> str:
        """The record that `read` reads."""
        return json.dumps(asdict(self))

    def process(self) -> psutil.Process | None:
        """The process, if it still runs."""
        try:
            process = psutil.Process(self.pid)
            same = abs(process.create_time() - self.created) < CREATED_TOLERANCE_SECONDS
            running = process.status() != psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return None
        return process if same and running else None
