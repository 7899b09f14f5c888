"""Make the images of the lab, as archives: the four services, their servers, and two programs.

An image is made again only when a file that is in it has changed.
"""

import hashlib
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

from deploy.k8s.image.assemble import __file__ as ASSEMBLE
from deploy.k8s.image.build import DOCKERFILE, IMAGES, base_image, buildah, with_buildah
from deploy.k8s.lab.archive import write_archive
from deploy.k8s.lab.cluster.node_programs import PAUSE_IMAGE
from deploy.k8s.lab.newer import CHANGED, copy_with_changes
from deploy.k8s.lab.newer import TAG as NEWER_TAG
from deploy.k8s.lab.newer import __file__ as NEWER
from deploy.k8s.lab.programs import Tell
from deploy.local.children import ROOT
from deploy.local.jars import LIST, kafka_jars
from deploy.local.kafka import java_home
from deploy.local.mongo import mongod
from deploy.local.settings import load_local_settings
from gelar.services import SERVICES

TAG = "lab"
STORE = IMAGES / "store"
SERVERS = Path(__file__).with_name("servers.Dockerfile")
OF_SERVERS = ("ca-certificates", "libcurl4", "prometheus")
DNS_IMAGE = "localhost/coredns:lab"


def lab_images(network: Path, tell: Tell) -> list[Path]:
    """Return the archives of all images, and make those that are missing or old.

    `network` is the folder of the programs `pause` and `coredns`. Raises `LocalError`.
    """
    IMAGES.mkdir(parents=True, exist_ok=True)
    archives = [_service(service, tell) for service in SERVICES]
    archives += [_newer(tell), _servers(tell)]
    for name, image in (("pause", PAUSE_IMAGE), ("coredns", DNS_IMAGE)):
        archives.append(IMAGES / f"{name}.tar")
        write_archive(network / name, image, archives[-1])
    return archives


def _service(service: str, tell: Tell) -> Path:
    archive = IMAGES / f"{service}.tar"
    sources = _sources(service)
    if _is_old(archive, sources):
        tell(f"building the image of {service}: about a minute")
        with_buildah(service, TAG, STORE)
        _note(archive, sources)
    return archive


def _newer(tell: Tell) -> Path:
    """Return the archive of the newer version of one service."""
    archive = IMAGES / f"{CHANGED}-newer.tar"
    sources = [Path(NEWER), *_sources(CHANGED)]
    if _is_old(archive, sources):
        tell(f"building the image of a newer {CHANGED}: about a minute")
        context = IMAGES / "newer.context"
        copy_with_changes(context)
        with_buildah(CHANGED, NEWER_TAG, STORE, source=context, archive=archive)
        shutil.rmtree(context)
        _note(archive, sources)
    return archive


def _sources(service: str) -> list[Path]:
    sources = [DOCKERFILE, Path(ASSEMBLE), ROOT / "pyproject.toml", ROOT / "uv.lock"]
    for folder in ("shared", "gelar", f"services/{service}"):
        for pattern in ("*.py", "*.toml"):
            sources += sorted((ROOT / folder).rglob(pattern))
    return sources


def _servers(tell: Tell) -> Path:
    archive = IMAGES / "servers.tar"
    sources = [Path(__file__), SERVERS, LIST, java_home() / "release", mongod()]
    if not _is_old(archive, sources):
        return archive
    tell("building the image of Kafka, MongoDB and Prometheus: about two minutes")
    context = IMAGES / "servers.context"
    shutil.rmtree(context, ignore_errors=True)
    (context / "jars").mkdir(parents=True)
    for jar in kafka_jars(load_local_settings()):
        shutil.copy2(jar, context / "jars")
    shutil.copytree(java_home(), context / "java")
    shutil.copy2(mongod(), context)
    base = base_image(STORE, "servers", OF_SERVERS)
    name = f"gelar/servers:{TAG}"
    build = ("bud", "--isolation", "chroot", "--pull-never", "--timestamp", "0")
    names = ("--build-arg", f"BASE_IMAGE={base}", "--tag", name, "--file", str(SERVERS))
    buildah(STORE, *build, *names, str(context))
    archive.unlink(missing_ok=True)
    buildah(STORE, "push", name, f"docker-archive:{archive}:{name}")
    shutil.rmtree(context)
    _note(archive, sources)
    return archive


def _is_old(archive: Path, sources: Sequence[Path]) -> bool:
    noted = _stamp(archive)
    return not (
        archive.exists() and noted.exists() and noted.read_text() == _state(archive, sources)
    )


def _note(archive: Path, sources: Sequence[Path]) -> None:
    _stamp(archive).write_text(_state(archive, sources))


def _stamp(archive: Path) -> Path:
    return archive.with_suffix(".sources")


def _state(archive: Path, sources: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in sources:
        digest.update(f"{path.name}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    # `make image` writes to the same archive, with another tag.
    return f"{digest.hexdigest()} {archive.stat().st_mtime_ns}"
