"""The requests that wait until an event is applied. Called by `shared.service.service`."""

import asyncio
from dataclasses import dataclass
from typing import Any

from shared.kernel.errors import Busy, SubjectParked
from shared.kernel.view import Mirror
from shared.store.projection import Projection

POLL_SECONDS = 0.02
POLL_SECONDS_MAX = 0.2
WAITING_MAX = 200


@dataclass(kw_only=True)
class Waiting:
    """The number of requests that wait in this process: `WAITING_MAX` at most."""

    _count: int = 0

    async def until_applied(
        self,
        projection: Projection,
        mirror: Mirror[Any, Any],
        id: str,
        version: int,
        timeout_seconds: float,
    ) -> None:
        """Return once the mirror has applied this version. Raises `Busy` and `SubjectParked`."""
        if self._count >= WAITING_MAX:
            raise Busy("too-many-waiting", "Too many requests wait here: try again in a moment.")
        self._count += 1
        try:
            await _poll(projection, mirror, id, version, timeout_seconds)
        finally:
            self._count -= 1


async def _poll(
    projection: Projection,
    mirror: Mirror[Any, Any],
    id: str,
    version: int,
    timeout_seconds: float,
) -> None:
    kind, pause, waited = mirror.kind, POLL_SECONDS, 0.0
    while waited <= timeout_seconds:
        found = await projection.last_applied(mirror, id)
        if found and found.last >= version:
            return
        if found and found.parked:
            raise SubjectParked(kind, id)
        await asyncio.sleep(pause)
        waited += pause
        pause = min(2 * pause, POLL_SECONDS_MAX)
    raise Busy(
        "not-heard-yet",
        f"{kind} {id} at version {version} is not applied here yet: try again in a moment.",
    )
