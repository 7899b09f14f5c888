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
    # A command leaves a line, as in a process of a service: that belongs to its cost.
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(sys.stdout),
    )
    module, _, function = order["work"].partition(":")
    work = getattr(importlib.import_module(module), function)
    uvloop.run(work(**order["job"]))
