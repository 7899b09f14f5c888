"""The time from a command's answer to the topic, and to the view of another service.

At rest, a command is sent every 50 ms. At half load, the process sends half of the commands a
second that it managed just before. Another process samples the bare steps (one produce ack; one
majority write and one produce ack) during the same seconds.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from motor.motor_asyncio import AsyncIOMotorClient

from benchmarks.harness.bench import Bench, Namespace
from benchmarks.harness.child_channel import send
from benchmarks.harness.events import command, context, key, subject
from benchmarks.harness.rounds import Goal, MeasuredPath, Pair, Pairs, Row, at_most
from benchmarks.harness.sample import desk, parcel
from benchmarks.harness.samples import Sample, capacity, p50, p99, paced, within
from benchmarks.harness.watching import Follower
from shared.kernel.recorded import Recorded, event_id
from shared.messaging.producer import EventProducer
from shared.service.commands import Commands
from shared.service.relay import Relay
from shared.service.wiring import build
from shared.settings import Settings
from shared.store.aggregates import Aggregates
from shared.store.database import Database
from shared.store.indexes import ensure

SUBJECTS = 1_000
IDLE_PER_SECOND = 20.0
LOOK_SECONDS = 0.0005
P99_MILLISECONDS = 150.0
LOADS = ("idle", "half load")


def _rows(path: str, against: str, goal: Goal) -> dict[str, Row]:
    return {
        load: Row(path=f"{path}, {load}", against=against, goal=goal, unit="ms") for load in LOADS
    }


TOPIC = _rows("commit to topic, p50", "one produce ack", at_most(3))
VIEW = _rows(
    "commit to view in another service, p50", "one majority write, one produce ack", at_most(3)
)
VIEW_99 = _rows(
    "commit to view in another service, p99", f"the limit of {P99_MILLISECONDS:g} ms", at_most(1)
)


async def measure_topic(bench: Bench) -> Pairs:
    """Measure both loads, each beside the bare step."""
    pairs: dict[Row, Pair] = {}
    for load, row in TOPIC.items():
        async with bench.namespace("desk", "bare") as namespace:
            ours, bare = await _measure_beside(
                namespace, "benchmarks.paths.latency:to_topic", load, write=False
            )
        pairs[row] = Pair(p50(ours), p50(bare))
    return pairs


async def measure_view(bench: Bench) -> Pairs:
    """Measure both loads with a real worker process that follows."""
    pairs: dict[Row, Pair] = {}
    for load in LOADS:
        async with bench.namespace("desk", "bare") as namespace, namespace.worker("depot"):
            follower = Follower(namespace, "depot")
            await follower.balanced(1)
            ours, bare = await _measure_beside(
                namespace, "benchmarks.paths.latency:to_view", load, write=True
            )
            follower.close()
        pairs[VIEW[load]] = Pair(p50(ours), p50(bare))
        pairs[VIEW_99[load]] = Pair(p99(ours), P99_MILLISECONDS)
    return pairs


async def _measure_beside(
    namespace: Namespace, work: str, load: str, *, write: bool
) -> tuple[Sequence[Sample], Sequence[Sample]]:
    seconds = namespace.bench.size(3, 6)
    async with namespace.child("benchmarks.peers.bare:steps", write=write) as bare:
        await bare.read_line()
        result = await namespace.result(work, half=load != "idle", seconds=seconds)
        samples = (await bare.finish())["samples"]
    return result["samples"], within(samples, result["window"])


async def to_topic(*, half: bool, seconds: float) -> None:
    """Send commands to a desk, and time each event from the answer to its acknowledgement."""
    settings = Settings()
    database = Database(settings.mongo_uri.get_secret_value(), settings.database_name("desk"))
    aggregates = Aggregates(database, parcel, outbox_events_max=settings.outbox_events_max)
    producer = StampedProducer(settings, "desk")
    relay = Relay([aggregates.outboxes], producer, sweep_seconds=settings.sweep_seconds)
    commands = Commands(aggregates, relay.on_committed)
    await ensure(database, "desk", aggregates.indexes())
    relaying = asyncio.ensure_future(relay.run())
    answered: dict[str, float] = {}

    async def weigh(n: int) -> None:
        id = subject(n % SUBJECTS)
        answer = await commands.handle(id, command(n), context(id, key()))
        answered[event_id("parcel", id, answer.version)] = time.monotonic()

    window = await _under_load(weigh, half=half, seconds=seconds)
    await relay.drain(10)
    times = ((at, max(0.0, producer.acknowledged[id] - at)) for id, at in answered.items())
    send(samples=within(list(times), window), window=window, answered=answered)
    relaying.cancel()


async def to_view(*, half: bool, seconds: float) -> None:
    """Send commands to a desk, and time some from the answer until the depot's mirror has them.

    The mirror is read every half millisecond for these commands: so few that reading costs little.
    """
    settings = Settings()
    engine = build(desk, settings)
    await engine.start()
    client: Any = AsyncIOMotorClient(settings.mongo_uri.get_secret_value())
    first = context(subject(0), "first")
    await engine.commands["parcel"].handle(first.subject, command(0), first)
    mirror = await _mirror(client[settings.database_name("depot")])
    samples: list[Sample] = []
    every = 1.0 / IDLE_PER_SECOND
    next_look = 0.0

    async def weigh(n: int) -> None:
        nonlocal next_look
        id = subject(n % SUBJECTS)
        answer = await engine.commands["parcel"].handle(id, command(n), context(id, key()))
        at = time.monotonic()
        if at < next_look:
            return
        next_look = at + every
        applied = {"_id": id, "last": {"$gte": answer.version}}
        while await mirror.find_one(applied, {"_id": 1}) is None:  # noqa: ASYNC110 - a server sets no event
            await asyncio.sleep(LOOK_SECONDS)
        samples.append((at, time.monotonic() - at))

    window = await _under_load(weigh, half=half, seconds=seconds)
    send(samples=within(samples, window), window=window)
    await engine.stop()


async def _mirror(database: Any) -> Any:
    """Return the mirror's collection, from any copy of the projection."""
    while True:
        for name in await database.list_collection_names():
            if name.endswith("mirror.parcel"):
                return database[name]
        await asyncio.sleep(LOOK_SECONDS)


async def _under_load(
    work: Callable[[int], Awaitable[None]], *, half: bool, seconds: float
) -> tuple[float, float]:
    """Warm up, find the capacity, keep the load up for `seconds`; return the window of the load."""
    most = await capacity(work)
    await asyncio.sleep(1)
    begun = time.monotonic()
    await paced(most / 2 if half else IDLE_PER_SECOND, seconds, work)
    return begun, time.monotonic()


class StampedProducer(EventProducer):
    """The ordinary producer, which also stores the instants of acknowledgements."""

    def __init__(self, settings: Settings, service: str) -> None:
        super().__init__(settings, service)
        self.acknowledged: dict[str, float] = {}

    async def publish(self, events: Sequence[Recorded]) -> None:
        """Publish, and store the instant of the acknowledgement."""
        await super().publish(events)
        now = time.monotonic()
        for event in events:
            self.acknowledged.setdefault(event.id, now)


PATHS = (
    MeasuredPath(name="commit to topic", rows=tuple(TOPIC.values()), measure=measure_topic),
    MeasuredPath(
        name="commit to view",
        rows=(*VIEW.values(), *VIEW_99.values()),
        measure=measure_view,
    ),
)
