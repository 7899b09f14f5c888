"""A disk that a test can fill: a small file system in memory, mounted on a folder."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

BLOCK = bytes(65_536)


class Disk:
    """The file system on a folder."""

    def __init__(self, path: Path) -> None:
        self._filler = path / "filler"

    def fill(self) -> None:
        """Fill the disk to the last byte."""
        with self._filler.open("wb", buffering=0) as filler:
            try:
                while filler.write(BLOCK):
                    pass
            except OSError:
                return

    def free(self) -> None:
        """Free the space that `fill` took."""
        self._filler.unlink()


@contextmanager
def small_disk(path: Path, mebibytes: int) -> Iterator[Disk]:
    """Mount a disk of this size; skip the test if this process may not mount a disk."""
    path.mkdir(parents=True, exist_ok=True)
    options = ("-t", "tmpfs", "-o", f"size={mebibytes}m", "tmpfs", str(path))
    mounted = subprocess.run(("mount", *options), capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("mounting a small disk needs root")
    try:
        yield Disk(path)
    finally:
        subprocess.run(("umount", str(path)), check=True)
