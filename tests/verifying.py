"""A service's engine that is built and not started: to look at its databases from a test."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from gelar.services import service_named
from shared.service.engine import Engine
from shared.service.wiring import build
from shared.settings import Settings


@asynccontextmanager
async def engine_of(name: str, settings: Settings) -> AsyncIterator[Engine]:
    """The engine of a service, neither relaying nor reading."""
    engine = build(service_named(name), settings)
    try:
        yield engine
    finally:
        await engine.stop()
