"""Fixtures: a shop and a till that follow each other, on real servers."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from shared.settings import Settings
from tests.kernel.example import (
    shop,
    till,
)
from tests.kernel.test_loops import Pair


@pytest.fixture
async def pair(settings: Settings) -> AsyncIterator[Pair]:
    """Run both services in this process."""
    async with AsyncExitStack() as stack:
        yield Pair(
            shop=await stack.enter_async_context(shop().opened(settings)),
            till=await stack.enter_async_context(till().opened(settings)),
        )
