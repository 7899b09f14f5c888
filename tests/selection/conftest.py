"""A selection service on real servers; after each test its documents are verified."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.selection.app import routers, service
from shared.clock import write_clock
from shared.operations.verify import verify
from shared.settings import Settings
from tests.given import NOW
from tests.publishing import Publisher
from tests.selection.secretariat import Secretariat
from tests.serving import served


@pytest.fixture
async def secretariat(
    pooled_settings: Settings, token_keys: Path, tmp_path: Path
) -> AsyncIterator[Secretariat]:
    """Yield a secretariat without a round, whose programme clock is at `NOW`.

    At the end no subject is parked, and every document equals the fold of its events.
    """
    clock_file = tmp_path / "clock"
    write_clock(clock_file, NOW)
    settings = pooled_settings.model_copy(update={"clock_file": clock_file})
    async with served(service, routers, settings, token_keys) as api:
        secretariat = Secretariat(api=api, publisher=Publisher(settings))
        yield secretariat
        await secretariat.settles()
        assert (await service.progress())["parked_subjects"] == 0
        assert (await verify(service.engine)).differences == []
