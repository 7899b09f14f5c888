"""The consumer: batches of messages from the topics that a service follows, from its checkpoints.

Called by `shared.service.worker`. On assignment every partition is positioned at the checkpoint
that the service's own transaction stores, not at Kafka's offset. Offsets are committed to Kafka
too, but for lag figures only. All calls of the client happen on one thread, so that nothing
interleaves.

A group's coordinator sends a member its share of the partitions once. The client drops an answer
that takes longer than the interval of its heartbeats (by default 5 seconds), and does not ask for
the share again: the member would keep what it had, and others would wait for it, until its process
is started again. So after a lost answer it joins the group again.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from operator import methodcaller
from typing import Any, TypeVar

import structlog
from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition
from confluent_kafka import Message as RawMessage

from shared.kernel.wire import Message, Partition
from shared.messaging.clientlog import CLIENT_LOG
from shared.messaging.connection import connection
from shared.messaging.topics import topic_name
from shared.metrics import PARTITIONS, REBALANCES
from shared.settings import Settings

log = structlog.get_logger()

T = TypeVar("T")
Checkpoints = Callable[[Sequence[Partition]], Awaitable[dict[Partition, int]]]
WAIT_SECONDS = 0.2
LOOK_SECONDS = 5
END_SECONDS = 5.0
COORDINATOR = "GroupCoordinator"
"""The client's name for the connection to the broker that keeps the group."""

given_headers = methodcaller("headers")
"""Ask the client for a message's headers; call it once for a message, and never `raw.headers()`.

For a name that is not UTF-8 the client returns a list with a hole and sets an error. A method call
that the interpreter has optimised does not look at that error, and the hole ends the process."""


class EventConsumer:
    """One member of a service's group."""

    def __init__(
        self,
        settings: Settings,
        *,
        group: str,
        services: Sequence[str],
        checkpoints: Checkpoints,
        after_loss: Checkpoints,
    ) -> None:
        group = f"{settings.namespace}-{group}" if settings.namespace else group
        self._services = {topic_name(settings.namespace, service): service for service in services}
        self.topics = {service: topic for topic, service in self._services.items()}
        self._checkpoints = checkpoints
        self._after_loss = after_loss
        self._held: set[Partition] = set()
        self._positioned: set[Partition] = set()
        self._loop = asyncio.get_running_loop()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="consumer")
        self._consumer = Consumer(
            {**_configuration(settings, group), "stats_cb": self._look}, logger=CLIENT_LOG
        )
        self._lost = 0
        self._doubtful = False
        self._rejoins = False

    async def start(self) -> None:
        """Join the group."""
        await self._on_thread(self._join)

    async def batch(self, most: int, *, wait: bool = True) -> list[Message]:
        """Return the next messages, at most `most`; none if none came within `WAIT_SECONDS`."""
        return await self._on_thread(lambda: self._take(most, WAIT_SECONDS if wait else 0))

    async def seek(self, partition: Partition, offset: int) -> None:
        """Continue from another offset: the checkpoint turned out to be elsewhere.

        A partition that is assigned to another worker by now is left to that worker. Raises
        `KafkaException` where this worker has it and cannot move: its next message would be wrong.
        """
        position = TopicPartition(self.topics[partition[0]], partition[1], offset)
        await self._on_thread(lambda: self._seek(position))

    async def commit(self, offsets: dict[Partition, int]) -> None:
        """Report the offsets to Kafka, for lag figures; nothing depends on them."""
        positions = [
            TopicPartition(self.topics[service], number, offset)
            for (service, number), offset in offsets.items()
        ]
        await self._on_thread(lambda: self._consumer.commit(offsets=positions, asynchronous=True))

    async def close(self) -> None:
        """Leave the group."""
        await self._on_thread(self._consumer.close)
        PARTITIONS.set(0)
        self._thread.shutdown()

    async def _on_thread(self, call: Callable[[], T]) -> T:
        return await self._loop.run_in_executor(self._thread, call)

    def _join(self) -> None:
        self._consumer.subscribe(
            list(self._services), on_assign=self._assigned, on_revoke=self._revoked
        )

    def _look(self, statistics: str) -> None:
        """Plan to join again if requests of this member were lost, and the broker answers again."""
        lost = sum(
            broker["req_timeouts"]
            for name, broker in json.loads(statistics)["brokers"].items()
            if name.startswith(COORDINATOR)
        )
        if lost > self._lost:
            self._doubtful = True
        elif self._doubtful:
            self._doubtful, self._rejoins = False, True
        self._lost = lost

    def _rejoin(self) -> None:
        log.warning("joining the group again", reason="an answer of its coordinator was lost")
        self._rejoins = False
        REBALANCES.labels("rejoined").inc()
        self._consumer.unsubscribe()
        self._join()

    def _seek(self, position: TopicPartition) -> None:
        try:
            self._consumer.seek(position)
        except KafkaException as error:
            ours = {(held.topic, held.partition) for held in self._consumer.assignment()}
            if (position.topic, position.partition) in ours:
                raise
            log.info("partition reassigned", partition=str(position), error=str(error))

    def _take(self, most: int, wait_seconds: float) -> list[Message]:
        # Wait for the first message; take the others that have arrived without waiting.
        first = self._messages(1, wait_seconds)
        if not first or most == 1:
            return first
        self._positioned.clear()
        further = self._messages(most - 1, 0)
        # Messages of a partition that was positioned again between the two reads come again.
        return [message for message in first if message.partition not in self._positioned] + further

    def _messages(self, most: int, wait_seconds: float) -> list[Message]:
        raw = self._consumer.consume(most, wait_seconds)
        if self._rejoins:
            self._rejoin()
        return [message_of(self._services, message) for message in raw if _sound(message)]

    def _assigned(self, consumer: Consumer, partitions: list[TopicPartition]) -> None:
        named = {
            (self._services[position.topic], position.partition): position
            for position in partitions
        }
        offsets = self._offsets(self._checkpoints, list(named))
        # An end that is read after a checkpoint is never before it, unless events were lost.
        lost = [part for part, at in named.items() if self._ends_before(at, offsets.get(part, 0))]
        if lost:
            log.critical("topic lost events", partitions=lost)
            offsets |= self._offsets(self._after_loss, lost)
        for partition, position in named.items():
            position.offset = offsets.get(partition, 0)
            self._positioned.add(partition)
        consumer.incremental_assign(partitions)
        self._held |= named.keys()
        REBALANCES.labels("assigned").inc()
        PARTITIONS.set(len(self._held))

    def _revoked(self, consumer: Consumer, partitions: list[TopicPartition]) -> None:
        # Nothing to save: a batch under way is committed, or fails at its moved checkpoint. Nothing
        # to ask either: a client that is closing may never answer.
        consumer.incremental_unassign(partitions)
        self._held -= {(self._services[part.topic], part.partition) for part in partitions}
        REBALANCES.labels("revoked").inc()
        PARTITIONS.set(len(self._held))

    def _offsets(
        self, checkpoints: Checkpoints, partitions: Sequence[Partition]
    ) -> dict[Partition, int]:
        async def read() -> dict[Partition, int]:
            return await checkpoints(partitions)

        return asyncio.run_coroutine_threadsafe(read(), self._loop).result()

    def _ends_before(self, position: TopicPartition, offset: int) -> bool:
        """Return True if a partition's log ends before this offset; False if no broker says it."""
        if offset == 0:
            return False
        try:
            end = self._consumer.get_watermark_offsets(position, END_SECONDS)[1]
        except KafkaException:
            return False
        return bool(end < offset)


def message_of(services: Mapping[str, str], raw: RawMessage) -> Message:
    """Return the kernel's message of the client's message; `services` publish on these topics."""
    headers, fault = headers_of(raw)
    return Message(
        partition=(services[str(raw.topic())], int(raw.partition() or 0)),
        offset=int(raw.offset() or 0),
        key=_bytes(raw.key()),
        headers=headers,
        value=_bytes(raw.value()),
        fault=fault,
    )


def headers_of(raw: RawMessage) -> tuple[dict[str, bytes], str]:
    """Return a message's headers by name, and why they cannot be read ("" if they can).

    Other publishers may write any bytes. The client cannot give a name that is not UTF-8, and of a
    `ce_` header that comes twice no reader could say which of them counts.
    """
    try:
        found: Any = given_headers(raw) or ()
    except (SystemError, UnicodeDecodeError):
        return {}, "the name of a header is not UTF-8"
    headers = {name: value or b"" for name, value in found}
    if len(headers) == len(found):
        return headers, ""
    names = [name for name, _ in found]
    repeated = sorted(name for name in headers if name[:3] == "ce_" and names.count(name) > 1)
    return headers, f"header {repeated[0]} comes twice" if repeated else ""


def _configuration(settings: Settings, group: str) -> dict[str, Any]:
    return {
        **connection(settings),
        "group.id": group,
        "group.protocol": "consumer",
        "enable.auto.commit": False,
        "enable.auto.offset.store": False,
        "auto.offset.reset": "error",
        "fetch.queue.backoff.ms": 10,
        "fetch.wait.max.ms": 100,
        "queued.max.messages.kbytes": 8_192,
        "fetch.max.bytes": 4_194_304,
        "allow.auto.create.topics": False,
        "statistics.interval.ms": LOOK_SECONDS * 1000,
    }


def _sound(raw: RawMessage) -> bool:
    error = raw.error()
    if error is None:
        return True
    if error.retriable() or error.code() in (
        KafkaError._TRANSPORT,
        KafkaError._ALL_BROKERS_DOWN,
        KafkaError._MAX_POLL_EXCEEDED,
        KafkaError.UNKNOWN_TOPIC_OR_PART,
    ):
        return False
    raise KafkaException(error)


def _bytes(value: str | bytes | None) -> bytes | None:
    return value.encode() if isinstance(value, str) else value
