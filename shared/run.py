"""Run one process of a service: its API, its worker, or both, from start to orderly stop.

SIGTERM makes it unready, lets requests and the batch under way end, and leaves the group. If a part
stops by itself, the process ends with an error, so that its supervisor starts it again.
"""

import asyncio
import gc
import os
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import structlog
import uvicorn
from fastapi import APIRouter, FastAPI

from shared.http import create_app
from shared.kernel.errors import CannotStart
from shared.observability import configure_logging
from shared.service import Service
from shared.settings import Settings, load_settings

log = structlog.get_logger()
ALLOCATIONS_BETWEEN_COLLECTIONS = 100_000


def application(service: Service, routers: Sequence[APIRouter], settings: Settings) -> FastAPI:
    """Return the ASGI application of a service; its lifespan opens and closes the service."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        try:
            async with service.opened(settings):
                tune_gc()
                watch = asyncio.create_task(_end_when_failed(service))
                yield
                watch.cancel()
        except CannotStart as error:
            log.critical("cannot start", reason=str(error))
            raise

    served = routers if "api" in settings.parts else ()
    return create_app(service, served, settings, lifespan=lifespan)


def run(service: Service, routers: Sequence[APIRouter]) -> None:
    """Run this process until SIGTERM or SIGINT."""
    settings = load_settings()
    configure_logging(settings, service.name)
    config = uvicorn.Config(
        application(service, routers, settings),
        host=settings.http_host,
        port=settings.http_port,
        loop="uvloop",
        http="httptools",
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=20,
    )
    server = uvicorn.Server(config)
    server.run()
    if not server.started or FAILED:
        sys.exit(1)


def tune_gc() -> None:
    """Run the garbage collector rarely: a batch in memory has no cycles.

    Objects of the start live as long as the process and are left out. Measured: with Python's own
    thresholds a worker at full speed spends about half of its time in the collector.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(ALLOCATIONS_BETWEEN_COLLECTIONS, 20, 50)


FAILED: list[str] = []


async def _end_when_failed(service: Service) -> Any:
    await service.engine.failed()
    FAILED.append(service.name)
    log.critical("stopping after a background task stopped")
    os.kill(os.getpid(), signal.SIGTERM)
