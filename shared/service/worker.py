"""The way in: the worker folds batches of events, commits them, and runs their reactions.

Called by `shared.service.engine` (`run`) and the consumer (`assigned`). For each batch it calls:

1. `EventConsumer.batch`: take messages;
2. `Folding.fold`: fold them in memory;
3. `Inbox.commit`: one transaction of mirrors, views, tallies and checkpoints;
4. `Reactions.drain`: one transaction of its commands;
5. `EventConsumer.commit`: report the offsets to Kafka, for lag figures only.

With a backlog, steps 1 and 2 of the next batch run while this batch is committed; large batches are
folded on a thread. If this batch cannot be committed, both batches are read again. A rebalance or a
swap of copies may happen at any moment: a batch is committed only in the copy, and at the
checkpoints, on which it was folded. Pending commands are decided before a partition's next batch
and on assignment. A worker that was overtaken reads its checkpoints again. A passing error is
retried with a growing pause; no event is skipped for it.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import structlog

from shared.kernel.folding import Batch, Folding
from shared.kernel.wire import EventFrame, Message, Partition
from shared.messaging.consumer import EventConsumer
from shared.observability import BATCH_SECONDS, EVENTS_RECEIVED
from shared.service.reactions import Reactions
from shared.store import StoreError, is_retryable
from shared.store.database import pause
from shared.store.generations import Generations
from shared.store.inbox import Checkpoint, Inbox, Overtaken, moved_checkpoints
from shared.store.projection import Projection

log = structlog.get_logger()
T = TypeVar("T")


class _Stopped(Exception):
    """The worker must end while it waits for the database."""


@dataclass(frozen=True, kw_only=True)
class Due:
    """Messages to apply, each once; the checkpoints before them; the consumer group of the copy."""

    messages: list[Message]
    checkpoints_before: Mapping[Partition, Checkpoint]
    group: str


@dataclass(frozen=True, kw_only=True)
class Folded(Due):
    """A batch in memory: the changes that these messages make once it is committed."""

    batch: Batch
    entries: Mapping[Partition, list[dict[str, Any]]]
    unfollowed: int
    begun: float

    @property
    def checkpoints_after(self) -> dict[Partition, Checkpoint]:
        """The checkpoints after the commit."""
        return moved_checkpoints(self.checkpoints_before, self.batch)


@dataclass(kw_only=True)
class Worker:
    """The inbound loop of one process."""

    folding: Folding
    projection: Projection
    inbox: Inbox
    reactions: Reactions
    generations: Generations
    batch_events_max: int
    consumer: EventConsumer = field(init=False)
    _checkpoints: dict[Partition, Checkpoint] = field(default_factory=dict)
    _stopping: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def _backlog_size(self) -> int:
        """Return the batch size from which more messages are assumed to wait."""
        return self.batch_events_max // 4

    async def assigned(self, partitions: Sequence[Partition]) -> dict[Partition, int]:
        """Return the offsets from which to read newly assigned partitions.

        The commands that are still pending in them are decided first.

        Raises `OtherVersion`.
        """
        attempt = 0
        while True:
            try:
                # Another copy may be live by now: later batches are written there.
                await self.generations.follow_live(self.projection.generation)
                await self.reactions.drain(partitions)
                found = await self.inbox.checkpoints(partitions)
            except (StoreError, Overtaken) as error:
                attempt += 1
                await self._pause(attempt, error)
                continue
            for partition in partitions:
                self._checkpoints.pop(partition, None)
            self._checkpoints |= found
            return {partition: checkpoint.offset for partition, checkpoint in found.items()}

    async def run(self) -> None:
        """Apply batches until `stop`; the batch under way is finished."""
        await self.consumer.start()
        folded: Folded | None = None
        try:
            while folded or not self._stopping.is_set():
                folded = await self._step(folded)
                if folded and len(folded.messages) < self._backlog_size:
                    # Without a backlog a batch is committed at once: latency counts here.
                    folded = await self._step(folded, further=False)
        except _Stopped:
            log.info("stopped while waiting for the database", batch="not applied")
        finally:
            await self.consumer.close()

    def stop(self) -> None:
        """Take no more batches."""
        self._stopping.set()

    async def _step(self, folded: Folded | None, *, further: bool = True) -> Folded | None:
        """Commit the folded batch, and at the same time take and fold the next; return that."""
        in_memory = list(folded.messages) if folded else []
        following = asyncio.create_task(self._follow(folded, in_memory, further=further))
        try:
            if folded:
                await self._commit(folded)
            return await following
        except (Overtaken, StoreError) as error:
            await self._pause(1, error)
        finally:
            await asyncio.gather(following, return_exceptions=True)
        await self._apply_again(in_memory)
        return None

    async def _follow(
        self, onto: Folded | None, in_memory: list[Message], *, further: bool
    ) -> Folded | None:
        """Take and fold the next batch onto `onto`; add its messages to `in_memory`."""
        if self._stopping.is_set() or not further:
            return None
        messages = await self.consumer.batch(self.batch_events_max, wait=onto is None)
        in_memory += messages
        return await self._fold(self._due(messages, onto), onto)

    async def _apply_again(self, messages: list[Message]) -> None:
        """Fold and commit these messages from the present checkpoints, until it succeeds."""
        attempt = 1
        while True:
            try:
                due = self._due(await self._read_again(messages), None)
                folded = await self._fold(due, None)
                if folded:
                    await self._commit(folded)
                return
            except (Overtaken, StoreError) as error:
                attempt += 1
                await self._pause(attempt, error)

    async def _fold(self, due: Due, onto: Folded | None) -> Folded | None:
        messages = due.messages
        if not messages:
            return None
        begun = time.perf_counter()
        frames = await self._run_maybe_in_thread(messages, self.folding.frames, messages)
        sound = (frame for _, frame in frames if isinstance(frame, EventFrame))
        current = await self.projection.current_of(sound, newer=onto.batch.mirrors if onto else {})
        batch = await self._run_maybe_in_thread(
            messages, self.folding.fold, messages, frames, current
        )
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
        batch = folded.batch
        await self.inbox.commit(
            batch, folded.checkpoints_before, folded.entries, group=folded.group
        )
        self._checkpoints |= folded.checkpoints_after
        _log_batch(batch, len(folded.messages), folded.unfollowed)
        if folded.entries:
            await self._react(list(folded.entries))
        await self.consumer.commit(dict(batch.next_offsets))
        BATCH_SECONDS.observe(time.perf_counter() - folded.begun)

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
        """Wait before the next attempt.

        Raises `_Stopped` once the worker must end, and `error` itself if it is permanent: then the
        process ends and is started again, which operators see.
        """
        if isinstance(error, StoreError) and not is_retryable(error):
            raise error
        if self._stopping.is_set():
            raise _Stopped
        log.warning("retrying", error=f"{type(error).__name__}: {error}", attempt=attempt)
        await pause(min(attempt, 8))

    def _due(self, messages: list[Message], onto: Folded | None) -> Due:
        """Return those messages that come next in their partitions."""
        checkpoints_before = self._checkpoints | (onto.checkpoints_after if onto else {})
        next_offsets = {
            partition: checkpoint.offset for partition, checkpoint in checkpoints_before.items()
        }
        due = []
        for message in messages:
            partition = message.partition
            if message.offset >= next_offsets.get(partition, 0):
                next_offsets[partition] = message.offset + 1
                due.append(message)
        return Due(messages=due, checkpoints_before=checkpoints_before, group=self.inbox.group)


def _log_batch(batch: Batch, messages: int, unfollowed: int) -> None:
    counts = {**batch.counts, "parked": len(batch.parked), "unfollowed": unfollowed}
    for outcome, number in counts.items():
        EVENTS_RECEIVED.labels(outcome).inc(number)
    log.info("batch applied", messages=messages, **counts)
    for parked in batch.parked:
        log.error(
            "event parked",
            kind=parked.kind,
            subject=parked.subject,
            sequence=parked.sequence,
            reason=parked.reason,
            detail=parked.detail,
        )
