"""Keep the data of the test servers in memory, where the machine has a file system in memory.

A killed process loses nothing there, as on a disk, and no write waits for a disk.
"""

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.local import FolderInUse

MEMORY = Path("/dev/shm")
FREE_BYTES_MIN = 4_000_000_000
"""A whole run takes about a tenth of it for each process."""


@contextmanager
def server_folder(path: Path) -> Iterator[Path]:
    """Yield a folder for servers in memory, or else `path`; their logs are in `path` afterwards.

    The folder in memory has a name of its own for each `path`, and ends with the block. Where the
    servers of another run are in it (`FolderInUse`), it is left as it is.
    """
    if not MEMORY.is_dir() or shutil.disk_usage(MEMORY).free < FREE_BYTES_MIN:
        yield path
        return
    folder = MEMORY / f"gelar-{hashlib.sha256(str(path).encode()).hexdigest()[:16]}"
    ours = True
    try:
        yield folder
    except FolderInUse:
        ours = False
        raise
    finally:
        if ours:
            shutil.rmtree(path, ignore_errors=True)
            shutil.copytree(folder / "logs", path / "logs")
            shutil.rmtree(folder)
