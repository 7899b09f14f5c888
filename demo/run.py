"""Run the demonstration: an empty system, the year played on it, the report, the reconciliation."""

import asyncio
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rich.console import Console

from demo.fiction.generator import World, world_of
from demo.player.agenda import BEGINS_AT, agenda
from demo.player.client import Api, open_api
from demo.player.people import AUDITOR, Tokens
from demo.player.play import Play
from demo.player.reset import empty_namespace
from demo.player.screen import Screen
from demo.player.wait_until_idle import IdleWaiter
from demo.programme_2018.programme import YEAR, Programme, Scale, programme_of
from demo.reconciliation import reconcile
from demo.report import FICTION, read_report, show_report
from deploy.local import LocalError
from deploy.local.settings import load_local_settings
from deploy.local.stack import Stack, local_stack
from gelar.audit import show_outcomes
from gelar.checking.invariants.check import Evidence, Outcome
from gelar.checking.invariants.reading import Apis
from shared.clock import write_clock
from shared.settings import Settings

NAMESPACE = "demo"
PARTITIONS = 3
"""Of each topic: fewer than the usual 12, as a single process of a service has all of them."""
PARTS = ("KAFKA", "MONGO", "REGISTRATION", "SELECTION", "BUDGET", "REPORTING")


@dataclass(kw_only=True)
class Performance:
    """A run of the demonstration; after `play`, its report, its checks and the time of its parts.

    `folder` holds the system's data, which are emptied first.
    """

    console: Console
    folder: Path
    seed: int
    scale: Scale
    report: dict[str, Any] = field(default_factory=dict)
    checks: list[Outcome] = field(default_factory=list)
    evidence: Evidence | None = None
    requests: int = 0
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def good(self) -> bool:
        """Return True if it was played to its end and every check holds."""
        return bool(self.checks) and all(check.good for check in self.checks)

    def play(self, runner: asyncio.Runner) -> None:
        """Play the year. Raises `LocalError` and `DemoError` if it cannot continue."""
        self.console.print(f"Gelar, the programme of {YEAR}, seed {self.seed}", style="bold")
        self.console.print(FICTION, style="yellow")
        with self._timed("start"):
            _leave_fixed_ports()
            # A Kafka of some minutes: Java's second compiler costs more time than it saves.
            os.environ.setdefault("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1")
            local = load_local_settings()
            namespace = "-".join(filter(None, (local.namespace, NAMESPACE)))
            runner.run(empty_namespace(local, namespace))
        # The clock has a folder of its own: the folder of the system is emptied at its start.
        with TemporaryDirectory(prefix="gelar-demo-") as temporary:
            clock = Path(temporary) / "clock"
            write_clock(clock, BEGINS_AT)
            begun = time.monotonic()
            with local_stack(
                self.folder,
                empty=True,
                namespace=namespace,
                clock_file=clock,
                partitions=PARTITIONS,
            ) as stack:
                self.seconds["start"] += time.monotonic() - begun
                runner.run(self._perform(stack, clock, namespace))

    async def _perform(self, stack: Stack, clock: Path, namespace: str) -> None:
        programme = programme_of(self.scale)
        world = world_of(programme, self.seed)
        tokens, watch = Tokens(stack.token_key_dir), _watch(stack)
        async with open_api(stack.urls, tokens, seed=self.seed, watch=watch) as api:
            with self._timed("year"):
                await self._play_year(programme, world, api, clock)
            self.report = await read_report(api)
            self.requests = api.requests
        show_report(self.console, self.report, self.seed)
        apis = Apis(stack.urls, tokens.of(AUDITOR))
        with self._timed("reconciliation"):
            self.checks, self.evidence = await reconcile(_settings(stack, namespace), apis, world)
        apis.close()
        show_outcomes(self.console, self.checks)

    async def _play_year(self, programme: Programme, world: World, api: Api, clock: Path) -> None:
        moments = agenda(programme)
        with Screen(self.console, stages=len(moments)) as screen:
            play = Play(
                programme=programme,
                world=world,
                api=api,
                clock=clock,
                idle=IdleWaiter(api=api),
                screen=screen,
            )
            await play.run(moments)

    @contextmanager
    def _timed(self, name: str) -> Iterator[None]:
        begun = time.monotonic()
        yield
        self.seconds[name] = time.monotonic() - begun


def _leave_fixed_ports() -> None:
    # They are for `make up`, which may run at the same time: here every port is a free port.
    for part in PARTS:
        os.environ.pop(f"KUKM_LOCAL_{part}_PORT", None)


def _settings(stack: Stack, namespace: str) -> Settings:
    # These only read databases and topics: nothing is served or consumed.
    return Settings(
        environment="local",
        namespace=namespace,
        kafka_bootstrap_servers=stack.servers.kafka_bootstrap,
        mongo_uri=stack.servers.mongo_uri,
        jwks_file=stack.token_key_dir / "jwks.json",
        partitions=PARTITIONS,
        parts="api",
    )


def _watch(stack: Stack) -> Callable[[], None]:
    def watch() -> None:
        for child in stack.children:
            if child.crashed:
                raise LocalError(child.last_words())

    return watch
