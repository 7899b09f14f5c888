"""`make down`: stop the `make up` of this checkout, and return when all of it has ended."""

import sys
from pathlib import Path

import psutil

from deploy.local.folder import Folder
from deploy.local.up import FOLDER

STOP_SECONDS_MAX = 60.0


def main() -> int:
    """Stop it and say so; nothing to stop is no error."""
    stopped = stop_runner(FOLDER)
    if stopped is None:
        print("Nothing runs here.")
        return 0
    print("Stopped." if stopped else f"It has not ended within {STOP_SECONDS_MAX:.0f} seconds.")
    return 0 if stopped else 1


def stop_runner(path: Path) -> bool | None:
    """Ask the process that runs a system here to end: True if it did, None if none runs."""
    runner = Folder(path).runner()
    process = runner.process() if runner else None
    if process is None:
        return None
    process.terminate()
    _, alive = psutil.wait_procs([process], timeout=STOP_SECONDS_MAX)
    return not alive


if __name__ == "__main__":
    sys.exit(main())
