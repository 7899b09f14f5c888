"""A reporting desk on real servers, whose figures are verified when its test is over."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.reporting.app import routers, service
from shared.operations.verify import verify
from shared.settings import Settings
from tests.publishing import Publisher
from tests.reporting.desk import Desk
from tests.serving import served
from tests.settled import settled


@pytest.fixture
async def desk(settings: Settings, token_keys: Path) -> AsyncIterator[Desk]:
    """An empty reporting; at the end nothing is parked and all it keeps is what its events make."""
    async with served(service, routers, settings, token_keys) as api:
        desk = Desk(api=api, publisher=Publisher(settings))
        yield desk
        await settled(api.service)
        assert (await service.progress())["parked_subjects"] == 0
        assert (await verify(service.engine)).differences == []
