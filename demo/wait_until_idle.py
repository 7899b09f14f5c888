"""Waiting until all services have caught up, by what they say of their progress; no guessed pauses.

Two readings in a row that are equal and show nothing left, both taken after whatever was done last:
then nothing is on its way any more. (One is not enough: what leaves an outbox for a topic while it
is being taken can be seen in neither; the next one then has another end of the log.)
"""

import asyncio
import time
from dataclasses import dataclass
from typing import Any

from demo import DemoError
from demo.client import Api
from demo.people import OPERATOR

Reading = list[dict[str, Any]]
PAUSE_SECONDS_MIN, PAUSE_SECONDS_MAX = 0.02, 0.16
STANDSTILL_SECONDS_MAX = 60.0
FIGURES = ("behind", "reactions_pending", "outboxes_waiting", "deadlines_overdue")


@dataclass(kw_only=True)
class Settling:
    """The services' progress; a process that has died is noticed (`Api.watch`)."""

    api: Api
    _settled: int = -1

    async def settle(self, *, clock_moved: bool = False) -> None:
        """Return when nothing is left to do anywhere; at once where nothing was done meanwhile.

        Raises `DemoError` where an event was parked or nothing moves for a minute.
        """
        if clock_moved or self._settled != self.api.commands:
            await self._wait()
            self._settled = self.api.commands

    async def _wait(self) -> None:
        reading: Reading = []
        moved_at, pause = time.monotonic(), PAUSE_SECONDS_MIN
        while True:
            before, reading = reading, await self._read()
            nothing_left = all(item["caught_up"] for item in reading)
            if nothing_left and reading == before:
                return
            if reading != before:
                moved_at = time.monotonic()
            elif time.monotonic() - moved_at > STANDSTILL_SECONDS_MAX:
                raise DemoError(f"Nothing moves any more, and this is left: {_left(reading)}")
            self.api.watch()
            # Reading costs each service something: seldom while they work, soon when they are done.
            pause = PAUSE_SECONDS_MIN if nothing_left else min(2 * pause, PAUSE_SECONDS_MAX)
            await asyncio.sleep(pause)

    async def _read(self) -> Reading:
        reads = (self.api.read(OPERATOR, f"{service}/progress") for service in self.api.services)
        reading = await asyncio.gather(*reads)
        parked = [item["service"] for item in reading if item["parked_subjects"]]
        if parked:
            raise DemoError(f"Events are parked in {', '.join(parked)}: see the service's log.")
        return list(reading)


def _left(reading: Reading) -> str:
    return "; ".join(
        f"{item['service']}: " + ", ".join(_some(item)) for item in reading if not item["caught_up"]
    )


def _some(reading: dict[str, Any]) -> list[str]:
    return [f"{name} {reading[name]}" for name in FIGURES if reading[name]]
