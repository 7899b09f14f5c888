"""Connect an operator's command to Kafka and MongoDB; it needs no settings of HTTP.

In a checkout where `make up` runs, the command finds its servers by itself; elsewhere it reads the
same variables as the services.
"""

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import NoReturn, TypeVar

import typer

from gelar.services import service_named
from shared.kernel.errors import CannotStart
from shared.messaging.brokers import BrokerUnavailable
from shared.messaging.clientlog import CLIENT_LOG
from shared.messaging.topics import Topics, topic_name
from shared.service.engine import Engine
from shared.service.wiring import build
from shared.settings import PREFIX, Settings, load_settings
from shared.store import StoreUnavailable
from shared.store.checkpoints import Overtaken

T = TypeVar("T")
LOCAL = Path(".local/up/environment")


def connected(*, mongo: bool = True) -> Settings:
    """Return the settings of a command that reads the servers; without `mongo` only the topics.

    Ends the command with the list of missing variables.
    """
    # If a server does not answer, the command itself says so in one sentence.
    CLIENT_LOG.setLevel(logging.CRITICAL)
    given = {} if "KUKM_PARTS" in os.environ else {"parts": "worker"}
    if not (mongo or _named("KUKM_MONGO_URI")):
        given["mongo_uri"] = "mongodb://is-not-read"
    if _reads_local():
        lines = (line.partition("=") for line in LOCAL.read_text().splitlines())
        # What the environment names itself stands.
        given |= {
            name.removeprefix(PREFIX).lower(): value
            for name, _, value in lines
            if name and not _named(name)
        }
    return load_settings(**given)


@contextmanager
def servers_needed() -> Iterator[None]:
    """End the command with one sentence if a server does not answer; also a decorator."""
    try:
        yield
    except BrokerUnavailable as error:
        variable = "KUKM_KAFKA_BOOTSTRAP_SERVERS"
        _end(f"No Kafka answers at {error} ({variable}).", variable)
    except StoreUnavailable:
        # The address is not printed: it may hold a password.
        _end("No MongoDB with a primary answers at KUKM_MONGO_URI.", "KUKM_MONGO_URI")
    except CannotStart as error:
        typer.echo(f"{error}.", err=True)
        raise typer.Exit(1) from None


def require_topics(settings: Settings, services: Sequence[str], *, any_is_enough: bool) -> None:
    """End the command with a sentence if topics that it reads do not exist in this Kafka.

    Raises `BrokerUnavailable`.
    """
    existing = Topics(settings).existing(services)
    missing = [name for name in services if name not in existing]
    if missing and not (any_is_enough and existing):
        names = ", ".join(topic_name(settings.namespace, name) for name in missing)
        typer.echo(
            f"There is no topic {names} in this Kafka: check KUKM_NAMESPACE and "
            "KUKM_KAFKA_BOOTSTRAP_SERVERS, or start the services first.",
            err=True,
        )
        raise typer.Exit(1)


@asynccontextmanager
async def engine_of(name: str, settings: Settings) -> AsyncIterator[Engine]:
    """Open a service's engine without its loops; at the end it publishes the pending events."""
    engine = build(service_named(name), settings)
    try:
        yield engine
    finally:
        await engine.stop()


@asynccontextmanager
async def opened_engine(name: str, settings: Settings) -> AsyncIterator[Engine]:
    """Open a service's engine on the live copy of its projection. Raises `OtherVersion`."""
    async with engine_of(name, settings) as engine:
        await engine.attach()
        yield engine


def with_engine(name: str, work: Callable[[Engine], Awaitable[T]]) -> T:
    """Run a command's work on a service's engine, on the live copy of its projection.

    Ends the command with a sentence if workers were faster at every attempt.
    """

    async def run() -> T:
        async with opened_engine(name, connected()) as engine:
            return await work(engine)

    try:
        return asyncio.run(run())
    except Overtaken:
        typer.echo(f"The workers of {name} were faster at every attempt: run it again.", err=True)
        raise typer.Exit(1) from None


def _reads_local() -> bool:
    return not _named("KUKM_MONGO_URI") and LOCAL.exists()


def _named(variable: str) -> str | None:
    """Return the variable, or that of its file, whichever is set; an empty one is not."""
    return next((name for name in (variable, f"{variable}_FILE") if os.environ.get(name)), None)


def _end(sentence: str, variable: str) -> NoReturn:
    named = _named(variable)
    if named is None and _reads_local():
        advice = "Check that the system is up (`make up`), and that this is its checkout."
    else:
        advice = f"Check {named or variable}, the settings that belong to it, and the server."
    typer.echo(f"{sentence} {advice}", err=True)
    raise typer.Exit(1)
