"""The manifests fit the schemas of several versions, and the Dockerfiles pass their linter."""

import copy
import subprocess
import sys
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest

from deploy.k8s.image.build import DOCKERFILE
from deploy.k8s.lab.images import SERVERS
from tests.k8s.manifests import OVERLAYS, Manifest, is_native, of_kind, overlay

VERSIONS = ("1.34", "1.35", "1.36")


def _validate(manifest: Manifest, version: str) -> None:
    kubernetes_validate.validate(manifest, version, strict=True)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("name", OVERLAYS)
def test_manifests_fit_the_schemas_of_a_version(name: str, version: str) -> None:
    for manifest in overlay(name):
        if is_native(manifest):
            _validate(manifest, version)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_field_that_does_not_exist_fits_no_schema(version: str) -> None:
    damaged: dict[str, Any] = copy.deepcopy(dict(of_kind(overlay("staging"), "Deployment")[0]))
    damaged["spec"]["template"]["spec"]["containers"][0]["readyProbe"] = {}
    with pytest.raises(kubernetes_validate.ValidationError):
        _validate(damaged, version)


def _lint(dockerfile: Path) -> subprocess.CompletedProcess[str]:
    linter = Path(sys.executable).with_name("hadolint")
    command = [str(linter), "--no-color", str(dockerfile)]
    return subprocess.run(command, capture_output=True, text=True)


def test_a_dockerfile_passes_its_linter(tmp_path: Path) -> None:
    for dockerfile in (DOCKERFILE, SERVERS):
        assert _lint(dockerfile).stdout == ""
    damaged = tmp_path / "Dockerfile"
    damaged.write_text("FROM debian:latest\nRUN sudo apt-get install python3\n")
    assert _lint(damaged).returncode != 0
