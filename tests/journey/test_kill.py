"""A service gets SIGKILL between its write and its publish."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from deploy.local.services import SERVICES
from deploy.local.stack import Stack, local_stack
from gelar.issuer import issue_token
from shared.kernel.wire import decode
from shared.messaging.reading import read_topics
from shared.operations.verify import verify
from shared.settings import Settings
from shared.store import Database
from tests.conftest import eventually
from tests.long_tests import long_test
from tests.verifying import engine_of

ID = "inacraft-2018"
TARGET = {"scope": "ALL", "indicator": "ENTERPRISES", "value": 700}
PROGRAMME = {
    "programme": "2018",
    "title": "2018",
    "targets": [TARGET],
    "document_number": "SK-1",
    "signed_on": "2018-01-02",
}
EXHIBITION = {
    "exhibition": ID,
    "programme": "2018",
    "scope": "DOMESTIC",
    "name": "Inacraft",
    "city": "Jakarta",
    "country": "ID",
    "organiser": "ASEPHI",
}


def command(stack: Stack, path: str, body: Mapping[str, object]) -> httpx.Response:
    """Send a command to registration."""
    token = issue_token(stack.token_key_dir, actor="officer", roles=["programme-officer"])
    headers = {"authorization": f"Bearer {token}", "idempotency-key": uuid4().hex}
    url = f"{stack.urls['registration']}{path}"
    return httpx.post(url, json=body, headers=headers, trust_env=False)


@long_test
def test_an_unpublished_event_arrives_once_after_a_kill(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Kafka is stopped here, so it must be this test's own.
    monkeypatch.delenv("KUKM_KAFKA_BOOTSTRAP_SERVERS", raising=False)
    monkeypatch.delenv("KUKM_MONGO_URI", raising=False)
    followers = [
        service for service in SERVICES if service.name in ("registration", "selection", "budget")
    ]
    with local_stack(tmp_path, services=followers) as stack:
        assert command(stack, "/programmes", PROGRAMME).status_code == 201
        stack.servers.kafka.stop()
        assert command(stack, "/exhibitions", EXHIBITION).status_code == 201
        stack.services["registration"].kill()
        stack.servers.kafka.start()
        stack.services["registration"].start()
        asyncio.run(arrives_once(stack))


async def arrives_once(stack: Stack) -> None:
    """Check that every mirror has the event once, the topic has it, and history makes the state."""
    uri = stack.servers.mongo_uri
    databases = [Database(uri, f"kukm-{follower}") for follower in ("selection", "budget")]
    mirrors = [database.collection("v1.mirror.exhibition") for database in databases]

    async def has_arrived() -> bool:
        rows = [await mirror.find_one({"_id": ID}) for mirror in mirrors]
        return all(row is not None and row["last"] == 1 for row in rows)

    await eventually(has_arrived)
    for database in databases:
        database.close()
    settings = Settings(
        environment="local",
        kafka_bootstrap_servers=stack.servers.kafka_bootstrap,
        mongo_uri=uri,
        parts="worker",
    )
    published = [decode(message).id for message in read_topics(settings, ["registration"])]
    assert f"exhibition/{ID}@{1:020d}" in published
    async with engine_of("registration", settings) as engine:
        verdict = await verify(engine)
    assert (verdict.differences, verdict.events["exhibition"]) == ([], 1)
