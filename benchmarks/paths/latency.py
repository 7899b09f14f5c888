"""How long it takes from a command's answer to the topic, and to the view of another service.

At rest: a command every 50 ms. At half load: half of the commands a second that the same process
was just found to manage. The bare steps (one produce ack; one majority write and one produce ack)
are sampled by another process during the very same seconds.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from motor.motor_asyncio import AsyncIOMotorClient

from benchmarks.harness.child_channel import say
from benchmarks.harness.events import command, context, key, subject
from benchmarks.harness.rounds import Goal, Pair, Room, Row, Taken, at_most
from benchmarks.harness.sample import desk, parcel
from benchmarks.harness.samples import Sample, capacity, p50, p99, paced, within
from benchmarks.harness.stage import Bench, Place
from benchmarks.harness.watching import Follower
from shared.kernel.recorded import Recorded, event_id
from shared.messaging.producer import EventProducer
from shared.service.commands import Commands
from shared.service.relay import Relay
from shared.service.wiring import build
from shared.settings import Settings
from shared.store.aggregates import Aggregates
from shared.store.database import Database

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


async def measure_topic(bench: Bench) -> Taken:
    """Both loads, each beside the bare step."""
    taken: dict[Row, Pair] = {}
    for load, row in TOPIC.items():
        async with bench.place("desk", "bare") as place:
            ours, bare = await _beside(
                place, "benchmarks.paths.latency:to_topic", load, write=False
            )
        taken[row] = Pair(p50(ours), p50(bare))
    return taken


async def measure_view(bench: Bench) -> Taken:
    """The same with a real worker process that follows."""
    taken: dict[Row, Pair] = {}
    for load in LOADS:
        async with bench.place("desk", "bare") as place, place.worker("depot"):
            follower = Follower(place, "depot")
            await follower.balanced(1)
            ours, bare = await _beside(place, "benchmarks.paths.latency:to_view", load, write=True)
            follower.close()
        taken[VIEW[load]] = Pair(p50(ours), p50(bare))
        taken[VIEW_99[load]] = Pair(p99(ours), P99_MILLISECONDS)
    return taken


async def _beside(
    place: Place, work: str, load: str, *, write: bool
) -> tuple[Sequence[Sample], Sequence[Sample]]:
    seconds = place.bench.size(3, 6)
    async with place.child("benchmarks.peers.bare:steps", write=write) as bare:
        await bare.line()
        told = await place.told(work, half=load != "idle", seconds=seconds)
        samples = (await bare.finish())["samples"]
    return told["samples"], within(samples, told["window"])


async def to_topic(*, half: bool, seconds: float) -> None:
    """Commands on a desk; how long after its answer each one's event is acknowledged."""
    settings = Settings()
    database = Database(settings.mongo_uri.get_secret_value(), f"{settings.namespace}-kukm-desk")
    aggregates = Aggregates(database, parcel, outbox_events_max=settings.outbox_events_max)
    producer = StampedProducer(settings, "desk")
    relay = Relay([aggregates.outboxes], producer, sweep_seconds=settings.sweep_seconds)
    commands = Commands(aggregates, relay.on_committed)
    await aggregates.prepare()
    running = asyncio.ensure_future(relay.run())
    answered: dict[str, float] = {}

    async def one(n: int) -> None:
        id = subject(n % SUBJECTS)
        answer = await commands.handle(id, command(n), context(id, key()))
        answered[event_id("parcel", id, answer.version)] = time.monotonic()

    window = await _go_on(one, half=half, seconds=seconds)
    await relay.drain(10)
    times = ((at, max(0.0, producer.acknowledged[id] - at)) for id, at in answered.items())
    say(samples=within(list(times), window), window=window, answered=answered)
    running.cancel()


async def to_view(*, half: bool, seconds: float) -> None:
    """Commands on a desk; how long after its answer a reader of the depot's mirror sees it.

    A few of them are looked for, every half millisecond: so few that looking costs little.
    """
    settings = Settings()
    engine = build(desk, settings)
    await engine.start()
    client: Any = AsyncIOMotorClient(settings.mongo_uri.get_secret_value())
    first = context(subject(0), "first")
    await engine.commands["parcel"].handle(first.subject, command(0), first)
    mirror = await _mirror(client[f"{settings.namespace}-kukm-depot"])
    samples: list[Sample] = []
    every = 1.0 / IDLE_PER_SECOND
    next_look = 0.0

    async def one(n: int) -> None:
        nonlocal next_look
        id = subject(n % SUBJECTS)
        answer = await engine.commands["parcel"].handle(id, command(n), context(id, key()))
        at = time.monotonic()
        if at < next_look:
            return
        next_look = at + every
        heard = {"_id": id, "last": {"$gte": answer.version}}
        while await mirror.find_one(heard, {"_id": 1}) is None:  # noqa: ASYNC110 - it is the server's
            await asyncio.sleep(LOOK_SECONDS)
        samples.append((at, time.monotonic() - at))

    window = await _go_on(one, half=half, seconds=seconds)
    say(samples=within(samples, window), window=window)
    await engine.stop()


async def _mirror(database: Any) -> Any:
    """The mirror's collection, whichever copy of the projection it belongs to."""
    while True:
        for name in await database.list_collection_names():
            if name.endswith("mirror.parcel"):
                return database[name]
        await asyncio.sleep(LOOK_SECONDS)


async def _go_on(
    item: Callable[[int], Awaitable[None]], *, half: bool, seconds: float
) -> tuple[float, float]:
    """Warm up, find the load, keep it up for so long; the window in which it was."""
    most = await capacity(item)
    await asyncio.sleep(1)
    begun = time.monotonic()
    await paced(most / 2 if half else IDLE_PER_SECOND, seconds, item)
    return begun, time.monotonic()


class StampedProducer(EventProducer):
    """The producer as it is, which also notes when events were acknowledged."""

    def __init__(self, settings: Settings, service: str) -> None:
        super().__init__(settings, service)
        self.acknowledged: dict[str, float] = {}

    async def publish(self, events: Sequence[Recorded]) -> None:
        """Publish, and note the instant."""
        await super().publish(events)
        now = time.monotonic()
        for event in events:
            self.acknowledged.setdefault(event.id, now)


ROOMS = (
    Room(name="commit to topic", rows=tuple(TOPIC.values()), measure=measure_topic),
    Room(
        name="commit to view",
        rows=(*VIEW.values(), *VIEW_99.values()),
        measure=measure_view,
    ),
)
