"""Fixtures: processes to kill, and servers that soon abort the transactions of a killed process."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient

from deploy.local.servers import Servers
from shared.settings import Settings
from tests.faults.processes import Nursery, nursery

LIFETIME_SECONDS = 4
"""On a very busy machine a transaction took more than two seconds, so it never ended."""
LIFETIME = "transactionLifetimeLimitSeconds"


@pytest.fixture(scope="module")
async def children(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Nursery]:
    """Start processes of the example services; they end with the module."""
    folder = tmp_path_factory.mktemp("children")
    async with nursery(folder) as started:
        yield started


@pytest.fixture(scope="module")
def short_transactions(servers: Servers) -> Iterator[None]:
    """Shorten the lifetime of transactions on the server, and restore it afterwards.

    The transaction of a killed process stays open until its lifetime is over.
    """
    client: MongoClient[dict[str, Any]] = MongoClient(servers.mongo_uri)
    with client:
        before = client.admin.command({"getParameter": 1, LIFETIME: 1})[LIFETIME]
        client.admin.command({"setParameter": 1, LIFETIME: LIFETIME_SECONDS})
        yield
        client.admin.command({"setParameter": 1, LIFETIME: before})


@pytest.fixture(scope="module")
def module_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a folder for a module's own servers."""
    return tmp_path_factory.mktemp("own")


@pytest.fixture(scope="module")
def module_settings(servers: Servers) -> Settings:
    """Make the settings of a module's workers; each test takes a namespace of its own."""
    return Settings(
        environment="local",
        kafka_bootstrap_servers=servers.kafka_bootstrap,
        mongo_uri=servers.mongo_uri,
        parts="worker",
        partitions=3,
        sweep_seconds=0.2,
    )
