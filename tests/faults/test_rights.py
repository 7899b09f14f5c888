"""The rights that the manifests give are enough for each process, and are no more than that.

A real broker enforces the rights of `components/kafka-strimzi/users.yaml`, for clients with the
names and certificates that Strimzi would make. The four services run with them.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import yaml
from confluent_kafka import (
    Consumer,
    ConsumerGroupTopicPartitions,
    KafkaError,
    KafkaException,
    Producer,
    TopicPartition,
)
from confluent_kafka.admin import (
    AclBinding,
    AclOperation,
    AclPermissionType,
    AdminClient,
    ResourcePatternType,
    ResourceType,
)
from pymongo import MongoClient

from deploy.local.children import ROOT
from gelar.services import SERVICES
from shared.messaging.topics import TopicMismatch, Topics, topic_name
from shared.settings import Settings
from tests.budget.treasury import ENVELOPE
from tests.faults.secured_kafka import Certificates, GuardedKafka, SecuredKafka, secured_kafka
from tests.long_tests import long_test
from tests.registration.registry import PROGRAMME
from tests.selection.secretariat import RUBRIC
from tests.serving import Api, served
from tests.settled import settled

pytestmark = long_test

COMPONENTS = ROOT / "deploy" / "k8s" / "components"
SUBSCRIBER, SCALER = "subscriber-statistics", "keda-kafka"
FILES = {
    **{f"{service}-kafka": COMPONENTS / "kafka-strimzi" / "users.yaml" for service in SERVICES},
    "topics-kafka": COMPONENTS / "kafka-strimzi" / "users.yaml",
    SUBSCRIBER: COMPONENTS / "kafka-strimzi" / "subscriber.yaml",
    SCALER: COMPONENTS / "autoscaling-keda" / "user.yaml",
}
"""The file of each user of Kafka."""
SECONDS = 10.0
"""A message that may be read comes in a fraction of this time."""
PATTERNS = {"literal": ResourcePatternType.LITERAL, "prefix": ResourcePatternType.PREFIXED}
Cluster = tuple[SecuredKafka, Certificates]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Run the broker with the users and their rights."""
    folder = tmp_path_factory.mktemp("guarded")
    with secured_kafka(folder, GuardedKafka, list(FILES)) as (kafka, files):
        admin = AdminClient({"bootstrap.servers": kafka.bootstrap})
        for made in admin.create_acls([each for name in FILES for each in rights(name)]).values():
            made.result()
        yield kafka, files


def rights(name: str) -> list[AclBinding]:
    """Return the rights of a user as Strimzi gives them to the broker."""
    documents = yaml.safe_load_all(FILES[name].read_text())
    (user,) = [
        each
        for each in documents
        if each["kind"] == "KafkaUser" and each["metadata"]["name"] == name
    ]
    return [
        AclBinding(
            ResourceType[acl["resource"]["type"].upper()],
            acl["resource"]["name"],
            PATTERNS[acl["resource"]["patternType"]],
            f"User:CN={name}",
            "*",
            AclOperation[_constant(operation)],
            AclPermissionType.ALLOW,
        )
        for acl in user["spec"]["authorization"]["acls"]
        for operation in acl["operations"]
    ]


def _constant(operation: str) -> str:
    """Return the client's name of an operation: DESCRIBE_CONFIGS for DescribeConfigs."""
    return "".join(f"_{sign}" if sign.isupper() else sign for sign in operation).strip("_").upper()


def settings_of(name: str, cluster: Cluster, settings: Settings) -> Settings:
    """Return the settings of a process that is this user, with the names of a production."""
    kafka, files = cluster
    return settings.model_copy(
        update={
            "namespace": "",
            "kafka_bootstrap_servers": kafka.tls,
            "kafka_security_protocol": "SSL",
            "kafka_ca_file": files.authority,
            "kafka_certificate_file": files.client(name),
            "kafka_key_file": files.client_key(name),
        }
    )


def client(name: str, cluster: Cluster) -> dict[str, Any]:
    """Return the configuration of a client that is this user."""
    kafka, files = cluster
    return {
        "bootstrap.servers": kafka.tls,
        "security.protocol": "SSL",
        "ssl.ca.location": str(files.authority),
        "ssl.certificate.location": str(files.client(name)),
        "ssl.key.location": str(files.client_key(name)),
    }


@pytest.fixture
async def apis(
    cluster: Cluster, settings: Settings, token_keys: Path
) -> AsyncIterator[dict[str, Api]]:
    """Run the four services, each as its own user, on topics that the topics' user has made."""
    made = Topics(settings_of("topics-kafka", cluster, settings)).apply(list(SERVICES))
    assert len(made) in (0, len(SERVICES))
    async with AsyncExitStack() as stack:
        running = {}
        for name in SERVICES:
            app = import_module(f"services.{name}.app")
            own = settings_of(f"{name}-kafka", cluster, settings)
            serving = served(app.service, app.routers, own, token_keys)
            running[name] = await stack.enter_async_context(serving)
        yield running
    # Their names are those of a production, not of a test.
    with MongoClient[dict[str, Any]](settings.mongo_uri.get_secret_value()) as mongo:
        for name in SERVICES:
            mongo.drop_database(f"kukm-{name}")


async def test_every_service_publishes_and_follows_with_the_rights_of_its_user(
    apis: dict[str, Api], cluster: Cluster, settings: Settings
) -> None:
    programme, _, scope = ENVELOPE.partition(".")
    envelope = {
        "programme": programme,
        "scope": scope,
        "pagu_idr": 50,
        "document_number": "DIPA-1",
        "effective_on": "2018-01-02",
    }
    for service, role, path, body in (
        ("registration", "programme-officer", "/programmes", PROGRAMME),
        ("selection", "selection-officer", "/rubrics", RUBRIC),
        ("budget", "budget-officer", "/envelopes", envelope),
    ):
        answer = await apis[service].command(role, path, body)
        assert answer.status_code == 201, answer.text
    await settled(*(api.service for api in apis.values()))
    shown = await apis["reporting"].query("reporting-officer", f"/programmes/{programme}/report")
    assert shown.is_success, shown.text
    # An operator's checks run as the user of reporting, and as that of the topics.
    for name in ("reporting-kafka", "topics-kafka"):
        Topics(settings_of(name, cluster, settings)).check(list(SERVICES))
    # KEDA asks how far a group has come. A client that is dropped gives no answer.
    scaler, group = AdminClient(client(SCALER, cluster)), "reporting.v1"
    asked = scaler.list_consumer_group_offsets([ConsumerGroupTopicPartitions(group)])
    reached = asked[group].result(20).topic_partitions
    assert {partition.topic for partition in reached} >= {topic_name("", "registration")}


@pytest.mark.usefixtures("apis")
def test_no_user_may_do_what_its_process_does_not(cluster: Cluster, settings: Settings) -> None:
    with pytest.raises(TopicMismatch, match="this process may not describe"):
        Topics(settings_of("registration-kafka", cluster, settings)).check(list(SERVICES))
    errors: list[KafkaError | None] = []
    producer = Producer(client("budget-kafka", cluster))
    producer.produce(
        topic_name("", "registration"), b"x", on_delivery=lambda error, _: errors.append(error)
    )
    producer.flush(30)
    assert [error and error.code() for error in errors] == [KafkaError.TOPIC_AUTHORIZATION_FAILED]
    assert _reads("registration", SUBSCRIBER, cluster)
    assert not _reads("budget", SUBSCRIBER, cluster)
    assert not _reads("registration", SCALER, cluster)
    preparing = AdminClient(client("topics-kafka", cluster))
    deleting = preparing.delete_topics([topic_name("", "budget")])
    with pytest.raises(KafkaException):
        deleting[topic_name("", "budget")].result(20)


def _reads(service: str, name: str, cluster: Cluster) -> bool:
    """Return True if this user gets a message of a topic that has some."""
    group = {"group.id": f"statistics.{uuid4().hex}", "enable.auto.commit": False}
    consumer = Consumer({**client(name, cluster), **group})
    try:
        topic = topic_name("", service)
        consumer.assign([TopicPartition(topic, number, 0) for number in range(3)])
        message = consumer.poll(SECONDS)
        return message is not None and message.error() is None
    finally:
        consumer.close()
