"""Fixtures: real servers for the whole run, and settings with a namespace for a single test."""

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from deploy.local.servers import Servers, local_servers
from gelar.issuer import ensure_local_key
from shared.settings import Settings

ROOT = Path(__file__).parent.parent
DEADLINE_SECONDS = 60.0
"""Long enough for a machine that is busy with other work; a passing test waits far less."""


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """Run a real Kafka and a real MongoDB, empty at the start, or use the servers of the settings.

    `make test` shares the files among several processes; each process has a pair of servers.
    """
    given = {"KUKM_KAFKA_BOOTSTRAP_SERVERS", "KUKM_MONGO_URI"} <= set(os.environ)
    name = f"test{os.environ.get('PYTEST_XDIST_WORKER', '')}"
    folder = tmp_path_factory.mktemp("servers") if given else ROOT / ".local" / name
    with local_servers(folder, empty=True) as started:
        yield started


@pytest.fixture(scope="session")
def token_keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the keys of a token issuer, and return their folder."""
    keys = tmp_path_factory.mktemp("keys")
    ensure_local_key(keys)
    return keys


@pytest.fixture
def settings(servers: Servers, token_keys: Path) -> Settings:
    """Make the settings of a process in a namespace of its own."""
    return Settings(
        environment="local",
        namespace=f"t{uuid4().hex[:12]}",
        kafka_bootstrap_servers=servers.kafka_bootstrap,
        mongo_uri=servers.mongo_uri,
        jwks_file=token_keys / "jwks.json",
        identifier_key="an identifier key for tests, 32 characters",
        partitions=3,
        sweep_seconds=0.2,
    )


Condition = Callable[[], Awaitable[bool]]


async def eventually(condition: Condition, *, seconds: float = DEADLINE_SECONDS) -> None:
    """Return once the condition holds; fail when it does not within the deadline."""
    async with asyncio.timeout(seconds):
        while not await condition():  # noqa: ASYNC110 - servers cannot set an event of ours
            await asyncio.sleep(0.02)
