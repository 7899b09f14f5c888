"""The control groups of a node: made before its kubelet starts, removed when all has ended.

They are the only thing of the cluster that its namespaces do not take away.
"""

import os
from collections.abc import Iterator
from pathlib import Path

MOUNT = Path("/sys/fs/cgroup")
CONTROLLERS = (
    "cpu",
    "cpuacct",
    "cpuset",
    "memory",
    "devices",
    "freezer",
    "blkio",
    "pids",
    "systemd",
)
WEIGHTS = {"cpu.shares": "10240", "cpu.weight": "1000"}
"""Ten times the default, in the first and in the second version."""
UNIFIED_CONTROLLERS = "+cpu +cpuset +memory +pids +io"


def make(name: str) -> None:
    """Make the control groups of this name, in both versions of control groups."""
    for hierarchy in _hierarchies():
        group = hierarchy / name
        if (hierarchy / "cgroup.controllers").exists():
            (hierarchy / "cgroup.subtree_control").write_text(UNIFIED_CONTROLLERS)
        group.mkdir(exist_ok=True)
        # A group of the first version may use no processor until some are written to it.
        for file in ("cpuset.cpus", "cpuset.mems"):
            if (hierarchy / file).exists():
                (group / file).write_text((hierarchy / file).read_text())
        # Else all pods of a node together weigh as much as a single process outside.
        for file, weight in WEIGHTS.items():
            if (group / file).exists():
                (group / file).write_text(weight)


def remove(name: str) -> None:
    """Remove the control groups of this name and all below them; no process may be in them."""
    # runc makes groups also in the second version's hierarchy, where both versions are mounted.
    for hierarchy in (*_hierarchies(), MOUNT / "unified"):
        for folder, _, _ in os.walk(hierarchy / name, topdown=False):
            Path(folder).rmdir()


def _hierarchies() -> Iterator[Path]:
    if (MOUNT / "cgroup.controllers").exists():
        yield MOUNT
        return
    # Several names may be the same hierarchy (`cpu` and `cpuacct` mostly are).
    seen = {path.resolve() for name in CONTROLLERS if (path := MOUNT / name).is_dir()}
    yield from sorted(seen)
