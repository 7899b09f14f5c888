"""The settings of one process of a service."""

from pathlib import Path
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    HttpUrl,
    SecretStr,
    StringConstraints,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_settings import NoDecode

from shared.contracts.tokens import AUDIENCE, LOCAL_ISSUER
from shared.settings.kafka import KafkaSettings

Part = Literal["api", "worker"]
"""What a process of a service runs: its HTTP API, its worker, or both."""


def _split(value: object) -> object:
    if not isinstance(value, str):
        return value
    return frozenset(part.strip() for part in value.split(",") if part.strip())


def _mongo_address(value: SecretStr) -> SecretStr:
    if not value.get_secret_value().startswith(("mongodb://", "mongodb+srv://")):
        raise ValueError("must begin with mongodb:// or mongodb+srv://")
    return value


def _stop_delay(data: dict[str, Any]) -> float:
    return 0.0 if data.get("environment") == "local" else 5.0


def _actor_key(data: dict[str, Any]) -> SecretStr | None:
    local = SecretStr("for one's own machine: it hides nobody")
    return local if data.get("environment") == "local" else None


def _issuer(data: dict[str, Any]) -> str | None:
    return LOCAL_ISSUER if data.get("environment") == "local" else None


class Settings(KafkaSettings):
    """One process's settings. `parts` says what it runs, the rest how it reaches the world.

    `operations_port` puts probes, metrics and `/docs` on a port of their own. A connection that
    rests is kept for `http_keep_alive_seconds`, longer than balancers keep theirs: so they never
    send a request while it is being closed. The other `http_…` bound what strangers can cost. A
    process that is to stop is unready first, and takes requests for `stop_delay_seconds` more,
    until balancers know; `stop_seconds` is the time for all of its end. `clock_file` (local only)
    names the file with the programme's instant; exactly one of `jwks_file` and `jwks_url` says
    whose tokens are good, and is needed where the API runs; `identifier_key` keys the hashes of
    NIB, NPWP and NIK and is needed by registration. `actor_key`, the same for all services, keys
    the pseudonyms under which persons appear on the topics; the API needs it.
    """

    namespace: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{0,32}$")] = ""
    mongo_uri: Annotated[SecretStr, AfterValidator(_mongo_address)]
    http_host: str = "127.0.0.1"
    http_port: Annotated[int, Field(ge=0, le=65_535)] = 8000
    operations_port: Annotated[int, Field(ge=0, le=65_535)] | None = None
    http_keep_alive_seconds: Annotated[int, Field(ge=1, le=3_600)] = 75
    http_connections_max: Annotated[int, Field(ge=10, le=100_000)] = 1_000
    http_requests_max: Annotated[int, Field(ge=1, le=10_000)] = 400
    http_head_bytes_max: Annotated[int, Field(ge=4_096, le=1_048_576)] = 32_768
    http_head_seconds: Annotated[float, Field(ge=1, le=600)] = 10.0
    http_body_seconds: Annotated[float, Field(ge=1, le=600)] = 30.0
    parts: Annotated[frozenset[Part], NoDecode, BeforeValidator(_split), Field(min_length=1)] = (
        frozenset(get_args(Part))
    )
    stop_delay_seconds: Annotated[float, Field(ge=0, le=60)] = Field(default_factory=_stop_delay)
    stop_seconds: Annotated[float, Field(ge=2, le=600)] = 25.0
    clock_file: Path | None = None
    jwks_file: Path | None = None
    jwks_url: HttpUrl | None = None
    token_issuer: str | None = Field(default_factory=_issuer)
    token_audience: str = AUDIENCE
    identifier_key: Annotated[SecretStr, Field(min_length=32)] | None = None
    actor_key: Annotated[SecretStr, Field(min_length=32)] | None = Field(default_factory=_actor_key)
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    body_bytes_max: Annotated[int, Field(ge=1_024, le=1_048_576)] = 262_144
    outbox_events_max: Annotated[int, Field(ge=1, le=1_000)] = 300
    sweep_seconds: Annotated[float, Field(gt=0, le=60)] = 3.0
    batch_events_max: Annotated[int, Field(ge=1, le=10_000)] = 2_000

    @field_validator("clock_file")
    @classmethod
    def _local_only(cls, value: Path | None, info: ValidationInfo) -> Path | None:
        if value is not None and info.data.get("environment") != "local":
            raise ValueError("only where KUKM_ENVIRONMENT=local: production keeps the real time")
        return value

    @field_validator("jwks_url")
    @classmethod
    def _encrypted(cls, value: HttpUrl | None, info: ValidationInfo) -> HttpUrl | None:
        if value is not None and value.scheme != "https" and info.data["environment"] != "local":
            raise ValueError("must begin with https://: who changes the keys makes the tokens")
        return value

    @model_validator(mode="after")
    def _tokens_can_be_checked(self) -> Self:
        if "api" not in self.parts:
            return self
        if (self.jwks_file is None) == (self.jwks_url is None):
            raise ValueError(
                "KUKM_JWKS_FILE, KUKM_JWKS_URL: the API needs exactly one of them, the keys by "
                "which tokens are checked"
            )
        if self.token_issuer is None:
            raise ValueError("KUKM_TOKEN_ISSUER: the API needs the issuer of the tokens it takes")
        if self.actor_key is None:
            raise ValueError(
                "KUKM_ACTOR_KEY: the API needs it, at least 32 characters and the same for all "
                "services, for the pseudonyms of persons on the topics"
            )
        return self

    @property
    def actor_secret(self) -> str:
        """The key of the pseudonyms of persons; the API's settings always have it."""
        return self.actor_key.get_secret_value() if self.actor_key else ""
