"""Logs and metrics: one JSON line per fact on stdout, one registry of figures at `/metrics`.

A message is static, facts are attributes; `service` stands on every line, `correlation_id` and
`subject` where they are bound (`structlog.contextvars`). The libraries' own loggers go through the
same renderer. Tracebacks never carry local variables, nor the text of a validation error, because
that quotes its input: ids and codes only, no personal data.
"""

import logging
import sys
import traceback
from collections.abc import Iterator

import structlog
from prometheus_client import Counter, Histogram
from pydantic import ValidationError
from structlog.typing import EventDict, Processor, WrappedLogger

from shared.settings import Settings

HTTP_SECONDS = Histogram(
    "kukm_http_request_seconds",
    "Requests and how long their answers took, by route template, method and status.",
    ("route", "method", "status"),
    buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
COMMANDS = Counter(
    "kukm_commands_total",
    "Commands by kind of aggregate and outcome: done, the code of a no, or failed.",
    ("kind", "outcome"),
)
EVENTS_PUBLISHED = Counter(
    "kukm_events_published_total", "Events acknowledged by the broker and archived.", ("kind",)
)
EVENTS_RECEIVED = Counter(
    "kukm_events_heard_total",
    "Messages taken, by outcome: applied, skipped, duplicates, parked, unfollowed.",
    ("outcome",),
)
BATCH_SECONDS = Histogram(
    "kukm_batch_seconds",
    "How long a batch took, its reactions included.",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)

QUIET = ("httpx", "httpcore", "pymongo", "asyncio")
"""Loggers that write a line for every request or heartbeat: only WARNING and above is kept."""


def configure_logging(settings: Settings, service: str) -> None:
    """Send every log line of this process to stdout as JSON; call it once, before all else."""
    level = logging.getLevelName(settings.log_level)
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
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
