"""The nodes of the cluster: a network namespace each, and the routes between them.

They share the process and mount namespaces of the command, which no process of theirs survives.
"""

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from deploy.k8s.lab.cluster.control_plane import ADDRESS, SERVICES_RANGE
from deploy.local import LocalError

BRIDGE = "lab0"
PODS_RANGE = "10.244.0.0/16"


@dataclass(frozen=True, kw_only=True)
class Node:
    """A node by its number: its names, addresses and files."""

    number: int
    home: Path
    cgroup: str

    @property
    def name(self) -> str:
        """The name of the node, and of its network namespace."""
        return f"n{self.number}"

    @property
    def address(self) -> str:
        """Its address in the network of nodes."""
        return f"198.51.100.{10 + self.number}"

    @property
    def pods_range(self) -> str:
        """The range of the addresses of its pods."""
        return f"10.244.{self.number}.0/24"

    @property
    def socket(self) -> Path:
        """The address of its containerd."""
        return self.home / "containerd.sock"

    def inside(self, *command: str) -> tuple[str, ...]:
        """Return a command that runs in its network."""
        return ("nsenter", f"--net=/run/netns/{self.name}", *command)


def connect(nodes: Sequence[Node]) -> None:
    """Make the network of the control plane and the nodes, and the routes between their pods."""
    _ip("link", "add", BRIDGE, "type", "bridge")
    _ip("addr", "add", f"{ADDRESS}/24", "dev", BRIDGE)
    _ip("link", "set", BRIDGE, "up")
    _ip("route", "add", "default", "dev", BRIDGE)
    for node in nodes:
        name = node.name
        _ip("netns", "add", name)
        _ip("link", "add", f"v-{name}", "type", "veth", "peer", "name", "eth0", "netns", name)
        _ip("link", "set", f"v-{name}", "master", BRIDGE, "up")
        _ip("-n", name, "link", "set", "lo", "up")
        _ip("-n", name, "addr", "add", f"{node.address}/24", "dev", "eth0")
        _ip("-n", name, "link", "set", "eth0", "up")
        _ip("-n", name, "route", "add", "default", "via", ADDRESS)
        _ip("route", "add", node.pods_range, "via", node.address)
        for other in nodes:
            if other is not node:
                _ip("-n", name, "route", "add", other.pods_range, "via", other.address)
        run(*node.inside("sysctl", "-qw", "net.ipv4.ip_forward=1"))
        run(*node.inside("sysctl", "-qw", "net.bridge.bridge-nf-call-iptables=1"))
    # The control plane reaches Services through the proxy of the first node.
    _ip("route", "add", SERVICES_RANGE, "via", nodes[0].address)


def run(*command: str) -> str:
    """Run a command and return its output. Raises `LocalError` with its last line if it fails."""
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        lines = (done.stderr or done.stdout).strip().splitlines()
        raise LocalError(f"{' '.join(command)} failed: {lines[-1] if lines else done.returncode}")
    return done.stdout


def _ip(*arguments: str) -> None:
    run("ip", *arguments)
