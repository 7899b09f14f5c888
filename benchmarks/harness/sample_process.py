"""Run a sample service as in production: `python -m benchmarks.harness.sample_process NAME`."""

import sys

from benchmarks.harness.sample import SERVICES, router
from shared.run import run


def serve(name: str) -> None:
    """Run the service of this name until a signal ends the process."""
    run(SERVICES[name], (router,) if name == "desk" else ())


if __name__ == "__main__":
    serve(sys.argv[1])
