"""`make image`: build the images of the services, with Docker, or with buildah where there is none.

Without Docker the base image is made by mmdebstrap from Debian's packages, and the images are files
(`.local/images/SERVICE.tar`, docker-archive), which `ctr images import` and `docker load` read.
"""

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from rich.console import Console

from deploy.local import LocalError
from deploy.local.children import ROOT
from gelar.services import SERVICES

DOCKERFILE = Path(__file__).with_name("Dockerfile")
IMAGES = ROOT / ".local" / "images"
SUITE = "bookworm"
FOR_ALL = ("python3", "ca-certificates", "tzdata")
TO_BUILD = ("python3-venv", "python3-pip")
AUTHORITIES = Path("/etc/ssl/certs/ca-certificates.crt")
MISSING = (
    "No Docker runs here, and not all of {needed} are installed: on Debian, as root, run "
    "`apt-get install --no-install-recommends {needed}`, or build elsewhere with Docker."
)


@dataclass(frozen=True, kw_only=True)
class Release:
    """The version and the commit that an image is built from."""

    version: str
    revision: str

    @property
    def arguments(self) -> tuple[str, ...]:
        """The build arguments that name them."""
        return _arguments(VERSION=self.version, REVISION=self.revision)


def release() -> Release:
    """Return the release of this checkout; `unknown` is the commit of a copy without git."""
    head = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return Release(version=version("gelar"), revision=head.stdout.strip() or "unknown")


def with_docker(service: str, tag: str) -> None:
    """Build the image of a service with Docker. Raises `LocalError`."""
    _run("docker", "build", *_what(service), "--tag", f"gelar/{service}:{tag}", str(ROOT))


def with_buildah(
    service: str,
    tag: str,
    store: Path = IMAGES / "store",
    *,
    source: Path = ROOT,
    archive: Path | None = None,
) -> Path:
    """Build the image of a service with buildah, and return its archive. Raises `LocalError`.

    `source` is the folder of the code, by default this checkout.
    """
    base = base_image(store, "base", FOR_ALL)
    build = base_image(store, "build", (*FOR_ALL, *TO_BUILD))
    name = f"gelar/{service}:{tag}"
    buildah(
        store,
        *("bud", "--isolation", "chroot", "--network", "host", "--pull-never"),
        *("--timestamp", "0", *_what(service), *_own_authorities()),
        *_arguments(BASE_IMAGE=base, BUILD_IMAGE=build),
        *("--tag", name, str(source)),
    )
    archive = archive or IMAGES / f"{service}.tar"
    archive.unlink(missing_ok=True)
    buildah(store, "push", name, f"docker-archive:{archive}:{name}")
    return archive


def _what(service: str) -> tuple[str, ...]:
    return ("--file", str(DOCKERFILE), *_arguments(SERVICE=service), *release().arguments)


def _arguments(**arguments: str) -> tuple[str, ...]:
    pairs = (("--build-arg", f"{name}={value}") for name, value in arguments.items())
    return tuple(part for pair in pairs for part in pair)


def _own_authorities() -> tuple[str, ...]:
    # Of this machine: a site may have put an authority of its own among them.
    if not AUTHORITIES.exists():
        return ()
    mount = f"{AUTHORITIES}:{AUTHORITIES}:ro"
    files = _arguments(PIP_CERT=str(AUTHORITIES), SSL_CERT_FILE=str(AUTHORITIES))
    return ("--volume", mount, *files)


def base_image(store: Path, name: str, packages: Sequence[str]) -> str:
    """Return the image with these packages of Debian; make it where the store lacks it."""
    included = ",".join(packages)
    image = f"localhost/gelar-{name}-{SUITE}:{sha256(included.encode()).hexdigest()[:12]}"
    if buildah(store, "inspect", "--type", "image", image, check=False):
        return image
    folder = store.parent / f"{name}.building"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    _run(
        *("mmdebstrap", "--variant=minbase", f"--include={included}", "--quiet"),
        *(SUITE, str(folder / "root.tar")),
        SOURCE_DATE_EPOCH="0",
    )
    (folder / "Dockerfile").write_text("FROM scratch\nADD root.tar /\n")
    buildah(store, "bud", "--isolation", "chroot", "--timestamp", "0", "-t", image, str(folder))
    shutil.rmtree(folder)
    return image


def buildah(store: Path, *arguments: str, check: bool = True) -> bool:
    """Run buildah on a store; return True if it succeeded.

    With `check` it raises `LocalError` otherwise.
    """
    store.mkdir(parents=True, exist_ok=True)
    where = ("--root", str(store / "root"), "--runroot", str(store / "run"))
    return _run("buildah", *where, "--storage-driver", "vfs", *arguments, check=check)


def _run(*command: str, check: bool = True, **environment: str) -> bool:
    done = subprocess.run(
        command, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    if check and done.returncode:
        end = "\n".join(done.stderr.strip().splitlines()[-15:])
        raise LocalError(f"{' '.join(command[:2])} failed:\n{end}")
    return done.returncode == 0


def _docker_runs() -> bool:
    return shutil.which("docker") is not None and _run("docker", "info", check=False)


def main() -> int:
    """Build the images that the arguments name, or all."""
    parser = argparse.ArgumentParser(prog="python -m deploy.k8s.image.build", description=__doc__)
    parser.add_argument("service", nargs="*", choices=[*SERVICES, []], help="default: all four")
    parser.add_argument("--tag", default=version("gelar"))
    arguments = parser.parse_args()
    console = Console(highlight=False, soft_wrap=True)
    needed = "buildah mmdebstrap"
    docker = _docker_runs()
    if not docker and not all(map(shutil.which, needed.split())):
        console.print(MISSING.format(needed=needed), style="red")
        return 1
    try:
        for service in arguments.service or SERVICES:
            if docker:
                with_docker(service, arguments.tag)
                console.print(f"gelar/{service}:{arguments.tag}")
            else:
                archive = with_buildah(service, arguments.tag)
                size = archive.stat().st_size / 1e6
                console.print(f"{archive.relative_to(ROOT)}: {size:,.0f} MB")
    except LocalError as error:
        console.print(str(error), style="red", markup=False)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
