"""A process that cannot start says why in one line, and ends with 1."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from shared.messaging.topics import Topics
from shared.settings import Settings
from tests.gelar.test_commands import NO_SERVERS, environment


def without_variables() -> dict[str, str]:
    """Return the environment of this process without our own variables."""
    return {name: value for name, value in os.environ.items() if not name.startswith("KUKM_")}


def start(named: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Start budget with these settings, and wait for its end."""
    return subprocess.run(
        [sys.executable, "-m", "services.budget.app"],
        env=without_variables() | {"KUKM_HTTP_PORT": "0"} | named,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def reason_of(ended: subprocess.CompletedProcess[str]) -> str:
    """Return the only reason of a start that failed; its output has no traceback."""
    assert (ended.returncode, ended.stderr) == (1, "")
    assert "Traceback" not in ended.stdout
    lines: list[dict[str, Any]] = [json.loads(line) for line in ended.stdout.splitlines()]
    (reason,) = [line["reason"] for line in lines if line["event"] == "cannot start"]
    return str(reason)


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        (NO_SERVERS["KUKM_MONGO_URI"], "no MongoDB with a primary answers at KUKM_MONGO_URI"),
        ("mongodb://hunter2/?authMechanism=SCRAM-SHA-256", "KUKM_MONGO_URI cannot be"),
    ],
)
def test_without_a_database_a_start_ends_in_a_sentence(address: str, reason: str) -> None:
    ended = start(NO_SERVERS | {"KUKM_MONGO_URI": address})
    assert reason_of(ended).startswith(reason)
    assert "hunter2" not in ended.stdout


def test_a_user_that_the_database_refuses_ends_the_start_in_a_sentence(settings: Settings) -> None:
    named = environment(settings)
    address = named["KUKM_MONGO_URI"].replace("mongodb://", "mongodb://u:hunter2@")
    ended = start(named | {"KUKM_MONGO_URI": address})
    assert "refuses this user" in reason_of(ended)
    assert "hunter2" not in ended.stdout


def test_a_topic_that_does_not_fit_ends_the_start_in_a_sentence(settings: Settings) -> None:
    Topics(settings).apply(["budget"])
    more = str(settings.partitions + 1)
    reason = reason_of(start(environment(settings) | {"KUKM_PARTITIONS": more}))
    assert f"partitions, KUKM_PARTITIONS says {more}" in reason


def test_a_malformed_address_of_the_database_is_a_wrong_setting() -> None:
    ended = start(NO_SERVERS | {"KUKM_MONGO_URI": "mongodb://u:hunter2@%%%"})
    assert (ended.returncode, ended.stdout) == (2, "")
    first, line = ended.stderr.splitlines()
    assert first == "Cannot start, the settings are wrong:"
    assert line.startswith("  KUKM_MONGO_URI: cannot be read")
    assert "hunter2" not in line
