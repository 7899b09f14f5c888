"""The lab's cluster as a test sees it: kubectl, the addresses of Services, pods, and the clock."""

import json
import os
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from deploy.k8s.lab.deployment import KAFKA, URI
from gelar.services import SERVICES
from shared.settings import Settings
from tests.conftest import pauses

DEADLINE_SECONDS = 300.0
PARTITIONS = 3
DEPLOYMENTS = tuple(f"{service}-{part}" for service in SERVICES for part in ("api", "worker"))


@dataclass(frozen=True)
class Lab:
    """The cluster in the folder that `make k8s-test` names."""

    folder: Path
    replicas: int
    """The number of brokers, and of members of the replica set."""

    @property
    def keys(self) -> Path:
        """The folder of the token issuer that the services trust."""
        return self.folder / "keys"

    @property
    def clock(self) -> Path:
        """The file that every container reads the programme's time from."""
        return self.folder / "clock" / "now"

    @property
    def urls(self) -> dict[str, str]:
        """The addresses of the APIs, through their Services."""
        return {name: f"http://{name}.gelar.svc.cluster.local" for name in SERVICES}

    @property
    def settings(self) -> Settings:
        """Settings that only read the databases and topics of the cluster."""
        return Settings(
            environment="local",
            kafka_bootstrap_servers=KAFKA,
            mongo_uri=URI,
            partitions=PARTITIONS,
            replication_factor=self.replicas,
            jwks_file=self.keys / "jwks.json",
            parts="api",
        )

    def tried(self, *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
        """Run kubectl in the namespace of the system."""
        return _kubectl("--namespace=gelar", *arguments, given=given)

    def kubectl(self, *arguments: str, given: str = "") -> str:
        """Run kubectl, and return its output; fails with its error."""
        return _succeeded(self.tried(*arguments, given=given))

    def everywhere(self, *arguments: str, given: str = "") -> None:
        """Run kubectl on manifests that name their namespaces themselves."""
        _succeeded(_kubectl(*arguments, given=given))

    def get(self, *what: str) -> Any:
        """Return a resource of the cluster, or a list of them."""
        answer = json.loads(self.kubectl("get", *what, "-o", "json"))
        return answer["items"] if answer["kind"] == "List" else answer

    def pods(self, deployment: str) -> list[Any]:
        """Return the pods of a Deployment that are not being stopped."""
        service, part = deployment.rsplit("-", 1)
        labels = f"app.kubernetes.io/name={service},app.kubernetes.io/component={part}"
        pods: list[Any] = self.get("pods", "-l", labels)
        return [pod for pod in pods if "deletionTimestamp" not in pod["metadata"]]

    def gelar(self, service: str, *command: str) -> str:
        """Run an operator's command in the newest pod of a service's worker; return its output."""
        pods = self.pods(f"{service}-worker")
        newest = max(pods, key=lambda pod: str(pod["metadata"]["creationTimestamp"]))
        return self.kubectl("exec", newest["metadata"]["name"], "--", "gelar", *command)

    def is_gone(self, pod: Any) -> bool:
        """Return True once this pod does not exist any more."""
        return "NotFound" in self.tried("get", "pod", pod["metadata"]["name"]).stderr

    def restarts(self, pod: Any) -> int:
        """Return how often the container of this pod was started again."""
        status = self.get("pod", pod["metadata"]["name"])["status"]
        return sum(each["restartCount"] for each in status.get("containerStatuses", ()))

    def kill(self, pod: Any) -> None:
        """Kill the process of this pod, as the kernel does that runs out of memory."""
        uid = pod["metadata"]["uid"]
        processes = [each for each in psutil.process_iter() if uid in _cgroup(each)]
        (service,) = [each for each in processes if "serve" in " ".join(each.cmdline())]
        service.kill()

    def await_rollouts(self, *deployments: str) -> None:
        """Wait until these Deployments, or all, have the pods that they ask for."""
        for deployment in deployments or DEPLOYMENTS:
            self.kubectl("rollout", "status", f"deployment/{deployment}", "--timeout=300s")


def _kubectl(*arguments: str, given: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["kubectl", *arguments], input=given, capture_output=True, text=True)


def _succeeded(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 0, f"{' '.join(done.args)}: {done.stderr}{done.stdout}"
    return done.stdout


def _cgroup(process: psutil.Process) -> str:
    try:
        return Path(f"/proc/{process.pid}/cgroup").read_text()
    except FileNotFoundError:
        return ""


def eventually(condition: Callable[[], bool], *, seconds: float = DEADLINE_SECONDS) -> None:
    """Return once the condition holds; fail when it does not within the deadline."""
    deadline = time.monotonic() + seconds
    for pause in pauses():
        if condition():
            return
        assert time.monotonic() < deadline, f"not within {seconds:.0f} seconds"
        time.sleep(pause)


def the_lab() -> Lab:
    """Return the lab of this run."""
    return Lab(Path(os.environ["KUKM_LAB"]), int(os.environ["KUKM_LAB_REPLICAS"]))
