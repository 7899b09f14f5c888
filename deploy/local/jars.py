"""Fetch the jars of a list from a Maven repository once, check them, and keep them in a cache.

`jars.txt` (Kafka's) and other lists name every jar with its SHA-256. Nothing is resolved, so that
no other version can be fetched (jgo's resolver ignores the versions that a BOM manages). A jar is
fetched into a folder beside the cache, checked, and only then moved into the cache: each jar in the
cache is complete, also after an interruption. Several starts at once take turns. When all jars are
in the cache, the network is not used.
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
REMEDIES = """Do one of these:
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
        """The name of its file."""
        _, artifact, version = self.coordinate.split(":")
        return f"{artifact}-{version}.jar"


def kafka_jars(settings: LocalSettings) -> list[Path]:
    """Return the jars of Kafka's class path; see `fetched`."""
    return fetched(LIST, settings)


def fetched(names: Path, settings: LocalSettings) -> list[Path]:
    """Return the jars of the list in the file `names`, after fetching those that are missing.

    Raises `LocalError` with the remedies.
    """
    folder = settings.local_cache / "jars"
    jars = [_parsed(line) for line in names.read_text().splitlines() if line[:1] not in ("", "#")]
    if _missing(jars, folder):
        folder.mkdir(parents=True, exist_ok=True)
        with (settings.local_cache / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            # Look again: the process that had the lock before may have fetched them.
            _fetch_all(_missing(jars, folder), folder, settings)
    return [folder / jar.name for jar in jars]


def _parsed(line: str) -> Jar:
    sha256, coordinate = line.split()
    return Jar(coordinate=coordinate, sha256=sha256)


def _missing(jars: list[Jar], folder: Path) -> list[Jar]:
    return [jar for jar in jars if not (folder / jar.name).exists()]


def _fetch_all(missing: list[Jar], folder: Path, settings: LocalSettings) -> None:
    # On the same disk as the cache, so that moving a jar there is a rename.
    fetching = settings.local_cache / "fetching"
    shutil.rmtree(fetching, ignore_errors=True)
    context = _context(fetching, settings)
    with Progress(console=Console(stderr=True), transient=True) as progress, _pool() as pool:
        bar = progress.add_task(f"Fetching {len(missing)} jars", total=len(missing))
        for path, jar in pool.map(lambda jar: (_fetch(jar, context, settings), jar), missing):
            os.replace(path, folder / jar.name)
            progress.advance(bar)
    shutil.rmtree(fetching, ignore_errors=True)


@contextmanager
def _pool() -> Iterator[ThreadPoolExecutor]:
    pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="jars")
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


def _context(folder: Path, settings: LocalSettings) -> Any:
    # Imported here because the import is slow and only a cache with missing jars needs it.
    from jgo.config import GlobalSettings
    from jgo.maven import MavenContext

    # Unless a setting names a repository: those of jgo's own configuration, or else jgo's default.
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
        raise LocalError(f"{reason}\n{_remedies(settings)}") from error
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    if sha256 != jar.sha256:
        reason = f"{jar.coordinate} came with SHA-256 {sha256}, but {jar.sha256} is listed."
        raise LocalError(f"{reason}\n{_remedies(settings)}")
    return path


def _remedies(settings: LocalSettings) -> str:
    return REMEDIES.format(cache=settings.local_cache)
