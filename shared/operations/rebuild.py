"""A rebuild: a service's mirrors, views and tallies folded anew beside the live ones, then swapped.

The new copy reads only what the live one has read, so what is parked there is known: it is left
out and carried over, and what was given up is passed over. What the log has before its turn (an
operator has redriven it since) waits for its turn. Nothing is reacted on: that has happened. One
transaction retires the old checkpoints, folds the little that is left up to there and makes the new
copy live; a worker that was overtaken reads its checkpoints again and goes on there. Of two
processes that build, the one that began last goes on.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import Any
from uuid import uuid4

import structlog

from shared.kernel.folding import Batch, Folding, Kept, Parked, Place
from shared.kernel.parts import Parts
from shared.kernel.wire import EventFrame, Message, Undecodable
from shared.messaging.replay import Replay
from shared.operations.comparison import Comparison, compare
from shared.settings import Settings
from shared.store.database import Database, Session, pause
from shared.store.generations import Generation, Generations
from shared.store.inbox import NOWHERE, Checkpoint, Inbox, Overtaken
from shared.store.parking import LATE, Parking
from shared.store.projection import Projection

BATCH_EVENTS_MAX = 1_000
SWAPS_MAX = 200
log = structlog.get_logger()
Mirrors = Mapping[str, Mapping[str, Kept]]
NOTHING: Mirrors = {}
Frames = list[tuple[Message, EventFrame | Undecodable]]
Tell = Callable[[int, int], None]
"""What is told on the way: how many messages are read, of how many."""


class CannotFold(Exception):
    """The new code cannot fold an event that the live copy has folded; nothing was swapped."""

    def __init__(self, parked: Parked) -> None:
        where = f"{parked.kind} {parked.subject} #{parked.sequence}"
        super().__init__(f"{where} ({parked.message.where}): {parked.reason}, {parked.detail}")


class LiveCopyTooBusy(Exception):
    """The live copy moved on at every attempt to swap: try again when less is happening."""


class _Behind(Exception):
    """The live copy has read more meanwhile."""


@dataclass(frozen=True, kw_only=True)
class Copy:
    """One generation of the projection, with its rows."""

    projection: Projection
    inbox: Inbox


@dataclass(kw_only=True)
class Rebuild:
    """The rebuild of one service."""

    service: Parts
    settings: Settings
    database: Database
    generations: Generations
    builder: str = field(default_factory=lambda: uuid4().hex)
    _discarded: frozenset[str] = frozenset()
    _redriven: dict[tuple[str, str], set[int]] = field(default_factory=dict)
    _at: dict[Place, Checkpoint] = field(default_factory=dict)

    @cached_property
    def folding(self) -> Folding:
        """The service's parts but its reactions."""
        parts = self.service
        return Folding(parts.mirrors, parts.views, parts.tallies, reactions=())

    @property
    def places(self) -> list[Place]:
        """Every partition that the service follows."""
        followed = sorted({one.service for one in self.service.mirrors})
        return [(one, number) for one in followed for number in range(self.settings.partitions)]

    async def run(self, tell: Tell, *, comparing: bool = True) -> Comparison | None:
        """Build, compare, swap. What differs between the copies, or None if not compared.

        Goes on where an earlier one was left. Raises `OtherVersion`, `LiveCopyTooBusy`,
        `TakenOver`, `NotBuilding` where it was abandoned, and `CannotFold`: then what was built is
        dropped.
        """
        live, building = await self.generations.begin(self.builder)
        old, new = self._copy(live), self._copy(building)
        await new.inbox.prepare()
        await new.projection.prepare()
        self._discarded = frozenset(await old.inbox.parking.discarded())
        self._redriven = await old.inbox.parking.redriven()
        while True:
            try:
                self._at = await new.inbox.checkpoints(self.places)
                await self._catch_up(old, new, tell)
                found = await self._compared(old, new, tell) if comparing else None
                await self._swap(old, new, building, tell)
            except Overtaken:
                # Whoever built before us has kept a last batch; or somebody else has come after us.
                await self.generations.still_builds(self.builder, building)
            except CannotFold:
                await self.generations.abandon()
                raise
            else:
                log.info("rebuilt", service=self.service.name, generation=building.number)
                return found

    async def _catch_up(self, old: Copy, new: Copy, tell: Tell) -> None:
        """Read what the live copy has read."""
        await self._read_to(_offsets(await old.inbox.checkpoints(self.places)), old, new, tell)

    async def _read_to(
        self, standing: Mapping[Place, int], old: Copy, new: Copy, tell: Tell
    ) -> None:
        """Read up to there; a batch is folded while the one before it is kept."""
        newer = NOTHING

        def told() -> None:
            tell(sum(_offsets(self._at).values()), sum(standing.values()))

        kept = asyncio.create_task(asyncio.sleep(0))
        async with self._replay(standing) as replay:
            try:
                while messages := await replay.batch(BATCH_EVENTS_MAX):
                    batch, left_out = await self._folded(old, new, messages, newer)
                    await kept
                    kept = asyncio.create_task(self._keep(old, new, batch, left_out, told))
                    newer = batch.mirrors
                    if left_out:
                        # Flags have come over to the database: what follows is read from there.
                        await kept
                        newer = NOTHING
            finally:
                await kept
        late = await new.inbox.parking.late()
        for start in range(0, len(late), BATCH_EVENTS_MAX):
            rows = late[start : start + BATCH_EVENTS_MAX]
            await self.database.transaction(partial(self._take_late, new, rows))

    async def _keep(
        self, old: Copy, new: Copy, batch: Batch, left_out: set[str], told: Callable[[], None]
    ) -> None:
        await new.inbox.commit(batch, self._at, {})
        self._at = _moved(self._at, batch)
        await new.inbox.parking.carry(old.inbox.parking, left_out)
        told()

    async def _take_late(self, new: Copy, rows: list[dict[str, Any]], session: Session) -> None:
        """What came before its turn, by subject and in order: all before it is folded by now."""
        messages = [Message.of(row["message"]) for row in rows]
        frames = self.folding.frames(messages)
        batch = await self._fold(new, messages, frames, session=session)
        if batch.parked:
            raise CannotFold(batch.parked[0])
        await new.inbox.project(batch, session)
        await new.inbox.parking.remove_all(rows, session)

    async def _finish(
        self, old: Copy, new: Copy, stood: Mapping[Place, int], session: Session
    ) -> None:
        """What the live copy has read since the last look, in the transaction of the swap."""
        if sum(stood.values()) - sum(_offsets(self._at).values()) > BATCH_EVENTS_MAX:
            raise _Behind
        at = dict(self._at)
        async with self._replay(stood) as replay:
            while messages := await replay.batch(BATCH_EVENTS_MAX):
                batch, left_out = await self._folded(old, new, messages, session=session)
                if batch.parked:
                    raise _Behind
                await new.inbox.write(batch, at, session)
                at = _moved(at, batch)
                await new.inbox.parking.carry(old.inbox.parking, left_out, session)

    @asynccontextmanager
    async def _replay(self, ends: Mapping[Place, int]) -> AsyncIterator[Replay]:
        replay = Replay(self.settings, _offsets(self._at), ends)
        try:
            yield replay
        finally:
            await replay.close()

    async def _folded(
        self,
        old: Copy,
        new: Copy,
        messages: list[Message],
        newer: Mirrors = NOTHING,
        *,
        session: Session | None = None,
    ) -> tuple[Batch, set[str]]:
        """The batch, with what has to wait for its turn; and where what was left out lies."""
        left_out = await old.inbox.parking.untaken(messages, session)
        frames = [
            (message, frame)
            for message, frame in self.folding.frames(messages)
            if message.where not in left_out
            and (isinstance(frame, EventFrame) or message.where not in self._discarded)
        ]
        batch = await self._fold(new, messages, frames, newer, session=session)
        for parked in batch.parked:
            if parked.reason not in ("gap", "subject-parked"):
                raise CannotFold(parked)
        batch.parked = [replace(one, reason=LATE) for one in batch.parked]
        return batch, left_out

    async def _fold(
        self,
        new: Copy,
        messages: list[Message],
        frames: Frames,
        newer: Mirrors = NOTHING,
        *,
        session: Session | None = None,
    ) -> Batch:
        """Fold as the live copy has, flags or none: they only come over, and stay as they are."""
        heard = (frame for _, frame in frames if isinstance(frame, EventFrame))
        known = await new.projection.known_of(heard, session, newer=newer)
        flagged = set()
        for name, many in known.items():
            for subject, kept in many.items():
                if kept.parked:
                    many[subject] = replace(kept, parked=False)
                    flagged.add((name, subject))
        batch = self.folding.fold(messages, frames, known, passes_over=self._passes_over)
        for name, many in batch.mirrors.items():
            for subject, kept in many.items():
                kept.parked = (name, subject) in flagged
        return batch

    def _passes_over(self, message: Message, heard: EventFrame, last: int) -> bool:
        """Whether it was given up; earlier ones that were redriven come before it."""
        if message.where not in self._discarded:
            return False
        redriven = self._redriven.get((heard.kind, heard.subject), ())
        return not any(last < number < heard.sequence for number in redriven)

    async def _compared(self, old: Copy, new: Copy, tell: Tell) -> Comparison:
        """Both copies at equal offsets: the live one stands still in the session, and we follow."""
        async with self.database.snapshot() as session:
            standing = _offsets(await old.inbox.checkpoints(self.places, session))
            await self._read_to(standing, old, new, tell)
            return await compare(self.service, old.projection, new.projection, session)

    async def _swap(self, old: Copy, new: Copy, building: Generation, tell: Tell) -> None:
        for attempt in range(SWAPS_MAX):
            await self._catch_up(old, new, tell)
            if not await new.inbox.parking.has_all_of(old.inbox.parking):
                await new.inbox.parking.carry_over(old.inbox.parking)
            try:
                await self.database.transaction(partial(self._swapped, old, new, building))
                return
            except _Behind:
                await pause(min(attempt, 4))
        raise LiveCopyTooBusy(self.service.name)

    async def _swapped(self, old: Copy, new: Copy, building: Generation, session: Session) -> None:
        stood = await old.inbox.retire(self.places, session)
        if await old.inbox.waiting(session):
            raise _Behind
        await self._finish(old, new, stood, session)
        if not await new.inbox.parking.has_all_of(old.inbox.parking, session):
            raise _Behind
        await self.generations.promote(self.builder, building, session)

    def _copy(self, generation: Generation) -> Copy:
        projection = Projection(self.database, self.folding, generation)
        parking = Parking(self.database, projection)
        inbox = Inbox(self.database, self.folding, projection, parking)
        return Copy(projection=projection, inbox=inbox)


def _offsets(at: Mapping[Place, Checkpoint]) -> dict[Place, int]:
    return {place: one.offset for place, one in at.items() if one.offset}


def _moved(at: Mapping[Place, Checkpoint], batch: Batch) -> dict[Place, Checkpoint]:
    moved = {
        place: at.get(place, NOWHERE)._replace(offset=offset)
        for place, offset in batch.next_offsets.items()
    }
    return {**at, **moved}
