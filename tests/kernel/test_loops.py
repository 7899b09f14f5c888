"""The relay and the worker on real servers: commands, batches, reactions, parking, deadlines."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from confluent_kafka import Producer

from shared.clock import write_clock
from shared.kernel.decider import Context, Origin
from shared.kernel.errors import Busy, KeyReused, Refused, Stale, Unknown
from shared.kernel.recorded import Recorded, event_id
from shared.kernel.wire import encode
from shared.messaging.topics import topic_name
from shared.operations.verify import verify
from shared.service import Service
from shared.settings import Settings
from shared.store.history import History
from tests.conftest import eventually
from tests.given import NOW
from tests.kernel.example import (
    AddItem,
    Bill,
    Buyer,
    ItemAdded,
    PriceList,
    SealBasket,
    Seen,
    basket,
    baskets,
    bill,
    buyers,
    decide_by_price_list,
    shop,
    spending,
    till,
    variety,
)
from tests.settled import settled


class Pair(NamedTuple):
    """A shop and a till that follow each other; `await settled(*pair)` waits for both."""

    shop: Service
    till: Service


def person(key: str | None = None, **changes: object) -> Context:
    """Make the context of a person with this idempotency key."""
    fields: dict[str, object] = {"actor": "ani", "correlation_id": "c1", "key": key, **changes}
    return Context(now=NOW, origin=Origin.PERSON, **fields)  # type: ignore[arg-type]  # fields of a test


async def test_an_event_reaches_mirror_view_tally_and_reaction_once(pair: Pair) -> None:
    await pair.shop.handle(
        basket, "b1", AddItem(item="batik", price=5, note="for Siti"), person("1")
    )
    await pair.shop.handle(basket, "b1", AddItem(item="kopi", price=2), person("2"))
    await settled(*pair)
    assert await pair.till.load(baskets, "b1") == Seen(buyer="ani", total=7)
    assert await pair.till.load(buyers, "ani") == Buyer(items=("batik", "kopi"))
    assert await pair.till.tally(spending) == {("ani",): {"baskets": 1, "total": 7}}
    assert await pair.till.tally(variety) == {("all",): {"items": 2}}
    assert await pair.till.load(bill, "ani") == Bill(amount=7, lines=2)


async def test_a_repeated_request_has_one_effect_and_the_same_answer(pair: Pair) -> None:
    add = AddItem(item="batik", price=5)
    first = await pair.shop.handle(basket, "b1", add, person("same"))
    await pair.shop.handle(basket, "b1", AddItem(item="kopi", price=1), person("other"))
    assert await pair.shop.handle(basket, "b1", add, person("same")) == first
    with pytest.raises(KeyReused):
        await pair.shop.handle(basket, "b1", AddItem(item="teh", price=5), person("same"))
    assert (await pair.shop.get(basket, "b1")).state.items == ("batik", "kopi")


async def test_a_request_is_remembered_after_its_receipt_was_dropped(pair: Pair) -> None:
    add = AddItem(item="first", price=1)
    first = await pair.shop.handle(basket, "b1", add, person("first"))
    for number in range(70):
        await pair.shop.handle(
            basket, "b1", AddItem(item=f"i{number}", price=1), person(f"{number}")
        )
    assert await pair.shop.handle(basket, "b1", add, person("first")) == first
    await settled(*pair)
    assert await pair.shop.handle(basket, "b1", add, person("first")) == first


async def test_commands_on_one_aggregate_commit_as_groups_and_a_refusal_is_its_callers_own(
    pair: Pair,
) -> None:
    async def facts() -> PriceList:
        return PriceList(most=100)

    async def add(number: int) -> int:
        price = 1_000 if number % 10 == 0 else 1
        command = AddItem(item=f"i{number}", price=price)
        answer = await pair.shop.handle(
            basket, "b1", command, person(f"{number}"), rule=decide_by_price_list, facts=facts
        )
        return answer.version

    outcomes = await asyncio.gather(*map(add, range(200)), return_exceptions=True)
    refusals = [outcome for outcome in outcomes if isinstance(outcome, Refused)]
    versions = [outcome for outcome in outcomes if isinstance(outcome, int)]
    assert (len(refusals), sorted(versions)) == (20, list(range(1, 181)))
    await settled(*pair)
    assert await pair.till.load(baskets, "b1") == Seen(buyer="ani", total=180)
    assert await pair.till.load(bill, "ani") == Bill(amount=180, lines=180)


async def test_a_stale_version_is_refused(pair: Pair) -> None:
    await pair.shop.handle(basket, "b1", AddItem(item="batik", price=5), person("1"))
    with pytest.raises(Stale):
        await pair.shop.handle(
            basket, "b1", AddItem(item="kopi", price=5), person("2", expects=frozenset({7}))
        )


async def test_an_error_of_the_facts_reaches_the_caller_and_nothing_is_stored(pair: Pair) -> None:
    async def facts() -> PriceList:
        raise Unknown("price-list", "2018")

    add = AddItem(item="a", price=1)
    with pytest.raises(Unknown):
        await pair.shop.handle(
            basket, "b1", add, person("1"), rule=decide_by_price_list, facts=facts
        )
    assert await pair.shop.load(basket, "b1") is None


async def test_poison_parks_its_subject_and_the_others_flow_on(pair: Pair) -> None:
    for item in ("batik", "poison", "kopi"):
        await pair.shop.handle(basket, "bad", AddItem(item=item, price=1), person(item))
        await pair.shop.handle(
            basket, "good", AddItem(item=item + "!", price=1, buyer="budi"), person(item)
        )
    await settled(*pair)
    assert await pair.till.load(bill, "ani") == Bill(amount=1, lines=1)
    assert await pair.till.load(bill, "budi") == Bill(amount=3, lines=3)
    assert (await pair.till.progress())["parked_subjects"] == 1


async def test_a_bug_in_evolve_parks_its_subject_before_it_is_folded(pair: Pair) -> None:
    for item in ("batik", "bug", "kopi"):
        await pair.shop.handle(basket, "bad", AddItem(item=item, price=1), person(item))
    await settled(*pair)
    assert await pair.till.load(baskets, "bad") == Seen(buyer="ani", total=1)
    assert (await pair.till.progress())["parked_subjects"] == 1


async def test_two_relays_publish_each_event_to_every_reader_once(settings: Settings) -> None:
    async with AsyncExitStack() as stack:
        first, second = shop(), shop()
        await stack.enter_async_context(first.opened(settings))
        await stack.enter_async_context(second.opened(settings))
        follower = await stack.enter_async_context(till().opened(settings))
        pair = Pair(shop=first, till=follower)
        for number in range(40):
            command = AddItem(item=f"i{number}", price=1)
            for service in (first, second):
                await service.handle(basket, f"b{number % 5}", command, person(f"{number}"))
                # Both relays are woken for every outbox, so both publish most of them at once.
                first.engine.relay.wake("basket", [f"b{number % 5}"])
                second.engine.relay.wake("basket", [f"b{number % 5}"])
        await settled(*pair)
        assert (await verify(first.engine)).differences == []
        assert (await verify(follower.engine)).differences == []
        assert await follower.load(bill, "ani") == Bill(amount=40, lines=40)


async def test_a_deadline_fires_once_for_several_replicas(
    settings: Settings, tmp_path: Path
) -> None:
    clock = tmp_path / "clock"
    write_clock(clock, NOW)
    settings = settings.model_copy(update={"clock_file": clock})
    async with AsyncExitStack() as stack:
        first, second = shop(), shop()
        await stack.enter_async_context(first.opened(settings))
        await stack.enter_async_context(second.opened(settings))
        for number in range(20):
            id = f"b{number}"
            await first.handle(basket, id, AddItem(item="batik", price=1), person("1"))
            await first.handle(basket, id, SealBasket(hours=1), person("2"))
        assert await first.count(basket, status="sealed") == 20
        write_clock(clock, NOW + timedelta(hours=2))

        async def forgotten() -> bool:
            return await second.count(basket, status="forgotten") == 20

        await eventually(forgotten)
        assert {found.version for found in await second.find(basket)} == {3}
        assert (await second.progress())["deadlines_overdue"] == 0


async def test_history_folds_to_the_state_with_its_private_part(pair: Pair) -> None:
    for number in range(10):
        add = AddItem(item=f"i{number}", price=number, note="secret")
        await pair.shop.handle(basket, "b1", add, person(f"{number}"))
    verdict = await verify(pair.shop.engine)
    assert (verdict.differences, verdict.events["basket"]) == ([], 10)
    await settled(*pair)
    assert (await verify(pair.shop.engine)).differences == []
    past = await History(pair.shop.engine.database).of_subject("basket", "b1")
    assert {event.private for event in past} == {'{"note":"secret","stand":""}'}
    assert all("secret" not in event.data for event in past)


async def test_verify_finds_a_state_that_its_history_does_not_make(pair: Pair) -> None:
    await pair.shop.handle(basket, "b1", AddItem(item="batik", price=5), person("1"))
    await settled(*pair)
    collection = pair.shop.engine.database.collection("basket")
    await collection.update_one({"_id": "b1"}, {"$set": {"state.total": 6}})
    assert (await verify(pair.shop.engine)).differences == [
        "basket b1: its state differs from the fold of its 1 events"
    ]
    cells = pair.till.engine.projection.collection("tally.spending")
    await cells.update_one({}, {"$inc": {"numbers.total": 1}})
    assert (await verify(pair.till.engine)).differences == [
        "tally spending ani: stored {'baskets': 1, 'total': 6}, counted {'baskets': 1, 'total': 5}"
    ]


async def test_a_full_outbox_refuses_commands_until_it_is_published(settings: Settings) -> None:
    settings = settings.model_copy(update={"outbox_events_max": 10})
    service = shop()
    async with service.opened(settings):
        # The relay publishes nothing, as while the broker is away.
        service.engine.relay.wake = lambda kind, ids: None  # type: ignore[method-assign]  # switched off
        for number in range(10):
            await service.handle(basket, "b1", AddItem(item="i", price=1), person(f"{number}"))
        with pytest.raises(Busy, match="outbox-full"):
            await service.handle(basket, "b1", AddItem(item="i", price=1), person("eleven"))
        assert (await service.get(basket, "b1")).version == 10


async def test_junk_on_a_topic_is_parked_or_skipped_and_stops_no_reader(
    pair: Pair, settings: Settings
) -> None:
    await pair.shop.handle(basket, "b1", AddItem(item="batik", price=5), person("1"))
    await settled(*pair)
    producer = Producer({"bootstrap.servers": settings.kafka_bootstrap_servers})
    topic = topic_name(settings.namespace, "shop")
    good = Recorded(
        id=event_id("basket", "b1", 2), type="id.go.kukm.shop.from-the-future.v9",
        time="2018-02-01T00:00:00.000Z", data="{}", private=None, actor="x", correlation="c",
        causation=None, receipt=None, body=None,
    )  # fmt: skip
    key, value, headers = encode("shop", good)
    producer.produce(topic, value=value, key=key, headers=headers)
    broken = replace(good, id=event_id("basket", "b2", 1), type=ItemAdded.type_name())
    key, value, headers = encode("shop", broken)
    producer.produce(topic, value=b"\xff{", key=key, headers=headers)
    producer.produce(topic, value=b"no event", key=b"b3")
    producer.flush()
    await settled(*pair)
    await pair.shop.handle(basket, "b4", AddItem(item="kopi", price=2), person("2"))
    await settled(*pair)
    assert await pair.till.load(baskets, "b4") == Seen(buyer="ani", total=2)
    parked = pair.till.engine.database.collection("parked")
    reasons = [(row["subject"], row["reason"]) async for row in parked.find().sort("subject")]
    assert reasons == [("b2", "undecodable"), ("b3", "undecodable")]
