"""The topics that a service follows, read again from their beginning where they lost events.

Called by `shared.service.worker` on assignment, and by `gelar restored reread`. What was applied
before changes nothing when it is read again: mirrors know the last number of each subject.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from shared.kernel.wire import Partition
from shared.messaging.brokers import BrokerUnavailable
from shared.messaging.topics import Topics
from shared.store.inbox import Inbox

log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True)
class Followed:
    """The topics of the services that one service follows."""

    services: Sequence[str]
    topics: Topics
    inbox: Inbox

    async def check(self) -> None:
        """Read a topic again that was made again since it was followed: its offsets are others.

        While no broker answers nothing can be read either: the next assignment compares.
        """
        try:
            ids = await asyncio.to_thread(self.topics.ids, self.services)
            noted = await self.inbox.following.topics()
            made_again = sorted(name for name, id in ids.items() if noted.get(name, id) != id)
            if made_again:
                log.critical("topic was made again", services=made_again)
                ends = await asyncio.to_thread(self.topics.ends, made_again)
                await self.inbox.rewind(ends)
            if ids.items() - noted.items():
                await self.inbox.following.note_topics(ids)
        except BrokerUnavailable as error:
            log.warning("no broker answers", bootstrap_servers=str(error))

    async def read_again(self, partitions: Sequence[Partition]) -> None:
        """Read these partitions again from their beginning. Raises `BrokerUnavailable`."""
        ends = await asyncio.to_thread(self.topics.ends, sorted({name for name, _ in partitions}))
        await self.inbox.rewind({partition: ends[partition] for partition in partitions})
