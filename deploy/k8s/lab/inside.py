"""Run the cluster with the system in it, and a command beside them; called by `real`.

It runs in namespaces of its own: names of the cluster are resolved, and its addresses reached. The
command finds the cluster by `KUBECONFIG`, and by `KUKM_LAB`, the folder of the cluster;
`KUKM_LAB_REPLICAS` is the number of brokers and of members of the replica set.
"""

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

from rich.console import Console

from deploy.k8s.lab.cluster.cluster import Parts, cluster
from deploy.k8s.lab.cluster.node_programs import CLOCK
from deploy.k8s.lab.deployment import install
from deploy.local import LocalError
from deploy.local.children import ROOT
from shared.clock import write_real_time

KEYS = "keys"


def main() -> int:
    """Run the cluster for as long as the command runs, and return its exit status."""
    arguments = _arguments()
    console = Console(highlight=False, soft_wrap=True)
    begun = time.monotonic()

    def tell(text: str) -> None:
        console.print(f"[{time.monotonic() - begun:4.0f} s] {text}", markup=False)

    parts = Parts(
        folder=arguments.folder,
        programs=arguments.programs,
        network=arguments.network,
        cgroup=arguments.cgroup,
    )
    try:
        parts.folder.mkdir(parents=True, exist_ok=True)
        clock = parts.folder / CLOCK
        clock.mkdir(exist_ok=True)
        write_real_time(clock / "now")
        with cluster(parts, arguments.images, tell) as site:
            install(site, site.folder.path / KEYS, arguments.replicas, tell)
            environment = {
                **os.environ,
                "KUBECONFIG": str(site.admin),
                "KUKM_LAB": str(parts.folder),
                "KUKM_LAB_REPLICAS": str(arguments.replicas),
                "KUKM_KUBERNETES": str(parts.programs),
                "PATH": f"{parts.programs}:{os.environ['PATH']}",
            }
            command = [part for part in arguments.command if part != "--"]
            return subprocess.run(command, cwd=ROOT, env=environment).returncode
    except LocalError as error:
        console.print(str(error), style="red", markup=False)
        return 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m deploy.k8s.lab.inside", description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--programs", type=Path, required=True)
    parser.add_argument("--network", type=Path, required=True)
    parser.add_argument("--cgroup", required=True)
    parser.add_argument("--replicas", type=int, required=True)
    parser.add_argument("--images", type=Path, nargs="+", required=True)
    parser.add_argument("command", nargs=argparse.REMAINDER)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
