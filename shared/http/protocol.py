"""Bound what a connection may cost before its request is served: bytes, seconds, connections.

uvicorn itself reads headers without end and waits for them for ever, so any stranger could hold its
memory and its connections. Here a request line with its headers has a size and a time, a body has a
time, and connections and requests at once have a number. Beyond them the caller gets a problem
document, and the connection is closed.
"""

import json
from asyncio import TimerHandle, Transport
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from shared.http.problems import problem_document
from shared.http.refusals import (
    BodyTooSlow,
    HeadTooLarge,
    HeadTooSlow,
    NotHttp,
    TooManyConnections,
    TooManyRequests,
)
from shared.kernel.errors import Problem
from shared.metrics import HTTP_REFUSED
from shared.settings import Settings

PROBES = (b"/livez", b"/readyz", b"/startupz", b"/metrics")
"""They are answered however many requests are served: an overload must not look like a death."""


class BoundedProtocol(HttpToolsProtocol):
    """A connection with bounds; `settings` is set by `bounded`.

    A process that is to stop sets `keeps_connections` to False: every further answer then says
    `connection: close`, so that a caller sends its next request to another process.
    """

    settings: Settings
    keeps_connections = True

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._timer: TimerHandle | None = None
        self._head_bytes = 0
        self._in_head = True
        self._refused = False

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]  # as uvicorn's
        """Take the connection, unless there are too many."""
        super().connection_made(transport)
        if len(self.connections) > self.settings.http_connections_max:
            self._refuse(TooManyConnections())
        else:
            self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._stop_timer()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on, unless the head of the request is too large."""
        if self._refused:
            return
        if self._in_head:
            if self._head_bytes == 0 and self._timer is None:
                # The first bytes of a further request on this connection.
                self._await_head()
            self._head_bytes += len(data)
        super().data_received(data)
        if self._in_head and self._head_bytes > self.settings.http_head_bytes_max:
            self._refuse(HeadTooLarge(self.settings.http_head_bytes_max))

    def on_headers_complete(self) -> None:
        """Serve the request, unless its head is too large or too many requests are served."""
        self._in_head, self._head_bytes = False, 0
        size = len(self.url) + sum(len(name) + len(value) for name, value in self.headers)
        if size > self.settings.http_head_bytes_max:
            self._refuse(HeadTooLarge(self.settings.http_head_bytes_max))
        elif len(self.tasks) >= self.settings.http_requests_max and not self._is_probe():
            self._refuse(TooManyRequests())
        else:
            self._set_timer(self.settings.http_body_seconds, BodyTooSlow)
            super().on_headers_complete()
            if not self.keeps_connections and self.cycle is not None:
                self.cycle.keep_alive = False

    def on_body(self, body: bytes) -> None:
        """Take a part of the body."""
        if not self._refused:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """Take the end of the request; the next one on this connection is counted from zero."""
        self._stop_timer()
        self._in_head = True
        if not self._refused:
            super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """Answer bytes that are no HTTP."""
        self._refuse(NotHttp())

    def _is_probe(self) -> bool:
        return self.url.partition(b"?")[0] in PROBES

    def _await_head(self) -> None:
        self._set_timer(self.settings.http_head_seconds, HeadTooSlow)

    def _set_timer(self, seconds: float, late: Callable[[], Problem]) -> None:
        self._stop_timer()
        self._timer = self.loop.call_later(seconds, lambda: self._refuse(late()))

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _refuse(self, problem: Problem) -> None:
        """Answer with the problem and close. An answer that has begun is only cut off."""
        self._refused = True
        self._stop_timer()
        if self.transport.is_closing():
            return
        if self.cycle is None or not self.cycle.response_started or self.cycle.response_complete:
            self.transport.write(_answer(problem))
        HTTP_REFUSED.labels(problem.code).inc()
        self.transport.close()


def bounded(settings: Settings) -> type[BoundedProtocol]:
    """Return the protocol with the bounds of these settings."""
    return type("BoundedProtocol", (BoundedProtocol,), {"settings": settings})


def _answer(problem: Problem) -> bytes:
    id = str(uuid4())
    body = json.dumps(problem_document(problem, id)).encode()
    lines = [
        STATUS_LINE[problem.status],
        b"content-type: application/problem+json\r\n",
        b"content-length: %d\r\n" % len(body),
        b"cache-control: no-store\r\nx-content-type-options: nosniff\r\n",
        b"x-correlation-id: %s\r\nconnection: close\r\n" % id.encode(),
    ]
    if problem.retry_after_seconds is not None:
        lines.append(b"retry-after: %d\r\n" % problem.retry_after_seconds)
    return b"".join([*lines, b"\r\n", body])
