"""Make the events of the benchmarks, and publish them as the relay would have."""

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import uuid4

from benchmarks.harness.bench import Namespace
from benchmarks.harness.sample import CLASSES, REGIONS, ParcelWeighed, WeighParcel
from shared.kernel.decider import Context, Origin
from shared.kernel.recorded import Recorded, record
from shared.messaging.producer import EventProducer

NOW = datetime(2018, 2, 1, 3, 0, tzinfo=UTC)
AT_ONCE = 5_000


def subject(n: int) -> str:
    """Return the id of parcel number n; Kafka's hash scatters these over the partitions."""
    return f"parcel-{n:07d}"


def command(n: int) -> WeighParcel:
    """Return command number n."""
    return WeighParcel(
        region=REGIONS[n % len(REGIONS)],
        size_class=CLASSES[n // len(REGIONS) % len(CLASSES)],
        weight_grams=100 + n % 5_000,
        value_idr=25_000 + n,
        carrier=f"carrier-{n % 40}",
        route=f"jakarta/{n % 17}/{n % 5}/surabaya",
    )


def event(n: int) -> ParcelWeighed:
    """Return event number n."""
    return ParcelWeighed(**vars(command(n)), weighed_at=NOW)


def key() -> str:
    """Return a new idempotency key."""
    return uuid4().hex


def context(id: str, key: str | None = None) -> Context:
    """Return the context of a clerk's command."""
    return Context(
        now=NOW,
        origin=Origin.PERSON,
        actor="clerk-7",
        subject=id,
        key=key,
        correlation_id="0f3c5d0e9a7b4f1c8e2d6a5b4c3d2e1f",
    )


def weighings(subjects: int, each: int, *, first: int = 1) -> Iterator[Recorded]:
    """Yield `each` events of every subject, numbered from `first`, in turn over the subjects."""
    for number in range(first, first + each):
        for n in range(subjects):
            id = subject(n)
            yield record(event(n * 7 + number), number, context(id), None)


async def publish_all(namespace: Namespace, events: Iterator[Recorded]) -> int:
    """Publish all of these as fast as the broker takes them; return their number."""
    producer = EventProducer(namespace.settings(), "desk")
    published, chunk = 0, list[Recorded]()
    for recorded in events:
        chunk.append(recorded)
        if len(chunk) == AT_ONCE:
            await producer.publish(chunk)
            published, chunk = published + len(chunk), []
    await producer.publish(chunk)
    producer.close()
    return published + len(chunk)
