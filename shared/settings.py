"""The settings of a service: environment variables `KUKM_…`, checked once at start.

Everything is checked before anything is opened, and every error names its variable, so that a wrong
deployment stops at once with the whole list. Secrets are `SecretStr`: they are never printed, not
even in an error about themselves. An empty variable counts as not set.
"""

import sys
from pathlib import Path
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    HttpUrl,
    SecretStr,
    StringConstraints,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from shared.contracts.tokens import AUDIENCE, LOCAL_ISSUER

Part = Literal["api", "worker"]
"""What a process of a service runs: its HTTP API, its worker, or both."""

PREFIX = "KUKM_"
BAD_SETTINGS_EXIT_CODE = 2


def _split(value: object) -> object:
    if not isinstance(value, str):
        return value
    return frozenset(part.strip() for part in value.split(",") if part.strip())


def _mongo_address(value: SecretStr) -> SecretStr:
    if not value.get_secret_value().startswith(("mongodb://", "mongodb+srv://")):
        raise ValueError("must begin with mongodb:// or mongodb+srv://")
    return value


def _replicas(data: dict[str, Any]) -> int:
    return 1 if data.get("environment") == "local" else 3


def _issuer(data: dict[str, Any]) -> str | None:
    return LOCAL_ISSUER if data.get("environment") == "local" else None


class Settings(BaseSettings):
    """One process's settings. `parts` says what it runs, the rest how it reaches the world.

    `clock_file` (local only) names the file with the programme's instant; exactly one of
    `jwks_file` and `jwks_url` says whose tokens are good, and is needed where the API runs;
    `identifier_key` keys the hashes of NIB, NPWP and NIK and is needed by registration.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_ignore_empty=True,
        frozen=True,
        extra="ignore",
        hide_input_in_errors=True,
    )

    environment: Literal["local", "production"] = "production"
    namespace: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{0,32}$")] = ""
    kafka_bootstrap_servers: Annotated[
        str, StringConstraints(pattern=r"^[^\s,:]+:[0-9]{1,5}(,[^\s,:]+:[0-9]{1,5})*$")
    ]
    mongo_uri: Annotated[SecretStr, AfterValidator(_mongo_address)]
    http_host: str = "127.0.0.1"
    http_port: Annotated[int, Field(ge=0, le=65_535)] = 8000
    parts: Annotated[frozenset[Part], NoDecode, BeforeValidator(_split), Field(min_length=1)] = (
        frozenset(get_args(Part))
    )
    clock_file: Path | None = None
    jwks_file: Path | None = None
    jwks_url: HttpUrl | None = None
    token_issuer: str | None = Field(default_factory=_issuer)
    token_audience: str = AUDIENCE
    identifier_key: Annotated[SecretStr, Field(min_length=32)] | None = None
    partitions: Annotated[int, Field(ge=1, le=1_000)] = 12
    replication_factor: Annotated[int, Field(ge=1, le=9)] = Field(default_factory=_replicas)
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    body_bytes_max: Annotated[int, Field(ge=1_024)] = 262_144
    outbox_events_max: Annotated[int, Field(ge=1)] = 300
    sweep_seconds: Annotated[float, Field(gt=0)] = 3.0
    batch_events_max: Annotated[int, Field(ge=1)] = 2_000

    @field_validator("clock_file")
    @classmethod
    def _local_only(cls, value: Path | None, info: ValidationInfo) -> Path | None:
        if value is not None and info.data.get("environment") != "local":
            raise ValueError("only where KUKM_ENVIRONMENT=local: production keeps the real time")
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
        return self


def load_settings(**given: Any) -> Settings:
    """Return the settings of this process, or print every fault on stderr and exit with 2.

    What is `given` counts instead of the variable of that name.
    """
    try:
        return Settings(**given)
    except ValidationError as error:
        sys.stderr.write(explain(error))
        raise SystemExit(BAD_SETTINGS_EXIT_CODE) from None


def explain(error: ValidationError) -> str:
    """Explain the errors, a line a variable, without any value."""
    lines = [
        _line(fault["loc"], fault["msg"])
        for fault in error.errors(include_input=False)
        if fault["type"] != "default_factory_not_called"  # follows from another error
    ]
    return "\n".join(["Cannot start, the settings are wrong:", *lines]) + "\n"


def _line(place: tuple[int | str, ...], message: str) -> str:
    reason = message.removeprefix("Value error, ")
    if not place:
        return f"  {reason}"
    reason = "is required and not set" if reason == "Field required" else reason
    return f"  {PREFIX}{str(place[0]).upper()}: {reason[0].lower()}{reason[1:]}"
