"""Run registration on real servers with a clock of its own; verify the service after each test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.registration.app import routers, service
from shared.clock import write_clock
from shared.operations.verify import verify
from shared.settings import Settings
from tests.given import NOW
from tests.publishing import Publisher
from tests.registration.registry import Registry
from tests.serving import served


@pytest.fixture
async def registry(
    pooled_settings: Settings, token_keys: Path, tmp_path: Path
) -> AsyncIterator[Registry]:
    """Return a registry without a programme.

    At the end no subject is parked, and every stored state is the fold of its events.
    """
    clock_file = tmp_path / "clock"
    write_clock(clock_file, NOW)
    settings = pooled_settings.model_copy(update={"clock_file": clock_file})
    async with served(service, routers, settings, token_keys) as api:
        registry = Registry(api=api, publisher=Publisher(settings), clock_file=clock_file)
        yield registry
        await registry.settles()
        assert (await service.progress())["parked_subjects"] == 0
        assert (await verify(service.engine)).differences == []
