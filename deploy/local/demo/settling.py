"""Waiting until all services have caught up, by what they say of their progress; no guessed pauses.

Two readings in a row that are equal and show nothing left: then nothing is on its way any more.
"""

import asyncio
import time
from collections.abc import Callable
from typing import Any

from deploy.local.demo import DemoError
from deploy.local.demo.client import Api
from deploy.local.demo.people import OPERATOR

PAUSE_SECONDS_MIN, PAUSE_SECONDS_MAX = 0.02, 0.16
STANDSTILL_SECONDS_MAX = 60.0
Reading = list[dict[str, Any]]


async def settled(api: Api, watch: Callable[[], None]) -> None:
    """Return when nothing is left to do anywhere.

    Raises `DemoError` where an event was parked or nothing moves for a minute; `watch` may raise
    its own error where a process has died.
    """
    before: Reading = []
    moved_at = time.monotonic()
    pause = PAUSE_SECONDS_MIN
    while True:
        reading = await _read(api)
        nothing_left = all(one["caught_up"] for one in reading)
        if nothing_left and reading == before:
            return
        if reading != before:
            moved_at = time.monotonic()
        elif time.monotonic() - moved_at > STANDSTILL_SECONDS_MAX:
            raise DemoError(f"Nothing moves any more, and this is left: {_left(reading)}")
        before = reading
        watch()
        # Reading costs every service something: seldom while they work, soon when they are done.
        pause = PAUSE_SECONDS_MIN if nothing_left else min(2 * pause, PAUSE_SECONDS_MAX)
        await asyncio.sleep(pause)


async def _read(api: Api) -> Reading:
    reading = await asyncio.gather(
        *(api.read(OPERATOR, f"{service}/progress") for service in api.services)
    )
    parked = [one["service"] for one in reading if one["parked_subjects"]]
    if parked:
        raise DemoError(f"Events are parked in {', '.join(parked)}: see the service's log.")
    return list(reading)


def _left(reading: Reading) -> str:
    figures = ("behind", "reactions_pending", "outboxes_waiting", "deadlines_overdue")
    return "; ".join(
        f"{one['service']}: " + ", ".join(f"{name} {one[name]}" for name in figures if one[name])
        for one in reading
        if not one["caught_up"]
    )
