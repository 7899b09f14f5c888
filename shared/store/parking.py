"""What cannot be taken: parked messages with their reasons, the flag on their subjects, the audit.

A parked message is `{_id: GROUP/SERVICE/PARTITION/OFFSET, kind, subject, sequence, reason, detail,
folded, commands, message, at}`; `kind` is empty where not even its frame could be read. While a
subject has one, its mirror is flagged and its later events are parked with it. Whatever an operator
does about one is written to `audit` in the same transaction, and never removed.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pymongo import ASCENDING, ReplaceOne, UpdateOne

from shared.kernel.folding import Parked
from shared.kernel.wire import Message
from shared.store.database import Database, Session
from shared.store.projection import Projection

CARRIED_AT_ONCE = 1_000
IN_ORDER = [(name, ASCENDING) for name in ("subject", "kind", "sequence", "_id")]
FLAGGED = {"$set": {"parked": True}, "$setOnInsert": {"last": 0, "state": None}}
LATE = "late"
"""The reason of what a rebuild has read before its turn; no live copy has it."""


@dataclass(frozen=True, kw_only=True)
class Operator:
    """Who intervenes, and why."""

    by: str
    reason: str


class Parking:
    """The parked messages of one generation of a service's projection."""

    def __init__(self, database: Database, projection: Projection) -> None:
        self._projection = projection
        self._parked = database.collection("parked")
        self._audit = database.collection("audit")

    async def prepare(self) -> None:
        """Create the indexes by which parked messages and interventions are found."""
        keys = ["kind", "subject", "sequence"]
        await self._parked.create_index([(key, ASCENDING) for key in keys])
        await self._parked.create_index("subject")
        await self._audit.create_index("at")

    async def park(self, parked: Sequence[Parked], session: Session) -> None:
        """Keep messages that cannot be taken, with their reason and raw bytes."""
        if parked:
            documents = [self._document(one) for one in parked]
            await self._parked.insert_many(documents, session=session)

    async def flag(self, mirror: str, subject: str, session: Session) -> None:
        """Mark a subject as parked, so that its later events follow it there."""
        await self._set(mirror, subject, {"$set": {"parked": True}}, session)

    async def unflag_if_last(self, mirror: str, row: dict[str, Any], session: Session) -> None:
        """Let a subject go on where nothing of it is parked any more."""
        update = {"$set": {"parked": await self.others(row, session) > 0}}
        await self._set(mirror, row["subject"], update, session)

    async def pass_over(self, mirror: str, row: dict[str, Any], session: Session) -> None:
        """Count an event as heard that will never be folded."""
        await self._set(mirror, row["subject"], {"$max": {"last": row["sequence"]}}, session)

    async def subjects(self, session: Session | None = None) -> int:
        """How many subjects are parked."""
        by_subject: dict[str, Any] = {"_id": {"kind": "$kind", "subject": "$subject"}}
        stages = [{"$match": self._ours()}, {"$group": by_subject}, {"$count": "subjects"}]
        found = [one async for one in self._parked.aggregate(stages, session=session)]
        return int(found[0]["subjects"]) if found else 0

    async def rows(
        self, subject: str | None = None, session: Session | None = None
    ) -> list[dict[str, Any]]:
        """The parked messages, or those about one subject: by subject, then in order."""
        query = self._ours() | ({"subject": subject} if subject is not None else {})
        found = self._parked.find(query, session=session).sort(IN_ORDER)
        return [one async for one in found]

    async def one(self, id: str) -> dict[str, Any] | None:
        """The parked message with this id; those of other generations are not known."""
        query = {"$and": [{"_id": id}, self._ours()]}
        found: dict[str, Any] | None = await self._parked.find_one(query)
        return found

    async def others(self, row: dict[str, Any], session: Session) -> int:
        """How many further messages of the same subject are parked."""
        same = {
            **self._ours(but=row["_id"]),
            "subject": row["subject"],
            "kind": {"$in": [row["kind"], ""]},
            "message.service": row["message"]["service"],
        }
        return int(await self._parked.count_documents(same, session=session))

    async def remove(self, row: dict[str, Any], session: Session) -> bool:
        """Take a message out; False where somebody else has."""
        result = await self._parked.delete_one({"_id": row["_id"]}, session=session)
        return bool(result.deleted_count)

    async def note(
        self, action: str, row: dict[str, Any], operator: Operator, session: Session | None
    ) -> None:
        """Write to the audit what was done about a parked message, by whom and why."""
        kept = {name: row[name] for name in ("kind", "subject", "sequence", "folded", "detail")}
        record = {
            **kept,
            "action": action,
            "parked": row["_id"],
            "parked_for": row["reason"],
            "by": operator.by,
            "reason": operator.reason,
            "at": datetime.now(UTC),
        }
        await self._audit.insert_one(record, session=session)

    async def interventions(self, limit: int) -> list[dict[str, Any]]:
        """The latest entries of the audit, newest first."""
        return [one async for one in self._audit.find({}).sort("at", -1).limit(limit)]

    async def done_about(self, id: str) -> dict[str, Any] | None:
        """The last thing that was done for good about a message that was parked."""
        query = {"parked": id, "action": {"$in": ["discard", "redrive"]}}
        found: dict[str, Any] | None = await self._audit.find_one(query, sort=[("at", -1)])
        return found

    async def untaken(
        self, messages: Iterable[Message], session: Session | None = None
    ) -> set[str]:
        """Where those of these messages lie that are parked and were never folded."""
        group = self._projection.generation.group
        ids = [f"{group}/{one.where}" for one in messages]
        query = {"_id": {"$in": ids}, "folded": False}
        found = self._parked.find(query, {"_id": 1}, session=session)
        return {_where(one["_id"]) async for one in found}

    async def discarded(self, session: Session | None = None) -> set[str]:
        """Where the messages lie that were given up before they were folded."""
        return await self._intervened_at("discard", session)

    async def redriven_at(self, session: Session | None = None) -> set[str]:
        """Where the messages lie that were taken after all."""
        return await self._intervened_at("redrive", session)

    async def _intervened_at(self, action: str, session: Session | None) -> set[str]:
        query = {"action": action, "folded": False}
        found = self._audit.find(query, {"parked": 1}, session=session)
        return {_where(one["parked"]) async for one in found}

    async def redriven(self) -> dict[tuple[str, str], set[int]]:
        """The numbers of events that were taken after all, by kind and subject."""
        query = {"action": "redrive", "folded": False}
        numbers: dict[tuple[str, str], set[int]] = defaultdict(set)
        async for one in self._audit.find(query, {"kind": 1, "subject": 1, "sequence": 1}):
            numbers[one["kind"], one["subject"]].add(one["sequence"])
        return numbers

    async def carry_over(self, other: "Parking") -> None:
        """Carry all over that is parked in another generation and not yet here."""
        missing = list(await other._places() - await self._places())
        for start in range(0, len(missing), CARRIED_AT_ONCE):
            await self.carry(other, missing[start : start + CARRIED_AT_ONCE])

    async def carry(
        self, other: "Parking", places: Collection[str], session: Session | None = None
    ) -> None:
        """Copy what is parked at these places in another generation, and flag its subjects."""
        theirs, ours = (one._projection.generation.group for one in (other, self))
        found = self._parked.find(
            {"_id": {"$in": [f"{theirs}/{one}" for one in places]}}, session=session
        )
        flags: dict[str, dict[str, UpdateOne]] = defaultdict(dict)
        rows = []
        async for row in found:
            id = f"{ours}/{_where(row['_id'])}"
            rows.append(ReplaceOne({"_id": id}, {**row, "_id": id}, upsert=True))
            if row["kind"]:
                flag = UpdateOne({"_id": row["subject"]}, FLAGGED, upsert=True)
                flags[row["kind"]][row["subject"]] = flag
        for kind, updates in flags.items():
            mirror = self._projection.collection(f"mirror.{kind}")
            await mirror.bulk_write(list(updates.values()), ordered=False, session=session)
        if rows:
            # They come last: whoever is cut off before them flags these subjects again.
            await self._parked.bulk_write(rows, ordered=False, session=session)

    async def has_all_of(self, other: "Parking", session: Session | None = None) -> bool:
        """Whether as many messages are parked here as in another generation."""
        theirs = await self._parked.count_documents(other._ours(), session=session)
        return bool(theirs == await self._parked.count_documents(self._ours(), session=session))

    async def late(self) -> list[dict[str, Any]]:
        """What a rebuild has parked here until its turn comes: by subject, in order."""
        found = self._parked.find(self._ours() | {"reason": LATE})
        return [one async for one in found.sort(IN_ORDER)]

    async def remove_all(self, rows: Sequence[dict[str, Any]], session: Session) -> None:
        """Take these messages out."""
        ids = [row["_id"] for row in rows]
        await self._parked.delete_many({"_id": {"$in": ids}}, session=session)

    async def _places(self) -> set[str]:
        found = self._parked.find(self._ours(), {"_id": 1})
        return {_where(one["_id"]) async for one in found}

    def _ours(self, but: str | None = None) -> dict[str, Any]:
        group = self._projection.generation.group
        return {"_id": {"$gt": f"{group}/", "$lt": f"{group}0", "$ne": but}}

    async def _set(
        self, mirror: str, subject: str, update: dict[str, Any], session: Session
    ) -> None:
        await self._projection.collection(mirror).update_one(
            {"_id": subject}, update, session=session
        )

    def _document(self, parked: Parked) -> dict[str, Any]:
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
        """So many of the parked subjects, those that have waited longest first.

        Of each, kind and subject, how many `events`, and of the first: sequence, reason and since
        when (`at`).
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
        return [{**one["_id"], "events": one["events"], **one["first"]} async for one in found]


def _where(id: str) -> str:
    return id.partition("/")[2]
