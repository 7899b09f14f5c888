"""The topics that a service follows, read again from their beginning where they lost events.

Called by `shared.service.worker` on assignment, and by `gelar restored reread`. What was applied
before changes nothing when it is read again: mirrors know the last number of each subject. What is
known by offsets only (a rebuild under way, where reactions were live) is given up or widened, so
that nothing is reacted to twice.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import structlog

from shared.kernel.wire import Partition
from shared.messaging.topics import Topics
from shared.store.database import Database, Session
from shared.store.generations import Generations
from shared.store.inbox import Inbox
from shared.store.versions import Versions

log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True)
class Followed:
    """The topics of the services that one service follows."""

    services: Sequence[str]
    topics: Topics
    database: Database
    inbox: Inbox
    generations: Generations
    versions: Versions

    async def check(self) -> None:
        """Read a topic again that was made again since it was followed: its offsets are others.

        Raises `BrokerUnavailable`, and `Overtaken` if another copy has become live.
        """
        ids = await asyncio.to_thread(self.topics.ids, self.services)
        noted = await self.inbox.following.topics()
        made_again = sorted(name for name, id in ids.items() if noted.get(name, id) != id)
        if made_again:
            log.critical("topic was made again", services=made_again)
            ends = await asyncio.to_thread(self.topics.ends, made_again)
            await self._read_again(list(ends), ids)
        elif ids.items() - noted.items():
            await self.inbox.following.note_topics(ids)

    async def read_again(self, partitions: Sequence[Partition]) -> None:
        """Read these partitions again from their beginning.

        Raises `BrokerUnavailable`, and `Overtaken` if another copy has become live.
        """
        services = sorted({name for name, _ in partitions})
        ids = await asyncio.to_thread(self.topics.ids, services)
        await self._read_again(partitions, ids)

    async def _read_again(self, partitions: Sequence[Partition], ids: Mapping[str, str]) -> None:
        services = sorted({name for name, _ in partitions})
        begins = await asyncio.to_thread(self.topics.begins, services)
        ends = await asyncio.to_thread(self.topics.ends, services)
        chosen = {partition: ends[partition] for partition in partitions}
        if chosen:
            await self.database.transaction(partial(self._rewind, begins, chosen, ids))

    async def _rewind(
        self,
        begins: Mapping[Partition, int],
        ends: Mapping[Partition, int],
        ids: Mapping[str, str],
        session: Session,
    ) -> None:
        await self.inbox.checkpoints.rewind(begins, ends, session)
        await self.inbox.parking.forget(list(ends), session)
        await self.generations.cut_short(session)
        await self.versions.widen(ends, session)
        await self.inbox.following.note_topics(ids, session)
