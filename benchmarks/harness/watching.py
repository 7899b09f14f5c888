"""Looking on at a follower from outside: how far its checkpoints are, who is in its group.

A poll reads one small document per partition; every follower that runs as a real process is
measured this way, so that nothing of ours has to be built into it.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from benchmarks.harness.stage import Place

POLL_SECONDS = 0.02
SECONDS_MAX = 120
ANSWER_SECONDS_MAX = 2.0
Count = Callable[[], Awaitable[int]]


class Follower:
    """A follower's checkpoints, seen from outside."""

    def __init__(self, place: Place, service: str) -> None:
        self._place = place
        self._group = f"{place.namespace}-{service}.v1"
        self._client = place.client()
        self._database = self._client[place.database(service)]

    async def applied(self) -> int:
        """How many messages of all partitions are behind its checkpoints."""
        return sum((await self.offsets()).values())

    async def offsets(self) -> dict[str, int]:
        """The next offset of each partition that has a checkpoint."""
        found = self._database["checkpoints"].find({}, {"offset": 1})
        return {item["_id"]: item["offset"] async for item in found}

    async def pending(self) -> int:
        """How many partitions have reactions waiting."""
        return int(await self._database["pending"].count_documents({}))

    async def balanced(self, members: int) -> None:
        """Return once the group has so many members, all of them with partitions."""
        admin = AdminClient({"bootstrap.servers": self._place.bench.kafka})
        async with asyncio.timeout(SECONDS_MAX):
            joined = partial(asyncio.to_thread, _with_partitions, admin, self._group)
            while await joined() != members:  # noqa: ASYNC110 - a group sets no event
                await asyncio.sleep(0.1)

    async def transactions(self) -> dict[str, Any]:
        """The server's own counts of transactions."""
        status = await self._client.admin.command("serverStatus")
        counts: dict[str, Any] = status["transactions"]
        return counts

    def close(self) -> None:
        """Close the connection."""
        self._client.close()


async def rate(count: Count, until: int, *, after: int = 0) -> float:
    """Messages a second, from the first ones beyond `after` that are seen done to the last."""
    found, _ = await rate_and_window(count, until, after=after)
    return found


async def rate_and_window(
    count: Count, until: int, *, after: int = 0
) -> tuple[float, tuple[float, float]]:
    """The same, with the instants (monotonic) between which it was taken."""
    begun, first = await _reached(count, after + 1)
    ended, last = await _reached(count, until)
    return (last - first) / (ended - begun), (begun, ended)


async def seconds(count: Count, until: int) -> float:
    """How long it takes from now until so many are done."""
    now = time.monotonic()
    ended, _ = await _reached(count, until)
    return ended - now


async def _reached(count: Count, goal: int) -> tuple[float, int]:
    async with asyncio.timeout(SECONDS_MAX):
        while (done := await count()) < goal:  # noqa: ASYNC110 - a server sets no event
            await asyncio.sleep(POLL_SECONDS)
    return time.monotonic(), done


def _with_partitions(admin: AdminClient, group: str) -> int:
    asked = admin.describe_consumer_groups([group], request_timeout=ANSWER_SECONDS_MAX)[group]
    try:
        members = asked.result(ANSWER_SECONDS_MAX).members
    except (KafkaException, TimeoutError):
        # The coordinator of a server that has just started is not there at once.
        return 0
    return sum(bool(member.assignment and member.assignment.topic_partitions) for member in members)
