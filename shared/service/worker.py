"""The way in: the worker folds batches of events, commits them, and runs their reactions.

Called by `shared.service.engine` (`run`) and the consumer (`assigned`). For each batch it calls:

1. `EventConsumer.batch`: take messages;
2. `Folding.fold`: fold them in memory;
3. `Inbox.commit`: one transaction of mirrors, views, tallies and checkpoints;
4. `Reactions.drain`: one transaction of its commands;
5. `EventConsumer.commit`: report the offsets to Kafka, for lag figures only.

With a backlog, steps 1 and 2 of the next batch run while this batch is committed; large batches are
folded on a thread. If it cannot be committed, both are read again. A rebalance or a swap of copies
may happen at any moment: a batch is committed only in the copy, and at the checkpoints, on which it
was folded. Pending commands are decided before a partition's next batch and on assignment. A worker
that was overtaken reads its checkpoints again. A passing error is retried, with a growing pause.
Where the result of a batch can never be stored, the message to blame is found by halves and parked
alone. Where a message is not the next of its partition, the partition is read again from there.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

import structlog

from shared.kernel.errors import Unstorable
from shared.kernel.folding import Folding
from shared.kernel.wire import EventFrame, Message, Partition
from shared.messaging.brokers import BrokerUnavailable
from shared.messaging.consumer import EventConsumer
from shared.metrics import OFFSETS_MISSING, WORKER_RETRIES
from shared.service.batches import Due, Folded, in_turn, log_batch, time_batch
from shared.service.followed import Followed
from shared.service.heartbeat import Heartbeat
from shared.service.reactions import Reactions
from shared.store import StoreError, is_retryable
from shared.store.checkpoints import Checkpoint, Overtaken
from shared.store.database import pause
from shared.store.generations import Generations, OtherVersion
from shared.store.inbox import Inbox
from shared.store.projection import Projection
from shared.store.versions import Versions

log = structlog.get_logger()
T = TypeVar("T")
BORNE = (Overtaken, StoreError, Unstorable)
"""Errors after which the same messages are folded again."""


class _Stopped(Exception):
    """The worker must end while it waits for the database."""


@dataclass(kw_only=True)
class Worker:
    """The inbound loop of one process."""

    folding: Folding
    projection: Projection
    inbox: Inbox
    reactions: Reactions
    followed: Followed
    generations: Generations
    versions: Versions
    batch_events_max: int
    heartbeat: Heartbeat = field(default_factory=Heartbeat)
    open_consumer: Callable[[], EventConsumer] = field(init=False)
    consumer: EventConsumer = field(init=False, repr=False)
    _checkpoints: dict[Partition, Checkpoint] = field(default_factory=dict)
    _read_again_at: dict[Partition, int] = field(default_factory=dict)
    _stopping: asyncio.Event = field(default_factory=asyncio.Event)
    _handed_over: OtherVersion | None = None

    @property
    def _backlog_size(self) -> int:
        """Return the batch size from which more messages are assumed to wait."""
        return self.batch_events_max // 4

    async def assigned(self, partitions: Sequence[Partition]) -> dict[Partition, int]:
        """Decide what is pending in newly assigned partitions; return the offsets to read from.

        Raises `OtherVersion`, `NewerVersion`.
        """
        attempt = 0
        while True:
            try:
                # Another copy may be live by now.
                await self.generations.follow_live(self.projection.generation)
                self.reactions.parks_unknown = await self.versions.register()
                await self.followed.check()
                await self.reactions.drain(partitions)
                found = await self.inbox.checkpoints.standing(partitions)
                # A newer version that registered since then has raised these epochs.
                await self.versions.check()
            except (StoreError, Overtaken, BrokerUnavailable) as error:
                attempt += 1
                await self._pause(attempt, error)
                continue
            for partition in partitions:
                self._checkpoints.pop(partition, None)
            self._checkpoints |= found
            return {partition: checkpoint.offset for partition, checkpoint in found.items()}

    async def lost(self, partitions: Sequence[Partition]) -> dict[Partition, int]:
        """Return the offsets as `assigned`, of partitions that end before their checkpoints."""
        await self.followed.read_again(partitions)
        return await self.assigned(partitions)

    async def run(self) -> None:
        """Apply batches until `stop` or `hand_over`; the batch under way is finished.

        Raises `OtherVersion` or `NewerVersion` when another version goes on from its checkpoints.
        """
        self._handed_over = None
        self.consumer = self.open_consumer()
        await self.consumer.start()
        folded: Folded | None = None
        try:
            while folded or not self._ending:
                self.heartbeat.beat()
                folded = await self._step(folded)
                if folded and len(folded.messages) < self._backlog_size:
                    # Without a backlog a batch is committed at once: latency counts here.
                    folded = await self._step(folded, further=False)
        except _Stopped:
            log.info("stopped while waiting for the database", batch="not applied")
        finally:
            self.heartbeat.rest()
            await self.consumer.close()
        if self._handed_over is not None:
            raise self._handed_over

    def stop(self) -> None:
        """Take no more batches."""
        self._stopping.set()

    def hand_over(self, other: OtherVersion) -> None:
        """Take no more batches until `run` is called again: another version's copy is live."""
        self._handed_over = other

    @property
    def _ending(self) -> bool:
        return self._stopping.is_set() or self._handed_over is not None

    async def _step(self, folded: Folded | None, *, further: bool = True) -> Folded | None:
        """Commit the folded batch, and at the same time take and fold the next; return that."""
        in_memory = list(folded.messages) if folded else []
        following = asyncio.create_task(self._follow(folded, in_memory, further=further))
        try:
            if folded:
                await self._commit(folded)
            return await following
        except BORNE as error:
            await self._pause(1, error)
        finally:
            await asyncio.gather(following, return_exceptions=True)
        lost = following.exception()
        if lost is not None and not isinstance(lost, BORNE):
            # It may have taken messages: the process ends, and the next one reads them again.
            raise lost
        await self._apply_again(in_memory)
        return None

    async def _follow(
        self, onto: Folded | None, in_memory: list[Message], *, further: bool
    ) -> Folded | None:
        """Take and fold the next batch onto `onto`; add its messages to `in_memory`."""
        if self._ending or not further:
            return None
        messages = await self.consumer.batch(self.batch_events_max, wait=onto is None)
        in_memory += messages
        due = await self._due(messages, onto)
        return await self._fold(due, onto)

    async def _apply_again(self, messages: list[Message], *, unstorable: str = "") -> None:
        """Fold and commit messages from the present checkpoints, or park them (`unstorable`)."""
        attempt = 1
        while True:
            try:
                left = await self._read_again(messages)
                due = await self._due(left, None)
                folded = await self._fold(due, None, unstorable=unstorable)
                if folded:
                    await self._commit(folded)
                return
            except Unstorable as error:
                if unstorable:
                    raise
                await self._apply_in_parts(messages, error)
                return
            except (Overtaken, StoreError) as error:
                attempt += 1
                await self._pause(attempt, error)

    async def _apply_in_parts(self, messages: list[Message], error: Unstorable) -> None:
        """Apply the halves of these messages in turn; park a message that is alone."""
        half = len(messages) // 2
        if half == 0:
            await self._apply_again(messages, unstorable=str(error))
            return
        await self._apply_again(messages[:half])
        await self._apply_again(messages[half:])

    async def _fold(self, due: Due, onto: Folded | None, *, unstorable: str = "") -> Folded | None:
        messages = due.messages
        if not messages:
            return None
        begun = time.perf_counter()
        frames = await self._run_maybe_in_thread(messages, self.folding.frames, messages)
        sound = (frame for _, frame in frames if isinstance(frame, EventFrame))
        current = await self.projection.current_of(sound, newer=onto.batch.mirrors if onto else {})
        fold = partial(self.folding.fold, unstorable=unstorable)
        batch = await self._run_maybe_in_thread(messages, fold, messages, frames, current)
        return Folded(
            messages=messages,
            checkpoints_before=due.checkpoints_before,
            group=due.group,
            batch=batch,
            entries=self.reactions.entries(batch.reacted),
            unfollowed=len(messages) - len(frames),
            begun=begun,
        )

    async def _commit(self, folded: Folded) -> None:
        batch, before = folded.batch, folded.checkpoints_before
        await self.inbox.commit(batch, before, folded.entries, group=folded.group)
        self._checkpoints |= folded.checkpoints_after
        log_batch(folded, self.consumer.topics)
        if folded.entries:
            await self._react(list(folded.entries))
        await self.consumer.commit(dict(batch.next_offsets))
        time_batch(folded, self.consumer.topics)

    async def _run_maybe_in_thread(
        self, messages: Sequence[Message], pure: Callable[..., T], *arguments: Any
    ) -> T:
        """Call a pure function; on a thread if the messages are many, so that the loop goes on."""
        if len(messages) < self._backlog_size:
            return pure(*arguments)
        return await asyncio.to_thread(pure, *arguments)

    async def _react(self, partitions: list[Partition]) -> None:
        attempt = 0
        while True:
            try:
                await self.reactions.drain(partitions)
                return
            except StoreError as error:
                attempt += 1
                await self._pause(attempt, error)

    async def _read_again(self, messages: list[Message]) -> list[Message]:
        """Return the messages that are left to do after the checkpoints were read again.

        A partition whose checkpoint lies outside these messages is read again from there.
        """
        by_partition: dict[Partition, list[Message]] = defaultdict(list)
        for message in messages:
            by_partition[message.partition].append(message)
        offsets = await self.assigned(list(by_partition))
        left: list[Message] = []
        for partition, of_partition in by_partition.items():
            offset = offsets.get(partition, 0)
            if of_partition[0].offset <= offset <= of_partition[-1].offset + 1:
                left += of_partition
            else:
                await self.consumer.seek(partition, offset)
        return left

    async def _pause(self, attempt: int, error: Exception) -> None:
        """Wait before the next attempt; raise `_Stopped` at the end, or an error that lasts."""
        self.heartbeat.beat()
        WORKER_RETRIES.labels(type(error).__name__).inc()
        if isinstance(error, Unstorable):
            return
        if isinstance(error, StoreError) and not is_retryable(error):
            raise error
        if self._stopping.is_set():
            raise _Stopped
        log.warning("retrying", error=f"{type(error).__name__}: {error}", attempt=attempt)
        await pause(min(attempt, 8))

    async def _due(self, messages: list[Message], onto: Folded | None) -> Due:
        """Return those messages that come next in their partitions.

        Before a message that comes too early some were lost on the way, or the log itself has none
        there: the partition is read again from there, and the second time the log is right.
        """
        checkpoints_before = self._checkpoints | (onto.checkpoints_after if onto else {})
        due, missing = in_turn(messages, checkpoints_before, self._read_again_at)
        for partition, expected in missing.items():
            log.warning("messages missing", partition=partition, offset=expected)
            OFFSETS_MISSING.labels(self.consumer.topics[partition[0]]).inc()
            self._read_again_at[partition] = expected
            await self.consumer.seek(partition, expected)
        return Due(messages=due, checkpoints_before=checkpoints_before, group=self.inbox.group)
