"""The settings of the local system: environment variables, all of them optional.

The two variables that name servers of your own are also those of the services. An empty variable
counts as not set.
"""

import os
from pathlib import Path

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from deploy.local import LocalError
from shared.settings import PREFIX, explain

PORT = Field(default=None, ge=1, le=65_535)


def _cache() -> Path:
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "gelar"


class LocalSettings(BaseSettings):
    """The settings of one local system; README.md describes each."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, frozen=True, extra="ignore"
    )

    kafka_bootstrap_servers: str | None = None
    mongo_uri: str | None = None
    local_cache: Path = Field(default_factory=_cache)
    local_maven_repository: str | None = None
    local_ready_seconds: float = Field(default=180.0, gt=0)
    local_separate: bool = False
    local_kafka_port: int | None = PORT
    local_mongo_port: int | None = PORT
    local_registration_port: int | None = PORT
    local_selection_port: int | None = PORT
    local_budget_port: int | None = PORT
    local_reporting_port: int | None = PORT
    namespace: str = ""
    clock_file: Path | None = None

    def port(self, name: str) -> int | None:
        """Return the port that is set for a server or service, else None."""
        port: int | None = getattr(self, f"local_{name}_port", None)
        return port


def load_local_settings() -> LocalSettings:
    """Return the settings of this process. Raises `LocalError` with every wrong variable."""
    try:
        return LocalSettings()
    except ValidationError as error:
        raise LocalError(explain(error)) from None
