"""Wrap every request: give it a correlation id, measure it, and answer unexpected errors.

The id is ours: it is in every log line and event of the request, and in the answer. A well-formed
`X-Correlation-Id` of the caller is only logged beside it, once for every request that brings it,
because it may be anything and events are public. It may even be a citizen's number, so long runs of
digits are masked. The middleware is pure ASGI, so that the context's
variables reach the route, and it is our outermost, so that every answer has an id, and headers that
keep it out of caches.
"""

import re
import time
from uuid import uuid4

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.http.problems import CORRELATION_KEY, problem_response, route_of
from shared.kernel.errors import Problem
from shared.observability import HTTP_SECONDS

HEADER = "X-Correlation-Id"
CALLERS = "caller_correlation_id"
WELL_FORMED = re.compile(r"[A-Za-z0-9-]{1,64}")
LONG_NUMBER = re.compile(r"[0-9]{9,}")
MASK = "***"

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
        started_at = time.perf_counter()
        ids = _ids(scope)
        with structlog.contextvars.bound_contextvars(**ids):
            if CALLERS in ids:
                log.info("caller correlation id")
            await self._serve(scope, receive, answer)
        labels = (route_of(scope), scope["method"], str(answer.status))
        HTTP_SECONDS.labels(*labels).observe(time.perf_counter() - started_at)

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


def _ids(scope: Scope) -> dict[str, str]:
    theirs = Headers(scope=scope).get(HEADER, "")
    ids = {"correlation_id": scope[CORRELATION_KEY]}
    if WELL_FORMED.fullmatch(theirs):
        ids[CALLERS] = LONG_NUMBER.sub(MASK, theirs)
    return ids
