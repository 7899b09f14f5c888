"""Settings of the operator's commands: where the servers are, and nothing about HTTP.

Beside a running `make up` of this checkout its servers are found by themselves; elsewhere the same
variables count as for the services.
"""

import logging
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import typer

from gelar.services import service_named
from shared.messaging.clientlog import CLIENT_LOG
from shared.messaging.topics import BrokerUnavailable
from shared.service.engine import Engine
from shared.service.wiring import build
from shared.settings import PREFIX, Settings, load_settings
from shared.store import StoreUnavailable
from shared.store.generations import OtherVersion

LOCAL = Path(".local/up/environment")


def connected() -> Settings:
    """The settings of a command that looks at the servers; ends with what is missing."""
    # Where a server does not answer the command says so itself, in one sentence.
    CLIENT_LOG.setLevel(logging.CRITICAL)
    given = {} if "KUKM_PARTS" in os.environ else {"parts": "worker"}
    if "KUKM_MONGO_URI" not in os.environ and LOCAL.exists():
        lines = (line.partition("=") for line in LOCAL.read_text().splitlines())
        given |= {name.removeprefix(PREFIX).lower(): value for name, _, value in lines if name}
    return load_settings(**given)


@contextmanager
def servers_needed() -> Iterator[None]:
    """End the command with one sentence where the servers do not answer (as a decorator, too)."""
    try:
        yield
    except BrokerUnavailable as error:
        _end(f"No Kafka answers at {error} (KUKM_KAFKA_BOOTSTRAP_SERVERS).")
    except StoreUnavailable:
        # Not the address itself: it may hold a password.
        _end("No MongoDB with a primary answers at KUKM_MONGO_URI.")
    except OtherVersion as error:
        typer.echo(f"{error}.", err=True)
        raise typer.Exit(1) from None


@asynccontextmanager
async def engine_of(name: str, settings: Settings) -> AsyncIterator[Engine]:
    """The parts of a service, neither reading nor sweeping; it ends by publishing what it woke."""
    engine = build(service_named(name), settings)
    try:
        yield engine
    finally:
        await engine.stop()


@asynccontextmanager
async def opened_engine(name: str, settings: Settings) -> AsyncIterator[Engine]:
    """The same, on the live copy of the projection. Raises `OtherVersion`."""
    async with engine_of(name, settings) as engine:
        await engine.attach()
        yield engine


def _end(sentence: str) -> None:
    typer.echo(f"{sentence} Is the system up (`make up`), and is this its checkout?", err=True)
    raise typer.Exit(1)
