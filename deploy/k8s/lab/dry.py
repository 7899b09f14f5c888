"""`make k8s-dry`: check the manifests against a real API server, without a node.

Builds the programs of Kubernetes first where the cache lacks them, then runs `tests/k8s`. The
definitions of custom resources (Strimzi, KEDA, …) come from a folder of YAML files; what has none
is left out, and named.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

from rich.console import Console

from deploy.k8s.lab.programs import programs
from deploy.local import LocalError
from deploy.local.children import ROOT

NO_FOLDER = "CRDS names no folder: custom resources are not checked against their definitions."


def main() -> int:
    """Run the tests of the manifests; the arguments after `--` go to pytest."""
    parser = argparse.ArgumentParser(prog="python -m deploy.k8s.lab.dry", description=__doc__)
    parser.add_argument("--crds", type=Path, help="the folder of definitions of custom resources")
    parser.add_argument("pytest", nargs="*", help="arguments for pytest")
    arguments = parser.parse_args()
    console = Console(highlight=False, soft_wrap=True)
    if arguments.crds is not None and not arguments.crds.is_dir():
        console.print(f"{arguments.crds} is no folder: set CRDS to one, or leave it away.")
        return 2
    try:
        folder = programs(console.print)
    except LocalError as error:
        console.print(str(error), style="red", markup=False)
        return 1
    environment = {**os.environ, "KUKM_KUBERNETES": str(folder)}
    if arguments.crds is None:
        console.print(NO_FOLDER)
    else:
        environment["KUKM_CRDS"] = str(arguments.crds.resolve())
    command = [sys.executable, "-m", "pytest", "tests/k8s", "-q", "-rs", *arguments.pytest]
    return subprocess.run(command, cwd=ROOT, env=environment).returncode


if __name__ == "__main__":
    sys.exit(main())
