"""Run a real API server of Kubernetes, without nodes, on the loopback address.

It checks and admits as the server of a cluster does: schemas, defaults, Pod Security, policies. So
a server-side dry run of a manifest shows what a cluster would answer.
"""

import json
import secrets
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from deploy.local.children import Child, stopped_at_the_end
from deploy.local.folder import Folder
from deploy.local.ports import LOOPBACK, Ports, listens
from deploy.local.servers import open_folder

ADMIN = "system:masters"


class Etcd(Child):
    """The store of the API server; nothing of it survives a test, so it writes without fsync."""

    def __init__(self, folder: Folder, programs: Path, ports: Ports) -> None:
        super().__init__("etcd", folder)
        self._program = programs / "etcd"
        self._client, self._peer = ports.take("etcd"), ports.take("etcd-peer")
        self._data = folder.path / "etcd"

    @property
    def url(self) -> str:
        """The address that the API server connects to."""
        return f"http://{LOOPBACK}:{self._client}"

    def prepare(self) -> None:
        shutil.rmtree(self._data, ignore_errors=True)

    def command(self) -> Sequence[str]:
        peer = f"http://{LOOPBACK}:{self._peer}"
        return (
            str(self._program),
            *("--data-dir", str(self._data), "--unsafe-no-fsync"),
            *("--listen-client-urls", self.url, "--advertise-client-urls", self.url),
            *("--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer),
            *("--initial-cluster", f"default={peer}"),
        )

    def ready(self) -> bool:
        return listens(self._client)


class ApiServer(Child):
    """The API server; `kubeconfig` is the file with which kubectl is its administrator."""

    def __init__(self, folder: Folder, programs: Path, ports: Ports, etcd: Etcd) -> None:
        super().__init__("kube-apiserver", folder)
        self._programs = programs
        self._port = ports.take("kube-apiserver")
        self._etcd = etcd
        self._files = folder.path / "kubernetes"
        self.kubeconfig = self._files / "kubeconfig"

    def prepare(self) -> None:
        self._files.mkdir(parents=True, exist_ok=True)
        token = secrets.token_hex(16)
        (self._files / "tokens").write_text(f"{token},admin,admin,{ADMIN}\n")
        (self._files / "accounts.pem").write_bytes(_private_key())
        self.kubeconfig.write_text(json.dumps(self._configuration(token)))

    def command(self) -> Sequence[str]:
        accounts = str(self._files / "accounts.pem")
        return (
            str(self._programs / "kube-apiserver"),
            *(f"--etcd-servers={self._etcd.url}", f"--cert-dir={self._files}"),
            *(f"--bind-address={LOOPBACK}", f"--secure-port={self._port}"),
            f"--token-auth-file={self._files / 'tokens'}",
            "--service-account-issuer=https://kubernetes.default.svc",
            f"--service-account-key-file={accounts}",
            f"--service-account-signing-key-file={accounts}",
            "--service-cluster-ip-range=10.96.0.0/16",
            "--authorization-mode=RBAC",
            # No controller makes the accounts of namespaces here.
            "--disable-admission-plugins=ServiceAccount",
            "--endpoint-reconciler-type=none",
        )

    def ready(self) -> bool:
        if not listens(self._port):
            return False
        return self.kubectl("get", "--raw", "/readyz").returncode == 0

    def kubectl(self, *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
        """Run kubectl as the administrator; `given` is its standard input."""
        return subprocess.run(
            [str(self._programs / "kubectl"), f"--kubeconfig={self.kubeconfig}", *arguments],
            input=given,
            capture_output=True,
            text=True,
        )

    def _configuration(self, token: str) -> dict[str, Any]:
        server = f"https://{LOOPBACK}:{self._port}"
        return {
            "apiVersion": "v1",
            "kind": "Config",
            # The server signs its own certificate at its start, for this address only.
            "clusters": [
                {"name": "lab", "cluster": {"server": server, "insecure-skip-tls-verify": True}}
            ],
            "users": [{"name": "admin", "user": {"token": token}}],
            "contexts": [{"name": "lab", "context": {"cluster": "lab", "user": "admin"}}],
            "current-context": "lab",
        }


@contextmanager
def api_server(path: Path, programs: Path) -> Iterator[ApiServer]:
    """Run an empty API server in a folder until the block ends. Raises `LocalError`."""
    with open_folder(path, empty=True) as folder:
        ports = Ports(folder.path / "ports.json")
        etcd = Etcd(folder, programs, ports)
        server = ApiServer(folder, programs, ports, etcd)
        with stopped_at_the_end([server, etcd]):
            etcd.start()
            server.start()
            yield server


def _private_key() -> bytes:
    return ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
