"""Leader and primary are killed in turn under load, on clusters of three."""

import asyncio
from pathlib import Path

from shared.messaging.topics import topic_name
from shared.settings import Settings
from tests.faults.cast import cast
from tests.faults.clusters import MEMBERS, clusters
from tests.faults.long_tests import long_test
from tests.faults.processes import Nursery

ROUNDS = 2
AWAY_SECONDS = 4.0
"""Longer than an election takes."""


@long_test
async def test_leaders_and_primaries_that_are_killed_under_load_lose_nothing(
    children: Nursery, module_path: Path
) -> None:
    with clusters(module_path) as three:
        settings = Settings(
            environment="local",
            kafka_bootstrap_servers=three.kafka_bootstrap,
            mongo_uri=three.mongo_uri,
            parts="worker",
            partitions=3,
            replication_factor=len(MEMBERS),
            sweep_seconds=0.2,
        )
        async with cast(children, settings) as playing:
            await asyncio.gather(playing.start("shop"), playing.start("till"))
            playing.ask()
            topic = topic_name(playing.settings.namespace, "shop")
            for number in range(2 * ROUNDS):
                await asyncio.sleep(1)
                leads = three.primary if number % 2 else lambda: three.leader(topic)
                killed = await asyncio.to_thread(leads)
                killed.kill()
                await asyncio.sleep(AWAY_SECONDS)
                await asyncio.to_thread(killed.start)
            await playing.wait_until_settled()
            assert await playing.differences() == []
            assert playing.callers.refusals.keys() <= {"database-unavailable"}
            assert not any(process.gone for process in playing.processes)
