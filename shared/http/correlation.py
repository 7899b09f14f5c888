"""Wrap every request: give it a correlation id and a trace, measure it, answer unexpected errors.

The id is ours: it is in every log line and event of the request, and in the answer. A well-formed
`X-Correlation-Id` of the caller is only logged beside it, once for every request that brings it,
because it may be anything and events are public. It may even be a citizen's number, so long runs of
digits are masked. The middleware is pure ASGI, so that the context's
variables reach the route, and it is our outermost, so that every answer has an id, and headers that
keep it out of caches.

Where traces are on, the request's span continues the trace of its caller's `traceparent`; its id is
in the log lines, and the events of its commands carry it on. Probes and metrics have no span.
"""

import re
import time
from uuid import uuid4

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.http.problems import CORRELATION_KEY, TRACEPARENT_KEY, problem_response, route_of
from shared.kernel.errors import Problem
from shared.metrics import HTTP_ACTIVE, HTTP_REQUESTS
from shared.tracing import PRESENT_TRACE, Span, is_tracing, request_span

HEADER = "X-Correlation-Id"
CALLERS = "caller_correlation_id"
WELL_FORMED = re.compile(r"[A-Za-z0-9-]{1,64}")
TRACEPARENT = b"traceparent"
LONG_NUMBER = re.compile(r"[0-9]{9,}")
MASK = "***"
METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))
OTHER = "_OTHER"
"""A caller may send any word as a method; a label must have few values."""
OF_THE_PLATFORM = frozenset(("/livez", "/readyz", "/startupz", "/metrics"))

log = structlog.get_logger(__name__)


class Correlation:
    """A middleware for correlation ids and metrics; it answers an unexpected error with 500."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request with its correlation id."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope[CORRELATION_KEY] = str(uuid4())
        answer = _Answer(scope, send)
        method = scope["method"] if scope["method"] in METHODS else OTHER
        started_at = time.perf_counter()
        ids = _ids(scope)
        span = _span(scope, method)
        if span is not None:
            scope[TRACEPARENT_KEY] = span.traceparent
            present = PRESENT_TRACE.set(span.trace_id)
        try:
            with (
                HTTP_ACTIVE.labels(method).track_inprogress(),
                structlog.contextvars.bound_contextvars(**ids),
            ):
                if CALLERS in ids:
                    log.info("caller correlation id")
                await self._serve(scope, receive, answer)
        finally:
            if span is not None:
                PRESENT_TRACE.reset(present)
                span.answered(method, route_of(scope), answer.status)
        labels = (method, route_of(scope), str(answer.status))
        HTTP_REQUESTS.labels(*labels).observe(time.perf_counter() - started_at)

    async def _serve(self, scope: Scope, receive: Receive, answer: "_Answer") -> None:
        try:
            await self._app(scope, receive, answer.send)
        except Exception:
            log.exception("request failed", route=route_of(scope), method=scope["method"])
            if answer.status:
                # A part of the answer is sent: only a broken connection shows the failure.
                raise
            error = Problem(
                "internal-error",
                "The service failed: send the correlation_id to an operator.",
            )
            await problem_response(scope, error)(scope, receive, answer.send)


class _Answer:
    """Send the answer with the correlation id, and store its status (0: not begun)."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._scope = scope
        self._send = send
        self.status = 0

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            headers[HEADER] = self._scope[CORRELATION_KEY]
            headers.setdefault("Cache-Control", "no-store")
            headers["X-Content-Type-Options"] = "nosniff"
        await self._send(message)


def _span(scope: Scope, method: str) -> Span | None:
    if not is_tracing() or scope["path"] in OF_THE_PLATFORM:
        return None
    given = [value for name, value in scope["headers"] if name == TRACEPARENT]
    caller = given[0].decode("ascii", errors="replace") if len(given) == 1 else None
    return request_span(method, caller, scope[CORRELATION_KEY])


def _ids(scope: Scope) -> dict[str, str]:
    theirs = Headers(scope=scope).get(HEADER, "")
    ids = {"correlation_id": scope[CORRELATION_KEY]}
    if WELL_FORMED.fullmatch(theirs):
        ids[CALLERS] = LONG_NUMBER.sub(MASK, theirs)
    return ids
