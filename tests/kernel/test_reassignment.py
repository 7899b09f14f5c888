"""Partitions that are given anew, and copies that are swapped, in the midst of a batch."""

import asyncio

import pytest

from shared.messaging.reading import read_topics
from shared.operations.rebuild import Rebuild
from shared.operations.verify import verify
from shared.service.engine import Engine
from shared.service.wiring import build
from shared.service.worker import Folded, Worker
from shared.settings import Settings
from shared.store.inbox import Overtaken
from tests.kernel.example import AddItem, basket, shop, till
from tests.kernel.test_loops import person


async def follower(settings: Settings) -> tuple[Engine, Worker]:
    """A till whose worker takes no batches by itself."""
    engine = build(till(), settings)
    await asyncio.to_thread(engine.topics.ensure, ["till"])
    await engine.attach()
    await engine.prepare()
    assert engine.worker is not None
    return engine, engine.worker


async def folded(worker: Worker, settings: Settings) -> Folded:
    """All that the shop has said, folded by this worker and not kept yet."""
    messages = await asyncio.to_thread(lambda: list(read_topics(settings, ["shop"])))
    await worker.assigned(sorted({one.partition for one in messages}))
    batch = await worker._fold(worker._due(messages, None), None)
    assert batch is not None
    return batch


async def test_a_batch_is_kept_only_where_it_was_folded(settings: Settings) -> None:
    async with shop().opened(settings) as selling:
        (one, slow), (another, fast) = await follower(settings), await follower(settings)
        for number, item in enumerate(("batik", "kopi")):
            await selling.handle(basket, "b1", AddItem(item=item, price=1), person(f"{number}"))
            await selling.engine.relay.drain(10)
            theirs, mine = await folded(fast, settings), await folded(slow, settings)
            await fast._commit(theirs)
    # Ours again, and where the other one has left it: what was folded before is another's work.
    await slow.assigned(list(mine.checkpoints_after))
    with pytest.raises(Overtaken):
        await slow._commit(mine)
    assert (await verify(one)).differences == []
    for engine in (one, another):
        await engine.stop()


async def test_a_batch_is_kept_only_in_the_copy_that_it_was_folded_on(settings: Settings) -> None:
    async with shop().opened(settings) as selling:
        one, worker = await follower(settings)
        for number, item in enumerate(("batik", "kopi")):
            await selling.handle(basket, "b1", AddItem(item=item, price=1), person(f"{number}"))
            await selling.engine.relay.drain(10)
            batch = await folded(worker, settings)
            if number == 0:
                await worker._commit(batch)
    rebuild = Rebuild(
        service=till(), settings=settings, database=one.database, generations=one.generations
    )
    await rebuild.run(lambda done, of: None)
    # The new copy stands where the old one stood: only whose mirrors were read tells them apart.
    await worker.assigned(list(batch.checkpoints_after))
    with pytest.raises(Overtaken):
        await worker._commit(batch)
    assert (await verify(one)).differences == []
    await one.stop()
