"""A reporting desk on real servers; its figures are verified after each test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.reporting.app import routers, service
from shared.clock import write_clock
from shared.operations.verify import verify
from shared.settings import Settings
from tests.given import NOW
from tests.publishing import Publisher
from tests.reporting.desk import Desk
from tests.serving import served
from tests.settled import settled


@pytest.fixture
async def desk(pooled_settings: Settings, token_keys: Path, tmp_path: Path) -> AsyncIterator[Desk]:
    """Start an empty reporting service at `NOW`; after the test, its copies equal its events."""
    clock_file = tmp_path / "clock"
    write_clock(clock_file, NOW)
    settings = pooled_settings.model_copy(update={"clock_file": clock_file})
    async with served(service, routers, settings, token_keys) as api:
        desk = Desk(api=api, publisher=Publisher(settings), clock_file=clock_file)
        yield desk
        await settled(api.service)
        assert (await service.progress())["parked_subjects"] == 0
        assert (await verify(service.engine)).differences == []
