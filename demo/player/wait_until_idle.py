"""Wait until all services have caught up, by their own progress; no guessed pauses.

They have when two readings in a row, both taken after the last act, are equal and show nothing
left. A single reading is not enough: it can miss an event that moves from an outbox to a topic
while it is taken; the next reading then has another end of the log. The first of the two may be
put together: while some services have work left, only they are asked.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from demo import DemoError
from demo.player.client import Api
from demo.player.people import OPERATOR

Reading = dict[str, dict[str, Any]]
"""The progress of each service."""

PAUSE_SECONDS_MIN, PAUSE_SECONDS_MAX = 0.01, 0.05
STANDSTILL_SECONDS_MAX = 60.0
FIGURES = ("behind", "reactions_pending", "outboxes_waiting", "deadlines_overdue", "job_rows_left")


@dataclass(kw_only=True)
class IdleWaiter:
    """Waits for the services; it raises if a process has died (`Api.watch`)."""

    api: Api
    _idle_at: int = -1

    async def wait(self, *, clock_moved: bool = False) -> None:
        """Return when nothing is left to do in any service; at once if nothing was sent since.

        Raises `DemoError` if an event was parked or nothing moves for a minute.
        """
        if clock_moved or self._idle_at != self.api.commands:
            await self._wait_for_readings()
            self._idle_at = self.api.commands

    async def _wait_for_readings(self) -> None:
        reading: Reading = {}
        asked = all_services = list(self.api.services)
        moved_at, pause = time.monotonic(), PAUSE_SECONDS_MIN
        while True:
            before, reading = reading, reading | await self._read(asked)
            busy = [name for name, progress in reading.items() if not progress["caught_up"]]
            if not busy and asked == all_services and reading == before:
                return
            if reading != before:
                moved_at = time.monotonic()
            elif time.monotonic() - moved_at > STANDSTILL_SECONDS_MAX:
                raise DemoError(f"Nothing moves any more, and this is left: {_left(reading)}")
            self.api.watch()
            # A reading costs time: read rarely while the services work, soon when they are done.
            asked = busy or all_services
            pause = min(2 * pause, PAUSE_SECONDS_MAX) if busy else PAUSE_SECONDS_MIN
            await asyncio.sleep(pause)

    async def _read(self, services: Sequence[str]) -> Reading:
        reads = (self.api.read(OPERATOR, f"{service}/progress") for service in services)
        reading = dict(zip(services, await asyncio.gather(*reads), strict=True))
        parked = [name for name, progress in reading.items() if progress["parked_subjects"]]
        if parked:
            raise DemoError(f"Events are parked in {', '.join(parked)}: its log has the reason.")
        return reading


def _left(reading: Reading) -> str:
    return "; ".join(
        f"{name}: " + ", ".join(_some(progress))
        for name, progress in reading.items()
        if not progress["caught_up"]
    )


def _some(reading: dict[str, Any]) -> list[str]:
    return [f"{name} {reading[name]}" for name in FIGURES if reading[name]]
