"""Wait until all services have caught up, by their own progress; no guessed pauses.

They have when two readings in a row, both taken after the last act, are equal and show nothing
left. A single reading is not enough: it can miss an event that moves from an outbox to a topic
while it is taken; the next reading then has another end of the log.
"""

import asyncio
import time
from dataclasses import dataclass
from typing import Any

from demo import DemoError
from demo.player.client import Api
from demo.player.people import OPERATOR

Reading = list[dict[str, Any]]
PAUSE_SECONDS_MIN, PAUSE_SECONDS_MAX = 0.02, 0.16
STANDSTILL_SECONDS_MAX = 60.0
FIGURES = ("behind", "reactions_pending", "outboxes_waiting", "deadlines_overdue")


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
        reading: Reading = []
        moved_at, pause = time.monotonic(), PAUSE_SECONDS_MIN
        while True:
            before, reading = reading, await self._read()
            nothing_left = all(progress["caught_up"] for progress in reading)
            if nothing_left and reading == before:
                return
            if reading != before:
                moved_at = time.monotonic()
            elif time.monotonic() - moved_at > STANDSTILL_SECONDS_MAX:
                raise DemoError(f"Nothing moves any more, and this is left: {_left(reading)}")
            self.api.watch()
            # A reading costs time: read rarely while the services work, soon when they are done.
            pause = PAUSE_SECONDS_MIN if nothing_left else min(2 * pause, PAUSE_SECONDS_MAX)
            await asyncio.sleep(pause)

    async def _read(self) -> Reading:
        reads = (self.api.read(OPERATOR, f"{service}/progress") for service in self.api.services)
        reading = await asyncio.gather(*reads)
        parked = [progress["service"] for progress in reading if progress["parked_subjects"]]
        if parked:
            raise DemoError(f"Events are parked in {', '.join(parked)}: its log has the reason.")
        return list(reading)


def _left(reading: Reading) -> str:
    return "; ".join(
        f"{progress['service']}: " + ", ".join(_some(progress))
        for progress in reading
        if not progress["caught_up"]
    )


def _some(reading: dict[str, Any]) -> list[str]:
    return [f"{name} {reading[name]}" for name in FIGURES if reading[name]]
