"""A database that was restored in parts: events are in history and in their outbox."""

import tracemalloc
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from shared.service import Service
from shared.settings import Settings
from shared.store import outbox
from tests.conftest import eventually
from tests.kernel.example import AddItem, basket, shop
from tests.kernel.test_loops import person
from tests.kernel.test_producer import published
from tests.long_tests import long_test
from tests.settled import settled


async def wait_again(service: Service, **changes: object) -> None:
    """Put the archived event of b1 into its outbox again, as a restore of its collection does."""
    database = service.engine.database
    archived = await database.collection("history").find_one({})
    entry: dict[str, Any] = {**archived, "id": archived["_id"], "lot": 1}
    del entry["_id"]
    entry["at"] = datetime.now(UTC) - timedelta(minutes=1)
    if changes:
        await database.collection("history").update_many({}, {"$set": changes})
    await database.collection("basket").update_one({"_id": "b1"}, {"$set": {"outbox": [entry]}})


async def test_an_event_that_history_has_is_taken_out_of_its_outbox(settings: Settings) -> None:
    async with shop().opened(settings) as selling:
        await selling.handle(basket, "b1", AddItem(item="batik", price=1), person("1"))
        await settled(selling)
        await wait_again(selling)
        await settled(selling)
        history = selling.engine.database.collection("history")
        assert await history.count_documents({}) == 1
        await selling.handle(basket, "b1", AddItem(item="kopi", price=1), person("2"))
        await settled(selling)
    assert list(dict.fromkeys(published(settings, "b1"))) == [1, 2]


async def test_an_event_of_which_history_has_another_is_left_and_said(settings: Settings) -> None:
    async with shop().opened(settings) as selling:
        await selling.handle(basket, "b1", AddItem(item="batik", price=1), person("1"))
        await settled(selling)
        with capture_logs() as lines:
            await wait_again(selling, data='{"another":1}')

            async def is_said() -> bool:
                return "history differs from the outbox" in [line["event"] for line in lines]

            await eventually(is_said)
            # It is published no more, and others are.
            for number in range(20):
                add = AddItem(item="kopi", price=1)
                await selling.handle(basket, f"other-{number}", add, person("1"))

            async def only_it_waits() -> bool:
                return bool((await selling.progress())["outboxes_waiting"] == 1)

            await eventually(only_it_waits)
    assert published(settings, "b1") == [1, 1]


@long_test
@pytest.mark.parametrize("item", ["x" * 400_000, "é" * 200_000], ids=["ascii", "other"])
async def test_outboxes_are_read_in_parts_by_their_bytes(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, item: str
) -> None:
    monkeypatch.setattr(outbox, "HEADS_BYTES_MAX", 1_000_000)
    ids = [f"b{number}" for number in range(8)]
    async with shop().opened(settings) as selling:
        # The relay publishes nothing, as while the broker is away.
        selling.engine.relay.wake = lambda kind, ids: None  # type: ignore[method-assign]  # switched off
        for id in ids:
            await selling.handle(basket, id, AddItem(item=item, price=1), person("1"))
        heads = await selling.engine.commands["basket"].aggregates.outboxes.heads(ids)
        assert len(heads.outboxes) == 3
        assert sorted((*heads.outboxes, *heads.unread)) == ids
    async with shop().opened(settings) as selling:
        await settled(selling)
    assert [published(settings, id) for id in ids] == [[1]] * 8


async def test_however_many_outboxes_wait_few_bytes_of_them_are_held(settings: Settings) -> None:
    outboxes_at_once, of_bytes = 60, 3 * 500_000
    async with shop().opened(settings) as selling:
        selling.engine.relay.wake = lambda kind, ids: None  # type: ignore[method-assign]  # switched off
        for number in range(3):
            add = AddItem(item="x" * 500_000, price=1)
            await selling.handle(basket, "b0", add, person(f"{number}"))
        baskets = selling.engine.database.collection("basket")
        document = await baskets.find_one({"_id": "b0"})
        ids = [f"b{number}" for number in range(outboxes_at_once)]
        for id in ids[1:]:
            await baskets.insert_one({**document, "_id": id, "state": {}})
        tracemalloc.start()
        try:
            heads = await selling.engine.commands["basket"].aggregates.outboxes.heads(ids)
            held = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert len(heads.outboxes) == 6
        # The server's answer of 16 MB is in memory as it came and decoded, and no further answer.
        assert held < outbox.HEADS_BYTES_MAX + 3 * 16 * 1024 * 1024 < outboxes_at_once * of_bytes
        await baskets.delete_many({})
