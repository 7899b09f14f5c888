"""Parked messages: events that cannot be applied, with their reasons, and the operators' audit.

A parked message is `{_id: GROUP/SERVICE/PARTITION/OFFSET, kind, subject, sequence, reason, detail,
folded, commands, message, at}`; `kind` is empty if not even its frame could be read. While a
subject has a parked message, its mirror is flagged and its later events are parked with it. Every
intervention of an operator is written to `audit` in the same transaction, and never removed.

Called by `shared.store.inbox` (a batch parks) and `shared.operations` (an operator decides).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from pymongo import ASCENDING, ReplaceOne, UpdateOne

from shared.kernel.folding import ParkedMessage
from shared.kernel.wire import Message, Partition
from shared.store.counts import Countable
from shared.store.database import Database, Session
from shared.store.indexes import Index
from shared.store.projection import Projection

CARRIED_AT_ONCE = 1_000
IN_ORDER = [(name, ASCENDING) for name in ("subject", "kind", "sequence", "_id")]
FLAGGED = {"$set": {"parked": True}, "$setOnInsert": {"last": 0, "state": None}}
OUT_OF_ORDER = "late"
"""The reason of an event that a rebuild has read too early: an earlier event of its subject was
redriven later. No live copy has it."""


@dataclass(frozen=True, kw_only=True)
class Operator:
    """The operator of an intervention: name and reason."""

    by: str
    reason: str


class Parking:
    """The parked messages of one generation of a service's projection."""

    def __init__(self, database: Database, projection: Projection) -> None:
        self._projection = projection
        self._parked = database.collection("parked")
        self._audit = database.collection("audit")

    def indexes(self) -> list[Index]:
        """Return the indexes by which parked messages and interventions are found."""
        return [
            Index("parked", ("kind", "subject", "sequence")),
            Index("parked", ("subject",)),
            Index("audit", ("at",)),
        ]

    async def park(self, parked: Sequence[ParkedMessage], session: Session) -> None:
        """Store messages that cannot be applied, with their reason and raw bytes."""
        if parked:
            documents = [self._document(message) for message in parked]
            await self._parked.insert_many(documents, session=session)

    async def flag(self, mirror: str, subject: str, session: Session) -> None:
        """Mark a subject as parked, so that its later events are parked too."""
        await self._set(mirror, subject, {"$set": {"parked": True}}, session)

    async def unflag_if_last(self, mirror: str, row: dict[str, Any], session: Session) -> None:
        """Clear a subject's flag if none of its messages is parked any more."""
        update = {"$set": {"parked": await self.others(row, session) > 0}}
        await self._set(mirror, row["subject"], update, session)

    async def skip(self, mirror: str, row: dict[str, Any], session: Session) -> None:
        """Move a subject's number past an event that will never be folded."""
        await self._set(mirror, row["subject"], {"$max": {"last": row["sequence"]}}, session)

    def subjects(self) -> Countable:
        """Return the parked subjects."""
        by_subject: dict[str, Any] = {"_id": {"kind": "$kind", "subject": "$subject"}}
        return Countable(self._parked, [{"$match": self._ours()}, {"$group": by_subject}])

    async def reasons(self, session: Session | None = None) -> dict[str, int]:
        """Count the parked messages by reason."""
        by_reason: dict[str, Any] = {"$group": {"_id": "$reason", "messages": {"$sum": 1}}}
        found = self._parked.aggregate([{"$match": self._ours()}, by_reason], session=session)
        return {row["_id"]: row["messages"] async for row in found}

    async def rows(
        self, subject: str | None = None, session: Session | None = None
    ) -> list[dict[str, Any]]:
        """Return the parked messages, or those of a single subject: by subject, then in order."""
        query = self._ours() | ({"subject": subject} if subject is not None else {})
        found = self._parked.find(query, session=session).sort(IN_ORDER)
        return [row async for row in found]

    async def row(self, id: str) -> dict[str, Any] | None:
        """Return the parked message with this id, or None; other generations do not count."""
        query = {"$and": [{"_id": id}, self._ours()]}
        found: dict[str, Any] | None = await self._parked.find_one(query)
        return found

    async def others(self, row: dict[str, Any], session: Session) -> int:
        """Count the further parked messages of the same subject."""
        same = {
            **self._ours(but=row["_id"]),
            "subject": row["subject"],
            "kind": {"$in": [row["kind"], ""]},
            "message.service": row["message"]["service"],
        }
        return int(await self._parked.count_documents(same, session=session))

    async def forget(self, partitions: Sequence[Partition], session: Session) -> None:
        """Remove the messages of these partitions that were not folded; they are read again.

        What was folded waits for its commands only, and no longer has a position: another message
        may come to lie there.
        """
        for service, number in partitions:
            where = {"message.service": service, "message.partition": number}
            found = self._parked.find({"$and": [self._ours(), where]}, session=session)
            rows = [row async for row in found]
            moved = [
                {**row, "_id": f"{row['_id'].partition('~')[0]}~{uuid4().hex}"}
                for row in rows
                if row["folded"]
            ]
            await self.remove_all(rows, session)
            if moved:
                await self._parked.insert_many(moved, session=session)
            still = {(row["kind"], row["subject"]) for row in moved}
            for kind, subject in {(row["kind"], row["subject"]) for row in rows} - still:
                if kind:
                    unflagged = {"$set": {"parked": False}}
                    await self._set(f"mirror.{kind}", subject, unflagged, session)

    async def remove(self, row: dict[str, Any], session: Session) -> bool:
        """Remove a message. Return False if another operator has removed it."""
        result = await self._parked.delete_one({"_id": row["_id"]}, session=session)
        return bool(result.deleted_count)

    async def note(
        self, action: str, row: dict[str, Any], operator: Operator, session: Session | None
    ) -> None:
        """Write an intervention at a parked message to the audit: action, operator and reason."""
        about = {name: row[name] for name in ("kind", "subject", "sequence", "folded", "detail")}
        record = {
            **about,
            "action": action,
            "parked": row["_id"],
            "parked_for": row["reason"],
            "by": operator.by,
            "reason": operator.reason,
            "at": datetime.now(UTC),
        }
        await self._audit.insert_one(record, session=session)

    async def interventions(self, limit: int) -> list[dict[str, Any]]:
        """Return the latest entries of the audit, newest first."""
        return [entry async for entry in self._audit.find({}).sort("at", -1).limit(limit)]

    async def done_about(self, id: str) -> dict[str, Any] | None:
        """Return the last discard or redrive of a message that was parked, or None."""
        query = {"parked": id, "action": {"$in": ["discard", "redrive"]}}
        found: dict[str, Any] | None = await self._audit.find_one(query, sort=[("at", -1)])
        return found

    async def untaken(
        self, messages: Iterable[Message], session: Session | None = None
    ) -> set[str]:
        """Return the positions of these messages that are parked and were never folded."""
        group = self._projection.generation.group
        ids = [f"{group}/{message.where}" for message in messages]
        query = {"_id": {"$in": ids}, "folded": False}
        found = self._parked.find(query, {"_id": 1}, session=session)
        return {_where(row["_id"]) async for row in found}

    async def discarded(self, session: Session | None = None) -> set[str]:
        """Return the positions of messages that were discarded before they were folded."""
        return await self._intervened_at("discard", session)

    async def redriven_at(self, session: Session | None = None) -> set[str]:
        """Return the positions of messages that were redriven before they were folded."""
        return await self._intervened_at("redrive", session)

    async def _intervened_at(self, action: str, session: Session | None) -> set[str]:
        query = {"action": action, "folded": False}
        found = self._audit.find(query, {"parked": 1}, session=session)
        return {_where(entry["parked"]) async for entry in found}

    async def redriven(self) -> dict[tuple[str, str], set[int]]:
        """Return the numbers of redriven events, by kind and subject."""
        query = {"action": "redrive", "folded": False}
        numbers: dict[tuple[str, str], set[int]] = defaultdict(set)
        async for entry in self._audit.find(query, {"kind": 1, "subject": 1, "sequence": 1}):
            numbers[entry["kind"], entry["subject"]].add(entry["sequence"])
        return numbers

    async def carry_over(self, other: "Parking") -> None:
        """Copy every message that is parked in another generation and not yet here."""
        missing = list(await other._positions() - await self._positions())
        for start in range(0, len(missing), CARRIED_AT_ONCE):
            await self.carry(other, missing[start : start + CARRIED_AT_ONCE])

    async def carry(
        self, other: "Parking", positions: Collection[str], session: Session | None = None
    ) -> None:
        """Copy the messages parked at these positions elsewhere, and flag their subjects."""
        theirs, ours = other._projection.generation.group, self._projection.generation.group
        found = self._parked.find(
            {"_id": {"$in": [f"{theirs}/{position}" for position in positions]}}, session=session
        )
        flags: dict[str, dict[str, UpdateOne]] = defaultdict(dict)
        rows = []
        async for row in found:
            id = f"{ours}/{_where(row['_id'])}"
            rows.append(ReplaceOne({"_id": id}, {**row, "_id": id, "carried": True}, upsert=True))
            if row["kind"]:
                flag = UpdateOne({"_id": row["subject"]}, FLAGGED, upsert=True)
                flags[row["kind"]][row["subject"]] = flag
        for kind, updates in flags.items():
            mirror = self._projection.collection(f"mirror.{kind}")
            await mirror.bulk_write(list(updates.values()), ordered=False, session=session)
        if rows:
            # The rows come last: a process that dies before them flags these subjects again.
            await self._parked.bulk_write(rows, ordered=False, session=session)

    async def has_all_of(self, other: "Parking", session: Session | None = None) -> bool:
        """Return True if as many messages were carried here as are parked in another generation."""
        theirs = await self._parked.count_documents(other._ours(), session=session)
        carried = self._ours() | {"carried": True}
        return bool(theirs == await self._parked.count_documents(carried, session=session))

    async def out_of_order(self) -> list[dict[str, Any]]:
        """Return the events that a rebuild has read too early: by subject, in order."""
        found = self._parked.find(self._ours() | {"reason": OUT_OF_ORDER})
        return [row async for row in found.sort(IN_ORDER)]

    async def remove_all(self, rows: Sequence[dict[str, Any]], session: Session) -> None:
        """Remove these messages."""
        ids = [row["_id"] for row in rows]
        await self._parked.delete_many({"_id": {"$in": ids}}, session=session)

    async def _positions(self) -> set[str]:
        found = self._parked.find(self._ours(), {"_id": 1})
        return {_where(row["_id"]) async for row in found}

    def _ours(self, but: str | None = None) -> dict[str, Any]:
        group = self._projection.generation.group
        return {"_id": {"$gt": f"{group}/", "$lt": f"{group}0", "$ne": but}}

    async def _set(
        self, mirror: str, subject: str, update: dict[str, Any], session: Session
    ) -> None:
        await self._projection.collection(mirror).update_one(
            {"_id": subject}, update, session=session
        )

    def _document(self, parked: ParkedMessage) -> dict[str, Any]:
        message: Message = parked.message
        return {
            "_id": f"{self._projection.generation.group}/{message.where}",
            "kind": parked.kind,
            "subject": parked.subject,
            "sequence": parked.sequence,
            "reason": parked.reason,
            "detail": parked.detail,
            "folded": parked.folded,
            "commands": list(parked.commands),
            "message": message.stored(),
            "at": datetime.now(UTC),
        }

    async def by_subject(self, limit: int) -> list[dict[str, Any]]:
        """Return parked subjects, the longest waiting first, at most `limit`.

        Each has kind, subject, the number of `events`, and of the first event its sequence, reason
        and time (`at`).
        """
        first = {name: f"${name}" for name in ("sequence", "reason", "at")}
        order = {"sequence": 1, "_id": 1}
        grouped = {
            "_id": {"kind": "$kind", "subject": "$subject"},
            "events": {"$sum": 1},
            "first": {"$top": {"sortBy": order, "output": first}},
        }
        stages: list[dict[str, Any]] = [
            {"$match": self._ours()},
            {"$group": grouped},
            {"$sort": {"first.at": 1, "_id": 1}},
            {"$limit": limit},
        ]
        found = self._parked.aggregate(stages)
        return [{**row["_id"], "events": row["events"], **row["first"]} async for row in found]


def _where(id: str) -> str:
    return id.partition("/")[2]
