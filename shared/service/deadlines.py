"""Deadlines: commands that a state causes by itself, swept by the programme clock.

Calls `shared.service.commands`. Every replica sweeps. `decide` compares the clock itself, so a
command that comes twice changes nothing the second time, and a late answer is refused before the
sweep as well as after it.

Of the deadlines of a state the earliest lies in its document: the next one takes its place with
what the command makes, so they fire in order, and one that fails keeps the later ones of its own
aggregate waiting. A sweep reads all deadlines that have come, page by page. A deadline whose
command fails is tried again after a growing pause: it stays overdue, where operators see it, and no
other aggregate waits for it.
"""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

import structlog

from shared.clock import Clock
from shared.kernel.decider import Context, Origin
from shared.service.commands import Commands
from shared.store import StoreError
from shared.store.aggregates import DueDeadline
from shared.tracing import deadline_span

SWEEP_SECONDS = 1.0
PAGE = 500
PAUSE_SECONDS_MAX = 60.0
log = structlog.get_logger()


@dataclass
class Failing:
    """A deadline whose command has failed: how often, and the time before which it is left."""

    failures: int = 0
    not_before: float = 0.0

    def failed(self) -> None:
        """Double the pause, up to a minute."""
        self.failures += 1
        pause = min(PAUSE_SECONDS_MAX, SWEEP_SECONDS * 2**self.failures)
        self.not_before = time.monotonic() + pause


class Deadlines:
    """The sweep of one service's deadlines."""

    def __init__(self, commands: Mapping[str, Commands], clock: Clock, service: str) -> None:
        self._commands = commands
        self._clock = clock
        self._actor = f"service:{service}"
        self._failing: dict[tuple[str, str], Failing] = {}

    async def run(self) -> None:
        """Sweep until cancelled."""
        while True:
            begun_at = self._clock.now()
            for commands in self._commands.values():
                try:
                    await self._sweep(commands)
                except StoreError as error:
                    log.warning("deadline sweep failed", error=str(error))
            await self._clock.rest(SWEEP_SECONDS, since=begun_at)

    async def _sweep(self, commands: Commands) -> None:
        now, last = self._clock.now(), None
        while due := await commands.aggregates.due(now, PAGE, after=last):
            last = due[-1]
            tried = [deadline for deadline in due if self._may_be_tried(commands, deadline)]
            await asyncio.gather(*(self._fire(commands, deadline, now) for deadline in tried))

    def _may_be_tried(self, commands: Commands, deadline: DueDeadline) -> bool:
        failing = self._failing.get((commands.aggregates.decider.kind, deadline.id))
        return failing is None or time.monotonic() >= failing.not_before

    async def _fire(self, commands: Commands, deadline: DueDeadline, now: datetime) -> None:
        kind = commands.aggregates.decider.kind
        correlation = str(uuid4())
        span = deadline_span(kind, correlation)
        ids = {"correlation_id": correlation} | ({"trace_id": span.trace_id} if span else {})
        context = Context(
            now=now,
            origin=Origin.SWEEP,
            actor=self._actor,
            correlation_id=correlation,
            traceparent=span.traceparent if span else None,
        )
        # Every deadline is fired in a task of its own, with a context of its own.
        structlog.contextvars.bind_contextvars(**ids)
        failure: Exception | None = None
        try:
            command = commands.aggregates.documents.command(deadline.command)
            await commands.handle(deadline.id, command, context)
        except Exception as error:  # noqa: BLE001 - whatever fails belongs to this deadline alone
            failure = error
            self._failing.setdefault((kind, deadline.id), Failing()).failed()
            log.error("deadline failed", kind=kind, subject=deadline.id, error=type(error).__name__)
        else:
            self._failing.pop((kind, deadline.id), None)
        if span is not None:
            span.end(failure)
