"""Settings are right at the start, or the process does not start and says why."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from shared.settings import Settings, load_settings

GOOD = {
    "KUKM_ENVIRONMENT": "production",
    "KUKM_KAFKA_BOOTSTRAP_SERVERS": "kafka-0:9092,kafka-1:9092",
    "KUKM_MONGO_URI": "mongodb://user:hunter2@mongo/?replicaSet=rs0",
    "KUKM_JWKS_URL": "https://login.example.go.id/jwks",
    "KUKM_TOKEN_ISSUER": "https://login.example.go.id",
}


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """A good environment of production."""
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)


def complaint(capsys: pytest.CaptureFixture[str]) -> str:
    """Return the text on stderr when `load_settings` refuses."""
    with pytest.raises(SystemExit) as stop:
        load_settings()
    assert stop.value.code == 2
    return capsys.readouterr().err


def test_a_good_environment_is_taken() -> None:
    settings = load_settings()
    assert settings.parts == {"api", "worker"}
    assert settings.replication_factor == 3
    assert settings.partitions == 12
    assert settings.clock_file is None
    assert str(settings.jwks_url) == GOOD["KUKM_JWKS_URL"]


def test_local_needs_little(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUKM_ENVIRONMENT", "local")
    monkeypatch.delenv("KUKM_TOKEN_ISSUER")
    monkeypatch.setenv("KUKM_CLOCK_FILE", ".local/clock")
    settings = load_settings()
    assert settings.replication_factor == 1
    assert settings.token_issuer == "https://gelar.local"
    assert settings.clock_file == Path(".local/clock")


def test_settings_do_not_change() -> None:
    with pytest.raises(ValidationError):
        load_settings().partitions = 13  # type: ignore[misc]  # what must not be possible


@pytest.mark.parametrize(
    ("given", "parts"), [("api", {"api"}), (" worker , api ", {"api", "worker"})]
)
def test_parts_are_a_list(monkeypatch: pytest.MonkeyPatch, given: str, parts: set[str]) -> None:
    monkeypatch.setenv("KUKM_PARTS", given)
    assert load_settings().parts == parts


def test_a_worker_takes_no_tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUKM_PARTS", "worker")
    monkeypatch.delenv("KUKM_JWKS_URL")
    monkeypatch.delenv("KUKM_TOKEN_ISSUER")
    assert load_settings().jwks_url is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("KUKM_ENVIRONMENT", "test"),
        ("KUKM_NAMESPACE", "Demo_1"),
        ("KUKM_NAMESPACE", "x" * 33),
        ("KUKM_KAFKA_BOOTSTRAP_SERVERS", "kafka"),
        ("KUKM_KAFKA_BOOTSTRAP_SERVERS", ""),
        ("KUKM_MONGO_URI", "postgres://user:hunter2@db"),
        ("KUKM_HTTP_PORT", "70000"),
        ("KUKM_PARTS", "api,cron"),
        ("KUKM_PARTS", ","),
        ("KUKM_CLOCK_FILE", "/tmp/clock"),
        ("KUKM_JWKS_URL", "login"),
        ("KUKM_JWKS_URL", ""),
        ("KUKM_JWKS_FILE", "/keys/jwks.json"),
        ("KUKM_TOKEN_ISSUER", ""),
        ("KUKM_IDENTIFIER_KEY", "hunter2-is-too-short"),
        ("KUKM_PARTITIONS", "0"),
        ("KUKM_PARTITIONS", "twelve"),
        ("KUKM_REPLICATION_FACTOR", "0"),
        ("KUKM_LOG_LEVEL", "LOUD"),
        ("KUKM_SWEEP_SECONDS", "0"),
    ],
)
def test_a_wrong_variable_is_named_and_no_secret_is_shown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    message = complaint(capsys)
    assert name in message
    assert "hunter2" not in message


def test_all_that_is_wrong_is_said_at_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("KUKM_MONGO_URI")
    monkeypatch.setenv("KUKM_PARTITIONS", "0")
    assert complaint(capsys).splitlines() == [
        "Cannot start, the settings are wrong:",
        "  KUKM_MONGO_URI: is required and not set",
        "  KUKM_PARTITIONS: input should be greater than or equal to 1",
    ]


def test_secrets_are_never_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUKM_IDENTIFIER_KEY", "hunter2" * 5)
    settings = load_settings()
    assert "hunter2" not in f"{settings!r} {settings} {settings.model_dump_json()}"
    monkeypatch.setenv("KUKM_IDENTIFIER_KEY", "hunter2")
    with pytest.raises(ValidationError) as refused:
        Settings()
    assert "hunter2" not in str(refused.value)
