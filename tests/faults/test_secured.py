"""Every client of Kafka speaks TLS and SASL: producer, consumer, administration, and the tools."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from structlog.testing import capture_logs
from typer.testing import CliRunner

from gelar.commands import commands
from shared.messaging.brokers import BrokerRefuses
from shared.settings import Settings
from tests.conftest import eventually
from tests.faults.secured_kafka import (
    PASSWORD,
    USER,
    Certificates,
    SecuredKafka,
    secured_kafka,
    token_endpoint,
)
from tests.kernel.example import AddItem, Bill, basket, bill, shop, till
from tests.kernel.test_loops import person
from tests.long_tests import long_test
from tests.settled import settled

pytestmark = long_test

run = CliRunner()


@pytest.fixture(scope="module")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[SecuredKafka, Certificates]]:
    """Run the broker for all tests of this module."""
    with secured_kafka(tmp_path_factory.mktemp("secured")) as running:
        yield running


@pytest.fixture(scope="module")
def tokens() -> Iterator[str]:
    """Serve tokens for all tests of this module."""
    with token_endpoint() as url:
        yield url


def ways(kafka: tuple[SecuredKafka, Certificates], tokens: str) -> dict[str, dict[str, Any]]:
    """Return the settings of each way to reach the broker, by its name."""
    broker, files = kafka
    sasl = {
        "kafka_bootstrap_servers": broker.sasl,
        "kafka_security_protocol": "SASL_SSL",
        "kafka_ca_file": files.authority,
    }
    return {
        "mTLS": {
            "kafka_bootstrap_servers": broker.tls,
            "kafka_security_protocol": "SSL",
            "kafka_ca_file": files.authority,
            "kafka_certificate_file": files.client(),
            "kafka_key_file": files.client_key(),
        },
        "SCRAM": {
            **sasl,
            "kafka_sasl_mechanism": "SCRAM-SHA-512",
            "kafka_username": USER,
            "kafka_password": PASSWORD,
        },
        "OAUTHBEARER": {
            **sasl,
            "kafka_sasl_mechanism": "OAUTHBEARER",
            "kafka_oauth_token_url": tokens,
            "kafka_oauth_client_id": USER,
            "kafka_oauth_client_secret": "secret",
        },
    }


def settings_of(settings: Settings, way: dict[str, Any]) -> Settings:
    """Return the settings of a test with this way to Kafka, in a namespace of its own."""
    kept = ("mongo_uri", "jwks_file", "identifier_key", "partitions", "sweep_seconds")
    given = {name: getattr(settings, name) for name in kept}
    return Settings(environment="local", namespace=f"t{uuid4().hex[:12]}", **given, **way)


@pytest.mark.parametrize("way", ["mTLS", "SCRAM", "OAUTHBEARER"])
async def test_events_travel_by_every_way_that_encrypts(
    settings: Settings, kafka: tuple[SecuredKafka, Certificates], tokens: str, way: str
) -> None:
    secured = settings_of(settings, ways(kafka, tokens)[way])
    async with shop().opened(secured) as selling, till().opened(secured) as billing:
        await selling.handle(basket, "b1", AddItem(item="batik", price=5), person("1"))
        await settled(selling, billing)
        assert await billing.load(bill, "ani") == Bill(amount=5, lines=1)


def test_the_tools_of_operators_use_the_same_connection(
    settings: Settings,
    kafka: tuple[SecuredKafka, Certificates],
    tokens: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    password = tmp_path / "password"
    password.write_text(PASSWORD)
    way = {**ways(kafka, tokens)["SCRAM"], "kafka_password_file": password}
    del way["kafka_password"]
    fixed = {"environment": "local", "partitions": 3, "namespace": settings.namespace}
    for name, value in (fixed | way).items():
        monkeypatch.setenv(f"KUKM_{name.upper()}", str(value))
    applied = run.invoke(commands, ["topics", "apply"])
    assert (applied.exit_code, applied.output.split()[0]) == (0, "Created:"), applied.output
    assert run.invoke(commands, ["topics", "check"]).exit_code == 0
    assert "No events" in run.invoke(commands, ["topics", "tail"]).stderr


@pytest.mark.parametrize(
    "wrong",
    [
        {"kafka_password": "another"},
        {"kafka_ca_file": None},
    ],
    ids=["password", "authority"],
)
async def test_a_process_that_kafka_refuses_does_not_start(
    settings: Settings,
    kafka: tuple[SecuredKafka, Certificates],
    tokens: str,
    wrong: dict[str, Any],
) -> None:
    secured = settings_of(settings, {**ways(kafka, tokens)["SCRAM"], **wrong})
    with pytest.raises(BrokerRefuses, match="refuses this process") as refused:
        async with shop().opened(secured):
            pass
    assert "another" not in str(refused.value)


async def test_a_service_starts_while_kafka_is_away_and_publishes_when_it_is_back(
    settings: Settings, kafka: tuple[SecuredKafka, Certificates], tokens: str
) -> None:
    broker, _ = kafka
    secured = settings_of(settings, ways(kafka, tokens)["SCRAM"])
    broker.stop()
    try:
        with capture_logs() as lines:
            async with shop().opened(secured) as selling:
                assert await selling.not_ready_reason() is None
                await selling.handle(basket, "b1", AddItem(item="batik", price=5), person("1"))
                broker.start()

                async def published() -> bool:
                    return bool((await selling.progress())["outboxes_waiting"] == 0)

                await eventually(published)
        assert "no broker answers" in [line["event"] for line in lines]
    finally:
        if not broker.alive:
            broker.start()
    async with shop().opened(secured) as selling, till().opened(secured) as billing:
        await settled(selling, billing)
        assert await billing.load(bill, "ani") == Bill(amount=5, lines=1)
