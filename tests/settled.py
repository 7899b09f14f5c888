"""Wait until services are at rest: nothing that a command has caused is still on its way.

    await selling.handle(basket, "b1", AddItem(item="kopi", price=2), person("1"))
    await settled(selling, billing)

A reading is the progress of all services. They are at rest when two readings in a row are equal and
show nothing left. A single reading is not enough: it can miss an event that moves from the outbox
of a service that is read later to a service that was read before. Name every service that the
command reaches, the publisher as well: the follower alone looks caught up before the publisher
publishes. Call this after the last command was answered. `Publisher` (`tests/publishing.py`)
returns after the broker has acknowledged its events. They are in the ends of the topics by then, so
naming their reader is enough.
"""

import asyncio
import time
from collections.abc import Sequence
from typing import Any

from shared.service import Service
from shared.service.engine import Engine
from tests.conftest import DEADLINE_SECONDS, pauses

FIGURES = ("behind", "reactions_pending", "outboxes_waiting", "deadlines_overdue")

Reading = list[dict[str, Any]]


async def settled(*services: Service | Engine, seconds: float = DEADLINE_SECONDS) -> None:
    """Return once all these services are at rest; fail with the last reading after the deadline."""
    deadline = time.monotonic() + seconds
    reading: Reading = []
    for pause in pauses():
        before, reading = reading, await _read(services)
        nothing_left = all(progress["caught_up"] for progress in reading)
        if nothing_left and reading == before:
            return
        if time.monotonic() > deadline:
            raise AssertionError(f"not settled after {seconds:g} s: {_in_words(reading)}")
        if not nothing_left:
            await asyncio.sleep(pause)


async def _read(services: Sequence[Service | Engine]) -> Reading:
    return [
        await (service.progress() if isinstance(service, Service) else service.progress.read())
        for service in services
    ]


def _in_words(reading: Reading) -> str:
    return "; ".join(
        f"{progress['service']}: " + ", ".join(f"{name} {progress[name]}" for name in FIGURES)
        for progress in reading
    )
