"""Redrive parked subjects in order, or discard events that can never be applied.

Called by `gelar parked`. Each intervention is one transaction with its entry in the audit, guarded
by the partition's epoch: a worker that has read before it starts again. The commands of an event
are left pending, as a batch leaves them, and drained by the next process; a command that is refused
again is parked again. Redrive and discard are idempotent.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from shared.kernel.errors import Refused, Unstorable
from shared.kernel.folding import Batch, MirrorState
from shared.kernel.view import Mirror
from shared.kernel.wire import EventFrame, Message, Partition, Undecodable, decode
from shared.operations.backfill import mark
from shared.service.engine import Engine
from shared.store.checkpoints import Overtaken
from shared.store.database import Session, pause
from shared.store.parking import Operator, Parking

OVERTAKEN_MAX = 20


@dataclass(frozen=True, kw_only=True)
class Redriven:
    """The result: the number of applied events, and the row at which it stopped (None: at none)."""

    taken: int
    stopped: dict[str, Any] | None


class _StillParked(Exception):
    """This message still cannot be applied: reason and detail."""


@dataclass(frozen=True)
class ParkedSubjects:
    """The parked subjects of one service."""

    engine: Engine

    @property
    def parking(self) -> Parking:
        """The parked messages of the live copy."""
        return self.engine.inbox.parking

    async def redrive(self, subject: str, operator: Operator) -> Redriven:
        """Apply the parked events of a subject in order, until an event cannot be applied.

        An event that was folded runs its commands only; other events are folded and reacted on as
        if they had just arrived. A subject without parked events changes nothing. Raises `Refused`
        while the service is being rebuilt.
        """
        tried: set[str] = set()
        # Commands that an interrupted intervention has left pending come first.
        await self._drained(self.engine.partitions)
        while True:
            rows = await self.parking.rows(subject)
            again = next((row for row in rows if row["_id"] in tried), None)
            if again is not None or not rows:
                return Redriven(taken=len(tried) - (again is not None), stopped=again)
            row = rows[0]
            tried.add(row["_id"])
            try:
                await self._patiently(row, partial(self._redrive, row, operator))
            except (_StillParked, Unstorable) as still:
                await self.parking.note("redrive-in-vain", row, operator, None)
                reason, detail = still.args if len(still.args) > 1 else ("unstorable", str(still))
                stopped = {**row, "reason": reason, "detail": detail}
                return Redriven(taken=len(tried) - 1, stopped=stopped)

    async def discard(self, id: str, operator: Operator) -> bool:
        """Discard a parked message for good. Return False if it is not parked (any more).

        An event that was folded loses its commands only; any other event is skipped. Raises
        `Refused` while an earlier event of its subject is parked.
        """
        row = await self.parking.row(id)
        if row is None:
            return False
        first = (await self.parking.rows(row["subject"]))[0]
        if first["kind"] == row["kind"] and first["sequence"] < row["sequence"]:
            raise Refused(
                "earlier-parked", f"An earlier event is parked: decide on {first['_id']} first."
            )
        await self._patiently(row, partial(self._discard, row, operator))
        return True

    async def _drained(self, partitions: Sequence[Partition]) -> None:
        for attempt in range(1, OVERTAKEN_MAX + 1):
            try:
                await self.engine.reactions.drain(partitions)
                return
            except Overtaken:
                await pause(min(attempt, 4))
        raise Overtaken

    async def _patiently(
        self, row: dict[str, Any], step: Callable[[Session], Awaitable[None]]
    ) -> None:
        partition = _partition(row)
        for attempt in range(1, OVERTAKEN_MAX + 1):
            try:
                await self.engine.reactions.drain([partition])
                await self.engine.database.transaction(step)
                await self.engine.reactions.drain([partition])
                return
            except Overtaken:
                if await self.parking.row(row["_id"]) is None:
                    return
                await pause(min(attempt, 4))
        raise Overtaken

    async def _redrive(self, row: dict[str, Any], operator: Operator, session: Session) -> None:
        await self.engine.generations.intervene(session)
        if not await self.parking.remove(row, session):
            raise Overtaken
        message = Message.of(row["message"])
        if row["folded"]:
            frame = decode(message)
            entries = [self.engine.reactions.entry(message, frame, row["commands"])]
            mirror = self._mirror(frame)
        else:
            frame, batch = await self._fold(message, session)
            entries = self.engine.reactions.entries(batch.reacted).get(_partition(row), [])
            mirror = self._mirror(frame)
            # A backfill must not run on it again, though it lies before the reaction was live.
            reactions = self.engine.folding.reactions_to(frame)
            await mark(self.engine.database, reactions, [frame.id], session)
        await self.engine.inbox.intervene(_partition(row), entries, session)
        about = {**row, "kind": frame.kind, "subject": frame.subject}
        await self.parking.unflag_if_last(mirror.name, about, session)
        await self.parking.note("redrive", row, operator, session)

    async def _fold(self, message: Message, session: Session) -> tuple[EventFrame, Batch]:
        frames = self.engine.folding.frames([message])
        if not frames or isinstance(frames[0][1], Undecodable):
            raise _StillParked(
                "undecodable", str(frames[0][1]) if frames else "its kind is not followed"
            )
        frame = frames[0][1]
        mirror = self._mirror(frame)
        current = await self.engine.inbox.projection.current(mirror, [frame.subject], session)
        unparked = {
            id: MirrorState(last=copy.last, state=copy.state, fault=copy.fault)
            for id, copy in current.items()
        }
        batch = self.engine.folding.fold([message], frames, {mirror.name: unparked})
        if batch.parked:
            raise _StillParked(batch.parked[0].reason, batch.parked[0].detail)
        await self.engine.inbox.project(batch, session)
        return frame, batch

    async def _discard(self, row: dict[str, Any], operator: Operator, session: Session) -> None:
        await self.engine.generations.intervene(session)
        if not await self.parking.remove(row, session):
            raise Overtaken
        await self.engine.inbox.intervene(_partition(row), [], session)
        mirrors = {mirror.kind: mirror for mirror in self.engine.folding.mirrors.values()}
        mirror = mirrors.get(row["kind"])
        if mirror is not None:
            if not row["folded"]:
                await self.parking.skip(mirror.name, row, session)
            await self.parking.unflag_if_last(mirror.name, row, session)
        await self.parking.note("discard", row, operator, session)

    def _mirror(self, frame: EventFrame) -> Mirror[Any, Any]:
        return self.engine.folding.mirrors[frame.service, frame.kind]


def _partition(row: dict[str, Any]) -> Partition:
    return row["message"]["service"], row["message"]["partition"]
