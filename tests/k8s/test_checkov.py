"""The manifests keep the policies of checkov, but for those that this list gives a reason against.

checkov has so many dependencies of other versions that uv runs it in an environment of its own.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.k8s.manifests import OVERLAYS, Manifest, overlay

CHECKOV = "checkov==3.3.30"
SKIPPED: Mapping[str, str] = {
    "CKV_K8S_11": "a limit of processor time slows a worker down just when it has to catch up",
    "CKV_K8S_15": "a digest names the same image for ever: no start should wait for the registry",
}
SKIPPED_IN_THE_LAB: Mapping[str, str] = {
    "CKV_K8S_43": "the lab's images are built on the machine and were never in a registry",
}


def _failed(folder: Path, skipped: Sequence[str]) -> dict[str, set[str]]:
    """Return the resources that break a policy, by the policy."""
    uv = Path(sys.executable).with_name("uv")
    command = [str(uv), "tool", "run", "--quiet", "--from", CHECKOV, "checkov"]
    options = ["--directory", str(folder), "--framework", "kubernetes", "--output", "json"]
    without = ["--skip-download", "--quiet", "--compact", "--skip-check", ",".join(skipped)]
    done = subprocess.run(
        [*command, *options, *without],
        capture_output=True,
        text=True,
        env={**os.environ, "LOG_LEVEL": "ERROR"},
    )
    assert done.stdout.startswith("{"), done.stdout + done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    assert answer["summary"]["passed"] > 0
    failed: dict[str, set[str]] = {}
    for each in answer["results"]["failed_checks"]:
        failed.setdefault(f"{each['check_id']} {each['check_name']}", set()).add(each["resource"])
    return failed


def _written(folder: Path, manifests: Sequence[Manifest]) -> Path:
    (folder / "manifests.yaml").write_text(yaml.safe_dump_all([dict(each) for each in manifests]))
    return folder


@pytest.mark.parametrize("name", OVERLAYS)
def test_manifests_keep_the_policies(name: str, tmp_path: Path) -> None:
    skipped = [*SKIPPED, *(SKIPPED_IN_THE_LAB if name.startswith("lab") else ())]
    assert _failed(_written(tmp_path, overlay(name)), skipped) == {}


def test_a_pod_with_too_many_rights_is_found(tmp_path: Path) -> None:
    container = {"name": "any", "image": "any:latest", "securityContext": {"privileged": True}}
    pod = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "any", "namespace": "any"},
        "spec": {"containers": [container]},
    }
    found = _failed(_written(tmp_path, [pod]), [*SKIPPED])
    assert any(each.startswith("CKV_K8S_16 ") for each in found), found
