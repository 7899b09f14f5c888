"""Play a race that the model of the batch has found, step by step on the real store.

Two consumers believe that they own a partition. The first has left a pending command that will be
refused. Before it is, the second has read the mirror to fold the next event on it.
"""

from collections.abc import AsyncIterator

import pytest

from shared.kernel.wire import Message, Partition
from shared.service.wiring import build
from shared.service.worker import Worker
from shared.settings import Settings
from shared.store.checkpoints import Overtaken
from tests.kernel.example import baskets, till
from tests.models.messages import basket_event

PLACE: Partition = ("shop", 0)


@pytest.fixture
async def worker(settings: Settings) -> AsyncIterator[Worker]:
    """Make the till's worker; the test itself calls its steps."""
    engine = build(till(), settings)
    assert engine.worker is not None
    await engine.prepare()
    yield engine.worker
    await engine.stop()


class Consumer:
    """A consumer of a batch: it reads and folds, and commits later."""

    def __init__(self, worker: Worker, message: Message) -> None:
        self.worker = worker
        self.messages = [message]

    async def read(self) -> None:
        """Read checkpoint and mirror, and fold the batch."""
        folding = self.worker.folding
        self.at = await self.worker.inbox.checkpoints.of([PLACE])
        known = {baskets.name: await self.worker.projection.current(baskets, ["b1"])}
        self.batch = folding.fold(self.messages, folding.frames(self.messages), known)

    async def commit(self) -> None:
        """Commit the batch's transaction."""
        entries = self.worker.reactions.entries(self.batch.reacted)
        await self.worker.inbox.commit(self.batch, self.at, entries)


async def test_a_batch_that_was_read_before_its_subject_was_parked_is_overtaken(
    worker: Worker,
) -> None:
    first = Consumer(worker, basket_event("b1", 1, item="poison", offset=0))
    second = Consumer(worker, basket_event("b1", 2, offset=1))
    await first.read()
    await first.commit()
    await second.read()
    await worker.reactions.drain([PLACE])
    with pytest.raises(Overtaken):
        await second.commit()
    await second.read()
    await second.commit()
    await worker.reactions.drain([PLACE])
    parked = await worker.inbox.parking.rows("b1")
    assert [(row["sequence"], row["reason"], row["folded"]) for row in parked] == [
        (1, "poison", True),
        (2, "subject-parked", False),
    ]
    mirror = (await worker.projection.current(baskets, ["b1"]))["b1"]
    assert (mirror.last, mirror.parked) == (1, True)
