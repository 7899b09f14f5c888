"""The second transaction of a batch: decide its pending commands on own aggregates.

Called by `shared.service.worker` and `shared.operations.parked`; calls `shared.store.aggregates`,
and the relay next (`on_committed`).

1. The aggregates are loaded in the transaction's snapshot. After a conflict with another writer
   they are held first, so that there is no second conflict.
2. Each aggregate decides its commands in order and is written once.
3. Exactly these commands leave the pending rows, so the effect happens exactly once.

A transaction decides `COMMANDS_AT_ONCE` commands at most, because it must be over before the server
ends it, also on a busy machine. Where the database finds the result too large, it decides fewer.

A command that can never succeed (refused, a bug, too large, an aggregate that cannot be loaded)
parks its event as folded, with the later events of its subject, and the other commands are decided
again without them. A full outbox only delays commands: it is never a reason to park. A command that
only another version knows is left to that version.
"""

import itertools
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shared.clock import Clock
from shared.kernel.decider import Addressed, Context, Origin
from shared.kernel.errors import NewerVersion, Unstorable
from shared.kernel.folding import Reacted
from shared.kernel.trace_context import traceparent_of
from shared.kernel.wire import EventFrame, Message, Partition
from shared.service.commands import OnCommitted
from shared.service.entries import (
    Poisoned,
    Subject,
    apart,
    decision_of,
    first_entries,
    first_for,
    number_of_commands,
    report_parked,
    subject_of,
)
from shared.store import DuplicateKey
from shared.store.aggregates import Aggregates
from shared.store.database import Database, Session, pause
from shared.store.documents import Damaged, Loaded, OutboxFull, UnknownAction
from shared.store.inbox import Inbox
from shared.store.missing import Missing
from shared.tracing import ReactionSpans

COMMANDS_AT_ONCE = 500


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
        traceparent = traceparent_of(message.headers)
        return {
            "event": frame.id,
            "kind": frame.kind,
            "subject": frame.subject,
            "sequence": frame.sequence,
            "correlation": frame.correlation,
            "message": message.stored(),
            "commands": list(commands),
            **({"traceparent": traceparent} if traceparent else {}),
        }

    async def drain(self, partitions: Sequence[Partition]) -> None:
        """Decide and delete the pending rows of these partitions.

        Raises `Overtaken`, and `NewerVersion` where another version has left commands that this
        version does not know.
        """
        at_once = COMMANDS_AT_ONCE
        while rows := await self.inbox.pending(partitions):
            entries = [entry for row in rows for entry in row["reacted"]]
            first = first_entries(entries, at_once)
            try:
                written = await self._drain(rows, first, entries[len(first) :], at_once)
            except Unstorable as error:
                if at_once == 1:
                    raise RuntimeError("an event with its commands cannot be parked") from error
                at_once = max(1, min(at_once, number_of_commands(first)) // 2)
                continue
            for kind, loaded in written:
                self.on_committed(kind, loaded)
            if len(first) == len(entries) and number_of_commands(first) <= at_once:
                return

    async def _drain(
        self,
        rows: Sequence[dict[str, Any]],
        first: list[dict[str, Any]],
        further: list[dict[str, Any]],
        at_once: int,
    ) -> list[tuple[str, Loaded[Any]]]:
        """Decide so many commands of the `first` entries. Raises `Unstorable` if that is too large.

        Returns the aggregates that were written, by kind.
        """
        poisoned: dict[Subject, Poisoned] = {}
        spans = ReactionSpans()
        attempt, tries = 0, itertools.count()

        async def decide(session: Session) -> list[tuple[str, Loaded[Any]]]:
            # The later entries of a subject that is parked now are parked with it.
            taken = first + [entry for entry in further if subject_of(entry) in poisoned]
            contested = next(tries) > 0
            taken = spans.begin(taken)
            return await self._decide(rows, taken, at_once, poisoned, session, contested=contested)

        while True:
            try:
                written = await self.database.transaction(decide)
            except Poisoned as bad:
                poisoned[subject_of(bad.entry)] = bad
            except Unstorable as error:
                if at_once > 1 or poisoned:
                    raise
                poisoned[subject_of(first[0])] = Poisoned(first[0], error)
            except (OutboxFull, DuplicateKey):
                # A create that raced with another create is decided again on its result.
                attempt += 1
                await pause(attempt)
            else:
                report_parked(poisoned.values())
                spans.end()
                return written

    async def _decide(
        self,
        rows: Sequence[dict[str, Any]],
        entries: Sequence[dict[str, Any]],
        at_once: int,
        poisoned: dict[Subject, Poisoned],
        session: Session,
        *,
        contested: bool,
    ) -> list[tuple[str, Loaded[Any]]]:
        whole, parked = apart(entries, poisoned)
        sound = [{**entry, "commands": entry["commands"][:at_once]} for entry in whole]
        left: dict[str, list[Any]] = {entry["event"]: [] for entry in entries}
        left |= {entry["event"]: entry["commands"][at_once:] for entry in whole}
        names = [decision_of(entry, command) for entry in sound for command in entry["commands"]]
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
        await self.inbox.drained(rows, left, session)
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
                raise self._left(first_for(entries, kind), unknown)
            try:
                found[kind] = await self.aggregates[kind].load_many(
                    list(ids), session, contested=contested
                )
            except Damaged as damaged:
                entry = first_for(entries, kind, damaged.id)
                raise (
                    self._left(entry, damaged) if damaged.newer else Poisoned(entry, damaged)
                ) from damaged
        return found

    def _apply(
        self,
        entry: dict[str, Any],
        loaded_aggregates: dict[str, dict[str, Loaded[Any]]],
        decided: frozenset[str],
    ) -> None:
        for stored in entry["commands"]:
            if decision_of(entry, stored) in decided:
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
                traceparent=entry.get("traceparent"),
            )
            try:
                loaded.check_whole()
                command = aggregates.documents.command(stored)
                events = aggregates.decider.decide(command, loaded.state, context)
                aggregates.documents.apply_events(loaded, events, context, None)
            except UnknownAction as error:
                raise self._left(entry, error) from error
            except Exception as error:
                raise Poisoned(entry, error) from error

    def _left(self, entry: dict[str, Any], error: Exception) -> Exception:
        if self.parks_unknown:
            return Poisoned(entry, error, "newer-version")
        return NewerVersion(str(error))

    def _stored(self, addressed: Addressed) -> dict[str, Any]:
        kind = addressed.decider.kind
        stored = self.aggregates[kind].documents.stored_command(addressed.command)
        return {"kind": kind, "id": addressed.id, **stored}
