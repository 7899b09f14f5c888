"""Two versions of a service run side by side; the newer one has another form of its baskets."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any, NamedTuple

import pytest
from structlog.testing import capture_logs

from shared.kernel.errors import Busy
from shared.operations.migrate import migrate, plan
from shared.operations.verify import verify
from shared.service import Service
from shared.service import revisions as renewing
from shared.service.revisions import renew, renew_in_turn
from shared.service.wiring import build
from shared.settings import Settings
from shared.store.lease import Lease
from shared.store.revisions import Revisions
from tests.conftest import eventually
from tests.faults.newer import GIFT, BasketWrapped, gift_basket, newer_shop
from tests.kernel.example import AddItem, basket, shop
from tests.kernel.test_loops import person

KOPI = AddItem(item="kopi", price=2)


class Versions(NamedTuple):
    """Both versions of the shop; the newer one has renewed all five baskets."""

    older: Service
    newer: Service


async def revisions_of(service: Service) -> set[int]:
    """Return the revisions of all baskets, as a majority has them."""
    majority = service.engine.commands["basket"].aggregates.majority
    return set(await majority.distinct("revision"))


@pytest.fixture
async def versions(settings: Settings) -> AsyncIterator[Versions]:
    """Run both versions in this process."""
    async with AsyncExitStack() as stack:
        older = await stack.enter_async_context(shop().opened(settings))
        for number in range(5):
            await older.handle(basket, f"b{number}", KOPI, person("1"))
        assert await older.count(basket, status="open") == 5
        newer = await stack.enter_async_context(newer_shop().opened(settings))

        async def all_are_renewed() -> bool:
            return await revisions_of(newer) == {2}

        await eventually(all_are_renewed)
        yield Versions(older=older, newer=newer)


async def test_an_older_version_passes_over_no_record_that_was_renewed(versions: Versions) -> None:
    assert await versions.newer.count(gift_basket, status="open") == 5
    with pytest.raises(Busy, match="newer-version"):
        await versions.older.count(basket, status="open")
    with pytest.raises(Busy, match="newer-version"):
        await versions.older.find(basket, status="open")
    # A single record is folded again from its past.
    assert (await versions.older.get(basket, "b1")).state.total == 2


async def test_a_renewal_in_the_midst_of_a_question_is_seen(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with shop().opened(settings) as older:
        await older.handle(basket, "b1", KOPI, person("1"))
        documents = older.engine.database.collection("basket")

        async def renewed(self: Revisions) -> None:
            newer: dict[str, Any] = {"revision": 2, "state.status": "waiting"}
            await documents.update_one({"_id": "b1"}, {"$set": newer})

        # The newer version renews the record after the question was allowed.
        monkeypatch.setattr(Revisions, "check_before", renewed)
        with pytest.raises(Busy, match="newer-version"):
            await older.count(basket, status="open")


async def test_only_an_operator_brings_a_newer_form_back(
    versions: Versions, settings: Settings
) -> None:
    older, newer = (
        service.engine.commands["basket"].aggregates for service in (versions.older, versions.newer)
    )
    assert await renew(older) == 0
    assert await revisions_of(versions.newer) == {2}
    assert await renew(newer) == 0
    engine = build(shop(), settings)
    assert (await plan(engine)).newer == {"basket": 5}
    await migrate(engine, lambda step: None)
    await engine.stop()
    assert await versions.older.count(basket, status="open") == 5
    with pytest.raises(Busy, match="being-renewed"):
        await versions.newer.count(gift_basket, status="open")


async def _wrap_a_gift(versions: Versions) -> None:
    """Let the newer version give the basket `b0-gift` an event that the older does not know."""
    gift = AddItem(item="batik", price=5, buyer=f"{GIFT}ani")
    await versions.newer.handle(gift_basket, "b0-gift", gift, person("1"))

    async def is_delivered() -> bool:
        return (await versions.newer.get(gift_basket, "b0-gift")).version == 3

    await eventually(is_delivered)


async def test_a_record_with_an_unknown_event_is_left_to_the_version_that_knows_it(
    versions: Versions,
) -> None:
    await _wrap_a_gift(versions)
    with pytest.raises(Busy, match="newer-version"):
        await versions.older.handle(basket, "b0-gift", KOPI, person("2"))
    with pytest.raises(Busy, match="newer-version"):
        await versions.older.get(basket, "b0-gift")
    documents = versions.older.engine.database.collection("basket")
    await documents.update_many({}, {"$set": {"revision": 0}})
    with capture_logs() as lines:
        await renew(versions.older.engine.commands["basket"].aggregates)
    assert [line["event"] for line in lines].count("revision not renewed") == 1
    left = await documents.find_one({"_id": "b0-gift"})
    assert left is not None
    assert left["revision"] == 0
    assert await documents.count_documents({"revision": 1}) == 5


async def test_a_record_with_an_unknown_event_is_no_difference_to_an_older_version(
    versions: Versions,
) -> None:
    await _wrap_a_gift(versions)
    verdict = await verify(versions.older.engine)
    assert verdict.differences == []
    assert verdict.unknown == {("basket", BasketWrapped.type_name()): 1}
    verdict = await verify(versions.newer.engine)
    assert (verdict.differences, verdict.unknown) == ([], {})


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Let workers look for older records often; return the answers to those that take a lease."""
    monkeypatch.setattr(renewing, "AGAIN_SECONDS", 0.1)
    take, given = Lease.take, list[bool]()

    async def watched(lease: Lease) -> bool:
        given.append(await take(lease))
        return given[-1]

    monkeypatch.setattr(Lease, "take", watched)
    return given


async def test_one_worker_at_a_time_renews(settings: Settings, answers: list[bool]) -> None:
    async def is_refused() -> bool:
        return False in answers

    async with shop().opened(settings) as older:
        for number in range(5):
            await older.handle(basket, f"b{number}", KOPI, person("1"))
        # Another worker is at it.
        database = older.engine.database
        others = Lease(database, "revision/basket")
        assert await others.take()
        async with newer_shop().opened(settings) as newer:
            await eventually(is_refused, seconds=60)
            assert await revisions_of(newer) == {1}
            assert await others.take(), "it holds it for longer"
            # That worker dies: its lease ends by the database's clock.
            past = [{"$set": {"until": {"$subtract": ["$$NOW", 1]}}}]
            await database.collection("leases").update_one({}, past)

            async def all_are_renewed() -> bool:
                return await revisions_of(newer) == {2}

            await eventually(all_are_renewed)


async def test_a_lease_has_one_holder(versions: Versions) -> None:
    database = versions.older.engine.database
    late, mine = (Lease(database, "revision/basket") for _ in range(2))
    await eventually(mine.take)
    assert not await late.take()
    await late.release()
    assert not await late.take()
    await mine.release()
    # A version that has nothing to renew takes no lease.
    aggregates = versions.older.engine.commands["basket"].aggregates
    assert await renew_in_turn(aggregates, mine) == 0
    assert await database.collection("leases").count_documents({}) == 0
