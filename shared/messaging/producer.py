"""The producer: publishes runs of events in order and tells when the broker has all of them.

Idempotent, acks from all, and no time-out per message, so that number n+1 never overtakes n. A
delivery error fails the whole call: the producer is purged and made anew, and the relay reads the
outboxes again. Delivery callbacks come on a polling thread; the event loop is woken once per call.
"""

import asyncio
import threading
from collections.abc import Iterable, Sequence
from typing import Any

from confluent_kafka import KafkaError, KafkaException, Producer

from shared.messaging.clientlog import CLIENT_LOG
from shared.messaging.topics import topic_name
from shared.messaging.wire import Encoded, encode
from shared.recorded import Recorded
from shared.settings import Settings

POLL_SECONDS = 0.1
FLUSH_SECONDS = 10.0
QUEUE_MESSAGES = 100_000


class DeliveryFailed(Exception):
    """The broker has not taken all of these events; some of them may be in the topic."""


class EventProducer:
    """Publishes one service's events on its topic."""

    def __init__(self, settings: Settings, service: str) -> None:
        self._settings = settings
        self._service = service
        self._topic = topic_name(settings.namespace, service)
        self._producer = self._made()
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._poll, name="producer-poll", daemon=True)
        self._thread.start()

    async def publish(self, events: Sequence[Recorded]) -> None:
        """Return once the broker has acknowledged all of these events, sent in this order.

        Raises `DeliveryFailed`.
        """
        if not events:
            return
        run = _Run(asyncio.get_running_loop(), len(events))
        await asyncio.to_thread(self._send, run, events) if self._full() else self._send(
            run, events
        )
        await run.done

    def close(self) -> None:
        """Wait a little for what is under way, then stop."""
        self._producer.flush(FLUSH_SECONDS)
        self._stopping.set()
        self._thread.join()

    def renew(self) -> None:
        """Drop whatever is under way and begin with a new producer, after a failed delivery.

        Blocks. The lock keeps a run from going on with its next number on a purged producer.
        """
        with self._lock:
            old, self._producer = self._producer, self._made()
            old.purge()
        old.flush(FLUSH_SECONDS)

    def _send(self, run: "_Run", events: Iterable[Recorded]) -> None:
        begun = self._producer
        try:
            for recorded in events:
                message = encode(self._service, recorded)
                while not self._produced(begun, message, run):
                    begun.poll(POLL_SECONDS)
        except (DeliveryFailed, KafkaException) as error:
            run.failed(str(error))

    def _produced(self, begun: Producer, message: Encoded, run: "_Run") -> bool:
        """Hand one message to the client; False while its queue is full.

        Raises `DeliveryFailed` where the run was begun with a producer that is purged by now: what
        came before this message is gone, and the client would publish this one all the same.
        """
        key, value, headers = message
        with self._lock:
            if self._producer is not begun:
                raise DeliveryFailed("the producer was renewed meanwhile")
            try:
                begun.produce(
                    self._topic, value=value, key=key, headers=headers, on_delivery=run.delivered
                )
            except BufferError:
                return False
            return True

    def _full(self) -> bool:
        return len(self._producer) > QUEUE_MESSAGES // 2

    def _poll(self) -> None:
        while not self._stopping.is_set():
            self._producer.poll(POLL_SECONDS)

    def _made(self) -> Producer:
        return Producer(
            {
                "bootstrap.servers": self._settings.kafka_bootstrap_servers,
                "acks": "all",
                "enable.idempotence": True,
                "enable.gapless.guarantee": True,
                "message.timeout.ms": 0,
                "partitioner": "murmur2_random",
                "linger.ms": 1,
                "batch.num.messages": 10_000,
                "queue.buffering.max.messages": QUEUE_MESSAGES,
                "queue.buffering.max.kbytes": 131_072,
                "compression.type": "lz4",
            },
            logger=CLIENT_LOG,
        )


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
