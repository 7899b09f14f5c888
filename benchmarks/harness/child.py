"""A measured process: it is forked, reads its order from one line and, like services, uses uvloop.

The order is `{environment, log}` with `{work, job}` or with `{service}`. `work` is a
`MODULE:FUNCTION` of this package that sends its results by `child_channel`; `service` names a
sample service, which then runs as a real process.
"""

import importlib
import logging
import os
import socket
import sys

import structlog
import uvloop

from benchmarks.harness import child_channel
from benchmarks.harness.sample_process import serve as serve_sample


def serve(connection: socket.socket) -> None:
    """Carry out the order in the connection's first line."""
    order = child_channel.receive_order(connection)
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
