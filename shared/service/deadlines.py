"""Deadlines: commands that a state causes by itself, swept by the programme clock.

Calls `shared.service.commands`. Every replica sweeps. `decide` compares the clock itself, so a
command that comes twice changes nothing the second time, and a late answer is refused before the
sweep as well as after it.
"""

import asyncio
from collections.abc import Mapping
from uuid import uuid4

import structlog

from shared.clock import Clock
from shared.kernel.decider import Context, Origin
from shared.service.commands import Commands
from shared.store import StoreError

SWEEP_SECONDS = 0.5
SWEPT_AT_ONCE = 500
log = structlog.get_logger()


class Deadlines:
    """The sweep of one service's deadlines."""

    def __init__(self, commands: Mapping[str, Commands], clock: Clock, service: str) -> None:
        self._commands = commands
        self._clock = clock
        self._actor = f"service:{service}"

    async def run(self) -> None:
        """Sweep until cancelled."""
        while True:
            swept = 0
            for commands in self._commands.values():
                try:
                    swept += await self._sweep(commands)
                except StoreError as error:
                    log.warning("deadline sweep failed", error=str(error))
            if swept < SWEPT_AT_ONCE:
                await asyncio.sleep(SWEEP_SECONDS)

    async def _sweep(self, commands: Commands) -> int:
        now = self._clock.now()
        due = await commands.aggregates.due(now, SWEPT_AT_ONCE)
        context = Context(
            now=now, origin=Origin.SWEEP, actor=self._actor, correlation_id=str(uuid4())
        )
        fired = await asyncio.gather(
            *(commands.handle(id, command, context) for id, command in due), return_exceptions=True
        )
        failed = [
            (id, outcome)
            for (id, _), outcome in zip(due, fired, strict=True)
            if isinstance(outcome, BaseException)
        ]
        for id, error in failed:
            # It stays overdue, where operators see it; other deadlines do not wait for it.
            log.error(
                "deadline failed",
                kind=commands.aggregates.decider.kind,
                subject=id,
                error=type(error).__name__,
            )
        return len(due) - len(failed)
