"""A race that the batch's model has shown, played step by step on the real store.

Two consumers believe that a partition is theirs. One has left a command pending that is refused;
before it finds that out, the other has read the mirror, to fold the next event on.
"""

from collections.abc import AsyncIterator

import pytest

from shared.kernel.wire import Message, Partition
from shared.service.wiring import build
from shared.service.worker import Worker
from shared.settings import Settings
from shared.store.inbox import Overtaken
from tests.kernel.example import baskets, till
from tests.models.messages import basket_event

PLACE: Partition = ("shop", 0)


@pytest.fixture
async def worker(settings: Settings) -> AsyncIterator[Worker]:
    """The till's worker, whose steps the test takes itself."""
    engine = build(till(), settings)
    assert engine.worker is not None
    await engine.prepare()
    yield engine.worker
    await engine.stop()


class Consumer:
    """One consumer's way through a batch: reads, folds, and later commits."""

    def __init__(self, worker: Worker, message: Message) -> None:
        self.worker = worker
        self.messages = [message]

    async def read(self) -> None:
        """Read checkpoint and mirror as they are now, and fold."""
        folding = self.worker.folding
        self.at = await self.worker.inbox.checkpoints([PLACE])
        known = {baskets.name: await self.worker.projection.current(baskets, ["b1"])}
        self.batch = folding.fold(self.messages, folding.frames(self.messages), known)

    async def commit(self) -> None:
        """The batch's transaction."""
        entries = self.worker.reactions.entries(self.batch.reacted)
        await self.worker.inbox.commit(self.batch, self.at, entries)


async def test_a_batch_that_was_read_before_its_subject_was_parked_is_overtaken(
    worker: Worker,
) -> None:
    one = Consumer(worker, basket_event("b1", 1, item="poison", offset=0))
    two = Consumer(worker, basket_event("b1", 2, offset=1))
    await one.read()
    await one.commit()
    await two.read()
    await worker.reactions.drain([PLACE])
    with pytest.raises(Overtaken):
        await two.commit()
    await two.read()
    await two.commit()
    await worker.reactions.drain([PLACE])
    parked = await worker.inbox.parking.rows("b1")
    assert [(one["sequence"], one["reason"], one["folded"]) for one in parked] == [
        (1, "poison", True),
        (2, "subject-parked", False),
    ]
    kept = (await worker.projection.current(baskets, ["b1"]))["b1"]
    assert (kept.last, kept.parked) == (1, True)
