"""Settings are right at the start, or the process does not start and says why."""

import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from shared.messaging.connection import connection
from shared.settings import Settings, load_settings

GOOD = {
    "KUKM_ENVIRONMENT": "production",
    "KUKM_KAFKA_BOOTSTRAP_SERVERS": "kafka-0:9092,kafka-1:9092",
    "KUKM_KAFKA_SECURITY_PROTOCOL": "SASL_SSL",
    "KUKM_KAFKA_SASL_MECHANISM": "SCRAM-SHA-512",
    "KUKM_KAFKA_USERNAME": "registration",
    "KUKM_KAFKA_PASSWORD": "hunter2-of-kafka",
    "KUKM_MONGO_URI": "mongodb://user:hunter2@mongo/?replicaSet=rs0",
    "KUKM_JWKS_URL": "https://login.example.go.id/jwks",
    "KUKM_TOKEN_ISSUER": "https://login.example.go.id",
    "KUKM_ACTOR_KEY": "a key of 32 characters at least.",
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
    for name in GOOD:
        if name.startswith("KUKM_KAFKA_") and name != "KUKM_KAFKA_BOOTSTRAP_SERVERS":
            monkeypatch.delenv(name)
    monkeypatch.setenv("KUKM_CLOCK_FILE", ".local/clock")
    settings = load_settings()
    assert settings.kafka_security_protocol == "PLAINTEXT"
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


def test_the_api_needs_the_key_of_its_pseudonyms(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("KUKM_ACTOR_KEY")
    with pytest.raises(SystemExit):
        load_settings()
    assert "KUKM_ACTOR_KEY: the API needs it" in capsys.readouterr().err
    monkeypatch.setenv("KUKM_ENVIRONMENT", "local")
    assert load_settings().actor_secret


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
        ("KUKM_KAFKA_BOOTSTRAP_SERVERS", "::1:9092"),
        ("KUKM_KAFKA_BOOTSTRAP_SERVERS", "kafka:9092,,"),
        ("KUKM_KAFKA_BOOTSTRAP_SERVERS", "kafka:70000"),
        ("KUKM_KAFKA_BOOTSTRAP_SERVERS", "https://kafka:9092"),
        ("KUKM_KAFKA_SECURITY_PROTOCOL", ""),
        ("KUKM_KAFKA_SECURITY_PROTOCOL", "TLS"),
        ("KUKM_KAFKA_SASL_MECHANISM", ""),
        ("KUKM_KAFKA_SASL_MECHANISM", "GSSAPI"),
        ("KUKM_KAFKA_USERNAME", ""),
        ("KUKM_KAFKA_PASSWORD", ""),
        ("KUKM_KAFKA_PASSWORD_FILE", "/nowhere/hunter2"),
        ("KUKM_MONGO_URI_FILE", "/nowhere/at-all"),
        ("KUKM_KAFKA_CERTIFICATE_FILE", "/tls/client.pem"),
        ("KUKM_KAFKA_OAUTH_CLIENT_ID", "registration"),
        ("KUKM_BODY_BYTES_MAX", "1000000000"),
        ("KUKM_BATCH_EVENTS_MAX", "1000000"),
        ("KUKM_OUTBOX_EVENTS_MAX", "100000"),
        ("KUKM_SWEEP_SECONDS", "inf"),
        ("KUKM_MONGO_URI", "postgres://user:hunter2@db"),
        ("KUKM_HTTP_PORT", "70000"),
        ("KUKM_PARTS", "api,cron"),
        ("KUKM_PARTS", ","),
        ("KUKM_CLOCK_FILE", "/tmp/clock"),
        ("KUKM_JWKS_URL", "login"),
        ("KUKM_JWKS_URL", "http://login.example.go.id/jwks"),
        ("KUKM_JWKS_URL", ""),
        ("KUKM_JWKS_FILE", "/keys/jwks.json"),
        ("KUKM_TOKEN_ISSUER", ""),
        ("KUKM_IDENTIFIER_KEY", "hunter2-is-too-short"),
        ("KUKM_ACTOR_KEY", "hunter2-is-too-short"),
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


@pytest.mark.parametrize(
    ("given", "brokers"),
    [
        ("[::1]:9092", "[::1]:9092"),
        ("h1:9092, h2:9092 ,10.0.0.3:9", "h1:9092,h2:9092,10.0.0.3:9"),
        ("[2001:db8::7]:9093,kafka.svc.cluster.local:9092", None),
    ],
)
def test_brokers_are_a_list_of_names_and_addresses(
    monkeypatch: pytest.MonkeyPatch, given: str, brokers: str | None
) -> None:
    monkeypatch.setenv("KUKM_KAFKA_BOOTSTRAP_SERVERS", given)
    assert load_settings().kafka_bootstrap_servers == (brokers or given)


def test_a_secret_may_be_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    secret = tmp_path / "password"
    secret.write_text("hunter2 from a file\n")
    monkeypatch.delenv("KUKM_KAFKA_PASSWORD")
    monkeypatch.setenv("KUKM_KAFKA_PASSWORD_FILE", str(secret))
    password = load_settings().kafka_password
    assert password is not None
    assert password.get_secret_value() == "hunter2 from a file"


def test_a_secret_that_is_given_twice_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "password").write_text("hunter2")
    monkeypatch.setenv("KUKM_KAFKA_PASSWORD_FILE", str(tmp_path / "password"))
    message = complaint(capsys)
    assert "KUKM_KAFKA_PASSWORD, KUKM_KAFKA_PASSWORD_FILE: set either, not both" in message
    assert "hunter2" not in message


def test_every_client_of_kafka_gets_the_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    assert connection(load_settings()) == {
        "bootstrap.servers": "kafka-0:9092,kafka-1:9092",
        "security.protocol": "SASL_SSL",
        "sasl.mechanisms": "SCRAM-SHA-512",
        "sasl.username": "registration",
        "sasl.password": "hunter2-of-kafka",
    }
    for name in ("KUKM_KAFKA_USERNAME", "KUKM_KAFKA_PASSWORD"):
        monkeypatch.delenv(name)
    token = "https://login.example.go.id/token"
    monkeypatch.setenv("KUKM_KAFKA_SASL_MECHANISM", "OAUTHBEARER")
    monkeypatch.setenv("KUKM_KAFKA_OAUTH_TOKEN_URL", token)
    monkeypatch.setenv("KUKM_KAFKA_OAUTH_CLIENT_ID", "registration")
    monkeypatch.setenv("KUKM_KAFKA_OAUTH_CLIENT_SECRET", "hunter2")
    given = connection(load_settings())
    assert given["sasl.oauthbearer.method"] == "oidc"
    assert given["sasl.oauthbearer.token.endpoint.url"] == token
    assert "sasl.username" not in given
    for name in [name for name in os.environ if name.startswith("KUKM_KAFKA_OAUTH")]:
        monkeypatch.delenv(name)
    monkeypatch.delenv("KUKM_KAFKA_SASL_MECHANISM")
    monkeypatch.setenv("KUKM_KAFKA_SECURITY_PROTOCOL", "SSL")
    for name, path in (("CA", "/tls/ca.pem"), ("CERTIFICATE", "/tls/me.pem"), ("KEY", "/tls/key")):
        monkeypatch.setenv(f"KUKM_KAFKA_{name}_FILE", path)
    assert connection(load_settings()) == {
        "bootstrap.servers": "kafka-0:9092,kafka-1:9092",
        "security.protocol": "SSL",
        "ssl.ca.location": "/tls/ca.pem",
        "ssl.certificate.location": "/tls/me.pem",
        "ssl.key.location": "/tls/key",
    }
