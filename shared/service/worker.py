"""The way in: batches of events are folded and committed, then reacted on, exactly once.

One batch = one transaction of mirrors, views, tallies and checkpoints, then one of its reactions.
From a backlog the next batch is folded onto the one that is being kept, in memory; where the first
cannot be kept, both are read again. Pending rows are drained before a partition's next batch and on
assignment. A worker that was overtaken forgets what it believed and reads its checkpoints again.
What may succeed later is tried again with a growing pause; nothing is skipped for it.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

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


@dataclass(frozen=True, kw_only=True)
class Folded:
    """A batch in memory: what these messages will have changed once it is kept."""

    messages: list[Message]
    batch: Batch
    entries: Mapping[Place, list[dict[str, Any]]]
    unfollowed: int
    begun: float


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
    _given_anew: set[Place] = field(default_factory=set)
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
            self._given_anew.update(places)
            return {place: one.offset for place, one in found.items()}

    async def run(self) -> None:
        """Take batches until `stop`; the batch under way is finished."""
        await self.consumer.start()
        folded: Folded | None = None
        try:
            while folded or not self._stopping.is_set():
                messages = await self._next(wait=folded is None)
                folded = await self._step(folded, messages)
                if folded and len(folded.messages) < self.batch_events_max // 4:
                    # Without a backlog a batch is kept at once: to be soon counts, not to be ahead.
                    folded = await self._step(folded, [])
        except _Stopped:
            log.info("stopped while waiting for the database: nothing of the batch was kept")
        finally:
            await self.consumer.close()

    def stop(self) -> None:
        """Take no more batches."""
        self._stopping.set()

    async def _next(self, *, wait: bool) -> list[Message]:
        if self._stopping.is_set():
            return []
        return await self.consumer.batch(self.batch_events_max, wait=wait)

    async def _step(self, folded: Folded | None, messages: list[Message]) -> Folded | None:
        """Keep the folded batch and fold these messages onto it meanwhile: the next one to keep."""
        held = folded.messages if folded else []
        given_anew, self._given_anew = self._given_anew, set()
        if given_anew and folded:
            # Where a partition was given to us anew, what we hold of it comes again; and what was
            # folded may be overtaken.
            messages = [one for one in held if one.place not in given_anew] + messages
            held, folded = [], None
        messages = self._due(messages, folded)
        following = asyncio.create_task(self._fold(messages, folded))
        try:
            if folded:
                await self._keep(folded)
            return await following
        except (Overtaken, PyMongoError) as error:
            await self._pause(1, error)
        finally:
            await asyncio.gather(following, return_exceptions=True)
        await self._again(held + messages)
        return None

    async def _again(self, messages: list[Message]) -> None:
        """Fold and keep these from where we stand now, as often as it takes."""
        attempt = 1
        while True:
            try:
                messages = self._due(await self._read_again(messages), None)
                folded = await self._fold(messages, None)
                if folded:
                    await self._keep(folded)
                return
            except (Overtaken, PyMongoError) as error:
                attempt += 1
                await self._pause(attempt, error)

    async def _fold(self, messages: list[Message], onto: Folded | None) -> Folded | None:
        if not messages:
            return None
        begun = time.perf_counter()
        frames = self.folding.frames(messages)
        heard = (frame for _, frame in frames if isinstance(frame, Heard))
        known = await self.projection.known_of(heard, newer=onto.batch.mirrors if onto else {})
        batch = self.folding.fold(messages, frames, known)
        return Folded(
            messages=messages,
            batch=batch,
            entries=self.reactions.entries(batch.reacted),
            unfollowed=len(messages) - len(frames),
            begun=begun,
        )

    async def _keep(self, folded: Folded) -> None:
        batch = folded.batch
        await self.inbox.commit(batch, self._at, folded.entries)
        for place, offset in batch.next_offsets.items():
            self._at[place] = self._at.get(place, NOWHERE)._replace(offset=offset)
        _tell(batch, len(folded.messages), folded.unfollowed)
        if folded.entries:
            await self._react(list(folded.entries))
        await self.consumer.commit(dict(batch.next_offsets))
        BATCH_SECONDS.observe(time.perf_counter() - folded.begun)

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
            of_place[message.place].append(message)
        at = await self.assigned(list(of_place))
        self._given_anew.clear()
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

    def _due(self, messages: list[Message], onto: Folded | None) -> list[Message]:
        """Those that come next in their partitions, each once."""
        begun_at = {place: at.offset for place, at in self._at.items()}
        next_offsets = begun_at | (onto.batch.next_offsets if onto else {})
        due = []
        for message in messages:
            if message.offset >= next_offsets.get(message.place, 0):
                next_offsets[message.place] = message.offset + 1
                due.append(message)
        return due


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
