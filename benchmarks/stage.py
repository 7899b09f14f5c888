"""What the rooms stand on: the servers of the run, namespaces of their own, and child processes.

A `Place` is one namespace on the servers, removed when it is left; a `Running` child speaks JSON
lines on its standard output and ends when its standard input is closed. Every child is on a leash
and ended with the block that started it.
"""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from motor.motor_asyncio import AsyncIOMotorClient

from deploy.local.children import LEASH
from shared.messaging.topics import Topics
from shared.settings import PREFIX, Settings

ROOT = Path(__file__).parent.parent
PARTITIONS = 12
CHILD_SECONDS_MAX = 300
LINE_BYTES_MAX = 64 * 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Bench:
    """The run: where the servers are, a folder for logs and keys, and whether it is a short one."""

    kafka: str
    mongo: str
    folder: Path
    quick: bool

    def size(self, quick: int, full: int) -> int:
        """As many as this kind of run takes."""
        return quick if self.quick else full

    @asynccontextmanager
    async def place(self, *services: str, partitions: int = PARTITIONS) -> AsyncIterator["Place"]:
        """A namespace in which these services have their topics, until the block ends."""
        namespace = f"bench-{uuid4().hex[:8]}"
        place = Place(bench=self, namespace=namespace, partitions=partitions)
        topics = Topics(place.settings())
        await asyncio.to_thread(topics.ensure, list(services))
        try:
            yield place
        finally:
            await place.drop(services)
            await asyncio.to_thread(topics.delete, list(services))


@dataclass(frozen=True, kw_only=True)
class Place:
    """One namespace on the servers of the run."""

    bench: Bench
    namespace: str
    partitions: int

    def environment(self, **changes: str) -> dict[str, str]:
        """The variables of a process that works here."""
        keys = self.bench.folder / "keys" / "jwks.json"
        names = {
            "environment": "local",
            "namespace": self.namespace,
            "kafka_bootstrap_servers": self.bench.kafka,
            "mongo_uri": self.bench.mongo,
            "jwks_file": str(keys),
            "partitions": str(self.partitions),
            **changes,
        }
        return {f"{PREFIX}{name.upper()}": value for name, value in names.items()}

    def settings(self) -> Settings:
        """The same for this process."""
        named: dict[str, Any] = {
            name.removeprefix(PREFIX).lower(): value for name, value in self.environment().items()
        }
        return Settings(**named)

    def client(self) -> Any:
        """A client of the database server, for looking on from outside."""
        return AsyncIOMotorClient(self.bench.mongo, tz_aware=True)

    def database(self, service: str) -> str:
        """The name of a service's database here."""
        return f"{self.namespace}-kukm-{service}"

    async def drop(self, services: tuple[str, ...]) -> None:
        """Remove all databases of this namespace."""
        client = self.client()
        for name in await client.list_database_names():
            if name.startswith(self.namespace):
                await client.drop_database(name)
        client.close()

    @asynccontextmanager
    async def child(self, work: str, **job: Any) -> AsyncIterator["Running"]:
        """A process that runs `work` (`MODULE:FUNCTION` of this package) with these arguments."""
        command = ("-m", "benchmarks.child", work, json.dumps(job))
        async with self.process(*command, name=work.replace(":", ".")) as running:
            yield running

    async def told(self, work: str, **job: Any) -> dict[str, Any]:
        """What such a process says in its first line."""
        async with self.child(work, **job) as running:
            return await running.line()

    @asynccontextmanager
    async def worker(self, service: str, **changes: str) -> AsyncIterator["Running"]:
        """A real worker process of a sample service, with these changes of its settings."""
        command = ("-m", "benchmarks.process", service)
        changed = {f"{PREFIX}{name.upper()}": value for name, value in changes.items()}
        variables = {"KUKM_PARTS": "worker", "KUKM_HTTP_PORT": "0", **changed}
        async with self.process(*command, name=service, variables=variables) as running:
            yield running

    @asynccontextmanager
    async def process(
        self, *arguments: str, name: str, variables: Mapping[str, str] | None = None
    ) -> AsyncIterator["Running"]:
        """A Python process with these arguments, ended with the block; `name` names its log.

        With `variables` it is one of those that speak no JSON: its output goes to the log too.
        """
        environment = {**os.environ, **self.environment(), **(variables or {})}
        command = (sys.executable, *arguments)
        speaks = variables is None
        async with started(self.bench, command, name, environment, speaks=speaks) as running:
            yield running


@asynccontextmanager
async def started(
    bench: Bench, command: Sequence[str], name: str, environment: Mapping[str, str], *, speaks: bool
) -> AsyncIterator["Running"]:
    """Any program, on a leash, ended with the block; what it does not speak goes to its log."""
    logs = bench.folder / "logs"
    logs.mkdir(exist_ok=True)
    with (logs / f"{name}.log").open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-I", "-S", str(LEASH), str(os.getpid()), *command),
            cwd=ROOT,
            env=environment,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE if speaks else log,
            stderr=log,
            limit=LINE_BYTES_MAX,
            start_new_session=True,
        )
    running = Running(process, name)
    try:
        yield running
    finally:
        await running.end()


class ChildFailed(Exception):
    """A child ended without saying what it was asked for; its log says why."""


class Running:
    """A child process."""

    def __init__(self, process: asyncio.subprocess.Process, name: str) -> None:
        self._process = process
        self._name = name

    @property
    def pid(self) -> int:
        """Its id."""
        return self._process.pid

    async def line(self) -> dict[str, Any]:
        """The next line that it says. Raises `ChildFailed`."""
        assert self._process.stdout is not None
        async with asyncio.timeout(CHILD_SECONDS_MAX):
            said = await self._process.stdout.readline()
        if not said:
            raise ChildFailed(f"{self._name} ended early: see its log")
        spoken: dict[str, Any] = json.loads(said)
        return spoken

    async def finish(self) -> dict[str, Any]:
        """Tell it to finish, and hear its last line."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        return await self.line()

    def freeze(self) -> None:
        """Stop it where it stands."""
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        self._process.send_signal(signal.SIGCONT)

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self._process.returncode is None

    async def end(self) -> None:
        """End it in good order, by force after some seconds."""
        if not self.alive:
            return
        self._process.terminate()
        try:
            async with asyncio.timeout(15):
                await self._process.communicate()
        except TimeoutError:
            self._process.kill()
            await self._process.wait()
