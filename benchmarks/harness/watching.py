"""Observe a follower from outside: its checkpoints, and the members of its group.

A poll reads one small document per partition. Every follower that runs as a real process is
measured this way, so that it needs no code for the measurement.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from benchmarks.harness.bench import Namespace

POLL_SECONDS = 0.02
SECONDS_MAX = 120
ANSWER_SECONDS_MAX = 2.0
Count = Callable[[], Awaitable[int]]


class Follower:
    """A follower, observed through its database and its group."""

    def __init__(self, namespace: Namespace, service: str) -> None:
        self._namespace = namespace
        self._group = f"{namespace.name}-{service}.v1"
        self._client = namespace.client()
        self._database = self._client[namespace.database(service)]

    async def applied(self) -> int:
        """Return how many messages its checkpoints have passed, over all partitions."""
        return sum((await self.offsets()).values())

    async def offsets(self) -> dict[str, int]:
        """Return the next offset of each partition that has a checkpoint."""
        checkpoints = self._database["checkpoints"].find({}, {"offset": 1})
        return {checkpoint["_id"]: checkpoint["offset"] async for checkpoint in checkpoints}

    async def pending(self) -> int:
        """Return how many partitions have pending reactions."""
        return int(await self._database["pending"].count_documents({}))

    async def balanced(self, members: int) -> None:
        """Return once the group has this number of members, each with partitions."""
        admin = AdminClient({"bootstrap.servers": self._namespace.bench.kafka})
        async with asyncio.timeout(SECONDS_MAX):
            joined = partial(asyncio.to_thread, _with_partitions, admin, self._group)
            while await joined() != members:  # noqa: ASYNC110 - a group sets no event
                await asyncio.sleep(0.1)

    async def transactions(self) -> dict[str, Any]:
        """Return the server's own counts of transactions."""
        status = await self._client.admin.command("serverStatus")
        counts: dict[str, Any] = status["transactions"]
        return counts

    def close(self) -> None:
        """Close the connection."""
        self._client.close()


async def rate(count: Count, until: int, *, after: int = 0) -> float:
    """Return messages a second, from the first poll that counts more than `after` to `until`."""
    per_second, _ = await rate_and_window(count, until, after=after)
    return per_second


async def rate_and_window(
    count: Count, until: int, *, after: int = 0
) -> tuple[float, tuple[float, float]]:
    """Return the rate with the instants (monotonic) between which it was measured."""
    begun, first = await _reached(count, after + 1)
    ended, last = await _reached(count, until)
    return (last - first) / (ended - begun), (begun, ended)


async def seconds(count: Count, until: int) -> float:
    """Return the seconds from now until `count` reaches `until`."""
    now = time.monotonic()
    ended, _ = await _reached(count, until)
    return ended - now


async def _reached(count: Count, goal: int) -> tuple[float, int]:
    async with asyncio.timeout(SECONDS_MAX):
        while (done := await count()) < goal:  # noqa: ASYNC110 - a server sets no event
            await asyncio.sleep(POLL_SECONDS)
    return time.monotonic(), done


def _with_partitions(admin: AdminClient, group: str) -> int:
    description = admin.describe_consumer_groups([group], request_timeout=ANSWER_SECONDS_MAX)[group]
    try:
        members = description.result(ANSWER_SECONDS_MAX).members
    except (KafkaException, TimeoutError):
        # A server that has just started has no coordinator yet.
        return 0
    return sum(bool(member.assignment and member.assignment.topic_partitions) for member in members)
