"""Rebuild a service's mirrors, views and tallies beside the live copy, then swap the two.

Called by `gelar rebuild run`.

1. The new copy reads only messages that the live copy has read, so its parked messages are known:
   they are left out and copied, and discarded events are skipped. An event that lies in the log
   before its turn (an operator has redriven an earlier event since) waits for its turn. Reactions
   do not run: they have run already.
2. Both copies are compared at equal offsets.
3. One transaction retires the old checkpoints, folds the few messages that are left up to there,
   and makes the new copy live. A worker that was overtaken reads its checkpoints again and
   continues on the new copy.

If two processes build, the process that began last continues.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any
from uuid import uuid4

import structlog

from shared.kernel.errors import Refused, Unstorable
from shared.kernel.folding import Batch, Folding
from shared.kernel.parts import Parts
from shared.kernel.wire import Message, Partition
from shared.messaging.replay import Replay
from shared.messaging.topics import Topics
from shared.operations.comparison import Comparison, compare
from shared.operations.copies import Copy, copy_of, offsets_of
from shared.operations.refolding import NOTHING, CannotFold, Refolding
from shared.service.batches import moved_checkpoints
from shared.settings import Settings
from shared.store.checkpoints import Checkpoint, Overtaken
from shared.store.counts import count
from shared.store.database import Database, Session, pause
from shared.store.following import Following
from shared.store.generations import Generation, Generations
from shared.store.versions import Versions

BATCH_EVENTS_MAX = 1_000
SWAPS_MAX = 200
log = structlog.get_logger()
OnProgress = Callable[[int, int], None]
"""`on_progress(read, of)`: the number of messages read so far, and of all."""


class LiveCopyTooBusy(Exception):
    """The live copy moved on at every attempt to swap: try again when the service is quieter."""


class _Behind(Exception):
    """The live copy has read more messages in between, or reads some again."""


@dataclass(kw_only=True)
class Rebuild:
    """The rebuild of one service."""

    service: Parts
    settings: Settings
    database: Database
    generations: Generations
    builder: str = field(default_factory=lambda: uuid4().hex)
    _refolding: Refolding = field(init=False)
    _left: Mapping[Partition, int] = field(default_factory=dict)
    _checkpoints: dict[Partition, Checkpoint] = field(default_factory=dict)

    @cached_property
    def folding(self) -> Folding:
        """Return the service's parts without its reactions."""
        parts = self.service
        return Folding(parts.mirrors, parts.views, parts.tallies, reactions=())

    @property
    def partitions(self) -> list[Partition]:
        """Every partition that the service follows."""
        return self.service.partitions(self.settings.partitions)

    async def run(self, on_progress: OnProgress, *, comparing: bool = True) -> Comparison | None:
        """Build, compare, swap. Return the comparison of the copies, or None if not compared.

        Continues an interrupted rebuild. Raises `Refused` before it begins, `OtherVersion`,
        `LiveCopyTooBusy`, `TakenOver`, `NotBuilding` if it was given up, and `CannotFold`: then the
        new copy is dropped.
        """
        self._left = await self._left_behind()
        live, building = await self.generations.begin(self.builder)
        old, new = self._copy(live), self._copy(building)
        await new.inbox.prepare()
        await new.projection.prepare()
        self._refolding = await Refolding.of(self.folding, old, new, self._added)
        while True:
            try:
                self._checkpoints = await new.inbox.checkpoints.of(self.partitions)
                await self._catch_up(old, new, on_progress)
                found = await self._compared(old, new, on_progress) if comparing else None
                await self._swap(old, new, building, on_progress)
            except Overtaken:
                # An earlier builder has committed a last batch, or a later builder has come.
                await self.generations.still_builds(self.builder, building)
            except CannotFold:
                await self.generations.abandon()
                raise
            except Unstorable as error:
                await self.generations.abandon()
                raise CannotFold(f"a batch cannot be stored: {error}") from error
            else:
                log.info("rebuilt", service=self.service.name, generation=building.number)
                return found

    @property
    def _added(self) -> set[str]:
        """The services that only the new copy follows, although an earlier version did."""
        return {service for service, _ in self._left}

    async def _left_behind(self) -> dict[Partition, int]:
        """Return up to where an earlier version has read services that were left since.

        Raises `Refused` where another followed topic was made again and not read again yet.
        """
        topics = Topics(self.settings)
        ids = await asyncio.to_thread(topics.ids, self.service.followed)
        noted = await Following(self.database).topics()
        made_again = {name for name, id in ids.items() if noted.get(name, id) != id}
        left = await self._versions(self._copy(Generation(self.service.name))).left()
        services = sorted({service for service, _ in left})
        unread = sorted(made_again.difference(services))
        if unread:
            raise Refused(
                "topic-made-again",
                f"The topic of {', '.join(unread)} was made again, and {self.service.name} has not "
                f"read it again yet: start {self.service.name}, and then run the rebuild.",
            )
        ends = await asyncio.to_thread(topics.ends, services)
        # Of a topic that was made again nothing is reacted to that lies there already: a backfill
        # does that.
        return {
            part: ends[part] if part[0] in made_again else min(offset, ends[part])
            for part, offset in left.items()
        }

    async def _catch_up(self, old: Copy, new: Copy, on_progress: OnProgress) -> None:
        """Read all messages that the live copy has read."""
        await self._read_to(await self._standing(old), old, new, on_progress)

    async def _standing(self, old: Copy, session: Session | None = None) -> dict[Partition, int]:
        """Return the offsets up to which reactions have run: of the live copy, or before it."""
        found = await old.inbox.checkpoints.of(self.partitions, session)
        return {**self._left, **offsets_of(found)}

    async def _read_to(
        self, standing: Mapping[Partition, int], old: Copy, new: Copy, on_progress: OnProgress
    ) -> None:
        """Read up to these offsets; each batch is folded while the batch before it is committed."""
        newer = NOTHING

        def report_progress() -> None:
            on_progress(sum(offsets_of(self._checkpoints).values()), sum(standing.values()))

        committing = asyncio.create_task(asyncio.sleep(0))
        async with self._replay(standing) as replay:
            try:
                while messages := await replay.batch(BATCH_EVENTS_MAX):
                    batch, left_out = await self._refolding.folded(messages, newer)
                    await committing
                    committing = asyncio.create_task(
                        self._commit(old, new, batch, left_out, report_progress)
                    )
                    newer = batch.mirrors
                    if left_out:
                        # Flags were copied to the database: later mirrors are read from there.
                        await committing
                        newer = NOTHING
            finally:
                await committing
        out_of_order = await new.inbox.parking.out_of_order()
        for start in range(0, len(out_of_order), BATCH_EVENTS_MAX):
            rows = out_of_order[start : start + BATCH_EVENTS_MAX]
            await self.database.transaction(partial(self._apply_out_of_order, new, rows))

    async def _commit(
        self, old: Copy, new: Copy, batch: Batch, left_out: set[str], report: Callable[[], None]
    ) -> None:
        await new.inbox.commit(batch, self._checkpoints, {})
        self._checkpoints |= moved_checkpoints(self._checkpoints, batch)
        await new.inbox.parking.carry(old.inbox.parking, left_out)
        report()

    async def _apply_out_of_order(
        self, new: Copy, rows: list[dict[str, Any]], session: Session
    ) -> None:
        """Apply events that were read out of order: all earlier events are folded by now."""
        messages = [Message.of(row["message"]) for row in rows]
        batch = await self._refolding.fold_in_order(messages, session)
        await new.inbox.parking.remove_all(rows, session)
        await new.inbox.project(batch, session)
        await new.inbox.parking.park(batch.parked, session)

    async def _finish(
        self, old: Copy, new: Copy, stood: Mapping[Partition, int], session: Session
    ) -> None:
        """Fold the messages that the live copy has read since, in the transaction of the swap."""
        if sum(stood.values()) - sum(offsets_of(self._checkpoints).values()) > BATCH_EVENTS_MAX:
            raise _Behind
        checkpoints = dict(self._checkpoints)
        async with self._replay(stood) as replay:
            while messages := await replay.batch(BATCH_EVENTS_MAX):
                batch, left_out = await self._refolding.folded(messages, session=session)
                if batch.parked:
                    raise _Behind
                await new.inbox.write(batch, checkpoints, session)
                checkpoints |= moved_checkpoints(checkpoints, batch)
                await new.inbox.parking.carry(old.inbox.parking, left_out, session)

    @asynccontextmanager
    async def _replay(self, ends: Mapping[Partition, int]) -> AsyncIterator[Replay]:
        replay = Replay(self.settings, offsets_of(self._checkpoints), ends)
        try:
            yield replay
        finally:
            await replay.close()

    async def _compared(self, old: Copy, new: Copy, on_progress: OnProgress) -> Comparison:
        """Compare both copies at equal offsets: the session keeps the live copy at one moment."""
        async with self.database.snapshot() as session:
            await self._read_to(await self._standing(old, session), old, new, on_progress)
            return await compare(self.service, old.projection, new.projection, session)

    async def _swap(
        self, old: Copy, new: Copy, building: Generation, on_progress: OnProgress
    ) -> None:
        for attempt in range(SWAPS_MAX):
            await self._catch_up(old, new, on_progress)
            if not await new.inbox.parking.has_all_of(old.inbox.parking):
                await new.inbox.parking.carry_over(old.inbox.parking)
            try:
                await self.database.transaction(partial(self._swapped, old, new, building))
                return
            except _Behind:
                await pause(min(attempt, 4))
        raise LiveCopyTooBusy(self.service.name)

    async def _swapped(self, old: Copy, new: Copy, building: Generation, session: Session) -> None:
        checkpoints = old.inbox.checkpoints
        # What is read again after a rewind was reacted to before: the live copy must have it.
        if await checkpoints.read_again(session) or await count(old.inbox.waiting(), session):
            raise _Behind
        stood = await checkpoints.retire(self.partitions, session)
        followed = {part: offset for part, offset in stood.items() if part in self.partitions}
        await self._finish(old, new, {**self._left, **followed}, session)
        if not await new.inbox.parking.has_all_of(old.inbox.parking, session):
            raise _Behind
        await self.generations.promote(self.builder, building, session)
        await self._versions(new).become(session, stood)

    def _versions(self, new: Copy) -> Versions:
        return Versions.of(self.service, self.database, new.inbox, self.partitions)

    def _copy(self, generation: Generation) -> Copy:
        return copy_of(self.database, self.folding, generation)
