"""A worker that hangs is seen; one that waits for events or retries is not taken for it."""

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import pytest

from shared.kernel.view import Mirror
from shared.service import Service, heartbeat
from shared.settings import Settings
from tests.conftest import eventually
from tests.kernel.example import AddItem, ItemAdded, Seen, basket, baskets, shop
from tests.kernel.test_loops import person
from tests.settled import settled

STUCK_SECONDS = 0.5


@dataclass(kw_only=True)
class Hanging:
    """A fold that hangs on an event until it may go on, as a deadlock would."""

    may_go_on: threading.Event = field(default_factory=threading.Event)

    def evolve(self, state: Seen | None, event: ItemAdded) -> Seen:
        """Wait, then fold the event."""
        assert self.may_go_on.wait(60)
        return baskets.evolve(state, event)

    def mirror(self) -> Mirror[Seen, ItemAdded]:
        """Return the mirror of baskets with this fold."""
        return replace(baskets, evolve=self.evolve)


@pytest.fixture
def hanging(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hanging]:
    monkeypatch.setattr(heartbeat, "STUCK_SECONDS", STUCK_SECONDS)
    hanging = Hanging()
    yield hanging
    hanging.may_go_on.set()


async def test_a_worker_that_hangs_is_stuck_until_it_goes_on(
    settings: Settings, hanging: Hanging
) -> None:
    # Batches of this size are folded on a thread, so the event loop turns while one hangs.
    settings = settings.model_copy(update={"batch_events_max": 4})
    till = Service("till", deciders=(), mirrors=(hanging.mirror(),))
    assert till.stuck_reason() is None, "it does not run"

    async def is_stuck() -> bool:
        return till.stuck_reason() is not None

    async with shop().opened(settings) as selling, till.opened(settings) as following:
        await settled(following)
        await asyncio.sleep(3 * STUCK_SECONDS)
        assert following.stuck_reason() is None, "it waits for events"
        await selling.handle(basket, "b1", AddItem(item="kopi", price=2), person("1"))
        await eventually(is_stuck)
        assert "has not moved" in (following.stuck_reason() or "")
        assert selling.stuck_reason() is None
        hanging.may_go_on.set()
        await settled(selling, following)
        assert following.stuck_reason() is None
        assert await following.load(baskets, "b1") == Seen(buyer="ani", total=2)
    assert till.stuck_reason() is None, "it has stopped"
