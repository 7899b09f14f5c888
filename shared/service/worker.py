"""The way in: batches of events are folded and committed, then reacted on, exactly once.

One batch = one transaction of mirrors, views, tallies and checkpoints, then one of its reactions.
Pending rows are drained before a partition's next batch and on assignment. A worker that was
overtaken forgets what it believed and reads its checkpoints again. What may succeed later is tried
again with a growing pause; nothing is skipped for it.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import structlog
from pymongo.errors import PyMongoError

from shared.folding import Batch, Folding, Place
from shared.messaging.consumer import EventConsumer
from shared.messaging.wire import Heard, Message
from shared.observability import BATCH_SECONDS, EVENTS_HEARD
from shared.service.reactions import Reactions
from shared.store.database import is_passing, pause
from shared.store.generations import Generations
from shared.store.inbox import NOWHERE, Checkpoint, Inbox, Overtaken
from shared.store.projection import Projection

log = structlog.get_logger()


class _Stopped(Exception):
    """The worker is to end, and what it waits for has not come."""


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
    _at: dict[Place, Checkpoint] = field(default_factory=dict)
    _stopping: asyncio.Event = field(default_factory=asyncio.Event)

    async def assigned(self, places: Sequence[Place]) -> dict[Place, int]:
        """Where to begin on newly assigned partitions: what was left pending is drained first.

        Raises `OtherVersion`.
        """
        attempt = 0
        while True:
            try:
                # Another copy may be live since: what follows is written there.
                live = await self.generations.live()
                self.projection.generation.number = live.number
                await self.reactions.drain(places)
                found = await self.inbox.checkpoints(places)
            except (PyMongoError, Overtaken) as error:
                attempt += 1
                await self._pause(attempt, error)
                continue
            for place in places:
                self._at.pop(place, None)
            self._at |= found
            return {place: one.offset for place, one in found.items()}

    async def run(self) -> None:
        """Take batches until `stop`; the batch under way is finished."""
        await self.consumer.start()
        try:
            while not self._stopping.is_set():
                messages = await self.consumer.batch(self.batch_events_max)
                if messages:
                    await self._take(messages)
        except _Stopped:
            log.info("stopped while waiting for the database: nothing of the batch was kept")
        finally:
            await self.consumer.close()

    def stop(self) -> None:
        """Take no more batches."""
        self._stopping.set()

    async def _take(self, messages: list[Message]) -> None:
        attempt = 0
        while True:
            messages = [one for one in messages if self._is_next(one)]
            if not messages:
                return
            try:
                await self._apply(messages)
                return
            except (Overtaken, PyMongoError) as error:
                attempt += 1
                await self._pause(attempt, error)
            messages = await self._read_again(messages)

    async def _apply(self, messages: list[Message]) -> None:
        begun = time.perf_counter()
        frames = self.folding.frames(messages)
        heard = (frame for _, frame in frames if isinstance(frame, Heard))
        known = await self.projection.known_of(heard)
        batch = self.folding.fold(messages, frames, known)
        entries = self.reactions.entries(batch.reacted)
        await self.inbox.commit(batch, self._at, entries)
        for place, offset in batch.next_offsets.items():
            self._at[place] = self._at.get(place, NOWHERE)._replace(offset=offset)
        _tell(batch, len(messages), len(messages) - len(frames))
        if entries:
            await self._react(list(entries))
        await self.consumer.commit(dict(batch.next_offsets))
        BATCH_SECONDS.observe(time.perf_counter() - begun)

    async def _react(self, places: list[Place]) -> None:
        attempt = 0
        while True:
            try:
                await self.reactions.drain(places)
                return
            except PyMongoError as error:
                attempt += 1
                await self._pause(attempt, error)

    async def _read_again(self, messages: list[Message]) -> list[Message]:
        """After an overtaking or a lost answer: what is left to do from where we stand now.

        A partition that stands outside these messages is read again from there.
        """
        of_place: dict[Place, list[Message]] = defaultdict(list)
        for message in messages:
            of_place[message.service, message.partition].append(message)
        at = await self.assigned(list(of_place))
        left: list[Message] = []
        for place, those in of_place.items():
            offset = at.get(place, 0)
            if those[0].offset <= offset <= those[-1].offset + 1:
                left += those
            else:
                await self.consumer.seek(place, offset)
        return left

    async def _pause(self, attempt: int, error: Exception) -> None:
        """Wait before the next attempt.

        Raises `_Stopped` once the worker is to end, and `error` itself where it would come again:
        then the process ends and is started again, which nobody can overlook.
        """
        if isinstance(error, PyMongoError) and not is_passing(error):
            raise error
        if self._stopping.is_set():
            raise _Stopped
        log.warning("tried again", error=f"{type(error).__name__}: {error}", attempt=attempt)
        await pause(min(attempt, 8))

    def _is_next(self, message: Message) -> bool:
        at = self._at.get((message.service, message.partition), NOWHERE)
        return message.offset >= at.offset


def _tell(batch: Batch, messages: int, unfollowed: int) -> None:
    counts = {**batch.counts, "parked": len(batch.parked), "unfollowed": unfollowed}
    for outcome, number in counts.items():
        EVENTS_HEARD.labels(outcome).inc(number)
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
