"""One performance: an empty system, the year played on it, the report, the reconciliation."""

import asyncio
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rich.console import Console

from deploy.local import LocalError
from deploy.local.demo.agenda import BEGINS_AT, agenda
from deploy.local.demo.client import Api, open_api
from deploy.local.demo.emptying import empty_namespace
from deploy.local.demo.generator import world_of
from deploy.local.demo.people import REPORTER, Tokens
from deploy.local.demo.play import Play
from deploy.local.demo.programme import YEAR, Scale, programme_of
from deploy.local.demo.reconciliation import reconciled
from deploy.local.demo.reconciling.checks import Outcome
from deploy.local.demo.report import FICTION, content_of, print_checks, print_report
from deploy.local.demo.screen import Screen
from deploy.local.demo.settling import settled
from deploy.local.settings import load_local_settings
from deploy.local.stack import Stack, local_stack
from shared.clock import write_clock

NAMESPACE = "demo"


@dataclass(kw_only=True)
class Performance:
    """What is played, and once it was: its report, its checks, and how long its acts took."""

    console: Console
    folder: Path
    seed: int
    scale: Scale
    report: dict[str, Any] = field(default_factory=dict)
    checks: list[Outcome] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def good(self) -> bool:
        """Whether everything reconciles."""
        return bool(self.checks) and all(one.good for one in self.checks)

    def play(self, runner: asyncio.Runner) -> None:
        """Play it on an empty system. Raises `LocalError` and `DemoError`."""
        self.console.print(f"Gelar, programme {YEAR}, seed {self.seed}. {FICTION}", style="yellow")
        local = load_local_settings()
        namespace = "-".join(filter(None, (local.namespace, NAMESPACE)))
        runner.run(empty_namespace(local, namespace))
        with TemporaryDirectory(prefix="gelar-demo-") as temporary:
            clock = Path(temporary) / "clock"
            write_clock(clock, BEGINS_AT)
            begun = time.monotonic()
            with local_stack(
                self.folder, empty=True, namespace=namespace, clock_file=clock
            ) as stack:
                self.seconds["start"] = time.monotonic() - begun
                runner.run(self._perform(stack, namespace, clock))

    async def _perform(self, stack: Stack, namespace: str, clock: Path) -> None:
        programme = programme_of(self.scale)
        world = world_of(programme, self.seed)
        watch = _watch(stack)
        async with open_api(stack.urls, Tokens(stack.token_key_dir), self.seed) as api:
            with self._timed("the year"), Screen(self.console) as screen:
                play = Play(
                    programme=programme,
                    world=world,
                    api=api,
                    clock=clock,
                    watch=watch,
                    screen=screen,
                )
                moments = agenda(programme)
                screen.expect(len(moments))
                await play.run(moments)
                await settled(api, watch)
            await self._tell(api)
        with self._timed("reconciliation"):
            self.checks = await reconciled(stack, namespace, world=world, report=self.report)
        print_checks(self.console, self.checks)

    async def _tell(self, api: Api) -> None:
        self.report = await api.read(REPORTER, f"reporting/programmes/{YEAR}/report")
        print_report(self.console, self.report)

    @contextmanager
    def _timed(self, name: str) -> Iterator[None]:
        begun = time.monotonic()
        yield
        self.seconds[name] = time.monotonic() - begun


def write_report(path: Path, performance: Performance) -> None:
    """Keep everything: all but `reconciliation` and `times` is the same whenever the seed is."""
    content = content_of(
        seed=performance.seed,
        report=performance.report,
        checks=performance.checks,
        seconds=performance.seconds,
    )
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n")


def _watch(stack: Stack) -> Callable[[], None]:
    def watch() -> None:
        for child in stack.children:
            if child.crashed:
                raise LocalError(child.last_words())

    return watch
