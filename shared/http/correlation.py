"""Wrap every request: give it a correlation id, measure it, and answer unexpected errors.

`X-Correlation-Id` is taken from the caller where it is well formed, or made; it stands on every log
line and event of the request and comes back in the answer. Pure ASGI, so that the context's
variables reach the route, and outermost of ours, so that nothing answers without it.
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
WELL_FORMED = re.compile(r"[A-Za-z0-9-]{1,64}")

log = structlog.get_logger(__name__)


class Correlation:
    """A middleware for correlation ids and metrics; it answers 500 `internal-error` to a bug."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request inside its correlation."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope[CORRELATION_KEY] = _correlation_id(scope)
        answer = _Answer(scope, send)
        started_at = time.perf_counter()
        with structlog.contextvars.bound_contextvars(correlation_id=scope[CORRELATION_KEY]):
            await self._serve(scope, receive, answer)
        labels = (route_of(scope), scope["method"], str(answer.status))
        HTTP_SECONDS.labels(*labels).observe(time.perf_counter() - started_at)

    async def _serve(self, scope: Scope, receive: Receive, answer: "_Answer") -> None:
        try:
            await self._app(scope, receive, answer.send)
        except Exception:
            log.exception("request failed", route=route_of(scope), method=scope["method"])
            if answer.status:
                # Half an answer is out: only a broken connection shows the caller the failure.
                raise
            error = Problem(
                "internal-error", "Something is wrong here; quote the correlation_id when you ask."
            )
            await problem_response(scope, error)(scope, receive, answer.send)


class _Answer:
    """Send the answer with the correlation id, and remember its status (0: not begun)."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._scope = scope
        self._send = send
        self.status = 0

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            MutableHeaders(scope=message)[HEADER] = self._scope[CORRELATION_KEY]
        await self._send(message)


def _correlation_id(scope: Scope) -> str:
    given = Headers(scope=scope).get(HEADER, "")
    return given if WELL_FORMED.fullmatch(given) else str(uuid4())
