"""A Kafka that does not know this system's consumer groups stops the start in a sentence."""

import asyncio
from pathlib import Path

import pytest

from shared.messaging.brokers import TooOld
from shared.messaging.topics import Topics
from tests.faults.own_servers import own_servers
from tests.faults.proxy import proxy
from tests.long_tests import long_test

HEARTBEAT, UNKNOWN = 68, 30_068


def request(key: int) -> bytes:
    """Return how a broker says that it knows versions 0 and 1 of this request."""
    return b"".join(number.to_bytes(2, "big") for number in (key, 0, 1)) + b"\0"


@long_test
async def test_a_kafka_that_is_too_old_stops_the_start(module_path: Path) -> None:
    with own_servers(module_path) as own:
        async with proxy(own.kafka.port, own.kafka.advertised_port) as to_kafka:
            await asyncio.to_thread(Topics(own.settings).prepare, ["shop"])
            to_kafka.rewrites = (request(HEARTBEAT), request(UNKNOWN))
            with pytest.raises(TooOld, match=r"is too old: use 4\.0 or later"):
                await asyncio.to_thread(Topics(own.settings).prepare, ["shop"])
