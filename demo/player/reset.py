"""Empty the demonstration's namespace on servers of your own before it begins.

Servers that it starts itself are empty already. On others it owns nothing but its namespace: four
topics and four databases, which are dropped; nothing else there is touched.
"""

import time

from confluent_kafka.admin import AdminClient

from deploy.local import LocalError
from deploy.local.settings import LocalSettings
from gelar.services import SERVICES
from shared.messaging.topics import topic_name
from shared.store.database import Database

REQUEST_SECONDS_MAX = 20.0
GONE_SECONDS_MAX = 30.0


async def empty_namespace(local: LocalSettings, namespace: str) -> None:
    """Drop this namespace's databases and topics on the servers that the settings name.

    Raises `LocalError` where topics stay.
    """
    if local.mongo_uri:
        for service in SERVICES:
            database = Database(local.mongo_uri, f"{namespace}-kukm-{service}")
            await database.drop()
            database.close()
    if local.kafka_bootstrap_servers:
        _delete_topics(AdminClient({"bootstrap.servers": local.kafka_bootstrap_servers}), namespace)


def _delete_topics(admin: AdminClient, namespace: str) -> None:
    ours = {topic_name(namespace, service) for service in SERVICES}
    there = ours & set(admin.list_topics(timeout=REQUEST_SECONDS_MAX).topics)
    if there:
        for future in admin.delete_topics(sorted(there)).values():
            future.result(REQUEST_SECONDS_MAX)
    give_up_at = time.monotonic() + GONE_SECONDS_MAX
    while ours & set(admin.list_topics(timeout=REQUEST_SECONDS_MAX).topics):
        if time.monotonic() > give_up_at:
            raise LocalError(f"Kafka does not delete the topics of the last run: {sorted(ours)}")
        time.sleep(0.1)
