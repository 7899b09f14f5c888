"""The control plane of the cluster: the API server, its controllers and the scheduler.

They listen in the network namespace of the command, at an address that the nodes reach.
"""

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from deploy.k8s.lab.api_server import ADMIN, Etcd
from deploy.k8s.lab.cluster.certificates import Authority
from deploy.local.children import Child
from deploy.local.folder import Folder
from deploy.local.ports import LOOPBACK

ADDRESS = "198.51.100.10"
"""Of the control plane; this range (RFC 5737) is routed nowhere."""
PORT = 6443
SERVICES_RANGE = "10.96.0.0/16"
API_SERVICE_ADDRESS = "10.96.0.1"


@dataclass(frozen=True, kw_only=True)
class Site:
    """The folders of a cluster, of Kubernetes and of the programs of its network; its authority."""

    folder: Folder
    programs: Path
    network: Path
    authority: Authority

    @property
    def admin(self) -> Path:
        """The file with which kubectl is the administrator."""
        return self.authority.file("admin.kubeconfig")

    def kubectl(self, *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
        """Run kubectl as the administrator; `given` is its standard input."""
        return subprocess.run(
            [str(self.programs / "kubectl"), f"--kubeconfig={self.admin}", *arguments],
            input=given,
            capture_output=True,
            text=True,
        )


def issue_control_plane(authority: Authority) -> None:
    """Issue the certificates of the control plane and of its administrator."""
    hosts = (LOOPBACK, ADDRESS, API_SERVICE_ADDRESS, "localhost", "kubernetes.default.svc")
    authority.issue("kube-apiserver", user="kube-apiserver", hosts=hosts)
    authority.issue_signer()
    authority.issue_kubeconfig("admin", user="admin", group=ADMIN)
    for program in ("kube-controller-manager", "kube-scheduler", "kube-proxy"):
        authority.issue_kubeconfig(program, user=f"system:{program}")


class ClusterApiServer(Child):
    """The API server of a cluster with nodes."""

    def __init__(self, site: Site, etcd: Etcd) -> None:
        super().__init__("kube-apiserver", site.folder)
        self._site, self._etcd = site, etcd

    def command(self) -> Sequence[str]:
        file = self._site.authority.file
        authority = self._site.authority.path
        return (
            str(self._site.programs / "kube-apiserver"),
            f"--etcd-servers={self._etcd.url}",
            *("--bind-address=0.0.0.0", f"--advertise-address={ADDRESS}", f"--secure-port={PORT}"),
            f"--tls-cert-file={file('kube-apiserver.crt')}",
            f"--tls-private-key-file={file('kube-apiserver.key')}",
            f"--client-ca-file={authority}",
            "--service-account-issuer=https://kubernetes.default.svc",
            f"--service-account-key-file={file('accounts.pub')}",
            f"--service-account-signing-key-file={file('accounts.key')}",
            f"--kubelet-client-certificate={file('admin.crt')}",
            f"--kubelet-client-key={file('admin.key')}",
            f"--kubelet-certificate-authority={authority}",
            "--kubelet-preferred-address-types=InternalIP",
            f"--service-cluster-ip-range={SERVICES_RANGE}",
            "--authorization-mode=Node,RBAC",
            "--enable-admission-plugins=NodeRestriction",
        )

    def ready(self) -> bool:
        return self._site.kubectl("get", "--raw", "/readyz").returncode == 0


class Controllers(Child):
    """The controllers: they make pods of Deployments, endpoints of Services, and so on."""

    def __init__(self, site: Site) -> None:
        super().__init__("kube-controller-manager", site.folder)
        self._site = site

    def command(self) -> Sequence[str]:
        file = self._site.authority.file
        return (
            str(self._site.programs / self.name),
            f"--kubeconfig={file(f'{self.name}.kubeconfig')}",
            *(f"--bind-address={LOOPBACK}", "--leader-elect=false"),
            "--use-service-account-credentials=true",
            f"--service-account-private-key-file={file('accounts.key')}",
            f"--root-ca-file={self._site.authority.path}",
        )

    def ready(self) -> bool:
        # It has worked once every namespace has the account that its pods run as.
        return self._site.kubectl("get", "serviceaccount", "default").returncode == 0


class Scheduler(Child):
    """The scheduler: it chooses the node of each pod."""

    def __init__(self, site: Site) -> None:
        super().__init__("kube-scheduler", site.folder)
        self._site = site

    def command(self) -> Sequence[str]:
        kubeconfig = self._site.authority.file(f"{self.name}.kubeconfig")
        return (
            str(self._site.programs / self.name),
            *(f"--kubeconfig={kubeconfig}", f"--bind-address={LOOPBACK}", "--leader-elect=false"),
        )

    def ready(self) -> bool:
        # Nothing waits for it: a pod without a node waits for the scheduler by itself.
        return True
