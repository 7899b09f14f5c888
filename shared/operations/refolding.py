"""Fold messages into a new copy as the live copy has folded them. Called by a rebuild.

Messages that the live copy has parked are left out, discarded events are skipped, and an event that
lies in the log before its turn waits for it. Of a service that the live copy does not follow (a
version that did was left, and comes back) nothing is known there: what cannot be folded is parked.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Self

from shared.kernel.folding import Batch, Folding, Frames, Mirrors, ParkedMessage
from shared.kernel.wire import EventFrame, Message
from shared.operations.copies import Copy
from shared.store.database import Session
from shared.store.parking import OUT_OF_ORDER

NOTHING: Mirrors = {}
WAITING = ("gap", "subject-parked")
"""The reasons of events that wait for an earlier one, which may lie behind them in the log."""


class CannotFold(Exception):
    """The new code cannot fold an event that the live copy has folded; no swap took place."""

    @classmethod
    def of(cls, parked: ParkedMessage) -> "CannotFold":
        """Return the error for a message that would have to be parked."""
        where = f"{parked.kind} {parked.subject} #{parked.sequence}"
        return cls(f"{where} ({parked.message.where}): {parked.reason}, {parked.detail}")


@dataclass(frozen=True, kw_only=True)
class Refolding:
    """The folding of one new copy; `added` are the services that only the new copy follows."""

    folding: Folding
    old: Copy
    new: Copy
    discarded: Collection[str]
    redriven: Mapping[tuple[str, str], Collection[int]]
    added: Collection[str]

    @classmethod
    async def of(cls, folding: Folding, old: Copy, new: Copy, added: Collection[str]) -> Self:
        """Return the folding, with what operators have discarded and redriven in the live copy."""
        return cls(
            folding=folding,
            old=old,
            new=new,
            discarded=await old.inbox.parking.discarded(),
            redriven=await old.inbox.parking.redriven(),
            added=added,
        )

    async def folded(
        self, messages: list[Message], newer: Mirrors = NOTHING, *, session: Session | None = None
    ) -> tuple[Batch, set[str]]:
        """Return the batch, and the positions of the messages that were left out of it.

        A mirror in `newer`, which is ahead of the database, is taken from there. Raises
        `CannotFold`.
        """
        left_out = await self.old.inbox.parking.untaken(messages, session)
        frames = [
            (message, frame)
            for message, frame in self.folding.frames(messages)
            if message.where not in left_out
            and (isinstance(frame, EventFrame) or message.where not in self.discarded)
        ]
        batch = await self._fold(messages, frames, newer, session=session, waiting=WAITING)
        batch.parked = [self._parked(message) for message in batch.parked]
        return batch, left_out

    async def fold_in_order(self, messages: list[Message], session: Session) -> Batch:
        """Fold events whose earlier events are all folded by now. Raises `CannotFold`."""
        batch = await self._fold(messages, self.folding.frames(messages), session=session)
        for parked in batch.parked:
            if parked.message.partition[0] not in self.added:
                raise CannotFold.of(parked)
        return batch

    def _parked(self, parked: ParkedMessage) -> ParkedMessage:
        if parked.reason in WAITING:
            return replace(parked, reason=OUT_OF_ORDER)
        if parked.message.partition[0] not in self.added:
            raise CannotFold.of(parked)
        return parked

    async def _fold(
        self,
        messages: list[Message],
        frames: Frames,
        newer: Mirrors = NOTHING,
        *,
        session: Session | None = None,
        waiting: Collection[str] = (),
    ) -> Batch:
        """Fold without regard to flags, as the live copy did: flags are copied and stay.

        In mirrors of added services what is parked here flags its subject.
        """
        sound = (frame for _, frame in frames if isinstance(frame, EventFrame))
        current = await self.new.projection.current_of(sound, session, newer=newer)
        flagged = set()
        for name, mirrors in current.items():
            for subject, mirror in mirrors.items():
                if mirror.parked:
                    mirrors[subject] = replace(mirror, parked=False)
                    flagged.add((name, subject))
        batch = self.folding.fold(messages, frames, current, is_discarded=self._is_discarded)
        for parked in batch.parked:
            service = parked.message.partition[0]
            if service in self.added and parked.kind and parked.reason not in waiting:
                flagged.add((self.folding.mirrors[service, parked.kind].name, parked.subject))
        for name, mirrors in batch.mirrors.items():
            for subject, mirror in mirrors.items():
                mirror.parked = (name, subject) in flagged
        return batch

    def _is_discarded(self, message: Message, frame: EventFrame, last: int) -> bool:
        """True if it was discarded and no earlier redriven event is pending."""
        if message.where not in self.discarded:
            return False
        redriven = self.redriven.get((frame.kind, frame.subject), ())
        return not any(last < number < frame.sequence for number in redriven)
