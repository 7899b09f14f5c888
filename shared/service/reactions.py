"""The second transaction of a batch: decide its pending commands on own aggregates.

Called by `shared.service.worker` and `shared.operations.parked`; calls `shared.store.aggregates`,
and the relay next (`on_committed`).

1. The aggregates are loaded in the transaction's snapshot. After a conflict with another writer
   they are held first, so that there is no second conflict.
2. Each aggregate decides its commands in order and is written once.
3. Exactly the pending rows are deleted, so the effect happens exactly once.

A command that can never succeed (refused, a bug, an aggregate that cannot be loaded) parks its
event as folded, with the later events of its subject, and the other commands are decided again
without them. Where the database finds the result too large, the row is decided in parts, and an
event that is too large by itself is parked. A full outbox only delays commands: it is never a
reason to park. A command that only another version knows is left to that version.
"""

import itertools
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog

from shared.clock import Clock
from shared.kernel.decider import Addressed, Context, Origin
from shared.kernel.errors import NewerVersion, Problem, Unstorable
from shared.kernel.folding import ParkedMessage, Reacted
from shared.kernel.wire import EventFrame, Message, Partition
from shared.service.commands import OnCommitted
from shared.store import DuplicateKey
from shared.store.aggregates import Aggregates
from shared.store.database import Database, Session, pause
from shared.store.documents import Damaged, Loaded, OutboxFull, UnknownAction
from shared.store.inbox import Inbox
from shared.store.missing import Missing, decision

log = structlog.get_logger()
Subject = tuple[str, str]
ALL = sys.maxsize
"""So many entries of a row are decided at once, unless that is too large."""


class _Poisoned(Exception):
    """A command of this pending entry can never succeed."""

    def __init__(self, entry: dict[str, Any], error: Exception, code: str = "") -> None:
        super().__init__(str(error))
        self.entry = entry
        self.code = code or (error.code if isinstance(error, Problem) else type(error).__name__)
        self.detail = str(error)


@dataclass(kw_only=True)
class Reactions:
    """The pending rows of a service, and the aggregates that decide them.

    A command or an aggregate that only another version knows is left to that version; where an
    operator went back from that version, `parks_unknown`, its event is parked.
    """

    service: str
    database: Database
    inbox: Inbox
    aggregates: Mapping[str, Aggregates[Any]]
    mirrors: Mapping[str, str]
    missing: Missing
    clock: Clock
    on_committed: OnCommitted
    parks_unknown: bool = False

    def entries(self, reacted: Sequence[Reacted]) -> dict[Partition, list[dict[str, Any]]]:
        """Return the commands of a batch as its pending rows hold them: by partition, in order."""
        rows: dict[Partition, list[dict[str, Any]]] = defaultdict(list)
        for reaction in reacted:
            commands = [self._stored(command) for command in reaction.commands]
            entry = self.entry(reaction.message, reaction.frame, commands)
            rows[reaction.message.partition].append(entry)
        return rows

    def entry(
        self, message: Message, frame: EventFrame, commands: Sequence[dict[str, Any]]
    ) -> dict[str, Any]:
        """Return the stored commands of a single event as a pending row holds them."""
        return {
            "event": frame.id,
            "kind": frame.kind,
            "subject": frame.subject,
            "sequence": frame.sequence,
            "correlation": frame.correlation,
            "message": message.stored(),
            "commands": list(commands),
        }

    async def drain(self, partitions: Sequence[Partition]) -> None:
        """Decide and delete the pending rows of these partitions.

        Raises `Overtaken`, and `NewerVersion` where another version has left commands that this
        version does not know.
        """
        at_once = ALL
        while rows := await self.inbox.pending(partitions):
            entries = [entry for row in rows for entry in row["reacted"]]
            try:
                written = await self._drain(rows, entries[:at_once], entries[at_once:])
            except Unstorable as error:
                if at_once == 1:
                    raise RuntimeError("an event with its commands cannot be parked") from error
                at_once = max(1, min(at_once, len(entries)) // 2)
                continue
            for kind, loaded in written:
                self.on_committed(kind, loaded)
            if at_once == ALL:
                return

    async def _drain(
        self,
        rows: Sequence[dict[str, Any]],
        first: list[dict[str, Any]],
        further: list[dict[str, Any]],
    ) -> list[tuple[str, Loaded[Any]]]:
        """Decide the `first` entries of the rows. Raises `Unstorable` if they are too large.

        Returns the aggregates that were written, by kind.
        """
        poisoned: dict[Subject, _Poisoned] = {}
        attempt, tries = 0, itertools.count()

        async def decide(session: Session) -> list[tuple[str, Loaded[Any]]]:
            # The later entries of a subject that is parked now are parked with it.
            taken = first + [entry for entry in further if _subject(entry) in poisoned]
            return await self._decide(rows, taken, poisoned, session, contested=next(tries) > 0)

        while True:
            try:
                return await self.database.transaction(decide)
            except _Poisoned as bad:
                poisoned[_subject(bad.entry)] = bad
            except Unstorable as error:
                if len(first) > 1 or poisoned:
                    raise
                poisoned[_subject(first[0])] = _Poisoned(first[0], error)
            except (OutboxFull, DuplicateKey):
                # A create that raced with another create is decided again on its result.
                attempt += 1
                await pause(attempt)

    async def _decide(
        self,
        rows: Sequence[dict[str, Any]],
        entries: Sequence[dict[str, Any]],
        poisoned: dict[Subject, _Poisoned],
        session: Session,
        *,
        contested: bool,
    ) -> list[tuple[str, Loaded[Any]]]:
        sound, parked = _apart(entries, poisoned)
        names = [_decision(entry, command) for entry in sound for command in entry["commands"]]
        decided = await self.missing.decided(names, session)
        aggregates = await self._load(sound, session, contested=contested)
        for entry in sound:
            self._apply(entry, aggregates, decided)
        written: list[tuple[str, Loaded[Any]]] = []
        for kind, by_id in aggregates.items():
            changed = [loaded for loaded in by_id.values() if loaded.entries]
            if changed:
                await self.aggregates[kind].write_many(changed, session)
                written += ((kind, loaded) for loaded in changed)
        await self.inbox.drained(rows, {entry["event"] for entry in entries}, session)
        await self.inbox.parking.park(parked, session)
        if poisoned:
            # Another consumer may have read the mirrors by now, to fold the next events on them.
            await self.inbox.checkpoints.raise_epochs([row["_id"] for row in rows], session)
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
        found = {}
        for kind, ids in wanted.items():
            if kind not in self.aggregates:
                unknown = UnknownAction(f"{self.service} has no {kind} in this version")
                raise self._left(_first_for(entries, kind), unknown)
            try:
                found[kind] = await self.aggregates[kind].load_many(
                    list(ids), session, contested=contested
                )
            except Damaged as damaged:
                entry = _first_for(entries, kind, damaged.id)
                raise (
                    self._left(entry, damaged) if damaged.newer else _Poisoned(entry, damaged)
                ) from damaged
        return found

    def _apply(
        self,
        entry: dict[str, Any],
        loaded_aggregates: dict[str, dict[str, Loaded[Any]]],
        decided: frozenset[str],
    ) -> None:
        for stored in entry["commands"]:
            if _decision(entry, stored) in decided:
                continue
            aggregates = self.aggregates[stored["kind"]]
            loaded = loaded_aggregates[stored["kind"]][stored["id"]]
            context = Context(
                now=self.clock.now(),
                origin=Origin.REACTION,
                actor=f"service:{self.service}",
                subject=stored["id"],
                correlation_id=entry["correlation"],
                causation_id=entry["event"],
            )
            try:
                loaded.check_whole()
                command = aggregates.documents.command(stored)
                events = aggregates.decider.decide(command, loaded.state, context)
                aggregates.documents.apply_events(loaded, events, context, None)
            except UnknownAction as error:
                raise self._left(entry, error) from error
            except Exception as error:
                raise _Poisoned(entry, error) from error

    def _left(self, entry: dict[str, Any], error: Exception) -> Exception:
        if self.parks_unknown:
            return _Poisoned(entry, error, "newer-version")
        return NewerVersion(str(error))

    def _stored(self, addressed: Addressed) -> dict[str, Any]:
        kind = addressed.decider.kind
        stored = self.aggregates[kind].documents.stored_command(addressed.command)
        return {"kind": kind, "id": addressed.id, **stored}


def _apart(
    entries: Sequence[dict[str, Any]], poisoned: Mapping[Subject, _Poisoned]
) -> tuple[list[dict[str, Any]], list[ParkedMessage]]:
    """Return the entries to decide, and those to park: a poisoned entry and its later ones."""
    sound: list[dict[str, Any]] = []
    parked: list[ParkedMessage] = []
    for entry in entries:
        bad = poisoned.get(_subject(entry))
        if bad is None or entry["sequence"] < bad.entry["sequence"]:
            sound.append(entry)
        else:
            first = entry["sequence"] == bad.entry["sequence"]
            parked.append(_parked(entry, bad, first=first))
    return sound, parked


def _parked(entry: dict[str, Any], bad: _Poisoned, *, first: bool) -> ParkedMessage:
    return ParkedMessage(
        message=Message.of(entry["message"]),
        kind=entry["kind"],
        subject=entry["subject"],
        sequence=entry["sequence"],
        reason=bad.code if first else "subject-parked",
        detail=bad.detail if first else "an earlier event is parked",
        folded=True,
        commands=tuple(entry["commands"]),
    )


def _first_for(
    entries: Sequence[dict[str, Any]], kind: str, id: str | None = None
) -> dict[str, Any]:
    """Return the first entry that has a command for this aggregate, or for any of its kind."""
    return next(
        entry
        for entry in entries
        for command in entry["commands"]
        if command["kind"] == kind and id in (None, command["id"])
    )


def _decision(entry: dict[str, Any], command: dict[str, Any]) -> str:
    return decision(entry["event"], command["kind"], command["id"])


def _subject(entry: dict[str, Any]) -> Subject:
    return entry["kind"], entry["subject"]
