"""A budget service on real servers; after each test its documents are verified."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.budget.app import routers, service
from services.budget.domain.allocation.decider import allocation
from services.budget.invariants import broken_invariants
from services.budget.responses import use_of
from services.budget.views.own import allocations
from shared.operations.verify import verify
from shared.settings import Settings
from tests.budget.office import Office
from tests.publishing import Publisher
from tests.serving import served

PAGE = 100


@pytest.fixture
async def office(pooled_settings: Settings, token_keys: Path) -> AsyncIterator[Office]:
    """Yield an office without an envelope.

    After the test, no event is parked, every document is what its events make, no invariant is
    broken, and the list of allocations has the figures of the allocations themselves.
    """
    async with served(service, routers, pooled_settings, token_keys) as api:
        office = Office(api=api, publisher=Publisher(pooled_settings))
        yield office
        await office.settles()
        assert (await service.progress())["parked_subjects"] == 0
        assert (await verify(service.engine)).differences == []
        assert set((await service.at_one_moment(broken_invariants)).values()) == {0}
        listed = await service.find(allocations, after="", limit=PAGE)
        states = await service.find(allocation, after="", limit=PAGE)
        assert {each.id: each.state for each in listed} == {
            each.id: use_of(each.state) for each in states if each.state
        }
