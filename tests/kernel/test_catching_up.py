"""A database that was restored while junk, other versions, operators or an outage get in the way.

A restore copies the collections of a stopped service back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

import pytest
from confluent_kafka import Producer
from pymongo import MongoClient
from structlog.testing import capture_logs

from shared.kernel.decider import Context, Decider
from shared.kernel.errors import Refused
from shared.kernel.recorded import Recorded, event_id
from shared.kernel.wire import encode
from shared.messaging.topics import Topics, topic_name
from shared.operations.parked import ParkedSubjects
from shared.operations.restored import Restored
from shared.service import Service, catching_up
from shared.service.catching_up import CatchingUp
from shared.settings import Settings
from shared.store.parking import Operator
from tests.kernel.example import (
    AddItem,
    Basket,
    BasketSealed,
    ItemAdded,
    SealBasket,
    basket,
    shop,
    till,
)
from tests.kernel.test_loops import person
from tests.kernel.test_versions import backfilled, charges, fill_and_seal, newer_till
from tests.settled import settled

Stored = Mapping[str, Sequence[dict[str, Any]]]
SITI = Operator(by="siti", reason="restored")
LONG_AGO = "2017-01-02T00:00:00.000Z"


def connected(settings: Settings) -> MongoClient[dict[str, Any]]:
    """Return a client of the database's server."""
    return MongoClient(settings.mongo_uri.get_secret_value(), tz_aware=True)


def saved(settings: Settings, service: str) -> Stored:
    """Return all documents of a service's database."""
    with MongoClient[dict[str, Any]](
        settings.mongo_uri.get_secret_value(), tz_aware=True
    ) as client:
        database = client[settings.database_name(service)]
        return {name: list(database[name].find()) for name in database.list_collection_names()}


def restore(settings: Settings, service: str, stored: Stored) -> None:
    """Make these the documents of a service's database."""
    with MongoClient[dict[str, Any]](
        settings.mongo_uri.get_secret_value(), tz_aware=True
    ) as client:
        database = client[settings.database_name(service)]
        for name in database.list_collection_names():
            database[name].delete_many({})
            if stored.get(name):
                database[name].insert_many(stored[name])


def send(
    settings: Settings, id: str, number: int, event_type: str, data: bytes, *, kind: str = "basket"
) -> None:
    """Publish an event of the shop by another hand."""
    recorded = Recorded(
        id=event_id(kind, id, number), type=event_type, time=LONG_AGO, data="", private=None,
        actor="a", correlation="c", causation=None, receipt=None, body=None,
    )  # fmt: skip
    key, _, headers = encode("shop", recorded)
    producer = Producer({"bootstrap.servers": settings.kafka_bootstrap_servers})
    producer.produce(topic_name(settings.namespace, "shop"), key=key, value=data, headers=headers)
    producer.flush()


async def fill(selling: Service, id: str, *keys: str, item: str = "kopi") -> int:
    """Put an item into a basket for each key; return its version."""
    version = 0
    for key in keys:
        add = AddItem(item=item, price=1, buyer=id)
        version = (await selling.handle(basket, id, add, person(f"{id}{key}"))).version
    return version


async def filled(settings: Settings, id: str, *keys: str) -> None:
    """Open the shop, fill a basket, and stop the shop when its events are published."""
    async with shop().opened(settings) as selling:
        await fill(selling, id, *keys)
        await settled(selling)


async def test_an_operators_backfill_decides_nothing_again_after_a_restore(
    settings: Settings,
) -> None:
    async with shop().opened(settings) as selling:
        async with till().opened(settings) as older:
            await fill_and_seal(selling, "b1", "b2")
            await settled(selling, older)
        async with newer_till().opened(settings) as newer:
            await settled(selling, newer)
        before = saved(settings, "till")
        async with newer_till().opened(settings) as newer:
            assert await backfilled(newer) == 2
            await settled(selling, newer)
        restore(settings, "till", before)
        async with newer_till().opened(settings) as newer:
            await settled(selling, newer)
            await backfilled(newer)
            await settled(selling, newer)
            assert await charges(newer) == 2


async def test_what_was_redriven_is_not_backfilled_again(settings: Settings) -> None:
    Topics(settings).apply(["shop", "till"])
    async with till().opened(settings) as older:
        sealed = b'{"buyer":"b1","at":"2018-01-01T00:00:00Z"}'
        send(settings, "b1", 2, BasketSealed.type_name(), sealed)
        await settled(older)
    async with newer_till().opened(settings) as newer:
        await settled(newer)
        item = b'{"buyer":"b1","item":"i","price":1}'
        send(settings, "b1", 1, ItemAdded.type_name(), item)
        await settled(newer)
        assert (await ParkedSubjects(newer.engine).redrive("b1", SITI)).stopped is None
        await settled(newer)
        assert await charges(newer) == 1
        await backfilled(newer, since=person().now.replace(year=2016))
        await settled(newer)
        assert await charges(newer) == 1


async def test_a_topic_that_is_read_again_parks_again_what_was_parked(settings: Settings) -> None:
    async with shop().opened(settings) as selling:
        async with till().opened(settings) as following:
            for id in ("b1", "b2", "b3"):
                await fill(selling, id, id)
            producer = Producer({"bootstrap.servers": settings.kafka_bootstrap_servers})
            for number in range(settings.partitions):
                name = topic_name(settings.namespace, "shop")
                producer.produce(name, key=b"j", value=b"junk", partition=number)
            producer.flush()
            await settled(selling, following)
            parked = len(await following.engine.inbox.parking.rows())
            database = following.engine.database
            await database.collection("checkpoints").update_many(
                {"_id": {"$regex": "/shop/"}}, {"$inc": {"offset": 50}}
            )
        async with till().opened(settings) as following:
            await fill(selling, "b4", "b4")
            await settled(selling, following)
            assert len(await following.engine.inbox.parking.rows()) == parked


class CartFilled(ItemAdded):
    kind: ClassVar[str] = "cart"


def fill_cart(command: AddItem, state: Basket, context: Context) -> list[CartFilled]:
    return [CartFilled(buyer=command.buyer, item=command.item, price=command.price)]


def evolve_cart(state: Basket, event: CartFilled) -> Basket:
    return replace(state, items=(*state.items, event.item))


cart = Decider(
    kind="cart",
    commands=AddItem,
    state=Basket,
    events=CartFilled,
    initial=Basket(),
    decide=fill_cart,
    evolve=evolve_cart,
)


async def test_a_kind_of_a_newer_version_is_left_to_it(settings: Settings) -> None:
    def newer() -> Service:
        return Service("shop", deciders=(basket, cart))

    async with newer().opened(settings) as selling:
        await fill(selling, "b1", "1")
        await settled(selling)
    before = saved(settings, "shop")
    async with newer().opened(settings) as selling:
        await selling.handle(cart, "c1", AddItem(item="a", price=1), person("2"))
        await settled(selling)
    restore(settings, "shop", before)
    # An older version starts without it; its marks stay, so that the newer one still finds it.
    await filled(settings, "b1", "2")
    async with newer().opened(settings) as selling:
        assert (await selling.get(cart, "c1")).version == 1


async def test_a_history_that_is_ahead_of_its_records_is_caught_up(settings: Settings) -> None:
    await filled(settings, "b1", "1")
    before = saved(settings, "shop")
    await filled(settings, "b1", "2")
    history = saved(settings, "shop")["history"]
    restore(settings, "shop", {**before, "history": history})
    async with shop().opened(settings) as selling:
        assert (await selling.get(basket, "b1")).version == 2
        # What history has kept is not lost.
        assert await Restored(selling.engine).lost() == []
        assert saved(settings, "shop")["history"] == history


async def test_a_number_that_was_given_again_while_kafka_was_away_is_said_and_held(
    settings: Settings,
) -> None:
    await filled(settings, "b1", "1")
    before = saved(settings, "shop")
    async with shop().opened(settings) as selling:
        await selling.handle(basket, "b1", SealBasket(), person("2"))
        await settled(selling)
    restore(settings, "shop", before)
    away = settings.model_copy(update={"kafka_bootstrap_servers": "localhost:1"})
    async with shop().opened(away) as selling:
        assert await fill(selling, "b1", "3") == 2
    async with shop().opened(settings) as selling:
        with pytest.raises(Refused, match="private-part-lost"):
            await fill(selling, "b1", "4")
        (lost,) = await Restored(selling.engine).lost()
        assert lost.id == "b1"


async def test_a_record_that_lacks_an_event_of_the_topic_is_held_and_said_at_every_start(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catching_up, "MARK_SECONDS", 0.01)
    await filled(settings, "b1", "1")
    restore(settings, "shop", {**saved(settings, "shop"), "published": []})
    # Number 2 is neither in the database nor in the topic.
    send(settings, "b1", 3, ItemAdded.type_name(), b'{"buyer":"b1","item":"i","price":1}')
    for key in ("2", "3"):
        with capture_logs() as lines:
            async with shop().opened(settings) as selling:
                with pytest.raises(Refused, match="private-part-lost"):
                    await fill(selling, "b1", key)
                assert await fill(selling, "b2", key) in (1, 2)
                await settled(selling)
        assert "topic lost events" in [line["event"] for line in lines]
        assert saved(settings, "shop").get("published", []) == []


async def test_claims_are_made_though_a_process_died_before_them(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def claiming() -> Service:
        of_buyer = replace(basket, claims=lambda state: {f"buyer/{state.buyer}": "e"})
        return Service("shop", deciders=(of_buyer,))

    await filled(settings, "b0", "0")
    before = saved(settings, "shop")
    await filled(settings, "b1", "1")
    restore(settings, "shop", before)

    async def dies(self: CatchingUp, *arguments: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr(CatchingUp, "_claim", dies)
        with pytest.raises(KeyboardInterrupt):
            async with claiming().opened(settings):
                pass
    async with claiming().opened(settings) as selling:
        assert (await selling.get(basket, "b1")).version == 1
        assert (await selling.engine.claims.owners())["buyer/b1"] == ("b1", "e")
