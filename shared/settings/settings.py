"""The settings of one process of a service."""

from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    HttpUrl,
    SecretStr,
    StringConstraints,
    ValidationInfo,
    field_validator,
)
from pydantic_settings import NoDecode

from shared.contracts.tokens import AUDIENCE, LOCAL_ISSUER
from shared.settings.kafka import KafkaSettings, check_readable
from shared.settings.mongo import check_address

KEY_LENGTH_MIN = 32
Part = Literal["api", "worker"]
"""The parts of a service that a process runs: its HTTP API, its worker, or both."""


def _split(value: object) -> object:
    if not isinstance(value, str):
        return value
    return frozenset(part.strip() for part in value.split(",") if part.strip())


def _long_enough(value: SecretStr) -> SecretStr:
    if any(len(line) < KEY_LENGTH_MIN for line in value.get_secret_value().splitlines()):
        raise ValueError(f"write one key a line, each of at least {KEY_LENGTH_MIN} characters")
    return value


def _plain(value: HttpUrl) -> HttpUrl:
    if value.username or value.password or value.query or value.fragment:
        raise ValueError("write the address alone, as https://registration.example: no password")
    return value


def _stop_delay(data: dict[str, Any]) -> float:
    return 0.0 if data.get("environment") == "local" else 5.0


class Settings(KafkaSettings):
    """One process's settings. `parts` says what it runs, the rest how it reaches the world.

    `operations_port` puts probes, metrics and `/docs` on a port of their own. A connection that
    rests is kept for `http_keep_alive_seconds`, longer than balancers keep theirs: so they never
    send a request while it is being closed. The other `http_…` bound what strangers can cost. A
    process that is to stop is unready first, and takes requests for `stop_delay_seconds` more,
    until balancers know; `stop_seconds` is the time for all of its end. `clock_file` (local only)
    names the file with the programme's instant; exactly one of `jwks_file` and `jwks_url` says
    whose tokens are good, and is needed where the API runs; `identifier_key` keys the hashes of
    NIB, NPWP and NIK and is needed by registration, `identifier_keys_before` has the keys that it
    replaced, one a line, the oldest first. `relation_key` and `relation_keys_before`, the same in
    registration and selection, key the hashes of owners, boards and offices. `actor_key`, the same
    for all services, keys the pseudonyms under which persons appear on the topics; the API needs
    it. `dossier_key`, the same in selection and registration, signs the passes to dossiers; without
    it those are refused.
    `public_url` is the address at which the public reaches this service: printed documents are
    checked there, and none is printed without it.
    `overseas_policy_from` is the first day in force of registration's policy on exhibitions
    overseas, where it is another than that of its data file.
    `traces_url` is where a collector takes spans by OTLP over HTTP; without it none are made.
    `traces_ratio` is the share of traces that are recorded, of those that begin here.
    """

    namespace: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{0,32}$")] = ""
    mongo_uri: Annotated[SecretStr, AfterValidator(check_address)]
    http_host: str = "127.0.0.1"
    http_port: Annotated[int, Field(ge=0, le=65_535)] = 8000
    operations_port: Annotated[int, Field(ge=1, le=65_535)] | None = None
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
    token_issuer: str | None = None
    token_audience: str = AUDIENCE
    identifier_key: Annotated[SecretStr, Field(min_length=KEY_LENGTH_MIN)] | None = None
    identifier_keys_before: Annotated[SecretStr, AfterValidator(_long_enough)] | None = None
    relation_key: Annotated[SecretStr, Field(min_length=KEY_LENGTH_MIN)] | None = None
    relation_keys_before: Annotated[SecretStr, AfterValidator(_long_enough)] | None = None
    actor_key: Annotated[SecretStr, Field(min_length=KEY_LENGTH_MIN)] | None = None
    dossier_key: Annotated[SecretStr, Field(min_length=KEY_LENGTH_MIN)] | None = None
    overseas_policy_from: date | None = None
    public_url: Annotated[HttpUrl, AfterValidator(_plain)] | None = None
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    traces_url: HttpUrl | None = None
    traces_ratio: Annotated[float, Field(ge=0, le=1)] = 0.01
    body_bytes_max: Annotated[int, Field(ge=1_024, le=1_048_576)] = 262_144
    documents_max: Annotated[int, Field(ge=10, le=10_000)] = 200
    outbox_events_max: Annotated[int, Field(ge=1, le=1_000)] = 300
    sweep_seconds: Annotated[float, Field(gt=0, le=60)] = 3.0
    batch_events_max: Annotated[int, Field(ge=1, le=10_000)] = 2_000

    @field_validator("clock_file")
    @classmethod
    def _local_only(cls, value: Path | None, info: ValidationInfo) -> Path | None:
        if value is not None and info.data.get("environment") != "local":
            raise ValueError("only where KUKM_ENVIRONMENT=local: production keeps the real time")
        return value

    @field_validator("operations_port")
    @classmethod
    def _own_port(cls, value: int | None, info: ValidationInfo) -> int | None:
        if value is not None and value == info.data.get("http_port"):
            raise ValueError("must be another port than KUKM_HTTP_PORT")
        return value

    @field_validator("jwks_file")
    @classmethod
    def _readable(cls, value: Path | None, info: ValidationInfo) -> Path | None:
        if value is not None and _runs_api(info):
            check_readable(value)
        return value

    @field_validator("traces_url")
    @classmethod
    def _whole_and_public(cls, value: HttpUrl | None) -> HttpUrl | None:
        if value is not None and (value.username or value.password):
            raise ValueError(
                "must have no password: give the collector's in OTEL_EXPORTER_OTLP_HEADERS"
            )
        if value is not None and value.path in (None, "/"):
            raise ValueError("write the whole address, as http://collector:4318/v1/traces")
        return value

    @field_validator("jwks_url")
    @classmethod
    def _encrypted(cls, value: HttpUrl | None, info: ValidationInfo) -> HttpUrl | None:
        local = info.data.get("environment") == "local"
        if value is not None and value.scheme != "https" and not local:
            raise ValueError("must begin with https://: who changes the keys makes the tokens")
        if not _runs_api(info) or "jwks_file" not in info.data:
            return value
        if (info.data["jwks_file"] is None) == (value is None):
            raise ValueError(
                "KUKM_JWKS_FILE, KUKM_JWKS_URL: the API needs exactly one of them, the keys by "
                "which tokens are checked"
            )
        return value

    @field_validator("token_issuer")
    @classmethod
    def _known_issuer(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is None and info.data.get("environment") == "local":
            return LOCAL_ISSUER
        if value is None and _runs_api(info):
            raise ValueError("the API needs the issuer of the tokens it takes")
        return value

    @field_validator("relation_key")
    @classmethod
    def _local_key(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if value is None and info.data.get("environment") == "local":
            return SecretStr("for one's own machine: it hides no relation")
        return value

    @field_validator("actor_key")
    @classmethod
    def _keyed(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if value is None and info.data.get("environment") == "local":
            return SecretStr("for one's own machine: it hides nobody")
        if value is None and _runs_api(info):
            raise ValueError(
                "the API needs it, at least 32 characters and the same for all services, for the "
                "pseudonyms of persons on the topics"
            )
        return value

    def database_name(self, service: str) -> str:
        """Return the name of a service's database."""
        return f"{self.namespace}-kukm-{service}" if self.namespace else f"kukm-{service}"

    @property
    def identifier_keys(self) -> tuple[bytes, ...]:
        """The keys of the hashes of numbers, today's last; none where the API does not run."""
        return _in_order(self.identifier_keys_before, self.identifier_key)

    @property
    def relation_keys(self) -> tuple[bytes, ...]:
        """The keys of the hashes of relations, today's last; none where they are not needed."""
        return _in_order(self.relation_keys_before, self.relation_key)

    @property
    def actor_secret(self) -> str:
        """The key of the pseudonyms of persons; the API's settings always have it."""
        return self.actor_key.get_secret_value() if self.actor_key else ""


def _in_order(before: SecretStr | None, newest: SecretStr | None) -> tuple[bytes, ...]:
    if newest is None:
        return ()
    texts = before.get_secret_value().splitlines() if before else []
    return tuple(text.encode() for text in (*texts, newest.get_secret_value()))


def _runs_api(info: ValidationInfo) -> bool:
    return "api" in info.data.get("parts", ())
