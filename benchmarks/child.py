"""A measured process: `python -m benchmarks.child MODULE:FUNCTION ARGUMENTS`, as JSON.

The function runs on uvloop, as our services do, and speaks to its parent by `benchmarks.voice`.
"""

import importlib
import json
import logging
import os
import sys

import structlog
import uvloop

from benchmarks import voice

if __name__ == "__main__":
    # Whatever a library prints goes to the log; only the voice speaks to our parent.
    assert voice.VOICE.fileno() != 1
    os.dup2(2, 1)
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    module, _, function = sys.argv[1].partition(":")
    work = getattr(importlib.import_module(module), function)
    uvloop.run(work(**json.loads(sys.argv[2])))
