"""Fixtures: the example service behind the HTTP layer, a client of it, and tokens for it."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from gelar.issuer import ensure_local_key, issue_token
from shared.settings import Settings
from tests.http.example import ExampleService, client_of, example_app

Headers = dict[str, str]
Sign = Callable[..., Headers]


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a directory with a signing key."""
    directory = tmp_path_factory.mktemp("keys")
    ensure_local_key(directory)
    return directory


@pytest.fixture
def settings(keys: Path) -> Settings:
    """Return settings whose servers do not exist."""
    return Settings(
        environment="local",
        kafka_bootstrap_servers="localhost:9",
        mongo_uri="mongodb://localhost:9",
        jwks_file=keys / "jwks.json",
        body_bytes_max=2_048,
    )


@pytest.fixture
def service() -> ExampleService:
    """Return the example service."""
    return ExampleService()


@pytest.fixture
async def client(service: ExampleService, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """Return a client of the example service."""
    async with client_of(example_app(service, settings)) as client:
        yield client


@pytest.fixture
def reads(keys: Path) -> Sign:
    """Return the function that makes the headers of a query: `reads("auditor")`."""

    def sign(*roles: str, actor: str = "someone", enterprise: str | None = None) -> Headers:
        token = issue_token(keys, actor=actor, roles=roles, enterprise=enterprise)
        return {"Authorization": f"Bearer {token}"}

    return sign


@pytest.fixture
def commands(reads: Sign) -> Sign:
    """Return the function that makes the headers of a command, each time with a new key."""

    def sign(*roles: str, **identity: str) -> Headers:
        return {**reads(*roles, **identity), "Idempotency-Key": uuid4().hex}

    return sign
