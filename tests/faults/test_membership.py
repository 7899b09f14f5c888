"""A member whose answer of the group's coordinator was lost gets its partitions all the same."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from structlog.testing import capture_logs

from shared.kernel.wire import Partition
from shared.messaging.consumer import EventConsumer
from shared.messaging.topics import Topics
from shared.settings import Settings
from tests.faults.own_servers import own_servers
from tests.faults.proxy import proxy
from tests.members import group_shares

PARTITIONS = 3
LATE_SECONDS = 3.0
"""The client drops answers of its heartbeats that take longer than a second on these brokers."""

LOOK_SECONDS = 2.0
WITHIN_SECONDS = 60


class Member:
    """A member of the group of `till`, which takes messages and counts its partitions."""

    def __init__(self, settings: Settings) -> None:
        self.consumer = EventConsumer(
            settings,
            group="till.v1",
            services=["shop"],
            checkpoints=self._checkpoints,
            look_seconds=LOOK_SECONDS,
        )

    async def held(self) -> int:
        """Return the number of partitions that the client has."""
        _, held = await self.consumer._on_thread(self.consumer._place)
        return len(held)

    async def take(self) -> None:
        """Take messages until it is cancelled."""
        while True:
            await self.consumer.batch(10)

    async def _checkpoints(self, partitions: Sequence[Partition]) -> dict[Partition, int]:
        return dict.fromkeys(partitions, 0)


@asynccontextmanager
async def member(settings: Settings) -> AsyncIterator[Member]:
    """Run a member of the group."""
    joined = Member(settings)
    await joined.consumer.start()
    taking = asyncio.create_task(joined.take())
    try:
        yield joined
    finally:
        taking.cancel()
        await asyncio.wait([taking])
        await joined.consumer.close()


async def have(members: Sequence[Member], *wanted: int) -> None:
    """Wait until the members have so many partitions each, in any order."""
    async with asyncio.timeout(WITHIN_SECONDS):
        while sorted([await joined.held() for joined in members]) != sorted(wanted):  # noqa: ASYNC110 - the client's own
            await asyncio.sleep(0.1)


async def new_share_is_given(settings: Settings) -> None:
    """Wait until the coordinator wants the first member to have less."""
    async with asyncio.timeout(WITHIN_SECONDS):
        while len(await group_shares(settings, "till")) < 2:  # noqa: ASYNC110 - Kafka's own
            await asyncio.sleep(0.1)


async def test_a_share_whose_answer_was_lost_is_asked_for_again(module_path: Path) -> None:
    with own_servers(module_path) as own:
        async with proxy(own.kafka.port, own.kafka.advertised_port) as to_kafka:
            settings = own.settings.model_copy(update={"namespace": "members"})
            await asyncio.to_thread(Topics(settings).apply, ["shop"])
            async with member(settings) as first:
                await have([first], PARTITIONS)
                with capture_logs() as lines:
                    to_kafka.answer_late(LATE_SECONDS)
                    async with member(settings) as second:
                        await new_share_is_given(settings)
                        await asyncio.sleep(2 * LATE_SECONDS)
                        to_kafka.answer_late(0)
                        await have([first, second], 1, 2)
                assert "joining the group again" in {line["event"] for line in lines}
