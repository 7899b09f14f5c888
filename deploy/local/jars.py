"""Jars of a list: fetched from a Maven repository once, checked, and kept in a cache.

`jars.txt` (Kafka's) and others like it name every jar with its SHA-256, so nothing is resolved and
no other version can slip in (jgo's resolver ignores the versions that a BOM manages). A jar is
fetched into a folder beside the cache, checked, and only then moved to its place: what has its name
in the cache is whole, also after an interruption; several starts at once take turns. When all are
there no network is used.
"""

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress

from deploy.local import LocalError
from deploy.local.settings import LocalSettings

LIST = Path(__file__).with_name("jars.txt")
AT_ONCE = 6
WAYS_OUT = """Ways out:
  - fetch from another Maven repository (a mirror): KUKM_LOCAL_MAVEN_REPOSITORY=https://…
  - behind a proxy set HTTPS_PROXY; where a site adds its own certificate, REQUESTS_CA_BUNDLE
  - copy the folder {cache} from a machine that has it
  - use servers of your own: KUKM_KAFKA_BOOTSTRAP_SERVERS=host:port and KUKM_MONGO_URI=mongodb://…
    (`docker compose -f deploy/local/compose.yaml up` starts both)"""


@dataclass(frozen=True)
class Jar:
    """One jar of a list."""

    coordinate: str
    sha256: str

    @property
    def name(self) -> str:
        """Its file's name."""
        _, artifact, version = self.coordinate.split(":")
        return f"{artifact}-{version}.jar"


def kafka_jars(settings: LocalSettings) -> list[Path]:
    """Kafka's class path; see `fetched`."""
    return fetched(LIST, settings)


def fetched(names: Path, settings: LocalSettings) -> list[Path]:
    """The jars of the list `names`, fetched where they are missing.

    Raises `LocalError` with the ways out.
    """
    folder = settings.local_cache / "jars"
    listed = [_parsed(line) for line in names.read_text().splitlines() if line[:1] not in ("", "#")]
    if _missing(listed, folder):
        folder.mkdir(parents=True, exist_ok=True)
        with (settings.local_cache / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            # Looked for again: the process before us may have fetched them.
            _fetch_all(_missing(listed, folder), folder, settings)
    return [folder / jar.name for jar in listed]


def _parsed(line: str) -> Jar:
    sha256, coordinate = line.split()
    return Jar(coordinate=coordinate, sha256=sha256)


def _missing(listed: list[Jar], folder: Path) -> list[Jar]:
    return [jar for jar in listed if not (folder / jar.name).exists()]


def _fetch_all(missing: list[Jar], folder: Path, settings: LocalSettings) -> None:
    # On the same disk as their place, so that moving them there is a rename.
    here = settings.local_cache / "fetching"
    shutil.rmtree(here, ignore_errors=True)
    context = _context(here, settings)
    with Progress(console=Console(stderr=True), transient=True) as progress, _pool() as pool:
        bar = progress.add_task(f"Fetching {len(missing)} jars", total=len(missing))
        for path, jar in pool.map(lambda jar: (_fetch(jar, context, settings), jar), missing):
            os.replace(path, folder / jar.name)
            progress.advance(bar)
    shutil.rmtree(here, ignore_errors=True)


@contextmanager
def _pool() -> Iterator[ThreadPoolExecutor]:
    pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="jars")
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


def _context(folder: Path, settings: LocalSettings) -> Any:
    # Imported here because it takes a while and is needed once in the life of a cache.
    from jgo.config import GlobalSettings
    from jgo.maven import MavenContext

    # Unless one is set: what jgo's own configuration names, or else jgo's default.
    repositories = GlobalSettings.load().repositories or None
    if settings.local_maven_repository:
        repositories = {"setting": settings.local_maven_repository.rstrip("/")}
    return MavenContext(repo_cache=folder, remote_repos=repositories)


def _fetch(jar: Jar, context: Any, settings: LocalSettings) -> Path:
    try:
        path: Path = context.create_dependency(jar.coordinate).artifact.resolve()
    # requests' errors are OSErrors, jgo's own are RuntimeErrors.
    except (OSError, RuntimeError) as error:
        reason = f"Cannot fetch {jar.coordinate}: {error}"
        raise LocalError(f"{reason}\n{_ways_out(settings)}") from error
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != jar.sha256:
        reason = f"{jar.coordinate} came with SHA-256 {found}, but {jar.sha256} is listed."
        raise LocalError(f"{reason}\n{_ways_out(settings)}")
    return path


def _ways_out(settings: LocalSettings) -> str:
    return WAYS_OUT.format(cache=settings.local_cache)
