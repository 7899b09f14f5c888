"""A rollout with a wrong Secret, setting or topic stops at its first pod; the old pods go on."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from tests.k8s_lab.lab import Lab, eventually

API, WORKER = "budget-api", "budget-worker"


@contextmanager
def _undone(lab: Lab, deployment: str) -> Iterator[str]:
    """Undo the rollout that the block starts; the block gets the name of the pod before it.

    That pod is ready all the time, and is not started again.
    """
    (pod,) = lab.pods(deployment)
    before, restarts = pod["metadata"]["name"], lab.restarts(pod)
    yield before
    assert _is_ready(lab, before)
    lab.kubectl("rollout", "undo", f"deployment/{deployment}")
    lab.await_rollouts(deployment)
    assert [pod["metadata"]["name"] for pod in lab.pods(deployment)] == [before]
    assert lab.restarts(pod) == restarts


def _stopped(lab: Lab, deployment: str, before: str) -> str:
    """Wait until the new pod has said why it cannot start; return its log."""

    def new() -> str:
        names = [pod["metadata"]["name"] for pod in lab.pods(deployment)]
        assert before in names, "the old pod is gone"
        return next((name for name in names if name != before), "")

    eventually(lambda: bool(new()))
    pod, logs = new(), [""]

    def explained() -> bool:
        # The log is that of its last start, which may have only begun.
        logs.append(lab.tried("logs", pod).stdout)
        return "cannot start" in logs[-1].lower()

    eventually(explained)
    eventually(lambda: lab.restarts(lab.get("pod", pod)) > 0)
    return logs[-1]


def _is_ready(lab: Lab, name: str) -> bool:
    (container,) = lab.get("pod", name)["status"]["containerStatuses"]
    return bool(container["ready"])


def test_a_wrong_secret_stops_the_new_pod_with_a_line(lab: Lab) -> None:
    secret = lab.get("secret", "budget")
    secret["metadata"] = {"name": "wrong", "namespace": "gelar"}
    secret["stringData"] = {"actor-key": "short"}
    lab.kubectl("apply", "-f", "-", given=json.dumps(secret))
    volumes = [{"name": "secrets", "secret": {"secretName": "wrong"}}]
    patch = {"spec": {"template": {"spec": {"volumes": volumes}}}}
    with _undone(lab, API) as before:
        lab.kubectl("patch", f"deployment/{API}", "-p", json.dumps(patch))
        lines = _stopped(lab, API, before).splitlines()
        assert lines[0] == "Cannot start, the settings are wrong:"
        (fault,) = lines[1:]
        assert "KUKM_ACTOR_KEY" in fault
        answer = httpx.get(f"{lab.urls['budget']}/envelopes", trust_env=False)
        assert answer.status_code == httpx.codes.UNAUTHORIZED


def test_a_topic_that_is_not_as_the_settings_say_stops_the_new_pod(lab: Lab) -> None:
    with _undone(lab, WORKER) as before:
        lab.kubectl("set", "env", f"deployment/{WORKER}", "KUKM_PARTITIONS=7")
        log = _stopped(lab, WORKER, before)
        (line,) = [line for line in log.splitlines() if "partitions" in line]
        assert "cannot start" in line
