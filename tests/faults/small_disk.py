"""A disk that is full when a test says so: a small file system in memory, mounted on a folder."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

BLOCK = bytes(65_536)


class Disk:
    """The file system on one folder."""

    def __init__(self, path: Path) -> None:
        self._filler = path / "filler"

    def fill(self) -> None:
        """Leave no byte free."""
        with self._filler.open("wb", buffering=0) as filler:
            try:
                while filler.write(BLOCK):
                    pass
            except OSError:
                return

    def free(self) -> None:
        """Give back what was filled."""
        self._filler.unlink()


@contextmanager
def small_disk(path: Path, mebibytes: int) -> Iterator[Disk]:
    """A disk of this size; skips the test where this process may mount none."""
    path.mkdir(parents=True, exist_ok=True)
    options = ("-t", "tmpfs", "-o", f"size={mebibytes}m", "tmpfs", str(path))
    mounted = subprocess.run(("mount", *options), capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("mounting a small disk needs root")
    try:
        yield Disk(path)
    finally:
        subprocess.run(("umount", str(path)), check=True)
