"""The programs of a node: containerd, which runs containers, the kubelet, and the proxy."""

import json
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx
import yaml

from deploy.k8s.lab.cluster.control_plane import Site
from deploy.k8s.lab.cluster.nodes import PODS_RANGE, Node, run
from deploy.local.children import Child

DNS_ADDRESS = "10.96.0.10"
PLUGINS = Path("/usr/lib/cni")
PAUSE_IMAGE = "localhost/pause:lab"
PROXY_HEALTH = 10_256
CLOCK = "clock"
"""The folder in which every container finds the file `now` with the time of the programme."""
CONTAINERD = """\
version = 2
root = "{home}/root"
state = "{home}/state"
disabled_plugins = [{disabled}]
[grpc]
  address = "{socket}"
[plugins."io.containerd.internal.v1.opt"]
  path = "{home}/opt"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "{pause}"
  restrict_oom_score_adj = true
  disable_apparmor = true
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
    base_runtime_spec = "{home}/container.json"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
      SystemdCgroup = false
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "{plugins}"
    conf_dir = "{home}/cni"
"""
DISABLED = ("btrfs", "zfs", "devmapper", "aufs")


class Containerd(Child):
    """The container runtime of a node."""

    def __init__(self, site: Site, node: Node) -> None:
        super().__init__(f"{node.name}-containerd", site.folder)
        self._node = node

    def prepare(self) -> None:
        home = self._node.home
        (home / "cni").mkdir(parents=True, exist_ok=True)
        disabled = ", ".join(f'"io.containerd.snapshotter.v1.{name}"' for name in DISABLED)
        (home / "containerd.toml").write_text(
            CONTAINERD.format(
                home=home,
                disabled=disabled,
                socket=self._node.socket,
                pause=PAUSE_IMAGE,
                plugins=PLUGINS,
            )
        )
        (home / "cni" / "10.conflist").write_text(json.dumps(self._network()))
        (home / "container.json").write_text(json.dumps(self._container()))

    def command(self) -> Sequence[str]:
        return self._node.inside("containerd", "-c", str(self._node.home / "containerd.toml"))

    def ready(self) -> bool:
        return self._ctr("version").returncode == 0

    def load(self, archive: Path) -> None:
        """Load an image from its archive. Raises `LocalError`."""
        run("ctr", "-a", str(self._node.socket), "-n", "k8s.io", "images", "import", str(archive))

    def _ctr(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = ["ctr", "-a", str(self._node.socket), *arguments]
        return subprocess.run(command, capture_output=True, text=True)

    def _container(self) -> Mapping[str, object]:
        """Return what every container begins with: containerd's own defaults, and the clock.

        A node has a clock, and its containers read it: here it is a folder of the lab.
        """
        specification: dict[str, Any] = json.loads(run("ctr", "oci", "spec"))
        folder = self.folder.path / CLOCK
        folder.mkdir(exist_ok=True)
        clock = {"destination": f"/{CLOCK}", "type": "bind", "source": str(folder)}
        specification["mounts"].append({**clock, "options": ["rbind", "ro"]})
        return specification

    def _network(self) -> Mapping[str, object]:
        addresses = {
            "type": "host-local",
            "ranges": [[{"subnet": self._node.pods_range}]],
            "routes": [{"dst": "0.0.0.0/0"}],
            "dataDir": str(self._node.home / "addresses"),
        }
        bridge = {"type": "bridge", "bridge": "cni0", "isGateway": True, "hairpinMode": True}
        plugins = [{**bridge, "ipam": addresses}]
        return {"cniVersion": "0.4.0", "name": "lab", "plugins": plugins}


class Kubelet(Child):
    """The agent of a node, which runs its pods."""

    def __init__(self, site: Site, node: Node) -> None:
        super().__init__(f"{node.name}-kubelet", site.folder)
        self._site, self._node = site, node

    def prepare(self) -> None:
        node, authority = self._node, self._site.authority
        user, hosts = f"system:node:{node.name}", (node.address, node.name)
        authority.issue_kubeconfig(self.name, user=user, group="system:nodes")
        authority.issue(f"{self.name}-server", user=user, group="system:nodes", hosts=hosts)
        node.home.mkdir(parents=True, exist_ok=True)
        (node.home / "kubelet.yaml").write_text(yaml.safe_dump(self._configuration()))

    def command(self) -> Sequence[str]:
        node = self._node
        kubeconfig = self._site.authority.file(f"{self.name}.kubeconfig")
        return node.inside(
            str(self._site.programs / "kubelet"),
            *(f"--config={node.home / 'kubelet.yaml'}", f"--kubeconfig={kubeconfig}"),
            *(f"--hostname-override={node.name}", f"--node-ip={node.address}"),
            *(f"--root-dir={node.home / 'kubelet'}", f"--cert-dir={node.home / 'kubelet-pki'}"),
            f"--node-labels=topology.kubernetes.io/zone=z{node.number}",
        )

    def ready(self) -> bool:
        condition = "jsonpath={.status.conditions[?(@.type=='Ready')].status}"
        answer = self._site.kubectl("get", "node", self._node.name, "-o", condition)
        return answer.stdout == "True"

    def _configuration(self) -> dict[str, object]:
        node, authority = self._node, self._site.authority
        return {
            "apiVersion": "kubelet.config.k8s.io/v1beta1",
            "kind": "KubeletConfiguration",
            "authentication": {
                "anonymous": {"enabled": False},
                "webhook": {"enabled": False},
                "x509": {"clientCAFile": str(authority.path)},
            },
            "authorization": {"mode": "AlwaysAllow"},
            "address": node.address,
            "readOnlyPort": 0,
            "tlsCertFile": str(authority.file(f"{self.name}-server.crt")),
            "tlsPrivateKeyFile": str(authority.file(f"{self.name}-server.key")),
            "containerRuntimeEndpoint": f"unix://{node.socket}",
            "cgroupDriver": "cgroupfs",
            "cgroupRoot": f"/{node.cgroup}",
            "failCgroupV1": False,
            "failSwapOn": False,
            # The kernel's flags are those of the machine: the kubelet reads them, and sets none.
            "protectKernelDefaults": True,
            "featureGates": {"KubeletInUserNamespace": True},
            "oomScoreAdj": 0,
            "maxOpenFiles": 20_000,
            "podLogsDir": str(node.home / "pod-logs"),
            "volumePluginDir": str(node.home / "volume-plugins"),
            "clusterDNS": [DNS_ADDRESS],
            "clusterDomain": "cluster.local",
            "resolvConf": "",
            # No registry has the images: none is removed, however full the disk is.
            "imageGCHighThresholdPercent": 100,
            "evictionHard": {
                "memory.available": "50Mi",
                "nodefs.available": "1%",
                "imagefs.available": "1%",
            },
        }


class Proxy(Child):
    """The proxy of a node, which leads from the address of a Service to its pods."""

    def __init__(self, site: Site, node: Node) -> None:
        super().__init__(f"{node.name}-proxy", site.folder)
        self._site, self._node = site, node

    def prepare(self) -> None:
        kubeconfig = self._site.authority.file("kube-proxy.kubeconfig")
        configuration = {
            "apiVersion": "kubeproxy.config.k8s.io/v1alpha1",
            "kind": "KubeProxyConfiguration",
            "healthzBindAddress": f"{self._node.address}:{PROXY_HEALTH}",
            "metricsBindAddress": "127.0.0.1:10249",
            "clientConnection": {"kubeconfig": str(kubeconfig)},
            "clusterCIDR": PODS_RANGE,
            "hostnameOverride": self._node.name,
            "mode": "iptables",
            # The limits of connections are those of the machine.
            "conntrack": {
                "maxPerCore": 0,
                "min": 0,
                "tcpEstablishedTimeout": "0s",
                "tcpCloseWaitTimeout": "0s",
            },
        }
        (self._node.home / "proxy.yaml").write_text(yaml.safe_dump(configuration))

    def command(self) -> Sequence[str]:
        configuration = self._node.home / "proxy.yaml"
        return self._node.inside(
            str(self._site.programs / "kube-proxy"), f"--config={configuration}"
        )

    def ready(self) -> bool:
        try:
            url = f"http://{self._node.address}:{PROXY_HEALTH}/healthz"
            return httpx.get(url, trust_env=False).is_success
        except httpx.HTTPError:
            return False
