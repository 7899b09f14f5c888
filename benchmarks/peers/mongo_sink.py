"""MongoDB's own Kafka sink connector: replaces a document by id, in our batches, at least once.

It keeps one document a subject, as our mirror does, and no tally. Its progress is read from the
server's own count of updates.
"""

from typing import Any

from benchmarks.harness.bench import Bench, Namespace
from benchmarks.harness.events import publish_all, weighings
from benchmarks.harness.rounds import MeasuredPath, Pair, Pairs, Row, at_least
from benchmarks.harness.watching import rate
from benchmarks.paths.projector import BATCH, EACH, PATH, ours
from benchmarks.peers.connect import connect
from shared.messaging.topics import topic_name

ROW = Row(
    path=PATH,
    against="MongoDB's sink connector on Kafka Connect, at least once",
    goal=at_least(1.5),
    unit="events/s",
)


async def measure(bench: Bench) -> Pairs:
    """Measure both on the same topic."""
    async with bench.namespace("desk") as namespace:
        events = await publish_all(namespace, weighings(bench.size(8_000, 20_000), EACH))
        client = namespace.client()
        before = await _updates(client)
        async with connect(namespace, "mongo_sink", _connector(namespace)):

            async def updated() -> int:
                return await _updates(client) - before

            their_rate = await rate(updated, events, after=events // 5)
        client.close()
        our_rate = await ours(namespace, events)
    return {ROW: Pair(our_rate, their_rate)}


async def _updates(client: Any) -> int:
    status = await client.admin.command("serverStatus")
    return int(status["opcounters"]["update"])


def _connector(namespace: Namespace) -> dict[str, str]:
    strategies = "com.mongodb.kafka.connect.sink"
    return {
        "name": f"{namespace.name}-sink",
        "connector.class": "com.mongodb.kafka.connect.MongoSinkConnector",
        "tasks.max": "1",
        "topics": topic_name(namespace.name, "desk"),
        "connection.uri": namespace.bench.mongo,
        "database": f"{namespace.name}-sink",
        "collection": "parcel",
        "max.batch.size": f"{BATCH}",
        "consumer.override.max.poll.records": f"{BATCH}",
        "document.id.strategy": f"{strategies}.processor.id.strategy.ProvidedInKeyStrategy",
        "writemodel.strategy": f"{strategies}.writemodel.strategy.ReplaceOneDefaultStrategy",
        "transforms": "id",
        "transforms.id.type": "org.apache.kafka.connect.transforms.HoistField$Key",
        "transforms.id.field": "_id",
    }


PATHS = (
    MeasuredPath(name="projector beside MongoDB's sink", rows=(ROW,), measure=measure, rounds=3),
)
