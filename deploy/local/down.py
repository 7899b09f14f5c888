"""`make down`: stop the `make up` of this checkout, and return when its processes have ended."""

import sys
from pathlib import Path

import psutil

from deploy.local.folder import Folder
from deploy.local.up import FOLDER

STOP_SECONDS_MAX = 60.0


def main() -> int:
    """Stop it and print the result; it is no error if nothing runs."""
    stopped = stop_runner(FOLDER)
    if stopped is None:
        print("`make up` does not run in this checkout.")
        return 0
    if not stopped:
        print(
            f"`make up` has not ended within {STOP_SECONDS_MAX:.0f} seconds: run `make down` again."
        )
        return 1
    print("Stopped.")
    return 0


def stop_runner(path: Path) -> bool | None:
    """Ask the process that runs a system in this folder to end.

    Return True if it has ended in time, False if not, None if no process runs a system there.
    """
    runner = Folder(path).runner()
    process = runner.process() if runner else None
    if process is None:
        return None
    process.terminate()
    _, alive = psutil.wait_procs([process], timeout=STOP_SECONDS_MAX)
    return not alive


if __name__ == "__main__":
    sys.exit(main())
