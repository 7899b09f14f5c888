"""Commands in the image of one service, which has no code of the other three."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.local.children import ROOT

SHARED = ("shared", "gelar")
ONLY = "budget"
INSTALLED = "from gelar.services import installed_services; print(*installed_services())"
COMMAND = "from gelar.main import app; app()"
# Nothing is connected: the name of the service is looked at first.
SETTINGS = {
    "KUKM_ENVIRONMENT": "local",
    "KUKM_MONGO_URI": "mongodb://127.0.0.1:1",
    "KUKM_KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:1",
    "KUKM_PARTS": "worker",
}


@pytest.fixture
def image(tmp_path: Path) -> Path:
    """Return a folder with the code that the image of a service has."""
    for name in (*SHARED, f"services/{ONLY}"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy2(ROOT / "services/__init__.py", tmp_path / "services")
    return tmp_path


def _run(folder: Path, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", program, *arguments]
    return subprocess.run(
        command, cwd=folder, env=os.environ | SETTINGS, capture_output=True, text=True
    )


def test_the_services_whose_code_is_there_are_found(image: Path) -> None:
    assert _run(image, INSTALLED).stdout.split() == [ONLY]


def test_a_command_about_another_service_says_where_to_run_it(image: Path) -> None:
    done = _run(image, COMMAND, "verify", "--service", "reporting")
    assert done.returncode == 2
    assert "run this in a pod of reporting" in " ".join(done.stderr.replace("│", " ").split())
