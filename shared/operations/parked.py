"""What an operator does about parked subjects: redrive them in order, or discard what cannot be.

Everything is one transaction with the audit's entry, guarded by the partition's epoch: a worker
that has read before it begins again. What an event causes is left pending, as a batch leaves it,
and drained by whoever comes first; what is refused again is parked again. Both are idempotent.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from shared.kernel.errors import Refused
from shared.kernel.folding import Batch, Kept, Place
from shared.kernel.view import Mirror
from shared.kernel.wire import EventFrame, Message, Undecodable, decode
from shared.service.engine import Engine
from shared.store.database import Session, pause
from shared.store.inbox import Overtaken
from shared.store.parking import Operator, Parking

OVERTAKEN_MAX = 20


@dataclass(frozen=True, kw_only=True)
class Redriven:
    """What came of it: how many events were taken, and where it stopped again (None: nowhere)."""

    taken: int
    stopped: dict[str, Any] | None


class _Still(Exception):
    """This message cannot be taken yet: reason and detail."""


@dataclass(frozen=True)
class ParkedSubjects:
    """The parked subjects of one service."""

    engine: Engine

    @property
    def parking(self) -> Parking:
        """The parked messages themselves."""
        return self.engine.inbox.parking

    async def redrive(self, subject: str, operator: Operator) -> Redriven:
        """Take the parked events of a subject in order, until one cannot be taken again.

        An event that was folded runs its commands only; others are folded and reacted on as if
        they had just come. Where nothing is parked, nothing happens. Raises `Refused` while the
        service is being rebuilt.
        """
        tried: set[str] = set()
        # What an operator who was cut off has left pending comes first.
        await self._drained(self.engine.partitions)
        while True:
            rows = await self.parking.rows(subject)
            again = next((row for row in rows if row["_id"] in tried), None)
            if again is not None or not rows:
                return Redriven(taken=len(tried) - (again is not None), stopped=again)
            row = rows[0]
            tried.add(row["_id"])
            try:
                await self._patiently(row, partial(self._take, row, operator))
            except _Still as still:
                await self.parking.note("redrive-in-vain", row, operator, None)
                reason, detail = still.args
                stopped = {**row, "reason": reason, "detail": detail}
                return Redriven(taken=len(tried) - 1, stopped=stopped)

    async def discard(self, id: str, operator: Operator) -> bool:
        """Give up one parked message for good; False where it is not parked (any more).

        What was folded only loses its commands; another one is passed over. Raises `Refused` where
        an earlier one of its subject is parked.
        """
        row = await self.parking.one(id)
        if row is None:
            return False
        first = (await self.parking.rows(row["subject"]))[0]
        if first["kind"] == row["kind"] and first["sequence"] < row["sequence"]:
            raise Refused("earlier-parked", f"{first['_id']} of the same subject comes first.")
        await self._patiently(row, partial(self._give_up, row, operator))
        return True

    async def _drained(self, places: Sequence[Place]) -> None:
        for attempt in range(1, OVERTAKEN_MAX + 1):
            try:
                await self.engine.reactions.drain(places)
                return
            except Overtaken:
                await pause(min(attempt, 4))
        raise Overtaken

    async def _patiently(
        self, row: dict[str, Any], step: Callable[[Session], Awaitable[None]]
    ) -> None:
        place = _place(row)
        for attempt in range(1, OVERTAKEN_MAX + 1):
            try:
                await self.engine.reactions.drain([place])
                await self.engine.database.transaction(step)
                await self.engine.reactions.drain([place])
                return
            except Overtaken:
                if await self.parking.one(row["_id"]) is None:
                    return
                await pause(min(attempt, 4))
        raise Overtaken

    async def _take(self, row: dict[str, Any], operator: Operator, session: Session) -> None:
        await self.engine.generations.intervene(session)
        if not await self.parking.remove(row, session):
            raise Overtaken
        message = Message.of(row["message"])
        if row["folded"]:
            heard = decode(message)
            entries = [self.engine.reactions.entry(message, heard, row["commands"])]
            mirror = self._mirror(heard)
        else:
            heard, batch = await self._fold(message, session)
            entries = self.engine.reactions.entries(batch.reacted).get(_place(row), [])
            mirror = self._mirror(heard)
        await self.engine.inbox.intervene(_place(row), entries, session)
        about = {**row, "kind": heard.kind, "subject": heard.subject}
        await self.parking.unflag_if_last(mirror.name, about, session)
        await self.parking.note("redrive", row, operator, session)

    async def _fold(self, message: Message, session: Session) -> tuple[EventFrame, Batch]:
        frames = self.engine.folding.frames([message])
        if not frames or isinstance(frames[0][1], Undecodable):
            raise _Still("undecodable", str(frames[0][1]) if frames else "its kind is not followed")
        heard = frames[0][1]
        mirror = self._mirror(heard)
        known = await self.engine.inbox.projection.known(mirror, [heard.subject], session)
        free = {id: Kept(last=one.last, state=one.state) for id, one in known.items()}
        batch = self.engine.folding.fold([message], frames, _known(mirror, free))
        if batch.parked:
            raise _Still(batch.parked[0].reason, batch.parked[0].detail)
        await self.engine.inbox.project(batch, session)
        return heard, batch

    async def _give_up(self, row: dict[str, Any], operator: Operator, session: Session) -> None:
        await self.engine.generations.intervene(session)
        if not await self.parking.remove(row, session):
            raise Overtaken
        await self.engine.inbox.intervene(_place(row), [], session)
        mirrors = {one.kind: one for one in self.engine.folding.mirrors.values()}
        mirror = mirrors.get(row["kind"])
        if mirror is not None:
            if not row["folded"]:
                await self.parking.pass_over(mirror.name, row, session)
            await self.parking.unflag_if_last(mirror.name, row, session)
        await self.parking.note("discard", row, operator, session)

    def _mirror(self, heard: EventFrame) -> Mirror[Any, Any]:
        return self.engine.folding.mirrors[heard.service, heard.kind]


def _place(row: dict[str, Any]) -> Place:
    return row["message"]["service"], row["message"]["partition"]


def _known(mirror: Mirror[Any, Any], kept: Mapping[str, Kept]) -> dict[str, Mapping[str, Kept]]:
    return {mirror.name: kept}
