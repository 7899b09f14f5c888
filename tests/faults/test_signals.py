"""Processes stand still and go on, get SIGTERM within a batch, and come and go under load.

A zombie stops itself with SIGSTOP at a point. It gets SIGCONT when its successor has done its work
(a worker's session and its transaction are over by then), and goes on at this point.
"""

import asyncio
import signal

import pytest

from shared.settings import Settings
from tests.faults.cast import ROUND_SECONDS, WITHIN_SECONDS, cast
from tests.faults.few_at_once import few_at_once
from tests.faults.points import BEFORE, POINTS, Point
from tests.faults.processes import Nursery, Process
from tests.long_tests import long_test

AWAKE_SECONDS = 0.5

ZOMBIES = (
    "a batch is read",
    "its mirrors are read",
    "reactions are pending",
    "pending rows are read",
    "the pending row is deleted",
    "a write is to be sent",
    "all are acknowledged",
)
STOPPED = ("mirrors are written", "aggregates are written", "all are acknowledged")
SENDING = Point(
    words="a write is to be sent",
    service="shop",
    site="Aggregates.write: self.collection.update_one",
    when=BEFORE,
)
NAMED = {point.words: point for point in (*POINTS, SENDING)}


async def wake_late(children: Nursery, settings: Settings, point: Point) -> list[str]:
    """Let a process stand still at a point, go on beside its successor, and go on alone."""
    async with cast(children, settings) as playing:
        other = {"shop": "till", "till": "shop"}[point.service]
        await playing.start(other)
        zombie = await playing.start(point.service, point, signal.SIGSTOP)
        playing.ask()
        async with asyncio.timeout(WITHIN_SECONDS):
            await zombie.at.wait()
        successor = await playing.start(point.service)
        await playing.wait_until_settled()
        zombie.signal(signal.SIGCONT)
        playing.ask()
        await asyncio.sleep(AWAKE_SECONDS)
        await playing.wait_until_settled()
        found = await playing.differences()
        await successor.stop()
        if point.service == "shop":
            playing.shops.remove(successor)
        playing.ask()
        await asyncio.sleep(AWAKE_SECONDS)
        await playing.wait_until_settled()
        assert not zombie.gone
        return found + await playing.differences()


@pytest.fixture(scope="module")
async def woken(
    children: Nursery, module_settings: Settings
) -> dict[str, list[str] | BaseException]:
    """Play some zombies at once, because most of the time is waiting; return the faults of each."""
    played = (wake_late(children, module_settings, NAMED[words]) for words in ZOMBIES)
    outcomes = await few_at_once(played)
    return dict(zip(ZOMBIES, outcomes, strict=True))


@long_test
@pytest.mark.parametrize("words", ZOMBIES)
async def test_a_process_that_stood_still_does_nothing_twice(
    words: str, woken: dict[str, list[str] | BaseException]
) -> None:
    assert woken[words] == []


@long_test
@pytest.mark.parametrize("words", STOPPED)
async def test_a_process_that_gets_sigterm_within_a_batch_ends_in_order(
    words: str, children: Nursery, module_settings: Settings
) -> None:
    point = NAMED[words]
    async with cast(children, module_settings) as playing:
        await playing.start({"shop": "till", "till": "shop"}[point.service])
        stopped = await playing.start(point.service, point, signal.SIGTERM)
        playing.ask()
        async with asyncio.timeout(WITHIN_SECONDS):
            await stopped.end()
        assert (stopped.at.is_set(), stopped.ended) == (True, True)
        await playing.start(point.service)
        await playing.wait_until_settled()
        assert await playing.differences() == []


async def test_workers_scale_from_one_to_three_and_back_under_load(
    children: Nursery, module_settings: Settings
) -> None:
    async with cast(children, module_settings) as playing:
        await playing.start("shop")
        first = await playing.start("till")
        playing.ask()
        await _works(first)
        second, third = await asyncio.gather(playing.start("till"), playing.start("till"))
        await asyncio.gather(_works(second), _works(third))
        await asyncio.gather(first.stop(), second.stop())
        assert (first.ended, second.ended) == (True, True)
        await playing.wait_until_settled()
        assert await playing.differences() == []


async def _works(worker: Process) -> None:
    async with asyncio.timeout(WITHIN_SECONDS):
        while "Inbox.commit > _once: session.commit_transaction" not in await worker.passes():  # noqa: ASYNC110 - another process
            await asyncio.sleep(ROUND_SECONDS)
