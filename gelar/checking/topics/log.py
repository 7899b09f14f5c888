"""Read the topics as any subscriber could, and check the numbers and contents of the events.

None of the kernel's code is used to read or to check, so that an error in it cannot hide itself.
"""

import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b, sha256
from operator import methodcaller
from typing import Any
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
from shared.messaging.brokers import BrokerUnavailable
from shared.messaging.clientlog import CLIENT_LOG
from shared.messaging.connection import connection
from shared.settings import Settings

POLL_SECONDS = 0.2
MESSAGES_MAX = 1_000
SILENT_SECONDS = 20.0
"""After this time without a message, though there are more, the broker counts as unavailable."""
PARTITION_END = KafkaError._PARTITION_EOF
DIGITS = re.compile(r"[0-9]{20}")
GIVEN_HEADERS = methodcaller("headers")
"""Unlike an optimised `raw.headers()`, this sees that the client could not read a name."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A message of a topic; `id` is empty if its headers are not those of an event."""

    service: str
    partition: int
    offset: int
    id: str = ""
    kind: str = ""
    subject: str = ""
    sequence: int = 0
    type: str = ""
    causation: str = ""
    time: str = ""
    actor: str = ""
    claimed: str = ""
    """The digest that the event itself has."""
    commitment: str = ""
    data: bytes = b""
    frame: bytes = b""
    """All headers, by name."""

    @property
    def where(self) -> str:
        """Return `SERVICE/PARTITION/OFFSET`."""
        return f"{self.service}/{self.partition}/{self.offset}"

    @property
    def digest(self) -> bytes:
        """Return the digest of type and data; an event with this id in history has the same."""
        return _digest(f"{self.type}\n".encode() + self.data)

    def chained(self, before: str) -> str:
        """Return the digest that this event has after one with the digest `before`."""
        lines = (before, self.id, self.type, self.time, self.actor, self.commitment)
        return sha256("\n".join(lines).encode() + b"\n" + self.data).hexdigest()

    @property
    def whole(self) -> bytes:
        """Return the digest of headers and data; a copy with this id in the topic has the same."""
        return _digest(self.frame + b"\n" + self.data)


@dataclass(kw_only=True)
class Log:
    """The events read so far: their digests, the last number of each subject, and the faults.

    `not_events` holds the positions of messages that are no events.
    """

    messages: int = 0
    digests: dict[str, bytes] = field(default_factory=dict)
    wholes: dict[str, bytes] = field(default_factory=dict)
    last: dict[tuple[str, str], int] = field(default_factory=dict)
    partitions: dict[tuple[str, str], int] = field(default_factory=dict)
    chains: dict[tuple[str, str], str] = field(default_factory=dict)
    not_events: list[str] = field(default_factory=list)
    faults: list[Finding] = field(default_factory=list)

    def take(self, line: Line) -> bool:
        """Check a message; return True for the first message of an event."""
        self.messages += 1
        if not line.id:
            self.not_events.append(line.where)
            return False
        known = self.wholes.get(line.id)
        if known is not None:
            if known != line.whole:
                self._add_fault(line, f"{line.id} lies at {line.where} with other bytes")
            return False
        name = (line.kind, line.subject)
        self._check_partition(line, name)
        due = self.last.get(name, 0) + 1
        if line.id != f"{line.kind}/{line.subject}@{line.sequence:020}":
            self._add_fault(line, f"{line.where}: {line.id} is not what its headers say")
        if line.sequence != due:
            self._add_fault(line, f"{line.id} comes where number {due} is due")
        self._check_chain(line, name)
        self.digests[line.id], self.wholes[line.id] = line.digest, line.whole
        self.last[name] = max(line.sequence, due - 1)
        return True

    def _check_chain(self, line: Line, name: tuple[str, str]) -> None:
        """Check the digest of an event; those of a version that had none come first, if any."""
        before = self.chains.get(name, "")
        if not line.claimed:
            if before:
                self._add_fault(line, f"{line.id} has no digest, and one before it has")
            return
        self.chains[name] = line.claimed
        if line.claimed != line.chained(before):
            self._add_fault(line, f"{line.id} or an event before it is not what its digest says")

    def _check_partition(self, line: Line, name: tuple[str, str]) -> None:
        first = self.partitions.setdefault(name, line.partition)
        if first != line.partition:
            # A second publisher often has another partitioner.
            both = " and ".join(map(str, sorted((first, line.partition))))
            self._add_fault(
                line, f"{line.id}: {line.kind} {line.subject} lies on partitions {both}"
            )

    def _add_fault(self, line: Line, text: str) -> None:
        self.faults.append(Finding(concern=Concern.LOG, service=line.service, text=text))


def read_lines(
    settings: Settings, topics: dict[str, str], *, silent_seconds: float = SILENT_SECONDS
) -> Iterator[Line]:
    """Yield every message of these topics (service by topic) up to their present end.

    Raises `BrokerUnavailable` if no message arrives for `silent_seconds`.
    """
    consumer = _consumer(settings)
    try:
        for raw in _messages(consumer, list(topics), silent_seconds):
            topic, number, offset = str(raw.topic()), int(raw.partition() or 0), raw.offset()
            yield _line(topics[topic], number, int(offset or 0), _headers(raw), raw.value())
    except (KafkaException, TimeoutError) as error:
        raise BrokerUnavailable(settings.kafka_bootstrap_servers) from error
    finally:
        consumer.close()


def _messages(
    consumer: Consumer, topics: Sequence[str], silent_seconds: float
) -> Iterator[Message]:
    left = _ends(consumer, topics, silent_seconds)
    consumer.assign([TopicPartition(topic, number, OFFSET_BEGINNING) for topic, number in left])
    received_at = time.monotonic()
    while left:
        for raw in consumer.consume(MESSAGES_MAX, POLL_SECONDS):
            partition, error = (str(raw.topic()), int(raw.partition() or 0)), raw.error()
            if error is None:
                yield raw
                received_at = time.monotonic()
            # The last entry of a partition may be a marker of the broker, which no client receives.
            at_end = error is None and (raw.offset() or 0) + 1 >= left.get(partition, 0)
            if at_end or _ended(error):
                left.pop(partition, None)
        if time.monotonic() > received_at + silent_seconds:
            raise TimeoutError


def _consumer(settings: Settings) -> Consumer:
    return Consumer(
        {
            **connection(settings),
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
            partition = TopicPartition(topic, number)
            begin, end = consumer.get_watermark_offsets(partition, timeout=seconds)
            if end > begin:
                ends[topic, number] = end
    return ends


def _headers(raw: Message) -> dict[str, Any]:
    """Return the headers by name; none where the client cannot read them."""
    try:
        return dict(GIVEN_HEADERS(raw) or [])
    except (SystemError, UnicodeDecodeError):
        return {}


def _line(
    service: str,
    partition: int,
    offset: int,
    headers: dict[str, Any],
    value: bytes | str | None,
) -> Line:
    position = {"service": service, "partition": partition, "offset": offset}
    try:
        named = {name: _text(content) for name, content in headers.items()}
        return Line(
            **position,  # type: ignore[arg-type]  # mypy sees one type for all its values
            id=named["ce_id"],
            kind=named["ce_source"].rpartition("/")[2],
            subject=named["ce_subject"],
            sequence=_number(named["ce_sequence"]),
            type=named["ce_type"],
            time=named.get("ce_time", ""),
            actor=named.get("ce_actor", ""),
            claimed=named.get("ce_digest", ""),
            commitment=named.get("ce_commitment", ""),
            causation=named.get("ce_causationid", ""),
            data=value if isinstance(value, bytes) else (value or "").encode(),
            frame=repr(sorted(named.items())).encode(),
        )
    except (KeyError, ValueError):
        return Line(**position)  # type: ignore[arg-type]  # as above


def _number(text: str) -> int:
    if not DIGITS.fullmatch(text):
        raise ValueError(text)
    return int(text)


def _text(content: bytes | str | None) -> str:
    return content.decode() if isinstance(content, bytes) else (content or "")


def _digest(content: bytes) -> bytes:
    return blake2b(content, digest_size=12).digest()
