"""Two versions of both services run as processes side by side, under load: upgrade and rollback."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta

from shared.operations.accepting import accept
from shared.operations.backfill import Backfill
from shared.operations.rebuild import Rebuild
from shared.service import Service
from shared.service.engine import Engine
from shared.service.wiring import build
from shared.settings import Settings
from tests.faults.cast import Cast, cast
from tests.faults.newer import newer_shop, newer_till
from tests.faults.processes import Nursery, Process
from tests.given import NOW
from tests.kernel.example import till
from tests.kernel.test_versions import must_not_consume
from tests.long_tests import long_test

NEWER = (newer_shop, newer_till)
SIDE_BY_SIDE_SECONDS = 2.0


@asynccontextmanager
async def operator(service: Service, settings: Settings) -> AsyncIterator[Engine]:
    """Open the engine of a version's service as an operator's command does, at the end."""
    engine = build(service, settings)
    try:
        yield engine
    finally:
        await engine.stop()


async def stop(playing: Cast, processes: Sequence[Process]) -> None:
    """Stop these processes in order; the callers order from the others."""
    playing.shops = [process for process in playing.shops if process not in processes]
    for process in processes:
        assert not process.gone
        await process.stop()
        assert process.ended


async def upgrade(playing: Cast, older: Sequence[Process]) -> list[Process]:
    """Start the newer version beside the older, first who follows, and stop the older."""
    newer = [await playing.start(name) for name in ("newer till", "newer till")]
    async with operator(till(), playing.settings) as engine:
        await must_not_consume(engine)
    newer.append(await playing.start("newer shop"))
    playing.callers.gifts = True
    await asyncio.sleep(SIDE_BY_SIDE_SECONDS)
    await stop(playing, older)
    await asyncio.sleep(SIDE_BY_SIDE_SECONDS)
    return newer


async def go_back(playing: Cast, newer: Sequence[Process]) -> list[Process]:
    """Start the older version beside the newer, stop the newer, and accept the older."""
    older = [await playing.start(name) for name in ("shop", "till", "till")]
    await asyncio.sleep(SIDE_BY_SIDE_SECONDS)
    playing.callers.gifts = False
    await stop(playing, newer)
    answered = len(playing.callers.answers)
    async with operator(till(), playing.settings) as engine:
        await accept(engine)
    await asyncio.sleep(SIDE_BY_SIDE_SECONDS)
    assert len(playing.callers.answers) > answered
    return older


async def go_forward(playing: Cast, older: Sequence[Process]) -> list[Process]:
    """Start the newer version again, accept it, and let it fold and react on what it missed."""
    newer = [await playing.start(name) for name in ("newer till", "newer shop")]
    async with operator(newer_till(), playing.settings) as engine:
        await accept(engine)
        await stop(playing, older)
        rebuild = Rebuild(
            service=newer_till(),
            settings=playing.settings,
            database=engine.database,
            generations=engine.generations,
        )
        await rebuild.run(lambda read, of: None)
        await engine.attach()
        backfill = Backfill(
            service=newer_till(),
            engine=engine,
            reaction="charge-wrapping",
            since=NOW - timedelta(days=1),
        )
        await backfill.run(lambda read, of: None)
        assert await engine.inbox.parking.rows() == []
    await playing.look_again(NEWER)
    return newer


@long_test
async def test_an_upgrade_under_load_and_the_way_back_lose_nothing(
    children: Nursery, module_settings: Settings
) -> None:
    async with cast(children, module_settings) as playing:
        older = [await playing.start(name) for name in ("shop", "till", "till")]
        playing.ask(every_shop=True)
        await asyncio.sleep(SIDE_BY_SIDE_SECONDS)
        newer = await upgrade(playing, older)
        await playing.wait_until_settled()
        assert await playing.differences(NEWER) == []
        playing.ask(every_shop=True)
        older = await go_back(playing, newer)
        newer = await go_forward(playing, older)
        await playing.wait_until_settled()
        assert await playing.differences(NEWER) == []
        assert not any(process.gone for process in newer)
