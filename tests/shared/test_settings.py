"""Settings are right at the start, or the process does not start and says why."""

import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from shared.messaging.connection import connection
from shared.settings import load_settings
from tests.faults.secured_kafka import make_certificates

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
        ("KUKM_KAFKA_CERTIFICATE_FILE", __file__),
        ("KUKM_KAFKA_CA_FILE", "/nowhere/ca.pem"),
        ("KUKM_KAFKA_KEY_FILE", "/nowhere/key.pem"),
        ("KUKM_KAFKA_OAUTH_CLIENT_ID", "registration"),
        ("KUKM_BODY_BYTES_MAX", "1000000000"),
        ("KUKM_BATCH_EVENTS_MAX", "1000000"),
        ("KUKM_OUTBOX_EVENTS_MAX", "100000"),
        ("KUKM_DOCUMENTS_MAX", "1"),
        ("KUKM_SWEEP_SECONDS", "inf"),
        ("KUKM_MONGO_URI", "postgres://user:hunter2@db"),
        ("KUKM_MONGO_URI", "mongodb://u:hunter2@%%%"),
        ("KUKM_MONGO_URI", "mongodb://u:p@hunter2@mongo"),
        ("KUKM_MONGO_URI", "mongodb://mongo:hunter2/"),
        ("KUKM_MONGO_URI", "mongodb://"),
        ("KUKM_MONGO_URI", "mongodb://u:hunter2@h/?tls=true&tlsCAFile=/nowhere/ca.pem"),
        ("KUKM_MONGO_URI", "mongodb+srv://u:p@hunter2@mongo/?replicaSet=rs0"),
        ("KUKM_OPERATIONS_PORT", "0"),
        ("KUKM_OPERATIONS_PORT", "8000"),
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
        ("KUKM_DOSSIER_KEY", "hunter2-is-too-short"),
        ("KUKM_RELATION_KEY", "hunter2-is-too-short"),
        ("KUKM_RELATION_KEYS_BEFORE", "hunter2-is-too-short"),
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


def test_faults_that_hang_on_other_settings_are_said_at_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("KUKM_KAFKA_USERNAME", "KUKM_KAFKA_PASSWORD", "KUKM_TOKEN_ISSUER"):
        monkeypatch.delenv(name)
    for name, value in {
        "KUKM_KAFKA_BOOTSTRAP_SERVERS": "kafka",
        "KUKM_KAFKA_CA_FILE": "/nowhere/ca.pem",
        "KUKM_KAFKA_CERTIFICATE_FILE": __file__,
        "KUKM_KAFKA_OAUTH_CLIENT_ID": "registration",
        "KUKM_IDENTIFIER_KEY_FILE": "/nowhere/key",
        "KUKM_JWKS_FILE": "/nowhere/jwks.json",
        "KUKM_OPERATIONS_PORT": "8000",
    }.items():
        monkeypatch.setenv(name, value)
    first, *lines = complaint(capsys).splitlines()
    assert first == "Cannot start, the settings are wrong:"
    assert [line.partition(": ")[0].strip() for line in lines] == [
        "KUKM_IDENTIFIER_KEY_FILE",
        "KUKM_JWKS_FILE",
        "KUKM_KAFKA_BOOTSTRAP_SERVERS",
        "KUKM_KAFKA_CA_FILE",
        "KUKM_KAFKA_CERTIFICATE_FILE, KUKM_KAFKA_KEY_FILE",
        "KUKM_KAFKA_OAUTH_CLIENT_ID",
        "KUKM_KAFKA_PASSWORD",
        "KUKM_KAFKA_USERNAME",
        "KUKM_OPERATIONS_PORT",
        "KUKM_TOKEN_ISSUER",
    ]
    assert "  KUKM_JWKS_FILE: /nowhere/jwks.json cannot be read: No such file or directory" in lines


def test_a_worker_reads_no_keys_of_tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUKM_PARTS", "worker")
    monkeypatch.setenv("KUKM_JWKS_FILE", "/nowhere/jwks.json")
    assert load_settings().parts == {"worker"}


@pytest.mark.parametrize(
    "uri",
    [
        "mongodb://h1,h2:27018/?replicaSet=rs0&tls=true",
        "mongodb://u%40x:p%2F%3A@[::1]:27017/",
        "mongodb+srv://user:word@cluster.example.go.id/?srvServiceName=mongo",
    ],
)
def test_an_address_of_mongodb_is_taken_as_it_is(monkeypatch: pytest.MonkeyPatch, uri: str) -> None:
    monkeypatch.setenv("KUKM_MONGO_URI", uri)
    assert load_settings().mongo_uri.get_secret_value() == uri


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


def test_every_client_of_kafka_gets_the_connection(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
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
    made = make_certificates(tmp_path / "made")
    use_files(monkeypatch, made.authority, made.client(), made.client_key())
    assert connection(load_settings()) == {
        "bootstrap.servers": "kafka-0:9092,kafka-1:9092",
        "security.protocol": "SSL",
        "ssl.ca.location": str(made.authority),
        "ssl.certificate.location": str(made.client()),
        "ssl.key.location": str(made.client_key()),
    }


def use_files(monkeypatch: pytest.MonkeyPatch, *files: Path) -> None:
    """Name the files of TLS: authorities, certificate and key."""
    for name, file in zip(("CA", "CERTIFICATE", "KEY"), files, strict=True):
        monkeypatch.setenv(f"KUKM_KAFKA_{name}_FILE", str(file))


def test_files_of_tls_are_certificates_and_a_key(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    made = make_certificates(tmp_path / "made")
    empty = tmp_path / "empty"
    empty.write_text("")
    use_files(monkeypatch, empty, made.client(), made.client_key())
    assert f"KUKM_KAFKA_CA_FILE: {empty} has no certificate in PEM form" in complaint(capsys)
    # The key of another certificate.
    use_files(monkeypatch, made.authority, made.authority, made.client_key())
    assert "are no certificate in PEM form with its key" in complaint(capsys)
    use_files(monkeypatch, made.authority, made.client(), empty)
    assert "KUKM_KAFKA_KEY_PASSWORD" in complaint(capsys)
