"""What the rooms stand on: the servers of the run, namespaces of their own, and child processes.

A `Place` is one namespace on the servers, removed when it is left. A `Child` is forked with all
imports done, and speaks JSON lines; a `Running` program is started from nothing, and only logs.
Each is on a leash and ended with the block that started it.
"""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from motor.motor_asyncio import AsyncIOMotorClient

from deploy.local.children import die_with_parent
from deploy.local.forks import Forks
from shared.messaging.topics import Topics
from shared.settings import PREFIX, Settings

ROOT = Path(__file__).parents[2]
PARTITIONS = 12
CHILD_SECONDS_MAX = 300
LINE_BYTES_MAX = 64 * 1024 * 1024
END_SECONDS_MAX = 15
WORKER = {"parts": "worker", "http_port": "0"}


@dataclass(frozen=True, kw_only=True)
class Bench:
    """The run: where the servers are, a folder for logs and keys, and whether it is a short one."""

    kafka: str
    mongo: str
    forks: Forks
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
    async def child(self, work: str, **job: Any) -> AsyncIterator["Child"]:
        """A process that runs `work` (`MODULE:FUNCTION` of this package) with these arguments."""
        order = {"work": work, "job": job, "environment": self.environment()}
        async with forked(self.bench, order, work.replace(":", ".")) as child:
            yield child

    async def told(self, work: str, **job: Any) -> dict[str, Any]:
        """What such a process says in its first line."""
        async with self.child(work, **job) as child:
            return await child.line()

    @asynccontextmanager
    async def worker(self, service: str, **changes: str) -> AsyncIterator["Child"]:
        """A worker process of a sample service, with these changes of its settings."""
        environment = self.environment(**WORKER, **changes)
        order = {"service": service, "environment": environment}
        async with forked(self.bench, order, service) as child:
            yield child

    @asynccontextmanager
    async def started_worker(self, service: str) -> AsyncIterator["Running"]:
        """The same, started from nothing: where that or its memory is measured."""
        command = ("-m", "benchmarks.harness.process", service)
        async with self.process(*command, name=service, variables=WORKER) as running:
            yield running

    @asynccontextmanager
    async def process(
        self, *arguments: str, name: str, variables: Mapping[str, str]
    ) -> AsyncIterator["Running"]:
        """A Python process with these arguments and settings; `name` names its log."""
        environment = {**os.environ, **self.environment(**variables)}
        command = (sys.executable, *arguments)
        async with started(self.bench, command, name, environment) as running:
            yield running


@asynccontextmanager
async def started(
    bench: Bench, command: Sequence[str], name: str, environment: Mapping[str, str]
) -> AsyncIterator["Running"]:
    """Any program, on a leash, ended with the block; what it says goes to its log."""
    with _log(bench, name).open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            *die_with_parent(*command),
            cwd=ROOT,
            env=environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    running = Running(process)
    try:
        yield running
    finally:
        await running.end()


@asynccontextmanager
async def forked(bench: Bench, order: Mapping[str, Any], name: str) -> AsyncIterator["Child"]:
    """A forked child with this order (`benchmarks.harness.child`), ended with the block."""
    child = Child(name, *await bench.forks.fork())
    child.say({**order, "log": str(_log(bench, name))})
    try:
        yield child
    finally:
        await child.end()


def _log(bench: Bench, name: str) -> Path:
    logs = bench.folder / "logs"
    logs.mkdir(exist_ok=True)
    return logs / f"{name}.log"


class Running:
    """A program."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @property
    def pid(self) -> int:
        """Its id."""
        return self._process.pid

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
            async with asyncio.timeout(END_SECONDS_MAX):
                await self._process.wait()
        except TimeoutError:
            self._process.kill()
            await self._process.wait()


class ChildFailed(Exception):
    """A child ended without saying what it was asked for; its log says why."""


class Child:
    """A forked process, and our end of the connection to it, which it closes when it ends."""

    def __init__(
        self, name: str, pid: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._name = name
        self._pid = pid
        self._reader = reader
        self._writer = writer

    def say(self, order: Mapping[str, Any]) -> None:
        """Tell it what to do."""
        self._writer.write(json.dumps(order).encode() + b"\n")

    async def line(self) -> dict[str, Any]:
        """The next line that it says. Raises `ChildFailed`."""
        async with asyncio.timeout(CHILD_SECONDS_MAX):
            said = await self._reader.readline()
        if not said:
            raise ChildFailed(f"{self._name} ended early: see its log")
        spoken: dict[str, Any] = json.loads(said)
        return spoken

    async def finish(self) -> dict[str, Any]:
        """Tell it to finish, and hear its last line."""
        self._writer.write_eof()
        return await self.line()

    def freeze(self) -> None:
        """Stop it where it stands."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        self._signal(signal.SIGCONT)

    async def end(self) -> None:
        """End it in good order, by force after some seconds."""
        self._signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(END_SECONDS_MAX):
                await self._gone()
        except TimeoutError:
            self._signal(signal.SIGKILL)
            await self._gone()
        self._writer.close()

    def _signal(self, number: signal.Signals) -> None:
        # It may have ended by itself; its id is not given anew within the seconds of a room.
        with suppress(ProcessLookupError):
            os.kill(self._pid, number)

    async def _gone(self) -> None:
        with suppress(ConnectionError):
            while await self._reader.read(LINE_BYTES_MAX):
                pass
