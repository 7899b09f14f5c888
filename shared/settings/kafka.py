"""The settings of Kafka: addresses, encryption, who this process is there, and its topics."""

import re
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, HttpUrl, SecretStr, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from shared.settings.secrets import PREFIX, with_secret_files

SecurityProtocol = Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"]
Mechanism = Literal["SCRAM-SHA-256", "SCRAM-SHA-512", "OAUTHBEARER", "PLAIN"]
BROKER = re.compile(r"(\[[0-9a-fA-F:.]+\]|[^\s,:\[\]/]+):(?P<port>[0-9]{1,5})")
PORT_MAX = 65_535


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
    return 1 if data.get("environment") == "local" else 3


def _protocol(data: dict[str, Any]) -> SecurityProtocol | None:
    return "PLAINTEXT" if data.get("environment") == "local" else None


class KafkaSettings(BaseSettings):
    """The way of a process to Kafka; all its clients use the same.

    `kafka_security_protocol` must be chosen outside `local`. With TLS `kafka_ca_file` names the
    authorities that are trusted (else the system's); `kafka_certificate_file` and `kafka_key_file`
    say who this process is (mTLS). With SASL it is `kafka_username` and `kafka_password`, or the
    token that `kafka_oauth_token_url` gives for `kafka_oauth_client_id` and its secret.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_ignore_empty=True,
        frozen=True,
        extra="ignore",
        hide_input_in_errors=True,
    )

    environment: Literal["local", "production"] = "production"
    kafka_bootstrap_servers: Annotated[str, AfterValidator(_brokers)]
    kafka_security_protocol: SecurityProtocol | None = Field(default_factory=_protocol)
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
        return self.kafka_security_protocol in ("SSL", "SASL_SSL")

    @property
    def uses_sasl(self) -> bool:
        """True if this process proves to Kafka who it is by a password or a token."""
        return self.kafka_security_protocol in ("SASL_PLAINTEXT", "SASL_SSL")

    @model_validator(mode="after")
    def _kafka_is_complete(self) -> Self:
        if self.kafka_security_protocol is None:
            raise ValueError(
                "KUKM_KAFKA_SECURITY_PROTOCOL: is required outside of local: SASL_SSL, SSL, or "
                "PLAINTEXT where the network itself is encrypted and closed"
            )
        _check_pairs(self)
        if not self.uses_tls:
            _refuse_needless(self, "TLS", TLS_ONLY)
        if self.uses_sasl:
            _check_sasl(self)
        else:
            _refuse_needless(self, "SASL", SASL_ONLY)
        return self


TLS_ONLY = ("kafka_ca_file", "kafka_certificate_file", "kafka_key_file", "kafka_key_password")
OAUTH_ONLY = (
    "kafka_oauth_token_url",
    "kafka_oauth_client_id",
    "kafka_oauth_client_secret",
)
PASSWORD_ONLY = ("kafka_username", "kafka_password")
SASL_ONLY = ("kafka_sasl_mechanism", *PASSWORD_ONLY, *OAUTH_ONLY, "kafka_oauth_scope")


def _check_pairs(settings: KafkaSettings) -> None:
    if (settings.kafka_certificate_file is None) != (settings.kafka_key_file is None):
        raise ValueError("KUKM_KAFKA_CERTIFICATE_FILE, KUKM_KAFKA_KEY_FILE: set both, or neither")


def _check_sasl(settings: KafkaSettings) -> None:
    if settings.kafka_sasl_mechanism is None:
        raise ValueError(
            "KUKM_KAFKA_SASL_MECHANISM: is required with SASL: SCRAM-SHA-512, SCRAM-SHA-256, "
            "OAUTHBEARER or PLAIN"
        )
    oauth = settings.kafka_sasl_mechanism == "OAUTHBEARER"
    needed, needless = (OAUTH_ONLY, PASSWORD_ONLY) if oauth else (PASSWORD_ONLY, OAUTH_ONLY)
    for name in needed:
        if getattr(settings, name) is None:
            raise ValueError(
                f"{PREFIX}{name.upper()}: is required with {settings.kafka_sasl_mechanism}"
            )
    _refuse_needless(settings, f"other mechanism than {settings.kafka_sasl_mechanism}", needless)


def _refuse_needless(settings: KafkaSettings, word: str, names: tuple[str, ...]) -> None:
    given = [name for name in names if getattr(settings, name) is not None]
    if given:
        raise ValueError(
            f"{PREFIX}{given[0].upper()}: needs {word}: set KUKM_KAFKA_SECURITY_PROTOCOL and "
            "KUKM_KAFKA_SASL_MECHANISM to match, or leave it out"
        )
