"""After a restore: aggregates whose private values were lost, and events that a topic has lost.

Called by `gelar restored`. What was lost with private values cannot be had back from anywhere: an
operator settles the aggregate, and from then on commands are decided on it as it is.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from shared.kernel.recorded import Recorded
from shared.kernel.wire import Undecodable, decode
from shared.messaging.reading import read_topics
from shared.service.engine import Engine
from shared.store.database import Session
from shared.store.history import History
from shared.store.parking import Operator

PUBLISHED_AT_ONCE = 500
OnProgress = Callable[[int], None]
"""`on_progress(published)`: the number of events published so far."""


@dataclass(frozen=True, kw_only=True)
class Lost:
    """An aggregate, and the ids of its events whose private values were lost."""

    kind: str
    id: str
    events: tuple[str, ...]


@dataclass(frozen=True)
class Restored:
    """One service after a restore."""

    engine: Engine

    async def lost(self) -> list[Lost]:
        """Return the aggregates that wait to be settled."""
        return [
            Lost(kind=kind, id=document["_id"], events=tuple(document["lost"]))
            for kind, commands in self.engine.commands.items()
            async for document in commands.aggregates.majority.find(
                {"lost.0": {"$exists": True}}, {"lost": 1}
            ).sort("_id", 1)
        ]

    async def settle(self, kind: str, id: str, operator: Operator) -> bool:
        """Let commands be decided on an aggregate again. Return False if it does not wait."""
        if kind not in self.engine.commands:
            return False
        return await self.engine.database.transaction(partial(self._settle, kind, id, operator))

    async def _settle(self, kind: str, id: str, operator: Operator, session: Session) -> bool:
        aggregates = self.engine.commands[kind].aggregates.collection
        waiting = {"_id": id, "lost.0": {"$exists": True}}
        found = await aggregates.find_one_and_update(
            waiting, {"$set": {"lost": []}}, session=session
        )
        if found is None:
            return False
        about = {
            "_id": f"{kind}/{id}",
            "kind": kind,
            "subject": id,
            "sequence": found["version"],
            "folded": True,
            "detail": ", ".join(found["lost"]),
            "reason": "private-part-lost",
        }
        await self.engine.inbox.parking.note("settle", about, operator, session)
        return True


@dataclass(frozen=True)
class Republication:
    """The events of one service that are in its history and not in its topic."""

    engine: Engine
    service: str

    async def run(self, on_progress: OnProgress) -> int:
        """Publish what the topic has lost, each subject in order; return the number of events.

        Its processes must not run: their relay would publish later events first. What the topic
        has and a restored database lacks is added first.
        """
        await self.engine.catching_up.run()
        present, published = await asyncio.to_thread(self._present), 0
        chunk: list[Recorded] = []
        async for event in History(self.engine.database).all():
            if event.sequence not in present[event.kind, event.subject]:
                chunk.append(event)
            if len(chunk) == PUBLISHED_AT_ONCE:
                await self.engine.producer.publish(chunk)
                published, chunk = published + len(chunk), []
                on_progress(published)
        await self.engine.producer.publish(chunk)
        await self.engine.catching_up.reset_marks()
        return published + len(chunk)

    def _present(self) -> dict[tuple[str, str], set[int]]:
        found: dict[tuple[str, str], set[int]] = defaultdict(set)
        for kind, subject, sequence in self._events():
            found[kind, subject].add(sequence)
        return found

    def _events(self) -> Iterator[tuple[str, str, int]]:
        for message in read_topics(self.engine.settings, [self.service]):
            try:
                frame = decode(message)
            except Undecodable:
                continue
            yield frame.kind, frame.subject, frame.sequence
