"""`make k8s-test`: run the system in a real cluster of two nodes, and test it there.

Installs Debian's packages that are missing, builds the programs of Kubernetes and the images where
they are missing or old, and starts all in namespaces that end with the command. Nothing of it
remains on the machine but the packages, the caches and the logs in `.local/lab/logs`.
"""

import argparse
import hashlib
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from deploy.k8s.lab.cluster import cgroups
from deploy.k8s.lab.cluster.cluster import Parts
from deploy.k8s.lab.debian import require
from deploy.k8s.lab.images import lab_images
from deploy.k8s.lab.programs import NETWORK, Tell, programs
from deploy.local import LocalError
from deploy.local.children import ROOT
from deploy.local.folder import Folder
from deploy.local.termination import termination_raises

FOLDER = ROOT / ".local" / "lab"
ENTER = Path(__file__).with_name("cluster") / "enter.sh"
REPLICAS = 3
NAMESPACES = ("--mount", "--net", "--pid", "--fork", "--mount-proc", "--kill-child")
TESTS = ("-m", "pytest", "tests/k8s_lab", "-v", "-rs", "-p", "no:cacheprovider", "--tb=short")


def main() -> int:
    """Run the tests of the lab, or the command after `--`, in the cluster."""
    parser = argparse.ArgumentParser(prog="python -m deploy.k8s.lab.real", description=__doc__)
    parser.add_argument("--ha", action="store_true", help="three of each server, and their tests")
    parser.add_argument("command", nargs="*", help="instead of the tests; after --")
    arguments = parser.parse_args()
    console = Console(highlight=False, soft_wrap=True)

    def tell(text: str) -> None:
        console.print(text, markup=False)

    try:
        replicas = REPLICAS if arguments.ha else 1
        return _run(arguments.command or [sys.executable, *TESTS], replicas, tell)
    except LocalError as error:
        console.print(str(error), style="red", markup=False)
        return 1
    except KeyboardInterrupt:
        console.print("Stopped.")
        return 130


def _run(command: Sequence[str], replicas: int, tell: Tell) -> int:
    require(tell)
    if Folder(FOLDER).runner() is not None:
        raise LocalError(f"{FOLDER} is in use: a lab of this checkout runs already; end it first")
    kubernetes, network = programs(tell), programs(tell, NETWORK)
    archives = lab_images(network, tell)
    parts = Parts(folder=FOLDER, programs=kubernetes, network=network, cgroup=_name())
    _clear(parts)
    tell("starting a cluster of two nodes")
    inside = (
        *(sys.executable, "-m", "deploy.k8s.lab.inside", "--folder", str(parts.folder)),
        *("--programs", str(kubernetes), "--network", str(network), "--cgroup", parts.cgroup),
        *("--replicas", str(replicas)),
        *("--images", *map(str, archives), "--", *command),
    )
    # Killed with this process, and with it all that it has started; it ignores other signals.
    unshare = ("setpriv", "--pdeathsig", "KILL", "unshare", *NAMESPACES, "--propagation", "private")
    try:
        with termination_raises():
            return subprocess.run((*unshare, str(ENTER), str(FOLDER), *inside), cwd=ROOT).returncode
    finally:
        _clear(parts)


def _name() -> str:
    """Return the name of this checkout's lab: the next run removes what a killed run has left."""
    return f"gelar-lab-{hashlib.sha256(str(FOLDER).encode()).hexdigest()[:8]}"


def _clear(parts: Parts) -> None:
    # The groups first: the folders take a minute.
    for name in parts.cgroups:
        cgroups.remove(name)
    for node in parts.nodes():
        shutil.rmtree(node.home, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
