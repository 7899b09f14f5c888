"""Logs: one JSON line per fact on stdout.

A message is static, facts are attributes; `service` stands on every line, `correlation_id` and
`subject` where they are bound (`structlog.contextvars`), `trace_id` where there is a trace. The
libraries' own loggers go through the same renderer. Tracebacks never carry local variables, nor the
text of a validation error, because that quotes its input: ids and codes only, no personal data.
"""

import logging
import sys
import traceback
from collections.abc import Iterator

import structlog
from pydantic import ValidationError
from structlog.typing import EventDict, Processor, WrappedLogger

from shared.settings import Settings
from shared.tracing import PRESENT_TRACE

QUIET = ("httpx", "httpcore", "pymongo", "asyncio")
"""Loggers that write a line for every request or heartbeat: only WARNING and above is kept."""


def configure_logging(settings: Settings, service: str) -> None:
    """Send every log line of this process to stdout as JSON; call it once, before all else."""
    level = logging.getLevelName(settings.log_level)
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        add_trace,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _named(service),
        _exception,
    ]
    render = structlog.processors.JSONRenderer(ensure_ascii=False)
    structlog.configure(
        processors=[*shared, render],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(sys.stdout),
        cache_logger_on_first_use=True,
    )
    _take_over_stdlib(level, shared, render)


def _take_over_stdlib(level: int, shared: list[Processor], render: Processor) -> None:
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, render],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    logging.captureWarnings(True)
    for name in ("uvicorn", "uvicorn.error"):
        logging.getLogger(name).handlers = []
        logging.getLogger(name).propagate = True
    # An access line quotes the URL with its query; metrics and our own lines say what it says.
    logging.getLogger("uvicorn.access").disabled = True
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def add_trace(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Add the id of the trace of the request that is being served.

    Bound as the correlation id is, it would cost every request as much as its span.
    """
    if trace_id := PRESENT_TRACE.get():
        event.setdefault("trace_id", trace_id)
    return event


def _named(service: str) -> Processor:
    # Not a contextvar: threads of the libraries start without our context.
    def name(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
        event["service"] = service
        return event

    return name


def _exception(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    information = event.pop("exc_info", None)
    if information is True:
        information = sys.exc_info()
    if isinstance(information, tuple):
        information = information[1]
    if isinstance(information, BaseException):
        event["exception"] = "".join(_traceback_of(information))
    return event


def _traceback_of(error: BaseException, *after: BaseException) -> Iterator[str]:
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    # An error may be raised from itself.
    if before is not None and before not in (error, *after):
        yield from _traceback_of(before, error, *after)
    yield from traceback.format_tb(error.__traceback__)
    name = f"{type(error).__module__}.{type(error).__qualname__}"
    if isinstance(error, ValidationError):
        places = sorted({".".join(map(str, fault["loc"])) for fault in error.errors()})
        yield f"{name}: {error.title}, {error.error_count()} errors at {places}\n"
    else:
        yield f"{name}: {error}\n"
