"""The producer publishes runs of events in order and returns when the broker has all of them.

Called by `shared.service.relay`. Idempotent, acks from all, and no time-out per message, so that
number n+1 never overtakes n. A delivery error fails the whole call and all others that are under
way: the client is purged and replaced, and the relay reads the outboxes again. Delivery callbacks
come on a polling thread; the event loop is woken once per call.
"""

import asyncio
import threading
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from confluent_kafka import KafkaError, KafkaException, Producer

from shared.kernel.recorded import Recorded
from shared.kernel.wire import Encoded, encode
from shared.messaging.clientlog import CLIENT_LOG
from shared.messaging.connection import connection
from shared.messaging.durability import MESSAGE_BYTES_MIN
from shared.messaging.topics import topic_name
from shared.metrics import SENT
from shared.settings import Settings
from shared.tracing import sending

POLL_SECONDS = 0.1
FLUSH_SECONDS = 10.0
QUEUE_MESSAGES = 100_000
CONFIGURATION: dict[str, Any] = {
    "acks": "all",
    "enable.idempotence": True,
    "enable.gapless.guarantee": True,
    # A broker takes any first number from a client that it does not know (KAFKA-14359): with a
    # second request on its way, the first one's retry would come behind it.
    "max.in.flight": 1,
    "message.timeout.ms": 0,
    "partitioner": "murmur2_random",
    "linger.ms": 0,
    "batch.num.messages": 10_000,
    "batch.size": MESSAGE_BYTES_MIN,
    "queue.buffering.max.messages": QUEUE_MESSAGES,
    "queue.buffering.max.kbytes": 131_072,
    "compression.type": "lz4",
}
FATAL = (KafkaException, SystemError)
"""The library raises a fatal error from any call that serves its callbacks, or, where it comes in
the midst of them, spoils the one that follows."""


class DeliveryFailed(Exception):
    """The broker has not taken all of these events; some of them may be in the topic."""


class EventProducer:
    """Publishes one service's events on its topic."""

    def __init__(self, settings: Settings, service: str) -> None:
        self._connection = connection(settings)
        self._service = service
        self._topic = topic_name(settings.namespace, service)
        self._client = _Client(self._connection)
        self._sent = SENT.labels(self._topic)

    async def publish(self, events: Sequence[Recorded]) -> None:
        """Return once the broker has acknowledged all of these events, sent in this order.

        Raises `DeliveryFailed`; the next call begins with a new client.
        """
        if not events:
            return
        with sending(self._topic, events):
            await self._publish(events)

    async def _publish(self, events: Sequence[Recorded]) -> None:
        client, run = self._client, _Run(asyncio.get_running_loop(), len(events))
        client.runs.add(run)
        try:
            sent = self._send(client, run, events, waits=False)
            if sent < len(events):
                rest = events[sent:]
                await asyncio.to_thread(self._send, client, run, rest, waits=True)
            await run.done
            self._sent.inc(len(events))
        except DeliveryFailed:
            await self._renew(client)
            raise
        finally:
            client.runs.discard(run)

    def close(self, seconds: float = FLUSH_SECONDS) -> None:
        """Wait so long for what is under way, then stop."""
        self._client.close(seconds)

    def _send(
        self, client: "_Client", run: "_Run", events: Sequence[Recorded], *, waits: bool
    ) -> int:
        """Hand over these events, or those for which the queue has room; return how many."""
        try:
            for number, recorded in enumerate(events):
                encoded = encode(self._service, recorded)
                if not client.send(self._topic, encoded, run, waits=waits):
                    return number
        except (DeliveryFailed, KafkaException) as error:
            run.failed(str(error))
        return len(events)

    async def _renew(self, failed: "_Client") -> None:
        # Several runs fail together: the first one's successor is everybody's.
        if self._client is failed:
            self._client = _Client(self._connection)
            await asyncio.to_thread(failed.retire)


class _Client:
    """One client of the broker, with the runs that are under way on it, until something fails."""

    def __init__(self, connection: dict[str, Any]) -> None:
        self.runs: set[_Run] = set()
        self._producer = Producer({**connection, **CONFIGURATION}, logger=CLIENT_LOG)
        self._lock = threading.Lock()
        self._retired = False
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._poll, name="producer-poll", daemon=True)
        self._thread.start()

    def send(self, topic: str, message: Encoded, run: "_Run", *, waits: bool) -> bool:
        """Hand over one message. If the queue is full, return False, or block if it `waits`.

        The queue is full by messages or by bytes. Raises `DeliveryFailed` where the client was
        retired: what came before this message is purged, and the library would publish this one all
        the same.
        """
        while not self._taken(topic, message, run):
            if not waits:
                return False
            self._serve()
        return True

    def retire(self) -> None:
        """Drop all messages under way, and fail their runs. Blocks."""
        with self._lock:
            self._retired = True
            self._producer.purge()
        self._fail("the client was retired")
        self._stopping.set()
        self._thread.join()

    def close(self, seconds: float) -> None:
        """Wait so long for what is under way, then stop. Blocks.

        A thread that still waits for room ends: its events stay in their outboxes.
        """
        with suppress(*FATAL):
            self._producer.flush(seconds)
        self.retire()

    def _taken(self, topic: str, message: Encoded, run: "_Run") -> bool:
        key, value, headers = message
        with self._lock:
            if self._retired:
                raise DeliveryFailed("the client was retired in between")
            try:
                self._producer.produce(
                    topic, value=value, key=key, headers=headers, on_delivery=run.delivered
                )
            except BufferError:
                return False
            return True

    def _poll(self) -> None:
        while not self._stopping.is_set():
            self._serve()

    def _serve(self) -> None:
        try:
            self._producer.poll(POLL_SECONDS)
        except FATAL as error:
            self._fail(str(error))

    def _fail(self, reason: str) -> None:
        for run in list(self.runs):
            run.failed(reason)


class _Run:
    """The events of one call: its future is done when the last of them is acknowledged."""

    def __init__(self, loop: asyncio.AbstractEventLoop, events: int) -> None:
        self.done: asyncio.Future[None] = loop.create_future()
        self._loop = loop
        self._left = events

    def delivered(self, error: KafkaError | None, message: Any) -> None:
        if error is not None:
            self.failed(str(error))
            return
        self._left -= 1
        if self._left == 0:
            self._loop.call_soon_threadsafe(self._finish, None)

    def failed(self, reason: str) -> None:
        self._loop.call_soon_threadsafe(self._finish, DeliveryFailed(reason))

    def _finish(self, error: DeliveryFailed | None) -> None:
        if self.done.done():
            return
        if error is None:
            self.done.set_result(None)
        else:
            self.done.set_exception(error)
