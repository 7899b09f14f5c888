"""Prometheus' own checks (`promtool`), where they are installed."""

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

MISSING = "promtool is not installed: `apt-get install prometheus` brings it"


def promtool(arguments: Sequence[str | Path], *, given: str | None = None) -> str:
    """Run promtool and return what it says; fail if it finds a fault, skip where there is none."""
    program = shutil.which("promtool")
    if program is None:
        pytest.skip(MISSING)
    command = [program, *map(str, arguments)]
    done = subprocess.run(command, input=given, capture_output=True, text=True)
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    return said
