"""Logs are JSON lines with ids and codes; a traceback quotes no input and no local variable."""

import json
import logging
from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO
from typing import Any

import pytest
import structlog

from shared.contracts.words import Target
from shared.observability import configure_logging
from tests.shared.test_clock import settings

NIK = "3201234567890001"


@pytest.fixture
def out() -> Iterator[StringIO]:
    """Capture stdout under a service's logging; restore the logging afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    stream = StringIO()
    with redirect_stdout(stream):
        configure_logging(settings(), "budget")
    yield stream
    root.handlers = handlers
    root.setLevel(level)
    logging.captureWarnings(False)
    logging.getLogger("uvicorn.access").disabled = False
    structlog.reset_defaults()


def lines(out: StringIO) -> list[dict[str, Any]]:
    """Return the logged lines."""
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_a_line_has_its_service_and_what_is_bound(out: StringIO) -> None:
    with structlog.contextvars.bound_contextvars(correlation_id="c1", subject="ifex"):
        structlog.get_logger().info("command handled", code="ok", version=3)
    (line,) = lines(out)
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "command handled",
        "level": "info",
        "service": "budget",
        "correlation_id": "c1",
        "subject": "ifex",
        "code": "ok",
        "version": 3,
    }


def test_libraries_speak_through_the_same_renderer(out: StringIO) -> None:
    logging.getLogger("uvicorn.error").warning("slow %s", "start")
    logging.getLogger("uvicorn.access").info("GET /enterprises/secret")
    logging.getLogger("httpx").info("GET https://login.example")
    structlog.get_logger().debug("too fine")
    (line,) = lines(out)
    assert line["event"] == "slow start"
    assert line["logger"] == "uvicorn.error"
    assert line["service"] == "budget"


@pytest.mark.parametrize("library", [False, True])
def test_a_traceback_quotes_no_input(out: StringIO, library: bool) -> None:
    log = logging.getLogger("asyncio.x") if library else structlog.get_logger()
    secret_local = NIK
    try:
        try:
            Target.model_validate({"scope": secret_local})
        except ValueError as error:
            raise RuntimeError("cannot read the event") from error
    except RuntimeError:
        log.exception("failed")
    (line,) = lines(out)
    assert NIK not in json.dumps(line)
    assert line["exception"].splitlines()[-1] == "builtins.RuntimeError: cannot read the event"
    assert "Target, 3 errors at ['indicator', 'scope', 'value']" in line["exception"]
    assert line["level"] == "error"


def test_an_error_that_is_raised_from_itself_is_logged(out: StringIO) -> None:
    try:
        error = RuntimeError("not authorized")
        raise error from error
    except RuntimeError:
        structlog.get_logger().exception("failed")
    (line,) = lines(out)
    assert line["exception"].splitlines()[-1] == "builtins.RuntimeError: not authorized"
