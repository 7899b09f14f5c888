"""A scene: two services under load; the victim dies at each point in turn and is started again.

Each new process of the victim is the restart of the process that died, and has the next point. So
a scene of n points has n recoveries, and the last recovery is left to finish. The callers order all
the time and repeat unanswered orders.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from shared.settings import Settings
from tests.conftest import eventually
from tests.faults.callers import Callers, Databases, differences
from tests.faults.cast import WITHIN_SECONDS
from tests.faults.points import Point
from tests.faults.processes import Nursery, Process
from tests.members import group_shares
from tests.settled import settled

ROUND_SECONDS = 0.15
TOPICS_FOLLOWED = 2
"""The till follows the shop's topic and its own."""
ROUND_SECONDS_MAX = 1.0


@dataclass(kw_only=True)
class Scene:
    """A scene with its outcome: the points at which the victim died, and the faults found."""

    children: Nursery
    settings: Settings
    victim: str
    points: Sequence[Point]
    callers: Callers = field(default_factory=Callers)
    died: list[Point] = field(default_factory=list)
    passed: set[str] = field(default_factory=set)
    differences: list[str] = field(default_factory=list)
    error: str = ""

    async def play(self) -> None:
        """Let the victim die at each point in turn and recover; then compare."""
        other = await self._started({"shop": "till", "till": "shop"}[self.victim])
        for point in self.points:
            if point.left_by is not None:
                await self._die(point.left_by, other)
            await self._die(point, other)
        last = await self._started(self.victim)
        shop = last if self.victim == "shop" else other
        databases = Databases(self.settings)
        try:
            async with asyncio.timeout(WITHIN_SECONDS):
                await self.callers.insist(shop)
            await settled(*databases.engines, seconds=WITHIN_SECONDS)
            self.differences = await differences(self.settings, self.callers)
        except (AssertionError, TimeoutError) as error:
            gone = [name for name, it in (("last", last), ("other", other)) if it.gone]
            raise AssertionError(f"{error!r}; gone: {gone}; {self.children.warnings()}") from error
        finally:
            await databases.close()
        for process in (last, other):
            self.passed |= set(await process.passes())
            await process.kill()

    async def _die(self, point: Point, other: Process) -> None:
        dying = await self.children.start(self.victim, self.settings, point=point)
        await dying.ready()
        if point.joined:
            await self._has_all_partitions(dying)
        # Armed before the second worker comes, because that makes it give up partitions at once.
        await dying.arm()
        shop = dying if self.victim == "shop" else other
        asking = asyncio.create_task(self._keep_asking(shop, dying, point))
        if point.left_by is not None:
            # It finds what was left; a further order of the same basket would publish that as well.
            asking.cancel()
        joined = await self._started(self.victim) if point.joined else None
        try:
            async with asyncio.timeout(WITHIN_SECONDS):
                await dying.end()
        except TimeoutError:
            raise AssertionError(await self._state_of(dying, point)) from None
        finally:
            asking.cancel()
        if joined is not None:
            await joined.kill()
        assert dying.at.is_set(), f"the process has ended, and not at {point.site}"
        self.died.append(point)

    async def _keep_asking(self, shop: Process, dying: Process, point: Point) -> None:
        async with asyncio.TaskGroup() as asking:
            pause = ROUND_SECONDS
            while not dying.gone:
                orders = self.callers.unanswered() + self.callers.round(poison=point.poison)
                asking.create_task(self.callers.ask(shop, orders))
                await asyncio.sleep(pause)
                # Its predecessor's session may have to end first: let fewer orders wait until then.
                pause = min(2 * pause, ROUND_SECONDS_MAX)

    async def _has_all_partitions(self, dying: Process) -> None:
        # It is asking itself: in Kafka's list of members its dead predecessor may still have them
        # all. Then it would get half of them later, with the second worker, and give up none.
        every = TOPICS_FOLLOWED * self.settings.partitions

        async def has_all() -> bool:
            return dying.gone or await dying.partitions() == every

        await eventually(has_all)

    async def _state_of(self, dying: Process, point: Point) -> str:
        shares = await group_shares(self.settings, self.victim)
        seen = point.site in await dying.passes()
        passed = f"passed {point.site}: {seen}; has {await dying.partitions()} partitions"
        warnings = self.children.warnings()
        return f"alive after {WITHIN_SECONDS:g} s; {passed}; {shares=}; {warnings}"

    async def _started(self, service: str) -> Process:
        process = await self.children.start(service, self.settings)
        await process.ready()
        return process
