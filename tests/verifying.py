"""Build a service's engine without a start, to read its databases in a test."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from gelar.services import service_named
from shared.service.engine import Engine
from shared.service.wiring import build
from shared.settings import Settings


@asynccontextmanager
async def engine_of(name: str, settings: Settings) -> AsyncIterator[Engine]:
    """Build the engine of a service; it neither relays nor reads."""
    engine = build(service_named(name), settings)
    try:
        yield engine
    finally:
        await engine.stop()
