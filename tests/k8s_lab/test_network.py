"""Every pod tries every port: it reaches what it needs and nothing else.

Beside the pods of the system, visitors try: pods of other namespaces, with the label of a gateway,
of Prometheus, of a client of one API, and without a label. The table of what is allowed is written
down here, apart from the manifests.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pytest

from deploy.k8s.lab.deployment import overlay_of
from gelar.services import SERVICES
from tests.k8s_lab.lab import DEPLOYMENTS, Lab, eventually

VISITORS: Mapping[str, Mapping[str, str]] = {
    "gateway": {"gelar.kukm.go.id/role": "gateway"},
    "prometheus": {"gelar.kukm.go.id/role": "monitoring"},
    "client-of-budget": {"gelar.kukm.go.id/client-of-budget": "true"},
    "stranger": {},
}
"""The labels of each visitor's namespace."""
HTTP, OPERATIONS = 8000, 9000
SERVERS = {
    "kafka": ("kafka.servers.svc.cluster.local", 9093),
    "mongo": ("mongo.servers.svc.cluster.local", 27017),
}
TRY = """
import json, socket, sys
from concurrent.futures import ThreadPoolExecutor

def reached(target):
    name, (host, port) = target
    try:
        socket.create_connection((host, port), timeout=5).close()
        return name, True
    except OSError:
        return name, False

targets = json.loads(sys.argv[1])
with ThreadPoolExecutor(len(targets)) as pool:
    print(json.dumps(dict(pool.map(reached, targets.items()))))
"""


@dataclass(frozen=True)
class Place:
    """A container from which connections are tried; `name` is a Deployment's or a visitor's."""

    name: str
    exec: tuple[str, ...]
    """What `kubectl exec` needs to find it."""


def _may_reach(place: str, target: str) -> bool:
    """Return True if the pod or visitor of this name is to reach `NAME:http`, `kafka` and so on."""
    name, _, port = target.partition(":")
    if name == place:
        return True
    if port == "http":
        return place in ("gateway", f"client-of-{name.removesuffix('-api')}")
    if port == "operations":
        return place == "prometheus"
    # The servers of the lab have no policies of their own, so only our pods are bound.
    return True


@pytest.fixture(scope="module")
def places(lab: Lab) -> Iterator[list[Place]]:
    """Return all pods of the system, and the visitors, which end with the module."""
    for name, labels in VISITORS.items():
        namespace = {"metadata": {"name": name, "labels": labels}}
        lab.everywhere("apply", "-f", "-", given=_resource("Namespace", namespace))
        lab.everywhere("apply", "-f", "-", given=_resource("Pod", _visitor(name)))
    for name in VISITORS:
        lab.kubectl("-n", name, "wait", "pod/visitor", "--for=condition=Ready", "--timeout=120s")
    ours = [Place(name, (f"deployment/{name}",)) for name in DEPLOYMENTS]
    yield [*ours, *(Place(name, ("--namespace", name, "visitor")) for name in VISITORS)]
    lab.kubectl("delete", "namespace", *VISITORS, "--wait=false")


def _resource(kind: str, content: Mapping[str, object]) -> str:
    return json.dumps({"apiVersion": "v1", "kind": kind, **content})


def _visitor(namespace: str) -> Mapping[str, object]:
    container = {
        "name": "visitor",
        "image": "gelar/budget:lab",
        "command": ["python3", "-c", "import time; time.sleep(3600)"],
    }
    spec = {"terminationGracePeriodSeconds": 0, "automountServiceAccountToken": False}
    return {
        "metadata": {"name": "visitor", "namespace": namespace},
        "spec": {**spec, "containers": [container]},
    }


def _targets(lab: Lab) -> dict[str, tuple[str, int]]:
    """Return host and port of everything that listens: APIs, metrics, Kafka and MongoDB."""
    targets = dict(SERVERS)
    for deployment in DEPLOYMENTS:
        (pod,) = lab.pods(deployment)
        address = pod["status"]["podIP"]
        targets[f"{deployment}:operations"] = (address, OPERATIONS)
        if deployment.endswith("-api"):
            targets[f"{deployment}:http"] = (address, HTTP)
    return targets


def _reached(lab: Lab, place: Place, targets: Mapping[str, tuple[str, int]]) -> set[str]:
    command = ("python3", "-c", TRY, json.dumps(targets))
    answer: dict[str, bool] = json.loads(lab.kubectl("exec", *place.exec, "--", *command))
    return {name for name, reached in answer.items() if reached}


def test_every_pod_reaches_what_it_needs_and_nothing_else(lab: Lab, places: list[Place]) -> None:
    targets = _targets(lab)
    assert len(targets) == len(SERVERS) + len(DEPLOYMENTS) + len(SERVICES)
    found = {place.name: _reached(lab, place, targets) for place in places}
    allowed = {
        place.name: {target for target in targets if _may_reach(place.name, target)}
        for place in places
    }
    assert found == allowed


def test_without_its_policy_a_stranger_reaches_an_api(lab: Lab, places: list[Place]) -> None:
    """Show that the policies keep a stranger away, and not something else in the network."""
    (stranger,) = [place for place in places if place.name == "stranger"]
    targets = {name: each for name, each in _targets(lab).items() if name == "budget-api:http"}
    lab.kubectl("delete", "networkpolicy", "default-deny", "budget-api", "people", "metrics")
    try:
        eventually(lambda: _reached(lab, stranger, targets) == set(targets), seconds=60)
    finally:
        overlay = str(overlay_of(lab.replicas))
        lab.kubectl("apply", "--server-side", "--force-conflicts", "-k", overlay)
    eventually(lambda: _reached(lab, stranger, targets) == set(), seconds=60)
