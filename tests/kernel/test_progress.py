"""`/progress` is right about what is published, and says when it cannot know."""

import pytest

from shared.kernel.errors import Busy
from shared.messaging.brokers import BrokerUnavailable
from shared.settings import Settings
from shared.store.history import History
from tests.kernel.example import AddItem, basket, shop, till
from tests.kernel.test_loops import person


async def test_progress_says_that_no_broker_answers(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(services: list[str]) -> None:
        raise BrokerUnavailable("kafka:9092")

    async with till().opened(settings) as following:
        monkeypatch.setattr(following.engine.topics, "ends", away)
        with pytest.raises(Busy, match="kafka-unavailable"):
            await following.progress()


async def test_what_progress_calls_published_is_kept_by_a_majority(settings: Settings) -> None:
    async with shop().opened(settings) as service:
        history = History(service.engine.database)
        for number in range(100):
            add = AddItem(item="batik", price=1)
            await service.handle(basket, f"b{number}", add, person(f"{number}"))
            while (await service.progress())["outboxes_waiting"]:
                pass
            assert len(await history.of_subject("basket", f"b{number}")) == 1
