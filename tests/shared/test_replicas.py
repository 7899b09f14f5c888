"""One broker, or two, are enough on a local machine only."""

import pytest

from shared.settings import load_settings
from tests.shared.test_settings import GOOD, complaint


@pytest.mark.parametrize("number", ["1", "2"])
def test_fewer_than_three_replicas_are_taken_in_local_only(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], number: str
) -> None:
    for name, value in (GOOD | {"KUKM_REPLICATION_FACTOR": number}).items():
        monkeypatch.setenv(name, value)
    assert complaint(capsys).splitlines()[1:] == [
        "  KUKM_REPLICATION_FACTOR: must be 3 or more outside of local, because with fewer an "
        "acknowledged event can be lost with a single broker: leave it out, or set 3"
    ]
    for name in GOOD:
        if name.startswith("KUKM_KAFKA_") and name != "KUKM_KAFKA_BOOTSTRAP_SERVERS":
            monkeypatch.delenv(name)
    monkeypatch.setenv("KUKM_ENVIRONMENT", "local")
    assert load_settings().replication_factor == int(number)
