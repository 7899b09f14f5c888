"""The indexes that a version needs are built by a job, and the start only checks them."""

import pytest

from shared.kernel.errors import CannotStart
from shared.operations.migrate import migrate, plan
from shared.service.wiring import build
from shared.settings import Settings
from shared.store import StoreUnavailable
from shared.store.generations import NeverRan
from shared.store.indexes import Index
from tests.kernel.example import AddItem, basket, shop, till
from tests.kernel.test_loops import person
from tests.settled import settled


async def test_an_index_that_is_missing_stops_a_start_until_it_is_migrated(
    settings: Settings,
) -> None:
    async with shop().opened(settings) as selling:
        await selling.handle(basket, "b1", AddItem(item="kopi", price=1), person("1"))
        await settled(selling)
        await selling.engine.database.collection("basket").drop_index("deadline.at_1__id_1")
    with pytest.raises(CannotStart, match=r"basket \(deadline.at, _id\): run `gelar migrate shop`"):
        async with shop().opened(settings):
            pass
    engine = build(shop(), settings)
    planned = await plan(engine)
    assert [(index.collection, index.name) for index in planned.indexes] == [
        ("basket", "deadline.at_1__id_1")
    ]
    assert planned.older == {}
    steps: list[str] = []
    await migrate(engine, steps.append)
    assert steps == ["building basket (deadline.at, _id)"]
    assert (await plan(engine)).indexes == []
    await engine.stop()
    async with shop().opened(settings) as selling:
        assert await selling.not_ready_reason() is None


async def test_a_first_start_needs_no_migration_and_a_copy_is_looked_at_too(
    settings: Settings,
) -> None:
    engine = build(till(), settings)
    with pytest.raises(NeverRan):
        await migrate(engine, lambda step: None)
    assert await engine.database.collection_names() == []
    async with shop().opened(settings) as selling, till().opened(settings) as following:
        await selling.handle(basket, "b1", AddItem(item="kopi", price=1), person("1"))
        await settled(selling, following)
        assert (await plan(engine)).indexes == []
        mirrors = following.engine.projection.collection("mirror.basket")
        await mirrors.drop_index("state.buyer_1__id_1")
        (index,) = (await plan(engine)).indexes
        assert index.collection == "v1.mirror.basket"
    await engine.stop()


async def test_documents_of_a_lower_revision_are_counted_and_renewed(settings: Settings) -> None:
    async with shop().opened(settings) as selling:
        await selling.handle(basket, "b1", AddItem(item="kopi", price=1), person("1"))
        await settled(selling)
        await selling.engine.database.collection("basket").update_one(
            {"_id": "b1"}, {"$set": {"revision": 0}}
        )
    engine = build(shop(), settings)
    assert (await plan(engine)).older == {"basket": 1}
    await migrate(engine, lambda step: None)
    assert (await plan(engine)).older == {}
    await engine.stop()


async def test_a_build_goes_on_after_the_server_took_longer_than_an_answer_may_take(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = build(shop(), settings)
    collection = engine.database.collection("basket")
    await collection.insert_one({"_id": "b1"})
    answers = iter([StoreUnavailable("timed out")])
    create_indexes = type(collection).create_indexes

    def slow(self: object, *arguments: object, **options: object) -> object:
        for late in answers:
            raise late
        return create_indexes(self, *arguments, **options)

    monkeypatch.setattr(type(collection), "create_indexes", slow)
    from shared.store.indexes import build as build_index

    await build_index(engine.database, "basket", [Index("basket", ("state.buyer", "_id"))])
    assert "state.buyer_1__id_1" in await collection.index_information()
    await engine.stop()
