"""Run one process of a service: its API, its worker, or both, from start to orderly stop.

SIGTERM makes it unready and lets the batch under way end. Some seconds later, when balancers have
noticed, it takes no more connections; requests end, and it publishes what it knows and leaves the
group. All that has `stop_seconds`, then it ends in any case; a second signal ends it at once. If a
part stops by itself, the process ends with an error, so that its supervisor starts it again.
"""

import asyncio
import gc
import os
import signal
import socket
import sys
import threading
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from types import FrameType
from typing import Any

import structlog
import uvicorn
from fastapi import APIRouter, FastAPI
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.http import create_app, create_operations_app
from shared.http.protocol import BoundedProtocol, bounded
from shared.kernel.errors import CannotStart
from shared.observability import configure_logging
from shared.service import Service
from shared.service.event_loop import measure_lag
from shared.settings import Settings, load_settings
from shared.store import StoreUnavailable
from shared.tracing import configure_tracing, stop_tracing

log = structlog.get_logger()
ALLOCATIONS_BETWEEN_COLLECTIONS = 100_000
STOPPED_LATE = 1
"""The exit status of a process that could not end in time."""
NO_PRIMARY = "no MongoDB with a primary answers at KUKM_MONGO_URI: start it, or correct the address"


def application(service: Service, routers: Sequence[APIRouter], settings: Settings) -> FastAPI:
    """Return the ASGI application of a service; its lifespan opens and closes the service."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        started = False
        try:
            async with _operations_served(service, settings, app), service.opened(settings):
                watches = [asyncio.create_task(_end_when_failed(service))]
                watches.append(asyncio.create_task(measure_lag()))
                started = True
                try:
                    yield
                finally:
                    for watch in watches:
                        watch.cancel()
        except (CannotStart, StoreUnavailable) as error:
            if not started:
                FAILED.append(service.name)
                known = isinstance(error, CannotStart)
                log.critical("cannot start", reason=str(error) if known else NO_PRIMARY)
            raise

    served = routers if "api" in settings.parts else ()
    return create_app(service, served, settings, lifespan=lifespan)


@asynccontextmanager
async def _operations_served(
    service: Service, settings: Settings, app: FastAPI
) -> AsyncIterator[None]:
    """Serve probes and metrics on their own port, if there is one, from before the start on."""
    if settings.operations_port is None:
        yield
        return
    config = uvicorn.Config(
        create_operations_app(service, settings, app),
        host=settings.http_host,
        port=settings.operations_port,
        http=bounded(settings),
        lifespan="off",
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=1,
    )
    server = InnerServer(config)
    serving = asyncio.create_task(server.serve())
    try:
        yield
    finally:
        server.should_exit = True
        await serving


def run(service: Service, routers: Sequence[APIRouter]) -> None:
    """Run this process until SIGTERM or SIGINT."""
    settings = load_settings()
    configure_logging(settings, service.name)
    configure_tracing(settings, service.name)
    protocol = bounded(settings)
    config = uvicorn.Config(
        _starting_briefly(application(service, routers, settings)),
        host=settings.http_host,
        port=settings.http_port,
        loop="uvloop",
        http=protocol,
        timeout_keep_alive=settings.http_keep_alive_seconds,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=max(1, int(settings.stop_seconds / 2)),
    )
    server = OrderlyServer(config, service, settings, protocol)
    # uvicorn itself would exit with 3 when the start fails.
    with suppress(SystemExit):
        server.run()
    stop_tracing()
    if not server.started or FAILED:
        sys.exit(1)


def _starting_briefly(app: ASGIApp) -> ASGIApp:
    """Return the application without the traceback of a start that has logged its reason."""

    async def served(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_briefly(message: Message) -> None:
            if message["type"] == "lifespan.startup.failed" and FAILED:
                message = {"type": message["type"]}
            await send(message)

        await app(scope, receive, send_briefly if scope["type"] == "lifespan" else send)

    return served


def tune_gc() -> None:
    """Run the garbage collector rarely: a batch in memory has no cycles.

    Objects of the start live as long as the process and are left out. Measured: with Python's own
    thresholds a worker at full speed spends about half of its time in the collector.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(ALLOCATIONS_BETWEEN_COLLECTIONS, 20, 50)


class OrderlyServer(uvicorn.Server):
    """uvicorn, but it closes its socket only some seconds after the service became unready.

    In these seconds each answer ends its connection. At their end uvicorn closes the connections
    that rest, and a request that is under way to it on such a connection would get no answer.
    """

    def __init__(
        self,
        config: uvicorn.Config,
        service: Service,
        settings: Settings,
        protocol: type[BoundedProtocol],
    ) -> None:
        super().__init__(config)
        self._protocol = protocol
        self._service = service
        self._settings = settings
        self._loop: asyncio.AbstractEventLoop | None = None

    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        """Serve until a signal."""
        self._loop = asyncio.get_running_loop()
        await super().serve(sockets)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start the application and its sockets."""
        await super().startup(sockets)
        tune_gc()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take the signals; a stop that is over ends the process with its status."""
        with super().capture_signals():
            yield
            # uvicorn would send itself the signal again, and end by it instead.
            if self.started:
                self._captured_signals.clear()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to stop; end at once at a second signal, or before the start is over."""
        if self._captured_signals or not self.started or self._loop is None:
            super().handle_exit(sig, frame)
            return
        self._captured_signals.append(sig)
        # Whatever hangs then: the supervisor's patience ends about now.
        last = threading.Timer(self._settings.stop_seconds, os._exit, [STOPPED_LATE])
        last.daemon = True
        last.start()
        self._loop.call_soon_threadsafe(self._become_unready)

    def _become_unready(self) -> None:
        self._service.become_unready()
        self._protocol.keeps_connections = False
        delay = self._settings.stop_delay_seconds
        asyncio.get_running_loop().call_later(delay, setattr, self, "should_exit", True)


class InnerServer(uvicorn.Server):
    """A server beside another one in the same process, which takes the signals."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals alone."""
        yield


FAILED: list[str] = []
"""The service of this process, once it has logged why it cannot start or go on."""


async def _end_when_failed(service: Service) -> Any:
    await service.engine.failed()
    FAILED.append(service.name)
    log.critical("stopping after a background task stopped")
    os.kill(os.getpid(), signal.SIGTERM)
