"""A real API server for all tests of the manifests, with the custom resources that are at hand."""

import itertools
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.k8s.lab.api_server import ApiServer, api_server
from tests.conftest import pauses
from tests.k8s.manifests import programs


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiServer]:
    """Run an API server that knows the namespace, and the custom resources of `KUKM_CRDS`."""
    with api_server(tmp_path_factory.mktemp("kubernetes"), programs()) as running:
        folder = os.environ.get("KUKM_CRDS")
        if folder and Path(folder).is_dir():
            applied = running.kubectl("create", "-f", folder)
            assert applied.returncode == 0, applied.stderr
            _wait_until_established(running)
        yield running


def _wait_until_established(running: ApiServer) -> None:
    # One that was made just now has no conditions yet, which `kubectl wait` takes for an error.
    for pause in itertools.islice(pauses(), 200):
        waited = running.kubectl("wait", "crd", "--all", "--for=condition=Established")
        if waited.returncode == 0:
            return
        time.sleep(pause)
    raise AssertionError(waited.stderr)


@pytest.fixture(scope="session")
def custom_kinds(server: ApiServer) -> frozenset[str]:
    """Return the kinds of custom resources that the API server knows."""
    listed = server.kubectl(
        "get", "crd", "-o", "jsonpath={range .items[*]}{.spec.names.kind}{'\\n'}{end}"
    )
    return frozenset(listed.stdout.split())
