"""The second transaction of a batch: its pending commands are decided on own aggregates.

The aggregates are loaded in the transaction's snapshot (after a conflict with another writer they
are held first, so that there is no second one), each decides its commands in order and is written
once, and exactly the pending rows are deleted; so the effect happens exactly once. What can never
succeed (refused, or a bug) parks its event as folded, with the later ones of its subject, and the
others are decided again without them. A full outbox waits: it is never a reason to park.
"""

import itertools
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from pymongo.errors import BulkWriteError

from shared.clock import Clock
from shared.kernel.decider import Addressed, Context, Origin
from shared.kernel.errors import Problem
from shared.kernel.folding import Parked, Place, Reacted
from shared.kernel.wire import EventFrame, Message
from shared.service.commands import Written
from shared.store.aggregates import Aggregates, OutboxFull
from shared.store.database import Database, Session, pause
from shared.store.documents import Loaded
from shared.store.inbox import Inbox
from shared.store.outbox import E11000

log = structlog.get_logger()
Subject = tuple[str, str]


class _Poisoned(Exception):
    """A command of this pending entry can never succeed."""

    def __init__(self, entry: dict[str, Any], error: Exception) -> None:
        super().__init__(str(error))
        self.entry = entry
        self.code = error.code if isinstance(error, Problem) else type(error).__name__
        self.detail = str(error)


@dataclass(frozen=True, kw_only=True)
class Reactions:
    """Drains pending rows onto the service's aggregates."""

    service: str
    database: Database
    inbox: Inbox
    aggregates: Mapping[str, Aggregates[Any]]
    mirrors: Mapping[str, str]
    clock: Clock
    written: Written

    def entries(self, reacted: Sequence[Reacted]) -> dict[Place, list[dict[str, Any]]]:
        """What a batch has caused, as its pending rows keep it: by partition, in order."""
        rows: dict[Place, list[dict[str, Any]]] = defaultdict(list)
        for one in reacted:
            commands = [self._stored(command) for command in one.commands]
            entry = self.entry(one.message, one.heard, commands)
            rows[one.message.place].append(entry)
        return rows

    def entry(
        self, message: Message, heard: EventFrame, commands: Sequence[dict[str, Any]]
    ) -> dict[str, Any]:
        """One event's stored commands, as a pending row keeps them."""
        return {
            "event": heard.id,
            "kind": heard.kind,
            "subject": heard.subject,
            "sequence": heard.sequence,
            "correlation": heard.correlation,
            "message": message.stored(),
            "commands": list(commands),
        }

    async def drain(self, places: Sequence[Place]) -> None:
        """Decide and delete the pending rows of these partitions. Raises `Overtaken`."""
        rows = await self.inbox.pending(places)
        poisoned: dict[Subject, _Poisoned] = {}
        attempt, tries = 0, itertools.count()
        while rows:
            try:
                written = await self.database.transaction(
                    lambda session: self._decide(rows, poisoned, session, contested=next(tries) > 0)
                )
            except _Poisoned as bad:
                poisoned[_subject(bad.entry)] = bad
            except (OutboxFull, BulkWriteError) as error:
                if not _passing(error):
                    raise
                attempt += 1
                await pause(attempt)
            else:
                for kind, loaded in written:
                    self.written(kind, loaded)
                return

    async def _decide(
        self,
        rows: Sequence[dict[str, Any]],
        poisoned: dict[Subject, _Poisoned],
        session: Session,
        *,
        contested: bool,
    ) -> list[tuple[str, Loaded[Any]]]:
        entries = [entry for row in rows for entry in row["reacted"]]
        sound, parked = _apart(entries, poisoned)
        loaded = await self._load(sound, session, contested=contested)
        for entry in sound:
            self._apply(entry, loaded)
        written: list[tuple[str, Loaded[Any]]] = []
        for kind, many in loaded.items():
            changed = [one for one in many.values() if one.recorded]
            if changed:
                await self.aggregates[kind].write_many(changed, session)
                written += ((kind, one) for one in changed)
        await self.inbox.drained(rows, session)
        await self.inbox.parking.park(parked, session)
        if poisoned:
            # Another consumer may have read the mirrors meanwhile, to fold the next events on.
            await self.inbox.raise_epochs(rows, session)
        for kind, subject in poisoned:
            await self.inbox.parking.flag(self.mirrors[kind], subject, session)
        return written

    async def _load(
        self, entries: Sequence[dict[str, Any]], session: Session, *, contested: bool
    ) -> dict[str, dict[str, Loaded[Any]]]:
        wanted: dict[str, dict[str, None]] = defaultdict(dict)
        for entry in entries:
            for command in entry["commands"]:
                wanted[command["kind"]][command["id"]] = None
        return {
            kind: await self.aggregates[kind].load_many(list(ids), session, contested=contested)
            for kind, ids in wanted.items()
        }

    def _apply(self, entry: dict[str, Any], loaded: dict[str, dict[str, Loaded[Any]]]) -> None:
        for stored in entry["commands"]:
            aggregates = self.aggregates[stored["kind"]]
            one = loaded[stored["kind"]][stored["id"]]
            context = Context(
                now=self.clock.now(),
                origin=Origin.REACTION,
                actor=f"service:{self.service}",
                subject=stored["id"],
                correlation_id=entry["correlation"],
                causation_id=entry["event"],
            )
            try:
                command = aggregates.documents.command(stored)
                events = aggregates.decider.decide(command, None, one.state, context)
                aggregates.documents.apply_events(one, events, context, None)
            except Exception as error:
                raise _Poisoned(entry, error) from error

    def _stored(self, addressed: Addressed) -> dict[str, Any]:
        kind = addressed.decider.kind
        stored = self.aggregates[kind].documents.stored_command(addressed.command)
        return {"kind": kind, "id": addressed.id, **stored}


def _apart(
    entries: Sequence[dict[str, Any]], poisoned: Mapping[Subject, _Poisoned]
) -> tuple[list[dict[str, Any]], list[Parked]]:
    """The entries to decide, and those to park: a poisoned one and its subject's later ones."""
    sound: list[dict[str, Any]] = []
    parked: list[Parked] = []
    for entry in entries:
        bad = poisoned.get(_subject(entry))
        if bad is None or entry["sequence"] < bad.entry["sequence"]:
            sound.append(entry)
        else:
            first = entry["sequence"] == bad.entry["sequence"]
            parked.append(_parked(entry, bad, first=first))
    return sound, parked


def _parked(entry: dict[str, Any], bad: _Poisoned, *, first: bool) -> Parked:
    return Parked(
        message=Message.of(entry["message"]),
        kind=entry["kind"],
        subject=entry["subject"],
        sequence=entry["sequence"],
        reason=bad.code if first else "subject-parked",
        detail=bad.detail if first else "an earlier event is parked",
        folded=True,
        commands=tuple(entry["commands"]),
    )


def _subject(entry: dict[str, Any]) -> Subject:
    return entry["kind"], entry["subject"]


def _passing(error: OutboxFull | BulkWriteError) -> bool:
    # A create that raced with another one is decided again on what the other has made.
    if isinstance(error, OutboxFull):
        return True
    return any(one["code"] == E11000 for one in error.details["writeErrors"])
