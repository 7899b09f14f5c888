"""A broker whose disk is full ends; commands go on, and all events are published afterwards."""

import asyncio
from pathlib import Path

from tests.faults.cast import ROUND_SECONDS, WITHIN_SECONDS, cast
from tests.faults.own_servers import own_servers
from tests.faults.processes import Nursery
from tests.faults.proxy import proxy
from tests.long_tests import longest_test

DISK_MEBIBYTES = 48


@longest_test
async def test_a_broker_whose_disk_is_full_loses_nothing(
    children: Nursery, module_path: Path
) -> None:
    with own_servers(module_path, disk_mebibytes=DISK_MEBIBYTES) as own:
        assert own.disk is not None
        settings = own.settings
        async with (
            proxy(own.kafka.port, own.kafka.advertised_port),
            cast(children, settings) as playing,
        ):
            await asyncio.gather(playing.start("shop"), playing.start("till"))
            playing.ask()
            await asyncio.sleep(1)
            own.disk.fill()
            async with asyncio.timeout(WITHIN_SECONDS):
                while not own.kafka.crashed:  # noqa: ASYNC110 - a process of its own
                    await asyncio.sleep(ROUND_SECONDS)
            answered = len(playing.callers.answers)
            async with asyncio.timeout(WITHIN_SECONDS):
                while len(playing.callers.answers) <= answered:  # noqa: ASYNC110 - another process answers
                    await asyncio.sleep(ROUND_SECONDS)
            own.disk.free()
            await asyncio.to_thread(own.kafka.start)
            await playing.wait_until_settled()
            assert await playing.differences() == []
            assert not any(process.gone for process in playing.processes)
