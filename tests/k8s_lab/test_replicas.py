"""The pod of a broker and of the primary are deleted, with all that they hold: nothing is lost."""

from typing import Any

import pytest
from pymongo import MongoClient

from deploy.k8s.lab.deployment import URI
from tests.k8s_lab.conftest import Played
from tests.k8s_lab.lab import Lab, eventually
from tests.k8s_lab.load import load

SOME = 40
ONE = "one of each server: `LAB=ha make k8s-test` has three"


def _primary(lab: Lab) -> str:
    """Return the pod of the primary."""
    with MongoClient[dict[str, Any]](URI) as client:
        client.admin.command("ping")
        assert client.primary is not None
        return client.primary[0].partition(".")[0]


def _broker(lab: Lab) -> str:
    return "kafka-1"


@pytest.mark.parametrize("which", [_broker, _primary], ids=["broker", "primary"])
def test_the_pod_of_a_server_is_deleted_and_nothing_is_lost(played: Played, which: Any) -> None:
    lab = played.lab
    if lab.replicas == 1:
        pytest.skip(ONE)
    pod = which(lab)
    with load(lab) as people:
        eventually(lambda: people.answers["201"] >= SOME)
        where = ("--namespace", "servers")
        lab.kubectl(*where, "delete", "pod", pod, "--grace-period=0", "--force")
        answered = people.answers["201"]
        eventually(lambda: people.answers["201"] >= answered + SOME)
        name = pod.partition("-")[0]
        lab.kubectl(*where, "rollout", "status", f"statefulset/{name}", "--timeout=300s")
    # An election takes some seconds, in which a request is answered with 503: none is lost.
    assert {failure[:3] for failure in people.failures} <= {"503"}
    assert people.missing() == []
    assert played.differences() == []
