"""Install Debian's packages that the lab needs, where they are missing."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from deploy.k8s.lab.programs import Tell
from deploy.local import LocalError

NEEDED: Mapping[str, str] = {
    "containerd": "containerd",
    "runc": "runc",
    "/usr/lib/cni/bridge": "containernetworking-plugins",
    "iptables": "iptables",
    "conntrack": "conntrack",
    "ip": "iproute2",
    "buildah": "buildah",
    "mmdebstrap": "mmdebstrap",
    "sysctl": "procps",
    "unshare": "util-linux",
    "setpriv": "util-linux",
}
"""Programs, and the packages of Debian that have them."""


def require(tell: Tell) -> None:
    """Install the packages that are missing. Raises `LocalError` if that cannot be done."""
    if os.geteuid() != 0:
        raise LocalError(
            "a cluster with nodes needs the rights of root, for namespaces and mounts: run "
            "`sudo make k8s-test`; `make k8s-dry` checks the manifests without them"
        )
    missing = sorted({package for program, package in NEEDED.items() if not _is_there(program)})
    if not missing:
        return
    names = " ".join(missing)
    if shutil.which("apt-get") is None:
        raise LocalError(f"install what Debian has in the packages {names}, then try again")
    tell(f"installing {names}")
    for command in (
        ("update", "-qq"),
        ("install", "-qq", "-y", "--no-install-recommends", *missing),
    ):
        done = subprocess.run(
            ["apt-get", *command],
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise LocalError(
                f"apt-get {command[0]} failed, so these are missing: {names}\n{done.stderr.strip()}"
            )


def _is_there(program: str) -> bool:
    return Path(program).exists() if program.startswith("/") else shutil.which(program) is not None
