"""A real Prometheus reads the pods, and an alert fires and ends as its runbook says."""

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from deploy.k8s.lab.deployment import KAFKA
from deploy.local.children import ROOT
from gelar.services import SERVICES
from shared.messaging.topics import topic_name
from tests.k8s_lab.lab import DEPLOYMENTS, Lab, eventually
from tests.raw_producer import raw_producer

MANIFEST = Path("deploy/k8s/lab/prometheus.yaml")
RULES = Path("deploy/k8s/components/monitoring/rules.yaml")
URL = "http://prometheus.monitoring.svc.cluster.local"
ALERT = "GelarEventsParked"
OPERATIONS = 9000
PENDING_SECONDS = 60
"""The alert waits so long before it fires."""


class Prometheus:
    """The answers of the lab's Prometheus."""

    def query(self, expression: str) -> list[dict[str, str]]:
        """Return the labels of the series that an expression gives now."""
        answer = self._get("query", query=expression)
        return [each["metric"] for each in answer["result"]]

    def alerts(self, name: str) -> list[dict[str, Any]]:
        """Return the labels and state of this alert, as far as it is pending or firing."""
        found = self._get("alerts")["alerts"]
        return [each for each in found if each["labels"]["alertname"] == name]

    def _get(self, what: str, **parameters: str) -> Any:
        answer = httpx.get(f"{URL}/api/v1/{what}", params=parameters, trust_env=False, timeout=30)
        assert answer.is_success, answer.text
        return answer.json()["data"]


@pytest.fixture(scope="module")
def prometheus(lab: Lab) -> Iterator[Prometheus]:
    """Run Prometheus with the rules of the component until the module ends."""
    lab.everywhere("apply", "--server-side", "-f", str(ROOT / MANIFEST))
    where = ("--namespace", "monitoring")
    lab.tried(*where, "delete", "configmap", "rules", "targets")
    lab.kubectl(*where, "create", "configmap", "rules", f"--from-file={ROOT / RULES}")
    targets = json.dumps([_target(deployment, lab) for deployment in DEPLOYMENTS])
    content = f"--from-literal=targets.json={targets}"
    lab.kubectl(*where, "create", "configmap", "targets", content)
    lab.kubectl(*where, "rollout", "status", "deployment/prometheus", "--timeout=120s")
    yield Prometheus()
    lab.everywhere("delete", "-f", str(ROOT / MANIFEST), "--wait=false")


def _target(deployment: str, lab: Lab) -> dict[str, Any]:
    """Return the address of a pod with the labels that the PodMonitor gives it."""
    (pod,) = lab.pods(deployment)
    service, component = deployment.rsplit("-", 1)
    labels = {"service": service, "component": component, "pod": pod["metadata"]["name"]}
    return {"targets": [f"{pod['status']['podIP']}:{OPERATIONS}"], "labels": labels}


def test_it_reads_every_process(lab: Lab, prometheus: Prometheus) -> None:
    def seen() -> set[str]:
        up = prometheus.query("kukm_service_info")
        return {f"{each['service']}-{each['component']}" for each in up}

    eventually(lambda: seen() == set(DEPLOYMENTS), seconds=60)
    assert {each["pod"] for each in prometheus.query("up == 1")} == {
        pod["metadata"]["name"] for deployment in DEPLOYMENTS for pod in lab.pods(deployment)
    }


def test_an_alert_fires_and_ends_with_the_commands_of_its_runbook(
    lab: Lab, prometheus: Prometheus
) -> None:
    """All four follow selection, and park a message that is no event until it is discarded."""
    subject = f"stray-{uuid4().hex[:8]}"
    assert prometheus.alerts(ALERT) == []
    with raw_producer(KAFKA) as producer:
        producer.send(topic_name("", "selection"), key=subject.encode())
    sent = time.monotonic()
    eventually(lambda: all(_parked(lab, name, subject) for name in SERVICES))

    def states() -> set[tuple[str, str]]:
        return {(each["labels"]["service"], each["state"]) for each in prometheus.alerts(ALERT)}

    eventually(lambda: states() == {(name, "firing") for name in SERVICES})
    assert time.monotonic() - sent > PENDING_SECONDS
    for name in SERVICES:
        for event in _parked(lab, name, subject):
            why = ("--reason", "no event", "--by", "the lab")
            lab.gelar(name, "parked", "discard", event, *why)
    eventually(lambda: states() == set())


def _parked(lab: Lab, service: str, subject: str) -> list[str]:
    """Return the ids of the parked messages about a subject."""
    # Where no message is parked, the command says so and exits 1.
    command = ("gelar", "parked", "show", subject, "--service", service)
    shown = lab.tried("exec", f"deployment/{service}-worker", "--", *command).stdout
    return re.findall(rf"^({service}\.\S+)  ", shown, re.MULTILINE)
