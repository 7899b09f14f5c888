"""A topic is made again under its name: what was known by its offsets is given up or widened."""

import asyncio

import pytest

from shared.kernel.errors import Refused
from shared.messaging.brokers import BrokerUnavailable
from shared.operations.restored import Republication
from shared.operations.verify import verify
from shared.service import Service
from shared.service.followed import Followed
from shared.service.wiring import build
from shared.settings import Settings
from shared.store.checkpoints import Overtaken
from shared.store.generations import NotBuilding
from tests.kernel.example import Bill, basket, bill, shop, till
from tests.kernel.test_catching_up import fill, restore, saved
from tests.kernel.test_followed import make_again, reads, rebuilt, send_junk
from tests.kernel.test_versions import backfilled, charges, fill_and_seal, newer_till
from tests.settled import settled


@pytest.fixture
def single(settings: Settings) -> Settings:
    """Make settings of topics with a single partition, whose offsets a test can foresee."""
    return settings.model_copy(update={"partitions": 1})


async def republished(selling: Service, settings: Settings) -> None:
    """Make the shop's topic again, and publish its history."""
    await asyncio.to_thread(make_again, settings)
    await Republication(selling.engine, "shop").run(lambda published: None)


async def test_what_was_parked_at_a_position_stops_no_worker(single: Settings) -> None:
    async with shop().opened(single) as selling:
        async with till().opened(single) as following:
            await fill(selling, "b2", "1", item="poison")
            await settled(selling, following)
            await fill(selling, "b1", "1", item="bug")
            await settled(selling, following)
        await republished(selling, single)
        await fill(selling, "b3", "1", "2")
        async with till().opened(single) as following:
            await reads(following)
            assert await following.load(bill, "b3") == Bill(amount=2, lines=2)
            rows = await following.engine.inbox.parking.rows()
            reasons = {(row["subject"], row["reason"], row["folded"]) for row in rows}
            assert reasons == {("b2", "poison", True), ("b1", "bug", False)}


async def test_a_rebuild_waits_until_the_worker_has_read_the_topic_again(single: Settings) -> None:
    async with shop().opened(single) as selling:
        async with till().opened(single) as following:
            send_junk(single, 3)
            await fill(selling, "b1", "1", "2")
            await settled(selling, following)
        await republished(selling, single)
        await fill(selling, "b1", "3", "4", "5")
        await settled(selling)
        with pytest.raises(Refused, match="topic-made-again"):
            await rebuilt(till(), single)
        async with till().opened(single) as following:
            await reads(following)
        await rebuilt(till(), single)
        async with till().opened(single) as following:
            await settled(selling, following)
            assert await following.load(bill, "b1") == Bill(amount=5, lines=5)
            assert (await verify(following.engine)).differences == []


async def test_a_rebuild_that_was_under_way_is_given_up(single: Settings) -> None:
    async with shop().opened(single) as selling, till().opened(single) as following:
        await fill(selling, "b1", "1", "2")
        await settled(selling, following)
        generations = following.engine.generations
        _, building = await generations.begin("a builder")
        await following.engine.followed.read_again([("shop", 0)])
        with pytest.raises(NotBuilding):
            await generations.still_builds("a builder", building)


async def test_a_backfill_decides_nothing_a_second_time(single: Settings) -> None:
    async with shop().opened(single) as selling:
        async with till().opened(single) as older:
            send_junk(single, 4)
            await settled(selling, older)
        async with newer_till().opened(single) as newer:
            await settled(selling, newer)
            await fill_and_seal(selling, "b1")
            await settled(selling, newer)
            assert await charges(newer) == 1
        await republished(selling, single)
        async with newer_till().opened(single) as newer:
            await reads(newer)
            await backfilled(newer)
            await settled(selling, newer)
            assert await charges(newer) == 1


async def test_the_marks_are_of_the_topic_and_not_of_its_name(single: Settings) -> None:
    async with shop().opened(single) as selling:
        send_junk(single, 3)
        await fill(selling, "b2", "1", "2")
        await settled(selling)
    async with shop().opened(single):
        pass
    before = saved(single, "shop")
    async with shop().opened(single) as selling:
        await fill(selling, "b1", "1", "2")
        await settled(selling)
        await republished(selling, single)
        await fill(selling, "b3", "1", "2", "3")
        await settled(selling)
    restore(single, "shop", before)
    async with shop().opened(single) as selling:
        versions = {id: (await selling.get(basket, id)).version for id in ("b1", "b2", "b3")}
        assert versions == {"b1": 2, "b2": 2, "b3": 3}


async def test_a_check_that_fails_is_repeated_before_anything_is_read(
    single: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with shop().opened(single) as selling:
        async with till().opened(single) as following:
            send_junk(single, 3)
            await fill(selling, "b1", "1", "2")
            await settled(selling, following)
        await republished(selling, single)
        await fill(selling, "b1", "3", "4", "5")
        given, failures = Followed.check, iter([BrokerUnavailable("away")])

        async def check(self: Followed) -> None:
            for failure in failures:
                raise failure
            await given(self)

        monkeypatch.setattr(Followed, "check", check)
        async with till().opened(single) as following:
            await reads(following)
            assert await following.load(bill, "b1") == Bill(amount=5, lines=5)


async def test_a_swap_while_partitions_are_assigned_leaves_the_worker_on_the_live_copy(
    single: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with shop().opened(single) as selling:
        async with till().opened(single) as following:
            await fill(selling, "b1", "1", "2")
            await settled(selling, following)
        given, swaps = Followed.check, iter([1])

        async def check(self: Followed) -> None:
            for _ in swaps:
                await rebuilt(till(), single)
            await given(self)

        monkeypatch.setattr(Followed, "check", check)
        async with till().opened(single) as following:
            await fill(selling, "b1", "3")
            await settled(selling, following)
            assert await following.load(bill, "b1") == Bill(amount=3, lines=3)
        async with till().opened(single) as following:
            await settled(selling, following)
            assert await following.load(bill, "b1") == Bill(amount=3, lines=3)


async def test_a_rewind_that_a_swap_overtakes_says_so(single: Settings) -> None:
    async with shop().opened(single) as selling, till().opened(single) as following:
        await fill(selling, "b1", "1")
        await settled(selling, following)
    engine = build(till(), single)
    await engine.attach()
    await rebuilt(till(), single)
    with pytest.raises(Overtaken):
        await engine.followed.read_again([("shop", 0)])
    await engine.stop()
