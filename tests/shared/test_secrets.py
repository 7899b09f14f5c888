"""Every secret may be in a file, and none is ever printed."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from shared.settings import Settings, load_settings
from shared.settings.secrets import holds_secret
from tests.shared.test_settings import GOOD, complaint


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """A good environment of production."""
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)


def test_secrets_are_never_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUKM_IDENTIFIER_KEY", "hunter2" * 5)
    settings = load_settings()
    assert "hunter2" not in f"{settings!r} {settings} {settings.model_dump_json()}"
    monkeypatch.setenv("KUKM_IDENTIFIER_KEY", "hunter2")
    with pytest.raises(ValidationError) as refused:
        Settings()
    assert "hunter2" not in str(refused.value)


def test_a_secret_may_be_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    secret = tmp_path / "password"
    secret.write_text("hunter2 from a file\n")
    monkeypatch.delenv("KUKM_KAFKA_PASSWORD")
    monkeypatch.setenv("KUKM_KAFKA_PASSWORD_FILE", str(secret))
    password = load_settings().kafka_password
    assert password is not None
    assert password.get_secret_value() == "hunter2 from a file"


def secret_fields() -> list[str]:
    """Return the settings that are secrets, by their types as they are printed."""
    fields = Settings.model_fields.items()
    return [name for name, field in fields if "SecretStr" in f"{field!r}"]


def test_the_secrets_are_found_whatever_surrounds_their_type() -> None:
    assert {"mongo_uri", "actor_key", "identifier_key", "kafka_password"} <= set(secret_fields())
    found = [name for name, f in Settings.model_fields.items() if holds_secret(f.annotation)]
    assert found == secret_fields()


@pytest.mark.parametrize("name", secret_fields())
def test_every_secret_may_be_in_a_file_and_a_missing_file_is_a_fault(
    name: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    variable, file = f"KUKM_{name.upper()}", tmp_path / "secret"
    text = GOOD["KUKM_MONGO_URI"] if name == "mongo_uri" else "hunter2 " * 5
    file.write_text(f"{text}\n")
    monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv(f"{variable}_FILE", str(file))
    if "oauth" in name:
        for credential in ("KUKM_KAFKA_USERNAME", "KUKM_KAFKA_PASSWORD"):
            monkeypatch.delenv(credential)
        monkeypatch.setenv("KUKM_KAFKA_SASL_MECHANISM", "OAUTHBEARER")
        monkeypatch.setenv("KUKM_KAFKA_OAUTH_TOKEN_URL", "https://login.example.go.id/token")
        monkeypatch.setenv("KUKM_KAFKA_OAUTH_CLIENT_ID", "registration")
    assert getattr(load_settings(), name).get_secret_value() == text
    file.unlink()
    assert complaint(capsys).splitlines()[1:] == [
        f"  {variable}_FILE: {file} cannot be read: No such file or directory"
    ]


def test_a_secret_that_is_given_twice_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "password").write_text("hunter2")
    monkeypatch.setenv("KUKM_KAFKA_PASSWORD_FILE", str(tmp_path / "password"))
    message = complaint(capsys)
    assert "KUKM_KAFKA_PASSWORD, KUKM_KAFKA_PASSWORD_FILE: set either, not both" in message
    assert "hunter2" not in message
