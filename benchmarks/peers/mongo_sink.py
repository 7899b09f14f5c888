"""MongoDB's own Kafka sink connector: replaces a document by id, in our batches, at least once.

It keeps one document a subject, as our mirror does, and no tally. What it has done is read from the
server's own count of updates.
"""

from typing import Any

from benchmarks.harness.events import flood, weighings
from benchmarks.harness.rounds import Pair, Room, Row, Taken, at_least
from benchmarks.harness.stage import Bench, Place
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


async def measure(bench: Bench) -> Taken:
    """Both on the same topic."""
    async with bench.place("desk") as place:
        events = await flood(place, weighings(bench.size(8_000, 20_000), EACH))
        client = place.client()
        before = await _updates(client)
        async with connect(place, "mongo_sink", _connector(place)):

            async def done() -> int:
                return await _updates(client) - before

            theirs = await rate(done, events, after=events // 5)
        client.close()
        mine = await ours(place, events)
    return {ROW: Pair(mine, theirs)}


async def _updates(client: Any) -> int:
    status = await client.admin.command("serverStatus")
    return int(status["opcounters"]["update"])


def _connector(place: Place) -> dict[str, str]:
    strategies = "com.mongodb.kafka.connect.sink"
    return {
        "name": f"{place.namespace}-sink",
        "connector.class": "com.mongodb.kafka.connect.MongoSinkConnector",
        "tasks.max": "1",
        "topics": topic_name(place.namespace, "desk"),
        "connection.uri": place.bench.mongo,
        "database": f"{place.namespace}-sink",
        "collection": "parcel",
        "max.batch.size": f"{BATCH}",
        "consumer.override.max.poll.records": f"{BATCH}",
        "document.id.strategy": f"{strategies}.processor.id.strategy.ProvidedInKeyStrategy",
        "writemodel.strategy": f"{strategies}.writemodel.strategy.ReplaceOneDefaultStrategy",
        "transforms": "id",
        "transforms.id.type": "org.apache.kafka.connect.transforms.HoistField$Key",
        "transforms.id.field": "_id",
    }


ROOMS = (Room(name="projector beside MongoDB's sink", rows=(ROW,), measure=measure, rounds=3),)
