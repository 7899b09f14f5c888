"""The running cluster, and the year of five exhibitions played in it before any other test."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TypeVar

import pytest
import uvloop
from rich.console import Console

from demo.fiction.generator import World, world_of
from demo.player.agenda import BEGINS_AT, agenda
from demo.player.client import Api, open_api
from demo.player.people import AUDITOR, Tokens
from demo.player.play import Play
from demo.player.screen import Screen
from demo.player.wait_until_idle import IdleWaiter
from demo.programme_2018.programme import SMALL, programme_of
from demo.reconciliation import reconcile
from demo.report import read_report
from gelar.checking.invariants.check import Outcome
from gelar.checking.invariants.reading import Apis
from shared.clock import write_clock
from tests.k8s_lab.lab import Lab, the_lab

T = TypeVar("T")
SEED = 2018
PLAYED = "lab-played"


@pytest.fixture(scope="session")
def lab() -> Lab:
    """Return the cluster once all pods of the system are ready."""
    lab = the_lab()
    lab.await_rollouts()
    return lab


@dataclass(frozen=True)
class Played:
    """A year that was played through the Services, and what it found."""

    lab: Lab
    world: World

    def check(self) -> list[Outcome]:
        """Wait until all have caught up, then compare everything with everything."""
        return _run(self._check)

    def differences(self) -> list[Outcome]:
        """Wait until all have caught up, and return the checks that do not hold."""
        return [outcome for outcome in self.check() if not outcome.good]

    async def _check(self) -> list[Outcome]:
        async with self.opened() as api:
            await IdleWaiter(api=api).wait(clock_moved=True)
        apis = Apis(self.lab.urls, Tokens(self.lab.keys).of(AUDITOR))
        try:
            outcomes, _ = await reconcile(self.lab.settings, apis, self.world)
        finally:
            apis.close()
        return outcomes

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[Api]:
        """Open the APIs through their Services."""
        tokens = Tokens(self.lab.keys)
        async with open_api(self.lab.urls, tokens, seed=SEED, watch=lambda: None) as api:
            yield api


@pytest.fixture(scope="session")
def played(lab: Lab) -> Played:
    """Play a year of five exhibitions, from programme to report, through the Services."""
    programme = programme_of(SMALL)
    year = Played(lab, world_of(programme, SEED))
    # Once a cluster: so the tests can be repeated in a cluster that is kept running.
    if PLAYED in lab.get("namespace", "gelar")["metadata"]["labels"]:
        return year
    write_clock(lab.clock, BEGINS_AT)

    async def play() -> None:
        async with year.opened() as api:
            moments = agenda(programme)
            with Screen(Console(quiet=True), stages=len(moments)) as screen:
                await Play(
                    programme=programme,
                    world=year.world,
                    api=api,
                    clock=lab.clock,
                    idle=IdleWaiter(api=api),
                    screen=screen,
                ).run(moments)
            report = await read_report(api)
            assert report

    _run(play)
    lab.kubectl("label", "namespace", "gelar", f"{PLAYED}=yes")
    return year


def _run(work: Callable[[], Awaitable[T]]) -> T:
    async def run() -> T:
        return await work()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(run())
