"""The progress of a service: events behind, outboxes, deadlines, running jobs, parked subjects.

A reading takes one moment of the database, as a majority has it, and then the ends of the topics,
so an event that it counts as published stays published. All services have caught up when two
readings of all of them, both begun after the last command's answer, are equal and show nothing
left. A single reading can miss an event that moved from a service read later to a service read
before.
"""

import asyncio
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.clock import Clock
from shared.kernel.errors import Busy
from shared.kernel.wire import Partition
from shared.messaging.brokers import BrokerUnavailable
from shared.messaging.topics import Topics
from shared.store.aggregates import Aggregates
from shared.store.counts import Countable, counts
from shared.store.database import Database
from shared.store.inbox import Inbox
from shared.store.job_rows import JobRows

PENDING, PARKED, OUTBOX, OVERDUE = "pending", "parked", "outbox", "overdue"
JOBS, ROWS = "jobs", "rows"


@dataclass(frozen=True, kw_only=True)
class Progress:
    """Reads the progress of one service."""

    service: str
    database: Database
    followed: Sequence[str]
    topics: Topics
    inbox: Inbox
    aggregates: Mapping[str, Aggregates[Any]]
    clock: Clock
    partitions: Sequence[Partition]
    job_rows: Mapping[str, JobRows]

    async def read(self) -> dict[str, Any]:
        """Return `{service, partitions: {SERVICE/N: {checkpoint, end}}, behind, …}`.

        `caught_up` is true if nothing is left in this reading; the module says what that proves.
        Raises `Busy` while no broker answers.
        """
        now = self.clock.now()
        partitions = self.partitions
        async with self.database.snapshot() as session:
            found = await self.inbox.checkpoints.of(partitions, session)
            left = await counts(self.countable(now), session)
        # Read after the database: an event published by then lies before these ends.
        ends = await self._ends() if partitions else {}
        offsets = {partition: checkpoint.offset for partition, checkpoint in found.items()}
        behind = sum(ends[partition] - offsets.get(partition, 0) for partition in partitions)
        pending, parked = left[PENDING], left[PARKED]
        jobs, rows = (sum(left[what, kind] for kind in self.job_rows) for what in (JOBS, ROWS))
        outboxes, overdue = (
            sum(left[what, kind] for kind in self.aggregates) for what in (OUTBOX, OVERDUE)
        )
        return {
            "service": self.service,
            "behind": behind,
            "reactions_pending": pending,
            "outboxes_waiting": outboxes,
            "deadlines_overdue": overdue,
            "jobs_running": jobs,
            "job_rows_left": rows,
            "parked_subjects": parked,
            "caught_up": not (behind or pending or outboxes or overdue or jobs),
            "partitions": {
                f"{service}/{n}": {
                    "checkpoint": offsets.get((service, n), 0),
                    "end": ends[service, n],
                }
                for service, n in partitions
            },
        }

    def countable(self, now: datetime) -> dict[Hashable, Countable]:
        """Return what is counted for a reading, by name; of aggregates by name and kind."""
        of_kinds: dict[Hashable, Countable] = {}
        for kind, aggregates in self.aggregates.items():
            of_kinds[OUTBOX, kind] = aggregates.outboxes.waiting()
            of_kinds[OVERDUE, kind] = aggregates.overdue(now)
        for kind, job_rows in self.job_rows.items():
            of_kinds[JOBS, kind] = job_rows.running()
            of_kinds[ROWS, kind] = job_rows.left()
        return {
            PENDING: self.inbox.waiting(),
            PARKED: self.inbox.parking.subjects(),
            **of_kinds,
        }

    async def _ends(self) -> dict[Partition, int]:
        try:
            return await asyncio.to_thread(self.topics.ends, list(self.followed))
        except BrokerUnavailable as error:
            raise Busy(
                "kafka-unavailable", "Kafka does not answer: try again in a moment."
            ) from error
