"""The topics as any stranger reads them: numbers without gaps, equal ids with equal bytes.

None of the kernel's code reads or judges here, so that a mistake there cannot hide itself.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, cast
from uuid import uuid4

from confluent_kafka import (
    OFFSET_BEGINNING,
    Consumer,
    KafkaError,
    KafkaException,
    Message,
    TopicPartition,
)

from gelar.checking.findings import Concern, Finding
from shared.messaging.clientlog import CLIENT_LOG
from shared.messaging.topics import BrokerUnavailable

POLL_SECONDS = 0.2
MESSAGES_MAX = 1_000
SILENT_SECONDS = 20.0
"""A broker from which nothing comes for so long, though there is more, is away."""
PARTITION_END = KafkaError._PARTITION_EOF


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One message; `id` is empty where its headers are not those of an event."""

    service: str
    partition: int
    offset: int
    id: str = ""
    kind: str = ""
    subject: str = ""
    sequence: int = 0
    type: str = ""
    data: bytes = b""
    frame: bytes = b""
    """All headers, by name."""

    @property
    def where(self) -> str:
        """`SERVICE/PARTITION/OFFSET`."""
        return f"{self.service}/{self.partition}/{self.offset}"

    @property
    def digest(self) -> bytes:
        """What must be equal in the history where the id is."""
        return _digest(f"{self.type}\n".encode() + self.data)

    @property
    def whole(self) -> bytes:
        """What must be equal in the topic where the id is: headers and data."""
        return _digest(self.frame + b"\n" + self.data)


@dataclass(kw_only=True)
class Log:
    """What was read so far: the digests of each event, how far each subject is, and the faults.

    `strangers` is where messages lie that are no events.
    """

    messages: int = 0
    digests: dict[str, bytes] = field(default_factory=dict)
    wholes: dict[str, bytes] = field(default_factory=dict)
    last: dict[tuple[str, str], int] = field(default_factory=dict)
    partitions: dict[tuple[str, str], int] = field(default_factory=dict)
    strangers: list[str] = field(default_factory=list)
    faults: list[Finding] = field(default_factory=list)

    def take(self, line: Line) -> bool:
        """Check one message; True where it is the first of an event."""
        self.messages += 1
        if not line.id:
            self.strangers.append(line.where)
            return False
        known = self.wholes.get(line.id)
        if known is not None:
            if known != line.whole:
                self._tell(line, f"{line.id} lies at {line.where} with other bytes")
            return False
        name = (line.kind, line.subject)
        self._check_partition(line, name)
        due = self.last.get(name, 0) + 1
        if line.id != f"{line.kind}/{line.subject}@{line.sequence:020}":
            self._tell(line, f"{line.where}: {line.id} is not what its headers say")
        if line.sequence != due:
            self._tell(line, f"{line.id} comes where number {due} is due")
        self.digests[line.id], self.wholes[line.id] = line.digest, line.whole
        self.last[name] = max(line.sequence, due - 1)
        return True

    def _check_partition(self, line: Line, name: tuple[str, str]) -> None:
        first = self.partitions.setdefault(name, line.partition)
        if first != line.partition:
            # Whoever else publishes often has another partitioner.
            both = " and ".join(map(str, sorted((first, line.partition))))
            self._tell(line, f"{line.id}: {line.kind} {line.subject} lies on partitions {both}")

    def _tell(self, line: Line, told: str) -> None:
        self.faults.append(Finding(concern=Concern.LOG, service=line.service, told=told))


def read_lines(
    bootstrap_servers: str, topics: dict[str, str], *, silent_seconds: float = SILENT_SECONDS
) -> Iterator[Line]:
    """Every message of these topics (service by topic) to their present end.

    Raises `BrokerUnavailable` where nothing comes for so many seconds.
    """
    consumer = _consumer(bootstrap_servers)
    try:
        for raw in _messages(consumer, list(topics), silent_seconds):
            topic, number, offset = str(raw.topic()), int(raw.partition() or 0), raw.offset()
            headers: dict[str, Any] = dict(cast(Any, raw.headers()) or [])
            yield _line(topics[topic], number, int(offset or 0), headers, raw.value())
    except (KafkaException, TimeoutError) as error:
        raise BrokerUnavailable(bootstrap_servers) from error
    finally:
        consumer.close()


def _messages(
    consumer: Consumer, topics: Sequence[str], silent_seconds: float
) -> Iterator[Message]:
    left = _ends(consumer, topics, silent_seconds)
    consumer.assign([TopicPartition(topic, number, OFFSET_BEGINNING) for topic, number in left])
    heard_at = time.monotonic()
    while left:
        for raw in consumer.consume(MESSAGES_MAX, POLL_SECONDS):
            place, error = (str(raw.topic()), int(raw.partition() or 0)), raw.error()
            if error is None:
                yield raw
                heard_at = time.monotonic()
            # The last of a partition may be a mark of the broker's own, which nobody is given.
            if _ended(error) or (error is None and (raw.offset() or 0) + 1 >= left.get(place, 0)):
                left.pop(place, None)
        if time.monotonic() > heard_at + silent_seconds:
            raise TimeoutError


def _consumer(bootstrap_servers: str) -> Consumer:
    return Consumer(
        {
            "bootstrap.servers": bootstrap_servers,
            "group.id": f"gelar-checking-{uuid4()}",
            "enable.auto.commit": False,
            "enable.partition.eof": True,
            "queued.max.messages.kbytes": 16_384,
        },
        logger=CLIENT_LOG,
    )


def _ended(error: KafkaError | None) -> bool:
    return error is not None and error.code() == PARTITION_END


def _ends(consumer: Consumer, topics: Sequence[str], seconds: float) -> dict[tuple[str, int], int]:
    found = consumer.list_topics(timeout=seconds).topics
    ends = {}
    for topic in topics:
        for number in found[topic].partitions if topic in found else ():
            place = TopicPartition(topic, number)
            begin, end = consumer.get_watermark_offsets(place, timeout=seconds)
            if end > begin:
                ends[topic, number] = end
    return ends


def _line(
    service: str,
    partition: int,
    offset: int,
    headers: dict[str, Any],
    value: bytes | str | None,
) -> Line:
    place = {"service": service, "partition": partition, "offset": offset}
    try:
        named = {name: _text(content) for name, content in headers.items()}
        return Line(
            **place,  # type: ignore[arg-type]  # a place is what it is
            id=named["ce_id"],
            kind=named["ce_source"].rpartition("/")[2],
            subject=named["ce_subject"],
            sequence=int(named["ce_sequence"]),
            type=named["ce_type"],
            data=value if isinstance(value, bytes) else (value or "").encode(),
            frame=repr(sorted(named.items())).encode(),
        )
    except (KeyError, ValueError):
        return Line(**place)  # type: ignore[arg-type]  # as above


def _text(content: bytes | str | None) -> str:
    return content.decode() if isinstance(content, bytes) else (content or "")


def _digest(content: bytes) -> bytes:
    return blake2b(content, digest_size=12).digest()
