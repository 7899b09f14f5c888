"""Run one sample service as in production: `python -m benchmarks.harness.process NAME`."""

import sys

from benchmarks.harness.sample import SERVICES, router
from shared.run import run


def serve(name: str) -> None:
    """Run it until it is told to stop."""
    run(SERVICES[name], (router,) if name == "desk" else ())


if __name__ == "__main__":
    serve(sys.argv[1])
