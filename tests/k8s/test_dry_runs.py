"""A real API server takes every overlay and component as it is, and refuses damaged copies."""

import copy
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from deploy.k8s.lab.api_server import ApiServer
from tests.k8s.manifests import (
    COMPONENTS,
    K8S,
    NEEDS,
    OVERLAYS,
    Manifest,
    built,
    is_native,
    of_kind,
    overlay,
    pods,
)


def _dry_run(server: ApiServer, manifests: Iterable[Manifest]) -> tuple[int, str]:
    text = "\n---\n".join(json.dumps(manifest) for manifest in manifests)
    done = server.kubectl(
        *("apply", "--server-side", "--dry-run=server", "--validate=strict", "-f", "-"),
        given=text,
    )
    return done.returncode, done.stderr


def _namespace(server: ApiServer, manifests: tuple[Manifest, ...]) -> None:
    text = json.dumps(of_kind(manifests, "Namespace")[0])
    assert server.kubectl("apply", "--server-side", "-f", "-", given=text).returncode == 0


def _known(manifests: tuple[Manifest, ...], custom_kinds: frozenset[str]) -> list[Manifest]:
    return [each for each in manifests if is_native(each) or each["kind"] in custom_kinds]


def _check_taken(
    server: ApiServer, manifests: tuple[Manifest, ...], custom_kinds: frozenset[str]
) -> None:
    """Check that the server takes these manifests, and the pods that they make."""
    _namespace(server, manifests)
    assert _dry_run(server, _known(manifests, custom_kinds)) == (0, "")
    assert _dry_run(server, pods(manifests)) == (0, "")


def test_every_custom_resource_has_its_definition(custom_kinds: frozenset[str]) -> None:
    used = {each["kind"] for name in OVERLAYS for each in overlay(name) if not is_native(each)}
    if missing := used - custom_kinds:
        pytest.skip(f"not checked, as no definition is at hand: {', '.join(sorted(missing))}")


@pytest.mark.parametrize("name", OVERLAYS)
def test_an_overlay_is_taken_as_a_whole(
    server: ApiServer, custom_kinds: frozenset[str], name: str
) -> None:
    _check_taken(server, overlay(name), custom_kinds)


@pytest.mark.parametrize("name", COMPONENTS)
def test_a_component_is_taken_beside_the_services(
    server: ApiServer, custom_kinds: frozenset[str], name: str, tmp_path: Path
) -> None:
    manifests = _with_components(tmp_path, *NEEDS.get(name, ()), name)
    _check_taken(server, manifests, custom_kinds)


@pytest.mark.parametrize(
    "choice",
    [
        (kafka, mongo, secrets)
        for kafka in ("others", "kafka-strimzi")
        for mongo in ("mongo-external", "mongo-percona")
        for secrets in ("by-hand", "external-secrets")
    ],
    ids=" ".join,
)
def test_every_combination_is_taken(
    server: ApiServer, custom_kinds: frozenset[str], tmp_path: Path, choice: tuple[str, str, str]
) -> None:
    kafka, mongo, secrets = choice
    chosen = ["backup", "tools", mongo]
    if kafka == "kafka-strimzi":
        chosen += [kafka, "autoscaling-keda"]
    if secrets == "external-secrets":
        chosen.append(secrets)
        chosen += ["external-secrets-kafka"] if kafka == "others" else []
        chosen += ["external-secrets-percona"] if mongo == "mongo-percona" else []
    further = ("network-policies", "monitoring", "gateway", "tracing", "images", "digests-only")
    manifests = _with_components(tmp_path, *chosen, *further)
    _check_taken(server, manifests, custom_kinds)


def _with_components(path: Path, *names: str) -> tuple[Manifest, ...]:
    # kustomize wants relative paths.
    up = "/".join([".."] * len(path.parts[1:]))
    base, *components = [
        f"{up}{K8S / part}" for part in ("base", *(f"components/{n}" for n in names))
    ]
    content = {
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        "namespace": "gelar",
        "resources": [base],
        "components": components,
    }
    (path / "kustomization.yaml").write_text(json.dumps(content))
    return built(path)


@pytest.mark.parametrize("name", OVERLAYS)
def test_a_field_that_does_not_exist_is_refused_in_every_kind(
    server: ApiServer, custom_kinds: frozenset[str], name: str
) -> None:
    manifests = overlay(name)
    _namespace(server, manifests)
    by_kind = {each["kind"]: each for each in _known(manifests, custom_kinds)}
    for kind, manifest in by_kind.items():
        damaged: dict[str, Any] = copy.deepcopy(dict(manifest))
        part = "data" if kind == "ConfigMap" else "metadata"
        damaged[part]["unheardOf" if part == "metadata" else "n"] = {"is": "wrong"}
        code, error = _dry_run(server, [damaged])
        assert code != 0, kind
        assert error, kind


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("runAsUser", 0),
        ("privileged", True),
        ("allowPrivilegeEscalation", True),
        ("capabilities", {"add": ["NET_ADMIN"]}),
    ],
)
def test_a_pod_with_more_rights_than_restricted_is_forbidden(
    server: ApiServer, part: str, value: object
) -> None:
    manifests = overlay("staging")
    _namespace(server, manifests)
    pod: dict[str, Any] = copy.deepcopy(dict(next(pods(manifests))))
    pod["spec"]["containers"][0]["securityContext"][part] = value
    code, error = _dry_run(server, [pod])
    assert code != 0
    assert "restricted" in error or "cannot set" in error


def test_production_takes_no_image_by_its_tag(server: ApiServer) -> None:
    manifests = overlay("production")
    policies = of_kind(manifests, "ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding")
    _namespace(server, manifests)
    text = "\n---\n".join(map(json.dumps, policies))
    assert server.kubectl("apply", "--server-side", "-f", "-", given=text).returncode == 0
    try:
        pod: dict[str, Any] = copy.deepcopy(dict(next(pods(manifests))))
        assert _dry_run(server, [pod]) == (0, "")
        pod["spec"]["containers"][0]["image"] = "registry.example/gelar/budget:latest"
        # A policy is in force some moments after it was made.
        for _ in range(100):
            code, error = _dry_run(server, [pod])
            if code:
                break
        assert "name every image by its digest" in error
    finally:
        server.kubectl("delete", "-f", "-", given=text)
