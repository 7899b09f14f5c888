"""A measured process: it is forked, hears its order in one line, and works on uvloop like services.

The order is `{environment, log}` with `{work, job}`, a `MODULE:FUNCTION` of this package that says
what it finds by `child_channel`, or with `{service}`: a real process of that sample service.
"""

import importlib
import logging
import os
import socket
import sys

import structlog
import uvloop

from benchmarks.harness import child_channel as voice
from benchmarks.harness.process import serve as serve_sample


def serve(connection: socket.socket) -> None:
    """Do what the first line says."""
    order = voice.listen(connection)
    with open(order["log"], "ab") as log:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
    os.environ.update(order["environment"])
    if "service" in order:
        serve_sample(order["service"])
        return
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    module, _, function = order["work"].partition(":")
    work = getattr(importlib.import_module(module), function)
    uvloop.run(work(**order["job"]))
