"""A process that is asked to stop serves on until balancers know, then ends without a fault."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from deploy.local.ports import Ports, listens
from shared.service.tasks import Tasks
from shared.settings import Settings
from tests.conftest import eventually
from tests.gelar.test_commands import environment
from tests.long_tests import long_test
from tests.members import group_members
from tests.shared.test_start import without_variables

DELAY_SECONDS = 5.0
FAILING = """
from services.budget.app import routers, service
from shared.run import run
from shared.service.worker import Worker

async def fail(worker):
    raise RuntimeError("a bug")

Worker.run = fail
run(service, routers)
"""


class Budget:
    """A process of budget, with its address and its log."""

    def __init__(self, settings: Settings, folder: Path, parts: str, *command: str) -> None:
        self.port = Ports(folder / "ports.json").take("http")
        self.settings = settings
        self._log = folder / "log"
        named = {
            "KUKM_PARTS": parts,
            "KUKM_HTTP_PORT": str(self.port),
            "KUKM_JWKS_FILE": str(settings.jwks_file),
            "KUKM_STOP_DELAY_SECONDS": str(DELAY_SECONDS),
            "KUKM_STOP_SECONDS": "120",
        }
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, *(command or ("-m", "services.budget.app"))],
                env=without_variables() | environment(settings) | named,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def client(self) -> httpx.AsyncClient:
        """Return a client that keeps its connection."""
        address = f"http://127.0.0.1:{self.port}"
        return httpx.AsyncClient(base_url=address, trust_env=False, timeout=60)

    async def answers(self, path: str) -> tuple[int, str]:
        """Return status and text that a new connection gets; 0 if it is refused."""
        async with self.client() as client:
            try:
                answer = await client.get(path)
            except httpx.TransportError:
                return 0, ""
            return answer.status_code, answer.text

    async def ready(self) -> bool:
        """Return True if it serves. Fails if it has ended."""
        assert self.process.poll() is None, self._log.read_text()
        return (await self.answers("/readyz"))[0] == 200

    async def works(self) -> bool:
        """Return True if its worker is in the group."""
        return bool(await group_members(self.settings, "budget"))

    async def rests(self) -> bool:
        """Return True if no worker is in the group."""
        return not await self.works()

    async def is_unready(self) -> bool:
        """Return True if it serves, and says that it is stopping."""
        status, text = await self.answers("/readyz")
        assert status != 0, "it takes no connections"
        return status == 503 and "stopping" in text

    async def closed(self) -> bool:
        """Return True if it takes no connections."""
        return not listens(self.port)

    async def ended(self) -> bool:
        """Return True if it has ended."""
        return self.process.poll() is not None

    def critical(self) -> list[str]:
        """Return its critical log events."""
        lines: list[dict[str, Any]] = [
            json.loads(line) for line in self._log.read_text().splitlines()
        ]
        return [line["event"] for line in lines if line["level"] == "critical"]


Start = Callable[..., Budget]


@pytest.fixture
async def start(settings: Settings, tmp_path: Path) -> AsyncIterator[Start]:
    """Return the function that starts a process of budget; it is killed at the end."""
    started: list[Budget] = []

    def begin(parts: str, *command: str) -> Budget:
        started.append(Budget(settings, tmp_path, parts, *command))
        return started[-1]

    yield begin
    for budget in started:
        budget.process.kill()
        budget.process.wait()


@long_test
@pytest.mark.parametrize("parts", ["api,worker", "api"])
async def test_a_process_serves_on_for_its_delay_before_it_closes_its_socket(
    start: Start, parts: str
) -> None:
    budget = start(parts)
    await eventually(budget.ready)
    if "worker" in parts:
        await eventually(budget.works)
    async with budget.client() as kept:
        assert (await kept.get("/livez")).headers.get("connection") != "close"
        asked_at = time.monotonic()
        budget.process.send_signal(signal.SIGTERM)
        await eventually(budget.is_unready)
        # A caller that keeps its connection goes elsewhere before it is closed.
        assert (await kept.get("/livez")).headers["connection"] == "close"
    await eventually(budget.rests)
    assert (await budget.answers("/livez"))[0] == 200
    await eventually(budget.closed)
    assert time.monotonic() - asked_at >= DELAY_SECONDS
    await eventually(budget.ended)
    assert (budget.process.returncode, budget.critical()) == (0, [])


async def test_a_background_task_that_fails_ends_the_process_with_an_error(start: Start) -> None:
    budget = start("api,worker", "-c", FAILING)
    await eventually(budget.ended)
    assert budget.process.returncode == 1
    assert budget.critical() == [
        "background task stopped",
        "stopping after a background task stopped",
    ]


async def _end() -> None:
    pass


async def _fail() -> None:
    raise RuntimeError


async def test_the_end_of_a_task_that_may_end_is_no_failure_and_its_error_is() -> None:
    tasks = Tasks()
    tasks.begin("worker", _fail())
    tasks.let_end("worker")
    await tasks.failed()
    with_error = tasks.stopped
    tasks.begin("worker", _end())
    await tasks.failed()
    assert (with_error, tasks.stopped, bool(tasks)) == ("worker", None, False)
