"""A process of its own that takes too long is ended, with its pipes."""

from pathlib import Path

from shared.files.apart import Apart

SLEEPING = "__import__('time').sleep(60)"


def open_files() -> int:
    """Return how many files and pipes this process has open."""
    return len(list(Path("/proc/self/fd").iterdir()))


async def test_a_process_that_takes_too_long_leaves_nothing_open() -> None:
    apart = Apart(seconds=1)
    await apart.ask("timeit", b"", "0")
    before = open_files()
    # More than a pipe holds: the process reads none of it.
    assert await apart.ask("timeit", b"x" * 1_000_000, SLEEPING) is None
    assert open_files() == before
