"""One run of the benchmarks: its servers, and namespaces of its own on them.

A measurement takes a `Namespace` for as long as a block lasts, and starts its processes there. The
topics and databases of a namespace are removed when the block ends.
"""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from motor.motor_asyncio import AsyncIOMotorClient

from benchmarks.harness.processes import (
    LINE_BYTES_MAX,
    ROOT,
    Child,
    Program,
    forked_child,
    running_program,
)
from deploy.local.forks import Forks
from shared.messaging.topics import Topics
from shared.settings import PREFIX, Settings

__all__ = ["LINE_BYTES_MAX", "PARTITIONS", "ROOT", "Bench", "Namespace"]

PARTITIONS = 12
WORKER = {"parts": "worker", "http_port": "0"}


@dataclass(frozen=True, kw_only=True)
class Bench:
    """The run: the addresses of its servers, a folder for logs and keys, and its length."""

    kafka: str
    mongo: str
    forks: Forks
    folder: Path
    quick: bool

    def size(self, quick: int, full: int) -> int:
        """Return `quick` in a short run, else `full`."""
        return quick if self.quick else full

    def log(self, name: str) -> Path:
        """Return the path of the log of processes with this name."""
        logs = self.folder / "logs"
        logs.mkdir(exist_ok=True)
        return logs / f"{name}.log"

    @asynccontextmanager
    async def namespace(
        self, *services: str, partitions: int = PARTITIONS
    ) -> AsyncIterator["Namespace"]:
        """Open a namespace in which these services have their topics, until the block ends."""
        name = f"bench-{uuid4().hex[:8]}"
        namespace = Namespace(bench=self, name=name, partitions=partitions)
        topics = Topics(namespace.settings())
        await asyncio.to_thread(topics.apply, list(services))
        try:
            yield namespace
        finally:
            await namespace.drop()
            await asyncio.to_thread(topics.delete, list(services))


@dataclass(frozen=True, kw_only=True)
class Namespace:
    """A prefix of topics, groups and databases on the servers of the run."""

    bench: Bench
    name: str
    partitions: int

    def environment(self, **changes: str) -> dict[str, str]:
        """Return the environment variables of a process that works in this namespace."""
        keys = self.bench.folder / "keys" / "jwks.json"
        settings = {
            "environment": "local",
            "namespace": self.name,
            "kafka_bootstrap_servers": self.bench.kafka,
            "mongo_uri": self.bench.mongo,
            "jwks_file": str(keys),
            "partitions": str(self.partitions),
            **changes,
        }
        return {f"{PREFIX}{setting.upper()}": value for setting, value in settings.items()}

    def settings(self) -> Settings:
        """Return the same settings for this process."""
        settings: dict[str, Any] = {
            variable.removeprefix(PREFIX).lower(): value
            for variable, value in self.environment().items()
        }
        return Settings(**settings)

    def client(self) -> Any:
        """Return a client of the database server, to observe services from outside."""
        return AsyncIOMotorClient(self.bench.mongo, tz_aware=True)

    def database(self, service: str) -> str:
        """Return the name of a service's database in this namespace."""
        return f"{self.name}-kukm-{service}"

    async def drop(self) -> None:
        """Remove all databases of this namespace."""
        client = self.client()
        for database in await client.list_database_names():
            if database.startswith(self.name):
                await client.drop_database(database)
        client.close()

    @asynccontextmanager
    async def child(self, work: str, **job: Any) -> AsyncIterator[Child]:
        """Fork a process that runs `work` (a `MODULE:FUNCTION`) with these arguments."""
        order = {"work": work, "job": job, "environment": self.environment()}
        log = self.bench.log(work.replace(":", "."))
        async with forked_child(self.bench.forks, order, log=log) as child:
            yield child

    async def result(self, work: str, **job: Any) -> dict[str, Any]:
        """Run `work` in a forked process, and return the first line that it sends."""
        async with self.child(work, **job) as child:
            return await child.read_line()

    @asynccontextmanager
    async def worker(self, service: str, **changes: str) -> AsyncIterator[Child]:
        """Fork a worker process of a sample service, with these changes of its settings."""
        environment = self.environment(**WORKER, **changes)
        order = {"service": service, "environment": environment}
        async with forked_child(self.bench.forks, order, log=self.bench.log(service)) as child:
            yield child

    @asynccontextmanager
    async def worker_program(self, service: str) -> AsyncIterator[Program]:
        """Start a worker from nothing, for measurements of its start or its memory."""
        command = ("-m", "benchmarks.harness.sample_process", service)
        async with self.program(*command, name=service, variables=WORKER) as program:
            yield program

    @asynccontextmanager
    async def program(
        self, *arguments: str, name: str, variables: Mapping[str, str]
    ) -> AsyncIterator[Program]:
        """Start Python with these arguments and settings; `name` names its log."""
        environment = {**os.environ, **self.environment(**variables)}
        command = (sys.executable, *arguments)
        async with running_program(command, environment, log=self.bench.log(name)) as program:
            yield program
