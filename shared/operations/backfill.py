"""Run a reaction on events that came before it was live. Called by `gelar backfill`.

1. The topics are folded in memory from their beginning: a reaction sees the mirror as it was.
2. Events before the given time, and events for which the reaction was live, are left alone; so are
   parked events, which react when they are redriven, and discarded ones.
3. The commands of the others are left pending, as a batch leaves them, each event with a mark in
   the same transaction: what is repeated, or was interrupted, runs no event twice.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from shared.contracts.event import event_classes
from shared.kernel.errors import Refused
from shared.kernel.folding import Folding, Frames, MirrorState, Reacted
from shared.kernel.parts import Parts
from shared.kernel.wire import EventFrame, Message, Partition
from shared.messaging.replay import Replay
from shared.operations.copies import offsets_of
from shared.service.engine import Engine
from shared.store.checkpoints import Overtaken
from shared.store.database import Database, Session, pause
from shared.store.versions import was_live

MESSAGES_AT_ONCE = 1_000
EVENTS_AT_ONCE = 100
ATTEMPTS_MAX = 20
OnProgress = Callable[[int, int], None]
"""`on_progress(read, of)`: the number of messages read so far, and of all."""


@dataclass(kw_only=True)
class Backfill:
    """The backfill of one reaction."""

    service: Parts
    engine: Engine
    reaction: str
    since: datetime
    _current: dict[str, dict[str, MirrorState]] = field(default_factory=lambda: defaultdict(dict))
    _held: list[tuple[Message, EventFrame]] = field(default_factory=list)
    _reacted: list[Reacted] = field(default_factory=list)

    async def run(self, on_progress: OnProgress) -> int:
        """Run the reaction; return the number of events that it ran on.

        Raises `Refused` if the service has no such reaction, or while it is being rebuilt.
        """
        chosen = [part for part in self.service.reactions if part.name == self.reaction]
        if not chosen:
            names = ", ".join(part.name for part in self.service.reactions) or "none"
            raise Refused("unknown-reaction", f"There is no such reaction (there are: {names}).")
        kinds = {(event.service, event.kind) for event in event_classes(chosen[0].follows)}
        mirrors = [part for part in self.service.mirrors if (part.service, part.kind) in kinds]
        await self._fold_all(Folding(mirrors, (), (), chosen), on_progress)
        stretches = await self.engine.versions.live(self.reaction)
        due: dict[Partition, list[Reacted]] = defaultdict(list)
        for reacted in self._reacted:
            message, at = reacted.message, datetime.fromisoformat(reacted.frame.time)
            if at >= self.since and not was_live(stretches, message.partition, message.offset):
                due[message.partition].append(reacted)
        ran = 0
        for partition, of_partition in due.items():
            for start in range(0, len(of_partition), EVENTS_AT_ONCE):
                some = of_partition[start : start + EVENTS_AT_ONCE]
                ran += await self._leave_pending(partition, some)
        return ran

    async def _fold_all(self, folding: Folding, on_progress: OnProgress) -> None:
        inbox = self.engine.inbox
        publishers = {service for service, _ in folding.mirrors}
        followed = [partition for partition in self.engine.partitions if partition[0] in publishers]
        ends = offsets_of(await inbox.checkpoints.of(followed))
        discarded = await inbox.parking.discarded()
        replay, read = Replay(self.engine.settings, {}, ends), 0
        try:
            while messages := await replay.batch(MESSAGES_AT_ONCE):
                left_out = await inbox.parking.untaken(messages) | discarded
                frames = [
                    (message, frame)
                    for message, frame in folding.frames(messages)
                    if isinstance(frame, EventFrame)
                ]
                self._fold(folding, [(m, f) for m, f in frames if m.where not in left_out])
                self._skip(folding, [(m, f) for m, f in frames if m.where in discarded])
                read += len(messages)
                on_progress(read, sum(ends.values()))
        finally:
            await replay.close()
        # An event that was redriven lies in the log behind later ones of its subject.
        held = sorted(self._held, key=lambda pair: (pair[1].subject, pair[1].sequence))
        self._fold(folding, held)

    def _fold(self, folding: Folding, frames: Sequence[tuple[Message, EventFrame]]) -> None:
        given: Frames = list(frames)
        batch = folding.fold([message for message, _ in frames], given, self._current)
        for name, mirrors in batch.mirrors.items():
            for mirror in mirrors.values():
                mirror.parked = False
            self._current[name] |= mirrors
        self._reacted += batch.reacted
        parked = {message.message.where for message in batch.parked}
        self._held += [(message, frame) for message, frame in frames if message.where in parked]

    def _skip(self, folding: Folding, frames: Sequence[tuple[Message, EventFrame]]) -> None:
        for _, frame in frames:
            name = folding.mirrors[frame.service, frame.kind].name
            mirror = self._current[name].setdefault(frame.subject, MirrorState())
            if frame.sequence == mirror.last + 1:
                mirror.last = frame.sequence

    async def _leave_pending(self, partition: Partition, reacted: Sequence[Reacted]) -> int:
        for attempt in range(ATTEMPTS_MAX):
            try:
                await self.engine.reactions.drain([partition])
                ran = await self.engine.database.transaction(
                    partial(self._mark_and_leave, partition, reacted)
                )
                await self.engine.reactions.drain([partition])
            except Overtaken:
                await pause(min(attempt, 4))
            else:
                return ran
        raise Overtaken

    async def _mark_and_leave(
        self, partition: Partition, reacted: Sequence[Reacted], session: Session
    ) -> int:
        await self.engine.generations.intervene(session)
        marks = self.engine.database.collection("backfilled")
        ids = {f"{self.reaction}/{each.frame.id}": each for each in reacted}
        found = marks.find({"_id": {"$in": list(ids)}}, {"_id": 1}, session=session)
        done = {document["_id"] async for document in found}
        fresh = {id: each for id, each in ids.items() if id not in done}
        if not fresh:
            return 0
        fresh_ids = [each.frame.id for each in fresh.values()]
        await mark(self.engine.database, [self.reaction], fresh_ids, session)
        entries = self.engine.reactions.entries(list(fresh.values()))[partition]
        await self.engine.inbox.intervene(partition, entries, session)
        return len(fresh)


async def mark(
    database: Database, reactions: Sequence[str], events: Sequence[str], session: Session
) -> None:
    """Note that these reactions have run on these events, so that no backfill runs them again."""
    ids = [f"{reaction}/{event}" for reaction in reactions for event in events]
    await database.note("backfilled", ids, session)
