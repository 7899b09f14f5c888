"""Build the programs of Kubernetes once, from the Go module proxy, and keep them in a cache.

`kubernetes/` is a module of a single file that links etcd, the API server, its controllers, the
scheduler, the kubelet, the proxy and kubectl into one binary. The cache is kept under a hash of the
module and of the Go version, so that a change builds again and nothing else does.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from deploy.local import LocalError
from deploy.local.settings import load_local_settings

MODULE = Path(__file__).with_name("kubernetes")
VERSION = "1.34.4"
PROGRAMS = (
    "etcd",
    "kube-apiserver",
    "kube-controller-manager",
    "kube-scheduler",
    "kubelet",
    "kube-proxy",
    "kubectl",
)
MINUTES = "7 minutes on two idle cores, 15 on busy ones"
PACKAGES_BETWEEN_LINES = 200
STAMP = "k8s.io/component-base/version"

Tell = Callable[[str], None]


def programs(tell: Tell) -> Path:
    """Return the folder of all programs; build them first where they are missing.

    `tell` gets a line about the progress now and then. Raises `LocalError` if they cannot be built.
    """
    go = _go()
    folder = load_local_settings().local_cache / f"kubernetes-{VERSION}-{_fingerprint(go)}"
    if not (folder / "kubectl").exists():
        tell(f"building Kubernetes {VERSION}, once: about {MINUTES}")
        _build(go, folder, tell)
    return folder


def _go() -> str:
    """Return the Go compiler: the one of this environment, which uv.lock pins."""
    go = Path(sys.executable).with_name("go")
    if not go.exists():
        raise LocalError("Go is not installed here: run `uv sync --group k8s`")
    return str(go)


def _fingerprint(go: str) -> str:
    version = subprocess.run([go, "env", "GOVERSION"], capture_output=True, check=True, text=True)
    parts = [version.stdout.encode()]
    parts += [(MODULE / name).read_bytes() for name in ("main.go", "go.mod", "go.sum")]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]


def _build(go: str, folder: Path, tell: Tell) -> None:
    building = folder.with_suffix(f".{os.getpid()}")
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir(parents=True)
    try:
        _compile(go, building / "kubernetes", tell)
        for program in PROGRAMS:
            (building / program).symlink_to("kubernetes")
        # Moved as a whole: the folder is complete, also after an interruption.
        if not folder.exists():
            building.rename(folder)
    finally:
        shutil.rmtree(building, ignore_errors=True)


def _compile(go: str, target: Path, tell: Tell) -> None:
    major, minor, _ = VERSION.split(".")
    stamps = {"gitVersion": f"v{VERSION}", "gitMajor": major, "gitMinor": minor}
    flags = " ".join(["-s -w", *(f"-X {STAMP}.{name}={value}" for name, value in stamps.items())])
    environment = {**os.environ, "CGO_ENABLED": "0", "GOTOOLCHAIN": "local", "GOFLAGS": ""}
    command = [go, "build", "-v", "-p", "2", "-trimpath", "-ldflags", flags, "-o", str(target), "."]
    total = _packages(go, environment)
    with subprocess.Popen(
        command, cwd=MODULE, env=environment, stderr=subprocess.PIPE, text=True
    ) as compiler:
        assert compiler.stderr is not None, "it is a pipe"
        last = ""
        for number, line in enumerate(compiler.stderr, 1):
            last = line.strip() or last
            if number % PACKAGES_BETWEEN_LINES == 0:
                tell(f"  {number:,} of at most {total:,} packages")
    if compiler.returncode:
        raise LocalError(f"Kubernetes could not be built (go build: {last})")


def _packages(go: str, environment: dict[str, str]) -> int:
    listed = subprocess.run(
        [go, "list", "-deps", "."], cwd=MODULE, env=environment, capture_output=True, text=True
    )
    if listed.returncode:
        lines = listed.stderr.strip().splitlines()
        raise LocalError(
            f"the modules of Kubernetes cannot be fetched: {lines[-1] if lines else ''}"
        )
    return len(listed.stdout.splitlines())
