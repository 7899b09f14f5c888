"""The settings of Kafka: addresses, encryption, who this process is there, and its topics.

A setting that hangs on others is checked as a field, against the valid fields before it: so one
start reports every fault.
"""

import re
import ssl
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    AfterValidator,
    Field,
    HttpUrl,
    SecretStr,
    ValidationInfo,
    field_validator,
)
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from shared.settings.secrets import PREFIX, UnreadableSecret, with_secret_files

T = TypeVar("T")

SecurityProtocol = Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"]
Mechanism = Literal["SCRAM-SHA-256", "SCRAM-SHA-512", "OAUTHBEARER", "PLAIN"]
BROKER = re.compile(r"(\[[0-9a-fA-F:.]+\]|[^\s,:\[\]/]+):(?P<port>[0-9]{1,5})")
PORT_MAX = 65_535
REPLICAS_MIN = 3
"""Outside of `local`: with fewer an acknowledged event can be lost, or writing stops, with a
single broker."""
TLS = ("SSL", "SASL_SSL")
SASL = ("SASL_PLAINTEXT", "SASL_SSL")
FILES = ("kafka_ca_file", "kafka_certificate_file", "kafka_key_file")
TLS_ONLY = (*FILES, "kafka_key_password")
OAUTH_ONLY = (
    "kafka_oauth_token_url",
    "kafka_oauth_client_id",
    "kafka_oauth_client_secret",
)
PASSWORD_ONLY = ("kafka_username", "kafka_password")
SASL_ONLY = ("kafka_sasl_mechanism", *PASSWORD_ONLY, *OAUTH_ONLY, "kafka_oauth_scope")


def _brokers(text: str) -> str:
    brokers = [part.strip() for part in text.split(",")]
    for broker in brokers:
        address = BROKER.fullmatch(broker)
        if address is None or not 1 <= int(address["port"]) <= PORT_MAX:
            raise ValueError(
                "must be HOST:PORT, or several with commas between them; an IPv6 address stands in "
                "brackets, as in [::1]:9092"
            )
    return ",".join(brokers)


def _replicas(data: dict[str, Any]) -> int:
    return 1 if data.get("environment") == "local" else REPLICAS_MIN


def check_readable(path: Path) -> None:
    """Raise `ValueError`, with the reason, unless this process can read the file."""
    try:
        path.read_bytes()
    except OSError as error:
        raise ValueError(f"{path} cannot be read: {error.strerror}") from None


class KafkaSettings(BaseSettings):
    """The way of a process to Kafka; all its clients use the same.

    `kafka_security_protocol` must be chosen outside `local`. With TLS `kafka_ca_file` names the
    authorities that are trusted (else the system's); `kafka_certificate_file` and `kafka_key_file`
    say who this process is (mTLS). With SASL it is `kafka_username` and `kafka_password`, or the
    token that `kafka_oauth_token_url` gives for `kafka_oauth_client_id` and its secret.
    A single node, or two, are enough for `replication_factor` in `local` only.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_ignore_empty=True,
        frozen=True,
        extra="ignore",
        hide_input_in_errors=True,
        validate_default=True,
    )

    environment: Literal["local", "production"] = "production"
    kafka_bootstrap_servers: Annotated[str, AfterValidator(_brokers)]
    kafka_security_protocol: SecurityProtocol | None = None
    kafka_ca_file: Path | None = None
    kafka_certificate_file: Path | None = None
    kafka_key_file: Path | None = None
    kafka_key_password: SecretStr | None = None
    kafka_sasl_mechanism: Mechanism | None = None
    kafka_username: str | None = None
    kafka_password: SecretStr | None = None
    kafka_oauth_token_url: HttpUrl | None = None
    kafka_oauth_client_id: str | None = None
    kafka_oauth_client_secret: SecretStr | None = None
    kafka_oauth_scope: str | None = None
    partitions: Annotated[int, Field(ge=1, le=1_000)] = 12
    replication_factor: Annotated[int, Field(ge=1, le=9)] = Field(default_factory=_replicas)

    @classmethod
    def settings_customise_sources(
        cls, settings_cls: type[BaseSettings], *sources: PydanticBaseSettingsSource, **named: Any
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read secrets from files, too."""
        return with_secret_files(settings_cls, *sources, *named.values())

    @property
    def uses_tls(self) -> bool:
        """True if connections to Kafka are encrypted."""
        return self.kafka_security_protocol in TLS

    @property
    def uses_sasl(self) -> bool:
        """True if this process proves to Kafka who it is by a password or a token."""
        return self.kafka_security_protocol in SASL

    @field_validator("*", mode="before")
    @classmethod
    def _is_read(cls, value: object) -> object:
        if isinstance(value, UnreadableSecret):
            raise value
        return value

    @field_validator("kafka_security_protocol")
    @classmethod
    def _is_chosen(
        cls, value: SecurityProtocol | None, info: ValidationInfo
    ) -> SecurityProtocol | None:
        if value is not None or "environment" not in info.data:
            return value
        if info.data["environment"] == "local":
            return "PLAINTEXT"
        raise ValueError(
            "is required outside of local: SASL_SSL, SSL, or PLAINTEXT where the network itself "
            "is encrypted and closed"
        )

    @field_validator("replication_factor")
    @classmethod
    def _survives_a_broker(cls, value: int, info: ValidationInfo) -> int:
        elsewhere = info.data.get("environment", "local") != "local"
        if elsewhere and value < REPLICAS_MIN:
            raise ValueError(
                f"must be {REPLICAS_MIN} or more outside of local, because with fewer an "
                "acknowledged event can be lost with a single broker: leave it out, or set "
                f"{REPLICAS_MIN}"
            )
        return value

    @field_validator(*TLS_ONLY)
    @classmethod
    def _fits_tls(cls, value: T | None, info: ValidationInfo) -> T | None:
        protocol = info.data.get("kafka_security_protocol")
        if value is not None and protocol is not None and protocol not in TLS:
            raise _needless("TLS")
        if isinstance(value, Path):
            check_readable(value)
        if info.field_name == "kafka_ca_file" and isinstance(value, Path):
            _check_authorities(value)
        certificate = info.data.get("kafka_certificate_file", value)
        if info.field_name == "kafka_key_file" and (certificate is None) != (value is None):
            raise ValueError(
                "KUKM_KAFKA_CERTIFICATE_FILE, KUKM_KAFKA_KEY_FILE: set both, or neither"
            )
        return value

    @field_validator("kafka_key_password")
    @classmethod
    def _opens_key(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        certificate = info.data.get("kafka_certificate_file")
        key = info.data.get("kafka_key_file")
        if certificate is not None and key is not None:
            _check_certificate(certificate, key, value)
        return value

    @field_validator(*SASL_ONLY)
    @classmethod
    def _fits_sasl(cls, value: T | None, info: ValidationInfo) -> T | None:
        protocol = info.data.get("kafka_security_protocol")
        if protocol in SASL:
            _check_sasl(str(info.field_name), value, info.data)
        elif value is not None and protocol is not None:
            raise _needless("SASL")
        return value


def _check_authorities(path: Path) -> None:
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cafile=path)
    except ssl.SSLError:
        raise ValueError(f"{path} has no certificate in PEM form") from None


def _check_certificate(certificate: Path, key: Path, password: SecretStr | None) -> None:
    # Without a password the library would ask for it on the terminal.
    secret = password.get_secret_value() if password else ""
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_cert_chain(certificate, key, secret)
    except (ssl.SSLError, ValueError):
        raise ValueError(
            f"{certificate} and {key} are no certificate in PEM form with its key, or the key "
            "needs another KUKM_KAFKA_KEY_PASSWORD"
        ) from None


def _check_sasl(name: str, value: object, before: Mapping[str, Any]) -> None:
    if name == "kafka_sasl_mechanism":
        if value is None:
            raise ValueError(
                "is required with SASL: SCRAM-SHA-512, SCRAM-SHA-256, OAUTHBEARER or PLAIN"
            )
        return
    mechanism = before.get("kafka_sasl_mechanism")
    if mechanism is None:
        return
    oauth = mechanism == "OAUTHBEARER"
    needed, needless = (OAUTH_ONLY, PASSWORD_ONLY) if oauth else (PASSWORD_ONLY, OAUTH_ONLY)
    if name in needed and value is None:
        raise ValueError(f"is required with {mechanism}")
    if name in needless and value is not None:
        raise _needless(f"another mechanism than {mechanism}")


def _needless(word: str) -> ValueError:
    return ValueError(
        f"needs {word}: set KUKM_KAFKA_SECURITY_PROTOCOL and KUKM_KAFKA_SASL_MECHANISM to match, "
        "or leave it out"
    )
