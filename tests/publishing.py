"""Publish events of other services on their real topics, for tests of a service that follows them.

    publisher = Publisher(settings)
    await publisher.publish("inacraft-2018", PROPOSED)           # registration: exhibition 1
    await publisher.publish("inacraft-2018", APPROVED, LOST)     # selection: round 1 and 2
    await settled(api.service)                                   # now the service has acted

Service and kind come from the event; the test names the subject, because not every event has it. A
publisher numbers each subject (service, kind, id) from 1 on, as its owner would. So a namespace has
a single publisher, which never publishes for a service that runs in the test and numbers its own
events. The messages are the real bytes: without private fields, and with a hidden private actor.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime

from confluent_kafka import KafkaError, Message, Producer

from shared.contracts.event import Event
from shared.kernel.decider import Context, Origin
from shared.kernel.recorded import Recorded, record
from shared.kernel.wire import encode
from shared.messaging.topics import Topics, topic_name
from shared.settings import Settings
from tests.given import NOW

FLUSH_SECONDS = 20.0


class Publisher:
    """Publish for the services that do not run in a test; a test may move `now` between events."""

    def __init__(self, settings: Settings, *, now: datetime = NOW) -> None:
        self.now = now
        self._settings = settings
        self._last: Counter[tuple[str, str, str]] = Counter()
        self._topics: set[str] = set()
        self._digests: dict[tuple[str, str, str], str] = defaultdict(str)
        self._preparing = asyncio.Lock()
        self._producer = Producer(_configuration(settings))

    async def publish(self, subject: str, *events: Event, actor: str = "") -> list[Recorded]:
        """Send the next events of a subject in this order; return after the broker has all of them.

        Many calls may be under way at once. All events of a call are of the same service, which is
        also their actor if no actor is given. The `id` of each result is `KIND/SUBJECT@NUMBER`.
        """
        (service,) = {event.service for event in events}
        await self._prepare(service)
        by = actor or f"service:{service}"
        recorded = [self._next(subject, event, by) for event in events]
        await self._send(service, recorded)
        return recorded

    async def repeat(self, service: str, recorded: Sequence[Recorded]) -> None:
        """Send these again unchanged, as a relay does that died before it archived them."""
        await self._send(service, recorded)

    def _next(self, subject: str, event: Event, actor: str) -> Recorded:
        numbered = (event.service, event.kind, subject)
        self._last[numbered] += 1
        context = Context(
            now=self.now,
            origin=Origin.REACTION,
            actor=actor,
            subject=subject,
            correlation_id="published-by-a-test",
        )
        recorded = record(event, self._last[numbered], context, None, self._digests[numbered])
        self._digests[numbered] = recorded.digest
        return recorded

    async def _prepare(self, service: str) -> None:
        # Otherwise the broker would make the topic itself, with its own number of partitions.
        async with self._preparing:
            if service not in self._topics:
                await asyncio.to_thread(Topics(self._settings).apply, [service])
                self._topics.add(service)

    async def _send(self, service: str, recorded: Sequence[Recorded]) -> None:
        failures: list[KafkaError] = []

        def delivered(error: KafkaError | None, message: Message) -> None:
            if error is not None:
                failures.append(error)

        topic = topic_name(self._settings.namespace, service)
        for event in recorded:
            key, value, headers = encode(service, event)
            self._producer.produce(
                topic, value=value, key=key, headers=headers, on_delivery=delivered
            )
        left = await asyncio.to_thread(self._producer.flush, FLUSH_SECONDS)
        assert not failures, f"the broker has not taken all of {topic}: {failures}"
        assert not left, f"the broker has not answered for {left} events"


def _configuration(settings: Settings) -> dict[str, str | int]:
    # Not idempotent, so that no test waits half a second for a producer's id. A single request at a
    # time keeps the order, and readers must accept duplicates in any case.
    return {
        "bootstrap.servers": settings.kafka_bootstrap_servers,
        "acks": "all",
        "max.in.flight.requests.per.connection": 1,
        "partitioner": "murmur2_random",
        "linger.ms": 0,
    }
