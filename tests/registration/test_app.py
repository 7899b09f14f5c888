"""The start of registration: its API does not start without the key of the hashes."""

import os
import subprocess
import sys

import pytest

from services.registration.app import require_identifier_key
from shared.settings import Settings

SURROUNDINGS = {
    "KUKM_ENVIRONMENT": "local",
    "KUKM_KAFKA_BOOTSTRAP_SERVERS": "localhost:9",
    "KUKM_MONGO_URI": "mongodb://localhost:9",
    "KUKM_JWKS_URL": "http://127.0.0.1:9/jwks",
}


def test_an_api_without_the_key_of_its_hashes_does_not_start() -> None:
    others = {name: value for name, value in os.environ.items() if not name.startswith("KUKM_")}
    started = subprocess.run(
        [sys.executable, "-m", "services.registration.app"],
        env=others | SURROUNDINGS,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert started.returncode == 2
    assert started.stderr.splitlines() == [
        "Cannot start, the settings are wrong:",
        "  KUKM_IDENTIFIER_KEY: the API of registration needs it, at least 32 characters, to hash "
        "NIB, NPWP and NIK",
    ]


def test_a_worker_needs_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SURROUNDINGS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("KUKM_IDENTIFIER_KEY", raising=False)
    require_identifier_key(Settings(parts=frozenset({"worker"})))
    with pytest.raises(SystemExit):
        require_identifier_key(Settings())
