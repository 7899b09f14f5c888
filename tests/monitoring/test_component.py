"""kustomize builds the component into what the operators of Prometheus and Grafana take."""

import json
import re
import shutil
import subprocess
from collections.abc import Mapping
from typing import Any

import pytest
import yaml

from deploy.local.children import ROOT
from gelar.alert_rules import FOLDER

BASE = ROOT / "deploy" / "k8s" / "base"
Manifest = Mapping[str, Any]


def built() -> dict[str, Manifest]:
    """Return the manifests of the component by kind."""
    program = shutil.which("kubectl")
    if program is None:
        pytest.skip("kubectl is not installed: it carries kustomize")
    done = subprocess.run(
        [program, "kustomize", str(ROOT / FOLDER)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return {each["kind"]: each for each in yaml.safe_load_all(done.stdout)}


def test_it_has_the_pods_the_rules_and_the_dashboard() -> None:
    manifests = built()
    assert set(manifests) == {"PodMonitor", "PrometheusRule", "ConfigMap"}
    assert manifests["ConfigMap"]["metadata"]["labels"] == {"grafana_dashboard": "1"}
    data = manifests["ConfigMap"]["data"]
    assert json.loads(data["dashboard.json"])["title"] == "Gelar"
    assert re.fullmatch(r"[a-z-]+", manifests["ConfigMap"]["metadata"]["name"])


def test_every_pod_of_ours_is_read_at_its_port_of_operations() -> None:
    spec = yaml.safe_load((ROOT / FOLDER / "pods.yaml").read_text())["spec"]
    assert spec["selector"]["matchLabels"] == {"app.kubernetes.io/part-of": "gelar"}
    (endpoint,) = spec["podMetricsEndpoints"]
    assert (endpoint["port"], endpoint["path"]) == ("operations", "/metrics")
    base = yaml.safe_load((BASE / "kustomization.yaml").read_text())
    assert {"app.kubernetes.io/part-of": "gelar"} in [each["pairs"] for each in base["labels"]]
    (pod,) = yaml.safe_load_all((BASE / "pod.yaml").read_text())
    (container,) = pod["spec"]["template"]["spec"]["containers"]
    assert "operations" in {port["name"] for port in container["ports"]}


def test_targets_get_the_labels_that_rules_and_dashboard_group_by() -> None:
    spec = yaml.safe_load((ROOT / FOLDER / "pods.yaml").read_text())["spec"]
    relabelings = spec["podMetricsEndpoints"][0]["relabelings"]
    given = {each["targetLabel"] for each in relabelings if "targetLabel" in each}
    assert given == {"service", "component"}, "the operator itself adds `pod`"
