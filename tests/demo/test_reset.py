"""Before it begins, the demonstration empties its namespace, and nothing else on the servers."""

from uuid import uuid4

from confluent_kafka.admin import AdminClient, NewTopic
from pymongo import MongoClient

from demo.player.reset import empty_namespace
from deploy.local.servers import Servers
from deploy.local.settings import LocalSettings
from shared.messaging.topics import topic_name

SERVICES = ("registration", "selection", "budget", "reporting")


async def test_a_namespace_is_emptied_and_its_neighbour_is_not(servers: Servers) -> None:
    own = f"t{uuid4().hex[:8]}"
    neighbour = f"{own}-neighbour"
    admin = AdminClient({"bootstrap.servers": servers.kafka_bootstrap})
    topics = {topic_name(space, name) for space in (own, neighbour) for name in SERVICES}
    for future in admin.create_topics([NewTopic(topic, 1, 1) for topic in topics]).values():
        future.result(10)
    client: MongoClient[dict[str, str]] = MongoClient(servers.mongo_uri)
    databases = {f"{space}-kukm-{name}" for space in (own, neighbour) for name in SERVICES}
    for database in databases:
        client[database]["live"].insert_one({"_id": "v1"})
    local = LocalSettings(
        mongo_uri=servers.mongo_uri, kafka_bootstrap_servers=servers.kafka_bootstrap
    )
    for _ in range(2):
        await empty_namespace(local, own)
        topics_left = {name for name in admin.list_topics(timeout=10).topics if own in name}
        databases_left = {name for name in client.list_database_names() if own in name}
        assert topics_left == {name for name in topics if neighbour in name}
        assert databases_left == {name for name in databases if neighbour in name}
    client.close()
