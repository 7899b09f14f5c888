"""The memory that a process gives to files: bounded over all its requests together.

A request takes as many bytes as its file may have before any of them is read, and leaves them once
the file is stored or refused. A caller for whom there is no room is asked to come back, before it
has sent its file. Called by `shared.http.uploads`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from shared.files.refusals import busy

BYTES_IN_MEMORY_MAX = 64 * 2**20
"""Six files of the largest size (ours): an API has 384 MiB, and half of them are its own."""


@dataclass
class FileMemory:
    """The bytes that the files of requests under way may have in this process."""

    _taken: int = 0

    @contextmanager
    def taken(self, length: int) -> Iterator[None]:
        """Hold memory for a file of at most this length until the block ends. Raises `Busy`."""
        if self._taken + length > BYTES_IN_MEMORY_MAX:
            raise busy()
        self._taken += length
        try:
            yield
        finally:
            self._taken -= length
