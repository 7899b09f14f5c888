"""The enforcement of NetworkPolicies on a node, by the agent in `network/`.

Rules of the node's own network lead the first packet of each connection of a pod to the agent. What
the node's own processes send (probes of the kubelet) passes, as on every cluster. While the agent
does not run, nothing passes.
"""

import subprocess
from collections.abc import Sequence

from deploy.k8s.lab.api_server import ADMIN
from deploy.k8s.lab.cluster.control_plane import Site
from deploy.k8s.lab.cluster.nodes import PODS_RANGE, Node, run
from deploy.local.children import Child

QUEUE = 100
CHAIN = "POLICIES"
QUEUES = "/proc/net/netfilter/nfnetlink_queue"
TO_AGENT = ("-j", "NFQUEUE", "--queue-num", str(QUEUE))
RULES: tuple[tuple[str, ...], ...] = (
    ("-N", CHAIN),
    ("-A", CHAIN, "-m", "owner", "--uid-owner", "0", "-j", "RETURN"),
    ("-A", CHAIN, "-m", "conntrack", "--ctstate", "ESTABLISHED,RELATED", "-j", "RETURN"),
    ("-A", CHAIN, "-s", PODS_RANGE, *TO_AGENT),
    ("-A", CHAIN, "-d", PODS_RANGE, *TO_AGENT),
    ("-A", "POSTROUTING", "-j", CHAIN),
)


class Policies(Child):
    """The agent of a node that lets connections pass or drops them."""

    def __init__(self, site: Site, node: Node) -> None:
        super().__init__(f"{node.name}-policies", site.folder)
        self._site, self._node = site, node

    def prepare(self) -> None:
        self._site.authority.issue_kubeconfig(self.name, user=self.name, group=ADMIN)
        for rule in RULES:
            run(*self._node.inside("iptables", "-t", "mangle", *rule))

    def command(self) -> Sequence[str]:
        kubeconfig = self._site.authority.file(f"{self.name}.kubeconfig")
        return self._node.inside(
            str(self._site.network / "policies"),
            *(f"--kubeconfig={kubeconfig}", f"--node={self._node.name}", f"--queue={QUEUE}"),
        )

    def ready(self) -> bool:
        command = self._node.inside("cat", QUEUES)
        queues = subprocess.run(command, capture_output=True, text=True).stdout
        return any(line.split()[:1] == [str(QUEUE)] for line in queues.splitlines())
