"""A member whose answer of the group's coordinator was lost gets its partitions all the same.

The client itself sometimes asks again, and sometimes never does.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from deploy.local.ports import LOOPBACK
from shared.kernel.wire import Partition
from shared.messaging.consumer import EventConsumer
from shared.messaging.topics import Topics
from shared.settings import Settings
from tests.faults.own_servers import own_servers
from tests.faults.proxy import proxy
from tests.long_tests import long_test

PARTITIONS = 3
WITHIN_SECONDS = 60


class Member:
    """A member of the group of `till`, which takes messages and counts its partitions."""

    def __init__(self, settings: Settings) -> None:
        self.consumer = EventConsumer(
            settings,
            group="till.v1",
            services=["shop"],
            checkpoints=self._checkpoints,
            after_loss=self._checkpoints,
        )

    async def held(self) -> int:
        """Return the number of partitions that the client has."""
        return len(await self.consumer._on_thread(self.consumer._consumer.assignment))

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


@long_test
async def test_a_share_whose_answer_was_lost_is_asked_for_again(module_path: Path) -> None:
    with own_servers(module_path) as own:
        async with proxy(own.kafka.port, own.kafka.advertised_port) as to_kafka:
            settings = own.settings.model_copy(update={"namespace": "members"})
            await asyncio.to_thread(Topics(settings).apply, ["shop"])
            async with member(settings) as first:
                await have([first], PARTITIONS)
                to_kafka.lose_a_share()
                async with member(settings) as second:
                    await have([first, second], 1, 2)
                assert to_kafka.answers_lost == 1


async def test_it_joins_again_once_the_coordinator_answers_again() -> None:
    settings = Settings(
        environment="local",
        kafka_bootstrap_servers=f"{LOOPBACK}:1",
        mongo_uri="mongodb://nowhere",
        parts="worker",
    )
    consumer = Member(settings).consumer
    joins_again = []
    for lost in (0, 0, 1, 2, 2, 2):
        consumer._look(json.dumps({"brokers": {"GroupCoordinator/1": {"req_timeouts": lost}}}))
        joins_again.append(consumer._rejoins)
    assert joins_again == [False, False, False, False, True, True]
    await consumer.close()
