"""How far a service is: what it has heard, what waits, what is overdue, what is parked.

A reading is one moment of the database, as a majority has it, and then the ends of the topics: what
it calls published will stay. All services have caught up when two readings of all of them, both
begun after the last command's answer, are equal and show nothing left; one alone can miss what
moved from a service that was read later to one that was read before.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shared.clock import Clock
from shared.messaging.topics import Topics
from shared.store.aggregates import Aggregates
from shared.store.database import Database
from shared.store.inbox import Inbox


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
    partitions: int

    async def read(self) -> dict[str, Any]:
        """`{service, partitions: {SERVICE/N: {checkpoint, end}}, behind, reactions_pending, …}`.

        `caught_up`: nothing is left in this reading; see the module for what that proves.
        """
        now = self.clock.now()
        places = [(service, n) for service in self.followed for n in range(self.partitions)]
        async with self.database.snapshot() as session:
            overdue = [await one.overdue(now, session) for one in self.aggregates.values()]
            found = await self.inbox.checkpoints(places, session)
            pending = await self.inbox.waiting(session)
            outboxes = [await one.outboxes.waiting(session) for one in self.aggregates.values()]
            parked = await self.inbox.parking.subjects(session)
        # After the database: what was published by then lies before these ends.
        ends = await asyncio.to_thread(self.topics.ends, list(self.followed)) if places else {}
        at = {place: one.offset for place, one in found.items()}
        behind = sum(ends[place] - at.get(place, 0) for place in places)
        return {
            "service": self.service,
            "behind": behind,
            "reactions_pending": pending,
            "outboxes_waiting": sum(outboxes),
            "deadlines_overdue": sum(overdue),
            "parked_subjects": parked,
            "caught_up": not (behind or pending or sum(outboxes) or sum(overdue)),
            "partitions": {
                f"{service}/{n}": {"checkpoint": at.get((service, n), 0), "end": ends[service, n]}
                for service, n in places
            },
        }
