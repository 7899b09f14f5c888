"""A node is drained, a process is killed or out of memory: all catch up, and nothing is lost."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.k8s_lab.conftest import Played
from tests.k8s_lab.lab import DEPLOYMENTS, Lab, eventually
from tests.k8s_lab.load import load

SOME = 40
DRAINED = "n2"
# Many small processes: where memory is short the kernel ends the largest, which is the service.
HUNGRY = """
import os, time
for _ in range(60):
    if os.fork() == 0:
        held = b"x" * (16 << 20)
        time.sleep(120)
        os._exit(0)
time.sleep(120)
"""


@pytest.fixture
def two_pods(lab: Lab) -> Iterator[str]:
    """Give the API of registration a second pod, on the other node."""
    deployment = "registration-api"
    lab.kubectl("scale", f"deployment/{deployment}", "--replicas=2")
    lab.await_rollouts(deployment)
    yield deployment
    lab.kubectl("uncordon", DRAINED)
    lab.kubectl("scale", f"deployment/{deployment}", "--replicas=1")
    lab.await_rollouts()


def test_a_drain_moves_all_pods_and_refuses_no_request(played: Played, two_pods: str) -> None:
    lab = played.lab
    assert {pod["spec"]["nodeName"] for pod in lab.pods(two_pods)} == {"n1", DRAINED}
    with load(lab) as people:
        eventually(lambda: people.answers["201"] >= SOME)
        lab.kubectl("drain", DRAINED, "--delete-emptydir-data", "--timeout=300s")
        lab.await_rollouts()
        answered = people.answers["201"]
        eventually(lambda: people.answers["201"] >= answered + SOME)
    for deployment in DEPLOYMENTS:
        assert {pod["spec"]["nodeName"] for pod in lab.pods(deployment)} == {"n1"}
    assert people.failures == {}
    assert people.missing() == []
    assert played.differences() == []


@pytest.mark.parametrize("deployment", ["registration-worker", "reporting-worker"])
def test_a_killed_worker_comes_back_and_catches_up(played: Played, deployment: str) -> None:
    lab = played.lab
    (before,) = lab.pods(deployment)
    with load(lab) as people:
        eventually(lambda: people.answers["201"] >= SOME)
        lab.kill(before)
        eventually(lambda: lab.restarts(before) > 0)
        answered = people.answers["201"]
        eventually(lambda: people.answers["201"] >= answered + SOME)
    lab.await_rollouts(deployment)
    (after,) = lab.pods(deployment)
    assert after["metadata"]["uid"] == before["metadata"]["uid"]
    assert people.failures == {}
    assert people.missing() == []
    assert played.differences() == []


def test_a_worker_that_is_out_of_memory_comes_back_and_catches_up(played: Played) -> None:
    lab, deployment = played.lab, "budget-worker"
    (before,) = lab.pods(deployment)
    with load(lab) as people:
        eventually(lambda: people.answers["201"] >= SOME)
        lab.tried("exec", f"deployment/{deployment}", "--", "python3", "-c", HUNGRY)
        eventually(lambda: lab.restarts(before) > 0)
    (container,) = lab.get("pod", before["metadata"]["name"])["status"]["containerStatuses"]
    assert container["lastState"]["terminated"]["reason"] == "OOMKilled"
    lab.await_rollouts(deployment)
    assert people.failures == {}
    assert played.differences() == []


def test_only_one_pod_of_an_api_is_evicted_at_a_time(lab: Lab, two_pods: str) -> None:
    first, second = lab.pods(two_pods)
    assert _evict(lab, first) == ""
    # Its successor is not ready yet.
    assert "violate the pod's disruption budget" in _evict(lab, second)
    lab.await_rollouts(two_pods)
    eventually(lambda: _evict(lab, second) == "")
    lab.await_rollouts(two_pods)


def _evict(lab: Lab, pod: Any) -> str:
    """Ask for the eviction of a pod, as a drain does; return why it is refused."""
    name = pod["metadata"]["name"]
    eviction = {
        "apiVersion": "policy/v1",
        "kind": "Eviction",
        "metadata": {"name": name, "namespace": "gelar"},
    }
    path = f"/api/v1/namespaces/gelar/pods/{name}/eviction"
    done = lab.tried("create", "--raw", path, "-f", "-", given=json.dumps(eviction))
    return "" if done.returncode == 0 else done.stderr
