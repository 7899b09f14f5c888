"""Fixtures: processes to kill, and the settings of a module's workers."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from deploy.local.servers import Servers
from shared.settings import Settings
from tests.faults.processes import Nursery, nursery


@pytest.fixture(scope="module")
async def children(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Nursery]:
    """Start processes of the example services; they end with the module."""
    folder = tmp_path_factory.mktemp("children")
    async with nursery(folder) as started:
        yield started


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
