"""The player: moves the programme clock from moment to moment and plays the stage of each.

The clock moves only when all services have caught up; what it then causes by itself (calls that
close, offers that expire) is waited for before anybody acts. So a seed has exactly one outcome.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from demo.fiction.applications import Application
from demo.fiction.generator import World
from demo.fiction.sales import Sale
from demo.player.client import Api
from demo.player.people import Person, representative
from demo.player.screen import WIB, Screen
from demo.player.wait_until_idle import IdleWaiter
from demo.programme_2018.exhibition import OVERSEAS, Exhibition
from demo.programme_2018.programme import Programme
from shared.clock import write_clock

T = TypeVar("T")
Stage = Callable[["Play"], Awaitable[str]]
"""Plays something and tells its figures."""


@dataclass(frozen=True, kw_only=True)
class Posted:
    """A result that was reported, under the id that it got."""

    id: str
    application: Application
    sale: Sale


@dataclass(kw_only=True)
class Play:
    """The year under way: what is to be played, with whom, and what has come of it so far.

    `today` is the day of the moment that is played, in Jakarta.
    """

    programme: Programme
    world: World
    api: Api
    clock: Path
    idle: IdleWaiter
    screen: Screen
    enterprises: dict[int, str] = field(default_factory=dict)
    mended: set[int] = field(default_factory=set)
    posted: list[Posted] = field(default_factory=list)
    ended: set[str] = field(default_factory=set)
    reported: set[str] = field(default_factory=set)
    attendance_corrected: bool = False
    letter_returned: bool = False
    check_in_undone: bool = False
    today: str = ""
    _by_id: dict[str, Application] = field(default_factory=dict)

    async def run(self, moments: "Sequence[Moment]") -> None:
        """Play all moments in order."""
        for moment in moments:
            begun, requests_before = time.monotonic(), self.api.requests
            self.screen.playing(moment.at, moment.title)
            write_clock(self.clock, moment.at)
            self.today = moment.at.astimezone(WIB).date().isoformat()
            await self.idle.wait(clock_moved=True)
            figures = await moment.run(self)
            await self.wait_until_idle()
            self.screen.played(
                moment.at,
                moment.title,
                figures,
                seconds=time.monotonic() - begun,
                requests=self.api.requests - requests_before,
            )

    async def wait_until_idle(self) -> None:
        """Wait until every service has caught up."""
        await self.idle.wait()

    async def each(
        self, items: Iterable[T], do: Callable[[T], Coroutine[Any, Any, object]]
    ) -> None:
        """Call `do` for all items at once, many in flight; the first failure ends it."""
        try:
            async with asyncio.TaskGroup() as group:
                for item in items:
                    group.create_task(do(item))
        except ExceptionGroup as failures:
            raise failures.exceptions[0] from None

    async def one_by_one(
        self,
        by_exhibition: Mapping[str, Sequence[T]],
        do: Callable[[T], Coroutine[Any, Any, object]],
    ) -> None:
        """Call `do` for one item of each exhibition at a time; wait until idle in between.

        For what races for one round's reserve list.
        """
        longest = max(map(len, by_exhibition.values()), default=0)
        for turn in range(longest):
            await self.each([many[turn] for many in by_exhibition.values() if turn < len(many)], do)
            await self.wait_until_idle()

    @cached_property
    def overseas(self) -> frozenset[int]:
        """The enterprises that apply to an exhibition overseas: they file scans of their papers."""
        shows = (each for each in self.programme.exhibitions if each.scope == OVERSEAS)
        return frozenset(application.enterprise for application in self.applications_of(shows))

    def asks_for_letters(self, application: Application) -> bool:
        """Return True if the call of this application asks for a commitment letter."""
        shows = (each for each in self.programme.exhibitions if each.id == application.exhibition)
        return next(shows).commitment_days is not None

    def of_call(self, number: int) -> tuple[Exhibition, ...]:
        """Return the exhibitions of a round of calls."""
        return self.programme.calls[number - 1]

    def applications_of(self, exhibitions: Iterable[Exhibition]) -> list[Application]:
        """Return all applications for these exhibitions."""
        return [
            application
            for exhibition in exhibitions
            for application in self.world.applications[exhibition.id]
        ]

    def enterprise_registered(self, number: int, id: str) -> None:
        """Remember an enterprise's id."""
        self.enterprises[number] = id

    def application_id(self, application: Application) -> str:
        """Return the id of an application, once its enterprise is registered."""
        id = f"{application.exhibition}.{self.enterprises[application.enterprise]}"
        self._by_id[id] = application
        return id

    def application(self, id: str) -> Application:
        """Return the application with an id that `application_id` has returned."""
        return self._by_id[id]

    def applicant(self, application: Application) -> Person:
        """Return the representative of the applicant."""
        enterprise = self.world.enterprises[application.enterprise - 1]
        return representative(enterprise.representative, self.enterprises[application.enterprise])


@dataclass(frozen=True, kw_only=True)
class Moment:
    """An instant of the programme clock, and its acts; `run` returns their figures."""

    at: datetime
    title: str
    run: Stage
