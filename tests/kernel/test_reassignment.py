"""A partition is reassigned, or the copy is swapped, between the fold and the commit of a batch."""

import asyncio

import pytest
from confluent_kafka import KafkaError, KafkaException, TopicPartition
from structlog.testing import capture_logs

from shared.kernel.wire import Message
from shared.messaging.reading import read_topics
from shared.messaging.topics import topic_name
from shared.operations.rebuild import Rebuild
from shared.operations.verify import verify
from shared.service.batches import Folded
from shared.service.engine import Engine
from shared.service.wiring import build
from shared.service.worker import Worker
from shared.settings import Settings
from shared.store.checkpoints import Overtaken
from tests.kernel.example import AddItem, basket, shop, till
from tests.kernel.test_loops import person


async def follower(settings: Settings) -> tuple[Engine, Worker]:
    """Make a till whose worker takes no batches by itself."""
    engine = build(till(), settings)
    await asyncio.to_thread(engine.topics.apply, ["till"])
    await engine.generations.make_first()
    await engine.attach()
    await engine.prepare()
    assert engine.worker is not None
    engine.worker.consumer = engine.worker.open_consumer()
    return engine, engine.worker


async def folded(worker: Worker, settings: Settings) -> Folded:
    """Fold all events of the shop by this worker, without a commit."""
    messages = await asyncio.to_thread(lambda: list(read_topics(settings, ["shop"])))
    await worker.assigned(sorted({message.partition for message in messages}))
    batch = await worker._fold(await worker._due(messages, None), None)
    assert batch is not None
    return batch


async def test_a_batch_is_kept_only_where_it_was_folded(settings: Settings) -> None:
    async with shop().opened(settings) as selling:
        (slow_engine, slow), (fast_engine, fast) = (
            await follower(settings),
            await follower(settings),
        )
        for number, item in enumerate(("batik", "kopi")):
            await selling.handle(basket, "b1", AddItem(item=item, price=1), person(f"{number}"))
            await selling.engine.relay.drain(10)
            by_fast, by_slow = await folded(fast, settings), await folded(slow, settings)
            await fast._commit(by_fast)
    # The slow worker has the partitions again, at the checkpoints of the fast worker. Its own batch
    # was folded before that.
    await slow.assigned(list(by_slow.checkpoints_after))
    with pytest.raises(Overtaken):
        await slow._commit(by_slow)
    assert (await verify(slow_engine)).differences == []
    for engine in (slow_engine, fast_engine):
        await engine.stop()


async def test_a_batch_is_kept_only_in_the_copy_that_it_was_folded_on(settings: Settings) -> None:
    async with shop().opened(settings) as selling:
        engine, worker = await follower(settings)
        for number, item in enumerate(("batik", "kopi")):
            await selling.handle(basket, "b1", AddItem(item=item, price=1), person(f"{number}"))
            await selling.engine.relay.drain(10)
            batch = await folded(worker, settings)
            if number == 0:
                await worker._commit(batch)
    rebuild = Rebuild(
        service=till(), settings=settings, database=engine.database, generations=engine.generations
    )
    await rebuild.run(lambda done, of: None)
    # Both copies have the same checkpoints: only the mirrors that were read make the difference.
    await worker.assigned(list(batch.checkpoints_after))
    with pytest.raises(Overtaken):
        await worker._commit(batch)
    assert (await verify(engine)).differences == []
    await engine.stop()


async def test_messages_that_were_lost_after_they_were_taken_end_the_process(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with shop().opened(settings) as selling:
        await selling.handle(basket, "b1", AddItem(item="batik", price=1), person("1"))
        await selling.engine.relay.drain(10)
    engine, worker = await follower(settings)
    batch, commit, failures = await folded(worker, settings), worker._commit, [Overtaken()]

    async def overtaken_once(batch: Folded) -> None:
        for failure in failures:
            failures.clear()
            raise failure
        await commit(batch)

    async def taken_and_lost(most: int, *, wait: bool = True) -> list[Message]:
        await asyncio.sleep(0)
        raise ZeroDivisionError("the client has given messages, and they are not here")

    monkeypatch.setattr(worker, "_commit", overtaken_once)
    monkeypatch.setattr(worker.consumer, "batch", taken_and_lost)
    # Read again are those of the first batch; those of the second are known to no process.
    with pytest.raises(ZeroDivisionError):
        await worker._step(batch)
    await engine.stop()


class CannotMove:
    """A client that has this partition and cannot move in it, or has lost it."""

    def __init__(self, *held: TopicPartition) -> None:
        self._held = list(held)

    def seek(self, position: TopicPartition) -> None:
        """Fail as the client does."""
        raise KafkaException(KafkaError(KafkaError._STATE))

    def assignment(self) -> list[TopicPartition]:
        """Return what it has."""
        return self._held


async def test_a_partition_of_ours_that_cannot_be_moved_is_an_error(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine, worker = await follower(settings)
    ours = TopicPartition(topic_name(settings.namespace, "shop"), 1)
    monkeypatch.setattr(worker.consumer, "_consumer", CannotMove(ours))
    with pytest.raises(KafkaException):
        await worker.consumer.seek(("shop", 1), 5)
    # Another one is by now of another worker, and left to it.
    with capture_logs() as lines:
        await worker.consumer.seek(("shop", 2), 5)
    assert [line["event"] for line in lines] == ["partition reassigned"]
    await engine.stop()
