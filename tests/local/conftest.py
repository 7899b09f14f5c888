"""Remove the variables that name other servers: these tests start servers of their own."""

import pytest


@pytest.fixture(autouse=True)
def _own_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KUKM_KAFKA_BOOTSTRAP_SERVERS", raising=False)
    monkeypatch.delenv("KUKM_MONGO_URI", raising=False)
