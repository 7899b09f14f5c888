"""The manifests of deploy/k8s as kustomize builds them, and the parts that tests look at."""

import os
import subprocess
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from deploy.local.children import ROOT

Manifest = Mapping[str, Any]

K8S = ROOT / "deploy" / "k8s"
OVERLAYS = sorted(path.name for path in (K8S / "overlays").iterdir())
COMPONENTS = sorted(path.name for path in (K8S / "components").iterdir())
SERVICES = ("registration", "selection", "budget", "reporting")
NEEDS = {
    "autoscaling-keda": ("kafka-strimzi",),
    "external-secrets-kafka": ("external-secrets",),
    "external-secrets-percona": ("external-secrets",),
}
"""The components that a component builds on."""
MAKE_PODS = ("Deployment", "Job", "CronJob", "StatefulSet")
NATIVE = ("apps", "batch", "policy", "networking.k8s.io", "autoscaling", "v1", "admission")
"""The beginnings of the API groups that need no custom resource."""


def programs() -> Path:
    """Return the folder of the programs of Kubernetes, which `make k8s-dry` names."""
    return Path(os.environ["KUKM_KUBERNETES"])


@cache
def built(path: Path) -> tuple[Manifest, ...]:
    """Return what kustomize builds in this folder; fails with its error if it cannot."""
    command = [str(programs() / "kubectl"), "kustomize", str(path)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return tuple(document for document in yaml.safe_load_all(done.stdout) if document)


def overlay(name: str) -> tuple[Manifest, ...]:
    """Return the services of an overlay, and the Jobs that run before them."""
    path = K8S / "overlays" / name
    services, before = built(path), built(path / "before-rollout")
    known = {_key(manifest) for manifest in services}
    return (*services, *(manifest for manifest in before if _key(manifest) not in known))


def is_native(manifest: Manifest) -> bool:
    """Return True for what every cluster knows, without custom resources."""
    return str(manifest["apiVersion"]).startswith(NATIVE)


def of_kind(manifests: tuple[Manifest, ...], *kinds: str) -> list[Manifest]:
    """Return the manifests of these kinds."""
    return [manifest for manifest in manifests if manifest["kind"] in kinds]


def name_of(manifest: Manifest) -> str:
    """Return the name of a manifest."""
    return str(manifest["metadata"]["name"])


def template_of(manifest: Manifest) -> Manifest:
    """Return the pod template of what makes pods."""
    spec = manifest["spec"]
    template: Manifest = spec.get("jobTemplate", {"spec": spec})["spec"]["template"]
    return template


def container_of(manifest: Manifest) -> Manifest:
    """Return the only container of its pod template."""
    (container,) = template_of(manifest)["spec"]["containers"]
    assert isinstance(container, Mapping)
    return container


def deployments(manifests: tuple[Manifest, ...]) -> Iterator[tuple[str, str, Manifest]]:
    """Return service, part and Deployment of every process that serves."""
    for manifest in of_kind(manifests, "Deployment"):
        labels = manifest["metadata"]["labels"]
        part = labels["app.kubernetes.io/component"]
        if part in ("api", "worker"):
            yield labels["app.kubernetes.io/name"], part, manifest


def shared_settings(manifests: tuple[Manifest, ...]) -> Manifest:
    """Return the ConfigMap of the settings that all processes share."""
    (config,) = [
        each for each in of_kind(manifests, "ConfigMap") if "KUKM_PARTITIONS" in each["data"]
    ]
    return config


def pods(manifests: tuple[Manifest, ...]) -> Iterator[Manifest]:
    """Return the pods that these manifests would make: Pod Security looks at pods only."""
    for manifest in of_kind(manifests, *MAKE_PODS):
        template = template_of(manifest)
        yield {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {
                **template["metadata"],
                "name": f"{name_of(manifest)}-pod",
                "namespace": manifest["metadata"]["namespace"],
            },
            "spec": template["spec"],
        }


def settings_of(manifests: tuple[Manifest, ...], manifest: Manifest) -> dict[str, str]:
    """Return the variables of the only container of a Deployment or Job."""
    container = container_of(manifest)
    variables: dict[str, str] = {}
    for source in container.get("envFrom", ()):
        name = source["configMapRef"]["name"]
        (found,) = [each for each in of_kind(manifests, "ConfigMap") if name_of(each) == name]
        variables |= found["data"]
    for variable in container.get("env", ()):
        variables[variable["name"]] = variable.get("value", "")
    return variables


def _key(manifest: Manifest) -> tuple[str, str]:
    return manifest["kind"], name_of(manifest)
