"""The rows of jobs: a document a row, with its data until it is done, and its outcome.

`{_id: JOB.NUMBER, job, number, data, run, outcome, final, shown, at}`. `run` is the run of the job
in which the outcome was made, 0 for none. A row is due while it has no final outcome, and none of
the present run. The first outcome of a run counts: of two workers that do a row at one moment, the
second changes nothing. Rows are stored before their job is asked for. Until that was seen, the
first row has the time in `unasked`: rows of a job that was never made are removed after a day. Who
stores them again renews that time, before it looks for the other rows.

The data of a row may be personal. They are removed with its final outcome, and at the time
`forget_at` while it has none and its job does not run; the outcome stays. Rows that are stored
again have their data again.

Called by `shared.service.jobs`, and by routes through `Service.job_rows`.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from pymongo import UpdateOne
from pymongo.errors import BulkWriteError

from shared.kernel.answers import Found
from shared.kernel.jobs import RUNNING, WAITING, JobRow, RowOutcome, RowState
from shared.store.counts import Countable, matching
from shared.store.database import Database, Session, in_parts
from shared.store.errors import E11000, DuplicateKey, unstorable
from shared.store.indexes import Index

UNASKED_FOR = timedelta(days=1)
DATA_KEPT_FOR = timedelta(days=90)
"""The time for which a row that is not done keeps its data (ours)."""


class JobRows:
    """The rows of one kind of job in one service's database."""

    def __init__(self, database: Database, kind: str) -> None:
        self._database = database
        self._name = f"{kind}.rows"
        self._jobs = database.collection(kind)
        self._collection = database.collection(self._name)
        self._majority = database.collection(self._name, majority_reads=True)

    def indexes(self) -> list[Index]:
        """Return the indexes: rows that may be due, rows by outcome, and jobs not asked for yet."""
        return [
            *(
                Index(self._name, (name,), {"partialFilterExpression": {name: {"$exists": True}}})
                for name in ("unasked", "forget_at")
            ),
            Index(self._name, ("job", "final", "_id")),
            Index(self._name, ("job", "outcome", "_id")),
        ]

    async def add(self, rows: Sequence[tuple[JobRow, RowOutcome | None]]) -> None:
        """Store rows, some of which have their outcome already.

        A row that is there stays; if it is not done it has its data for a further term. Raises
        `Unstorable`.
        """
        forget_at = datetime.now(UTC) + DATA_KEPT_FOR
        first, *others = [_added(row, outcome, forget_at) for row, outcome in rows]
        there = await self._renew(first)
        for part in in_parts(others):
            try:
                with unstorable():
                    await self._collection.insert_many(part, ordered=False)
            except BulkWriteError as error:
                if any(fault["code"] != E11000 for fault in error.details["writeErrors"]):
                    raise
                there += [part[fault["index"]] for fault in error.details["writeErrors"]]
        for again in in_parts([_data_again(row) for row in there if "data" in row]):
            await self._collection.bulk_write(again, ordered=False)

    async def _renew(self, first: dict[str, Any]) -> list[dict[str, Any]]:
        """Store the first row, or return it if it is there; either way it has just come."""
        change = {"$setOnInsert": first, "$set": {"unasked": datetime.now(UTC)}}
        with unstorable():
            try:
                result = await self._collection.update_one(
                    {"_id": first["_id"]}, change, upsert=True
                )
            except DuplicateKey:
                # The same rows came twice at once: the other request has just stored it.
                return [first]
        return [] if result.upserted_id else [first]

    async def due(self, job: str, run: int, *, after: str, limit: int) -> list[JobRow]:
        """Return the rows that are due in this run and follow the row with the id `after`."""
        query = {"job": job, "final": False, "run": {"$lt": run}, "_id": {"$gt": after}}
        found = self._majority.find(query).sort("_id", 1).limit(limit)
        return [
            JobRow(job=job, number=document["number"], data=document["data"])
            async for document in found
        ]

    async def conclude(self, row: JobRow, run: int, outcome: RowOutcome) -> bool:
        """Keep the outcome of a row; return False if this run has one already."""
        due = {"_id": row.id, "final": False, "run": {"$lt": run}}
        change: dict[str, Any] = {
            "$set": {**_concluded(outcome), "run": run},
            "$currentDate": {"at": True},
        }
        if outcome.final:
            change["$unset"] = {"data": True, "forget_at": True}
        result = await self._collection.update_one(due, change)
        return bool(result.matched_count)

    async def counts(self, job: str) -> dict[str, int]:
        """Return the number of rows by outcome; `WAITING` are those without."""
        stages = [{"$match": {"job": job}}, {"$group": {"_id": "$outcome", "number": {"$sum": 1}}}]
        found = self._majority.aggregate(stages)
        return {row["_id"] or WAITING: row["number"] async for row in found}

    async def page(
        self, job: str, *, outcome: str | None, after: str, limit: int
    ) -> list[Found[RowState]]:
        """Return rows in order, perhaps those of one outcome (`WAITING`: those without)."""
        query: dict[str, Any] = {"job": job, "_id": {"$gt": after}}
        if outcome is not None:
            query["outcome"] = None if outcome == WAITING else outcome
        found = self._majority.find(query, {"data": 0}).sort("_id", 1).limit(limit)
        return [_row_found(document) async for document in found]

    async def remove_unasked(self) -> int:
        """Remove rows of jobs that were not made within a day; return the number of these jobs."""
        removed, day_old = 0, {"unasked": {"$lte": datetime.now(UTC) - UNASKED_FOR}}
        async for row in self._majority.find(day_old, {"job": 1}):
            first = {"_id": row["_id"], **day_old}
            if await self._jobs.find_one({"_id": row["job"]}, {"_id": 1}) is None:
                removed += await self._remove(row["job"], first)
            else:
                await self._collection.update_one(first, {"$unset": {"unasked": 1}})
        return removed

    async def _remove(self, job: str, first: dict[str, Any]) -> bool:
        """Remove all rows of a job, unless its first row has come again; return True if removed.

        In a transaction: who renews the first row meets all rows or none.
        """

        async def remove(session: Session) -> bool:
            found = await self._collection.delete_one(first, session=session)
            if found.deleted_count:
                await self._collection.delete_many({"job": job}, session=session)
            return bool(found.deleted_count)

        return await self._database.transaction(remove)

    async def forget(self) -> int:
        """Remove the data of rows that were not done for long; return the number of their jobs."""
        forgotten, now = 0, datetime.now(UTC)
        due = {"forget_at": {"$lte": now}}
        while row := await self._majority.find_one(due, {"job": 1}):
            of_job = {"job": row["job"], **due}
            change: dict[str, Any]
            if await self._jobs.find_one({"_id": row["job"], "state.status": RUNNING}, {"_id": 1}):
                change = {"$set": {"forget_at": now + timedelta(days=1)}}
            else:
                change = {"$unset": {"data": True, "forget_at": True}}
                forgotten += 1
            await self._collection.update_many(of_job, change)
        return forgotten

    async def running_ids(self, limit: int) -> list[str]:
        """Return jobs that run, in order of id."""
        found = self._jobs.find({"state.status": RUNNING}, {"_id": 1}).sort("_id", 1).limit(limit)
        return [document["_id"] async for document in found]

    def running(self) -> Countable:
        """Return the jobs that run."""
        return matching(self._jobs, {"state.status": RUNNING})

    def left(self) -> Countable:
        """Return the rows that are due of the jobs that run."""
        of_run = {"$expr": {"$lt": ["$run", "$$run"]}}
        rows = {
            "from": self._name,
            "localField": "_id",
            "foreignField": "job",
            "let": {"run": "$state.run"},
            "pipeline": [{"$match": {"final": False, **of_run}}, {"$project": {"_id": 1}}],
            "as": "row",
        }
        running = {"$match": {"state.status": RUNNING}}
        return Countable(self._jobs, [running, {"$lookup": rows}, {"$unwind": "$row"}])


def _added(row: JobRow, outcome: RowOutcome | None, forget_at: datetime) -> dict[str, Any]:
    document: dict[str, Any] = {"_id": row.id, "job": row.job, "number": row.number, "run": 0}
    if outcome is None:
        data = {"data": dict(row.data), "forget_at": forget_at}
        return {**document, **data, "outcome": None, "final": False, "shown": {}}
    return {**document, **_concluded(outcome)}


def _data_again(row: Mapping[str, Any]) -> UpdateOne:
    data = {name: row[name] for name in ("data", "forget_at")}
    return UpdateOne({"_id": row["_id"], "final": False}, {"$set": data})


def _concluded(outcome: RowOutcome) -> dict[str, Any]:
    return {"outcome": outcome.outcome, "final": outcome.final, "shown": dict(outcome.shown)}


def _row_found(document: dict[str, Any]) -> Found[RowState]:
    state = RowState(
        number=document["number"], outcome=document["outcome"], shown=document["shown"]
    )
    return Found(id=document["_id"], version=document["run"], state=state)
