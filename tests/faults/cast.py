"""Run the processes and callers of a test in a namespace of their own."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from uuid import uuid4

from shared.settings import Settings
from tests.faults.callers import EXAMPLE, Callers, Databases, Services, differences
from tests.faults.points import Point
from tests.faults.processes import Nursery, Process
from tests.settled import settled

WITHIN_SECONDS = 300.0
"""Long enough for a machine that is busy with other work; a passing test waits far less."""
ROUND_SECONDS = 0.3


class Cast:
    """A shop, a till, and callers that order all the time, in a namespace of their own."""

    def __init__(self, children: Nursery, settings: Settings, seen_from: Settings) -> None:
        namespace = {"namespace": f"t{uuid4().hex[:12]}"}
        self.children = children
        self.settings = settings.model_copy(update=namespace)
        self._seen_from = seen_from.model_copy(update=namespace)
        self.databases = Databases(self._seen_from)
        self.callers = Callers()
        self.processes: list[Process] = []
        self.shops: list[Process] = []
        self._asking: asyncio.Task[None] | None = None

    async def start(
        self, service: str, point: Point | None = None, number: signal.Signals = signal.SIGKILL
    ) -> Process:
        """Start a process; the callers order from the shop that was started last."""
        process = await self.children.start(service, self.settings, point=point, number=number)
        await process.ready()
        await process.arm()
        self.processes.append(process)
        if service.endswith("shop"):
            self.shops.append(process)
        return process

    def ask(self, *, every_shop: bool = False) -> None:
        """Let the callers order from the shop that was started last, or from all in turn."""
        self._asking = asyncio.create_task(self._ask(every_shop=every_shop))

    async def wait_until_settled(self) -> None:
        """Let the callers end, and wait until both services are settled."""
        await self.rest()
        async with asyncio.timeout(WITHIN_SECONDS):
            await self.callers.insist(self.shops[-1])
        await settled(*self.databases.engines, seconds=WITHIN_SECONDS)

    async def look_again(self, services: Services) -> None:
        """Read the databases as these versions from now on, in the copies that are live now."""
        await self.databases.close()
        self.databases = Databases(self._seen_from, services)
        for engine in self.databases.engines:
            await engine.attach()

    async def rest(self) -> None:
        """Let the callers end."""
        if self._asking is not None:
            self._asking.cancel()
            with suppress(asyncio.CancelledError):
                await self._asking
            self._asking = None

    async def differences(self, services: Services = EXAMPLE) -> list[str]:
        """Return, in words, each fault that is found now, by these versions of both services."""
        return await differences(self._seen_from, self.callers, services)

    async def _ask(self, *, every_shop: bool) -> None:
        async with asyncio.TaskGroup() as asking:
            while True:
                orders = self.callers.unanswered() + self.callers.round()
                turn = self.callers.rounds % len(self.shops) if every_shop else -1
                asking.create_task(self.callers.ask(self.shops[turn], orders))
                await asyncio.sleep(ROUND_SECONDS)


@asynccontextmanager
async def cast(
    children: Nursery, settings: Settings, *, seen_from: Settings | None = None
) -> AsyncIterator[Cast]:
    """Make a cast whose callers end with the block.

    `seen_from`: the settings by which the test itself reaches the servers, if they differ.
    """
    playing = Cast(children, settings, seen_from or settings)
    try:
        yield playing
    finally:
        await playing.rest()
        await playing.databases.close()
