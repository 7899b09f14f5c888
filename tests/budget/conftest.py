"""An office of the budget on real servers, whose books are verified when its test is over."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.budget.app import routers, service
from shared.operations.verify import verify
from shared.settings import Settings
from tests.budget.office import Office
from tests.publishing import Publisher
from tests.serving import served


@pytest.fixture
async def office(settings: Settings, token_keys: Path) -> AsyncIterator[Office]:
    """An empty budget; at the end nothing is parked and all it keeps is what its events make."""
    async with served(service, routers, settings, token_keys) as api:
        office = Office(api=api, publisher=Publisher(settings))
        yield office
        await office.settles()
        assert (await service.progress())["parked_subjects"] == 0
        assert (await verify(service.engine)).differences == []
