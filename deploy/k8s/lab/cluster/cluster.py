"""Start a cluster in the namespaces of this process, and end it.

Called by `inside`, which `real` runs in namespaces of its own. Etcd and the API server come first,
beside them the containerds with the images; then the controllers, the kubelets and the proxies.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.k8s.lab.api_server import Etcd
from deploy.k8s.lab.cluster import cgroups
from deploy.k8s.lab.cluster.certificates import Authority
from deploy.k8s.lab.cluster.control_plane import (
    ADDRESS,
    PORT,
    ClusterApiServer,
    Controllers,
    Scheduler,
    Site,
    issue_control_plane,
)
from deploy.k8s.lab.cluster.node_programs import Containerd, Kubelet, Proxy
from deploy.k8s.lab.cluster.nodes import Node, connect
from deploy.k8s.lab.cluster.policies import Policies
from deploy.k8s.lab.programs import Tell
from deploy.local.children import Child, stop_all
from deploy.local.ports import Ports
from deploy.local.servers import open_folder

NODES = 2
STOP_SECONDS = 3.0


@dataclass(frozen=True, kw_only=True)
class Parts:
    """The folders of a cluster, of Kubernetes and of the programs of its network.

    `cgroup` begins the names of its control groups.
    """

    folder: Path
    programs: Path
    network: Path
    cgroup: str

    @property
    def cgroups(self) -> list[str]:
        """The names of the control groups of its nodes."""
        return [f"{self.cgroup}-n{number + 1}" for number in range(NODES)]

    def nodes(self) -> list[Node]:
        """Return its nodes."""
        return [
            Node(number=number, home=self.folder / f"n{number}", cgroup=name)
            for number, name in enumerate(self.cgroups, 1)
        ]


@contextmanager
def cluster(parts: Parts, archives: Sequence[Path], tell: Tell) -> Iterator[Site]:
    """Run a cluster with these images until the block ends. Raises `LocalError`."""
    with open_folder(parts.folder, empty=True) as folder:
        authority = Authority(folder.path / "certificates", f"https://{ADDRESS}:{PORT}")
        issue_control_plane(authority)
        site = Site(
            folder=folder, programs=parts.programs, network=parts.network, authority=authority
        )
        nodes = parts.nodes()
        connect(nodes)
        started: list[Child] = []
        try:
            _start(site, nodes, archives, started, tell)
            yield site
        finally:
            # No orderly end: everything goes with the namespaces.
            stop_all(started[::-1], within=STOP_SECONDS)


def _start(
    site: Site,
    nodes: Sequence[Node],
    archives: Sequence[Path],
    started: list[Child],
    tell: Tell,
) -> None:
    def launch(child: Child) -> Child:
        started.append(child)
        child.launch()
        return child

    containerds = [Containerd(site, node) for node in nodes]
    etcd = Etcd(site.folder, site.programs, Ports(site.folder.path / "ports.json"))
    for child in (etcd, *containerds):
        launch(child)
    etcd.await_ready()
    server = launch(ClusterApiServer(site, etcd))
    with ThreadPoolExecutor(len(nodes)) as pool:
        loading = [pool.submit(_load, containerd, archives) for containerd in containerds]
        server.await_ready()
        tell("the API server is ready")
        for child in (Controllers(site), Scheduler(site)):
            launch(child)
        for done in loading:
            done.result()
    tell(f"{len(archives)} images are on {len(nodes)} nodes")
    for node in nodes:
        cgroups.make(node.cgroup)
        for child in (Kubelet(site, node), Proxy(site, node), Policies(site, node)):
            launch(child)
    for child in started:
        child.await_ready()
    tell(f"{len(nodes)} nodes are ready")


def _load(containerd: Containerd, archives: Sequence[Path]) -> None:
    containerd.await_ready()
    for archive in archives:
        containerd.load(archive)
