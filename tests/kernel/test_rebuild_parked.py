"""A rebuild keeps parked, redriven and early events as they are; two rebuilds run at once."""

import asyncio
from collections.abc import Collection

import pytest
from confluent_kafka import Producer

from shared.kernel.recorded import Recorded, event_id
from shared.kernel.wire import encode
from shared.messaging.topics import topic_name
from shared.operations import rebuild
from shared.operations.parked import ParkedSubjects
from shared.operations.verify import verify
from shared.settings import Settings
from shared.store.database import Session
from shared.store.generations import NotBuilding, TakenOver
from shared.store.parking import Parking
from tests.kernel.example import ItemAdded, Seen, baskets, spending, till
from tests.kernel.test_loops import Pair
from tests.kernel.test_parked import SITI, both, fill, parked, whole
from tests.kernel.test_rebuild import moved_on, rebuild_of, silent
from tests.settled import settled


async def publish(pair: Pair, settings: Settings, *events: tuple[str, int, str]) -> None:
    """Publish events of baskets that the shop does not know, as a broken publisher does."""
    producer = Producer({"bootstrap.servers": settings.kafka_bootstrap_servers})
    for id, number, item in events:
        event = ItemAdded(item=item, price=1, buyer="ani")
        recorded = Recorded(
            id=event_id("basket", id, number), type=ItemAdded.type_name(),
            time="2018-02-01T00:00:00.000Z", data=event.public_json(), private=None, actor="x",
            correlation="c", causation=None, receipt=None, body=None,
        )  # fmt: skip
        key, value, headers = encode("shop", recorded)
        topic = topic_name(settings.namespace, "shop")
        producer.produce(topic, value=value, key=key, headers=headers)
        producer.poll(0)
    await asyncio.to_thread(producer.flush)
    await settled(*pair)


async def seen(pair: Pair, id: str) -> object:
    """Return the mirror of a basket and all figures."""
    return await pair.till.load(baskets, id), await pair.till.tally(spending)


@pytest.mark.parametrize("batch", [1, 3, 1_000])
async def test_events_redriven_out_of_the_order_of_the_log_are_folded_in_their_turn(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    monkeypatch.setattr(rebuild, "BATCH_EVENTS_MAX", batch)
    async with both(settings, till()) as pair:
        await publish(pair, settings, ("s", 1, "batik"), ("s", 3, "kopi"), ("s", 4, "teh"))
        await publish(pair, settings, ("s", 2, "gula"))
        assert [row[1:3] for row in await parked(pair)] == [
            (2, "subject-parked"),
            (3, "gap"),
            (4, "subject-parked"),
        ]
        redriven = await ParkedSubjects(pair.till.engine).redrive("s", SITI)
        assert (redriven.taken, redriven.stopped) == (3, None)
        await publish(pair, settings, ("s", 5, "batik"))
        await publish(pair, settings, ("t", 1, "teh"), ("t", 3, "teh"), ("t", 4, "bug"))
        await publish(pair, settings, ("t", 2, "teh"))
        assert (await ParkedSubjects(pair.till.engine).redrive("t", SITI)).taken == 2
        await publish(pair, settings, ("u", 1, "a"), ("u", 3, "bug"), ("u", 4, "d"), ("u", 2, "b"))
        assert (await ParkedSubjects(pair.till.engine).redrive("u", SITI)).taken == 1
        third, _ = await pair.till.engine.inbox.parking.rows("u")
        assert await ParkedSubjects(pair.till.engine).discard(third["_id"], SITI)
        assert (await ParkedSubjects(pair.till.engine).redrive("u", SITI)).taken == 1
        before = await seen(pair, "s")
        found = await rebuild_of(pair.till, settings).run(silent)
        assert found is not None
        assert found.named == []
        await moved_on(pair, 2)
        assert await seen(pair, "s") == before
        assert await pair.till.load(baskets, "u") == Seen(buyer="ani", total=3)
        assert await pair.till.load(baskets, "s") == Seen(buyer="ani", total=5)
        await publish(pair, settings, ("s", 6, "batik"), ("t", 5, "teh"))
        assert [row[:3] for row in await parked(pair)] == [
            ("t", 4, "subject-parked"),
            ("t", 5, "subject-parked"),
        ]
        assert await pair.till.load(baskets, "s") == Seen(buyer="ani", total=6)
        assert (await verify(pair.till.engine)).differences == []


async def test_a_subject_parked_from_its_first_event_on_is_no_difference_and_stays_parked(
    settings: Settings,
) -> None:
    async with both(settings, till()) as pair:
        await fill(pair, "b1", "bug", "kopi")
        await fill(pair, "b2", "batik", "poison", "kopi")
        before = await parked(pair)
        found = await rebuild_of(pair.till, settings).run(silent)
        assert found is not None
        assert found.named == []
        await moved_on(pair, 2)
        assert await parked(pair) == before
        await fill(pair, "b1", "teh")
        await fill(pair, "b2", "teh")
        assert [row[:2] for row in await parked(pair)] == [
            ("b1", 1), ("b1", 2), ("b1", 3), ("b2", 2), ("b2", 3), ("b2", 4),
        ]  # fmt: skip
        ids = [row["_id"] for row in await pair.till.engine.inbox.parking.rows()]
        assert all(id.startswith("till.v2/") for id in ids)
        # The rows of the old copy cannot be discarded any more.
        assert not await ParkedSubjects(pair.till.engine).discard(
            ids[0].replace("v2", "v1", 1), SITI
        )
        await pair.till.engine.generations.drop_old()
        assert len(await parked(pair)) == len(ids)


async def test_however_much_is_parked_the_swap_itself_is_small(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    carry, in_the_swap = Parking.carry, list[int]()

    async def noted(
        self: Parking, other: Parking, places: Collection[str], session: Session | None = None
    ) -> None:
        if session is not None:
            in_the_swap.append(len(places))
        await carry(self, other, places, session)

    monkeypatch.setattr(Parking, "carry", noted)
    async with both(settings, till()) as pair:
        await publish(pair, settings, *((f"s{n}", 1, "bug") for n in range(2_500)))
        await ParkedSubjects(pair.till.engine).redrive("s7", SITI)
        found = await rebuild_of(pair.till, settings).run(silent)
        assert found is not None
        assert found.named == []
        await moved_on(pair, 2)
        assert (await pair.till.progress())["parked_subjects"] == 2_500
        assert sum(in_the_swap) == 0


async def test_of_two_rebuilds_at_once_the_later_one_continues(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Many small batches, so that the first rebuild has work left when the second takes over.
    monkeypatch.setattr(rebuild, "BATCH_EVENTS_MAX", 20)
    single = settings.model_copy(update={"partitions": 1})
    async with both(single, till()) as pair:
        await asyncio.gather(*(fill(pair, f"b{n}", *(["batik"] * 60)) for n in range(10)))
        first, second = rebuild_of(pair.till, single), rebuild_of(pair.till, single)
        has_begun = asyncio.Event()
        earlier = asyncio.create_task(first.run(lambda done, of: has_begun.set()))
        await has_begun.wait()
        assert await second.run(silent) is not None
        with pytest.raises((TakenOver, NotBuilding)):
            await earlier
        await moved_on(pair, 2)
        for number in range(10):
            await whole(pair, f"b{number}", 60)
