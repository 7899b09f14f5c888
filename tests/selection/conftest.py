"""A selection service on real servers; after each test its documents are verified."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.selection.app import routers, service
from shared.operations.verify import verify
from shared.settings import Settings
from tests.publishing import Publisher
from tests.selection.secretariat import Secretariat
from tests.serving import served


@pytest.fixture
async def secretariat(settings: Settings, token_keys: Path) -> AsyncIterator[Secretariat]:
    """Yield a secretariat without a round.

    At the end no subject is parked, and every document equals the fold of its events.
    """
    async with served(service, routers, settings, token_keys) as api:
        secretariat = Secretariat(api=api, publisher=Publisher(settings))
        yield secretariat
        await secretariat.settles()
        assert (await service.progress())["parked_subjects"] == 0
        assert (await verify(service.engine)).differences == []
