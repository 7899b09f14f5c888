"""The way in: batches of events are folded and committed, then reacted on, exactly once.

One batch = one transaction of mirrors, views, tallies and checkpoints, then one of its reactions.
From a backlog the next batch is taken and folded onto the one that is being kept, in memory and on
a thread; where the first cannot be kept, both are read again. Partitions may be given and taken in
the midst of that, and another copy become live: a batch is kept only in the copy and at the
checkpoints on which it was folded. Pending rows are drained before a partition's next batch and on
assignment. A worker that was overtaken forgets what it believed and reads its checkpoints again.
What may succeed later is tried again with a growing pause; nothing is skipped for it.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import structlog
from pymongo.errors import PyMongoError

from shared.kernel.folding import Batch, Folding, Place
from shared.kernel.wire import EventFrame, Message
from shared.messaging.consumer import EventConsumer
from shared.observability import BATCH_SECONDS, EVENTS_HEARD
from shared.service.reactions import Reactions
from shared.store.database import is_passing, pause
from shared.store.generations import Generations
from shared.store.inbox import NOWHERE, Checkpoint, Inbox, Overtaken
from shared.store.projection import Projection

log = structlog.get_logger()
T = TypeVar("T")


class _Stopped(Exception):
    """The worker is to end, and what it waits for has not come."""


@dataclass(frozen=True, kw_only=True)
class Due:
    """Messages that come next, each once, and where: their checkpoints, and the copy's group."""

    messages: list[Message]
    begun_at: Mapping[Place, Checkpoint]
    group: str


@dataclass(frozen=True, kw_only=True)
class Folded(Due):
    """A batch in memory: what these messages will have changed once it is kept."""

    batch: Batch
    entries: Mapping[Place, list[dict[str, Any]]]
    unfollowed: int
    begun: float

    @property
    def leaves(self) -> dict[Place, Checkpoint]:
        """The checkpoints once it is kept."""
        return {
            place: self.begun_at.get(place, NOWHERE)._replace(offset=offset)
            for place, offset in self.batch.next_offsets.items()
        }


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

    @property
    def _backlog(self) -> int:
        """With so many messages in a batch there are more behind them."""
        return self.batch_events_max // 4

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
        folded: Folded | None = None
        try:
            while folded or not self._stopping.is_set():
                folded = await self._step(folded)
                if folded and len(folded.messages) < self._backlog:
                    # Without a backlog a batch is kept at once: to be soon counts, not to be ahead.
                    folded = await self._step(folded, further=False)
        except _Stopped:
            log.info("stopped while waiting for the database: nothing of the batch was kept")
        finally:
            await self.consumer.close()

    def stop(self) -> None:
        """Take no more batches."""
        self._stopping.set()

    async def _step(self, folded: Folded | None, *, further: bool = True) -> Folded | None:
        """Keep the folded batch; take further messages and fold them onto it meanwhile.

        What was folded is the next one to keep.
        """
        held = list(folded.messages) if folded else []
        following = asyncio.create_task(self._follow(folded, held, further=further))
        try:
            if folded:
                await self._keep(folded)
            return await following
        except (Overtaken, PyMongoError) as error:
            await self._pause(1, error)
        finally:
            await asyncio.gather(following, return_exceptions=True)
        await self._again(held)
        return None

    async def _follow(
        self, onto: Folded | None, held: list[Message], *, further: bool
    ) -> Folded | None:
        """The next batch, folded; `held` has its messages too."""
        if self._stopping.is_set() or not further:
            return None
        messages = await self.consumer.batch(self.batch_events_max, wait=onto is None)
        held += messages
        return await self._fold(self._due(messages, onto), onto)

    async def _again(self, messages: list[Message]) -> None:
        """Fold and keep these from where we stand now, as often as it takes."""
        attempt = 1
        while True:
            try:
                due = self._due(await self._read_again(messages), None)
                folded = await self._fold(due, None)
                if folded:
                    await self._keep(folded)
                return
            except (Overtaken, PyMongoError) as error:
                attempt += 1
                await self._pause(attempt, error)

    async def _fold(self, due: Due, onto: Folded | None) -> Folded | None:
        messages = due.messages
        if not messages:
            return None
        begun = time.perf_counter()
        frames = await self._beside(messages, self.folding.frames, messages)
        heard = (frame for _, frame in frames if isinstance(frame, EventFrame))
        known = await self.projection.known_of(heard, newer=onto.batch.mirrors if onto else {})
        batch = await self._beside(messages, self.folding.fold, messages, frames, known)
        return Folded(
            messages=messages,
            begun_at=due.begun_at,
            group=due.group,
            batch=batch,
            entries=self.reactions.entries(batch.reacted),
            unfollowed=len(messages) - len(frames),
            begun=begun,
        )

    async def _keep(self, folded: Folded) -> None:
        batch = folded.batch
        await self.inbox.commit(batch, folded.begun_at, folded.entries, group=folded.group)
        self._at |= folded.leaves
        _tell(batch, len(folded.messages), folded.unfollowed)
        if folded.entries:
            await self._react(list(folded.entries))
        await self.consumer.commit(dict(batch.next_offsets))
        BATCH_SECONDS.observe(time.perf_counter() - folded.begun)

    async def _beside(
        self, messages: Sequence[Message], pure: Callable[..., T], *arguments: Any
    ) -> T:
        """What a pure function makes of messages; the loop goes on where they are many."""
        if len(messages) < self._backlog:
            return pure(*arguments)
        return await asyncio.to_thread(pure, *arguments)

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

    def _due(self, messages: list[Message], onto: Folded | None) -> Due:
        """Those that come next in their partitions."""
        begun_at = self._at | (onto.leaves if onto else {})
        next_offsets = {place: at.offset for place, at in begun_at.items()}
        due = []
        for message in messages:
            place = message.place
            if message.offset >= next_offsets.get(place, 0):
                next_offsets[place] = message.offset + 1
                due.append(message)
        return Due(messages=due, begun_at=begun_at, group=self.inbox.group)


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
