"""A real process of a sample service, as in production: `python -m benchmarks.process NAME`."""

import sys

from benchmarks.sample import SERVICES, router
from shared.run import run

if __name__ == "__main__":
    run(SERVICES[sys.argv[1]], (router,) if sys.argv[1] == "desk" else ())
