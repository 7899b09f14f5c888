"""The wire format: CloudEvents 1.0 in Kafka's binary mode.

Attributes are `ce_` headers, the data is JSON in the value, the key is the subject's id. `ce_id` is
`KIND/SUBJECT@SEQUENCE`, so equal ids are equal events; `ce_sequence` is zero-padded, because it is
compared as a string. `decode` checks the frame only; the code that follows a type parses its data.
What it accepts is what `encode` writes, and no other spelling of it: every reader of the topic then
reads the same number.
"""

import re
from datetime import datetime
from typing import Any, NamedTuple, Self

from shared.kernel.recorded import SEQUENCE_DIGITS, SEQUENCE_MAX, Recorded, event_id

Partition = tuple[str, int]
"""A partition of a topic: the service that publishes there, and the number."""

Headers = list[tuple[str, str | bytes | None]]
Encoded = tuple[bytes, bytes, Headers]
"""Key, value and headers."""

CONTENT_TYPE = b"application/json"
KNOWN_SPECVERSION = b"1.0"
SEQUENCE = re.compile(rb"[0-9]{%d}" % SEQUENCE_DIGITS)
SOURCE = re.compile(r"/kukm/(?P<service>[^/]+)/(?P<kind>[^/]+)")
TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+(Z|[+-][0-9]{2}:[0-9]{2})", re.ASCII)
SUBJECT_CHARACTERS_MAX = 256
"""Above every id of the contracts; an id is the key of a document and of an index."""


class Undecodable(Exception):
    """The message is no event of this system; `args[0]` gives the reason."""


class Message(NamedTuple):
    """A message as it came from a topic; `fault` says why its headers could not be read."""

    partition: Partition
    offset: int
    key: bytes | None
    headers: dict[str, bytes]
    value: bytes | None
    fault: str = ""

    @property
    def service(self) -> str:
        """The service that owns the topic."""
        return self.partition[0]

    @property
    def where(self) -> str:
        """The message's position, which never changes: `SERVICE/PARTITION/OFFSET`."""
        service, number = self.partition
        return f"{service}/{number}/{self.offset}"

    def stored(self) -> dict[str, Any]:
        """Return the message as a document. Headers are a list: their names can be anything."""
        service, number = self.partition
        return {
            "service": service,
            "partition": number,
            "offset": self.offset,
            "key": self.key,
            "headers": list(self.headers.items()),
            "value": self.value,
            "fault": self.fault,
        }

    @classmethod
    def of(cls, stored: dict[str, Any]) -> Self:
        """Return the message of such a document."""
        return cls(
            partition=(stored["service"], stored["partition"]),
            offset=stored["offset"],
            key=stored["key"],
            headers=dict(stored["headers"]),
            value=stored["value"],
            fault=stored.get("fault", ""),
        )


class EventFrame(NamedTuple):
    """An event as a reader receives it: its attributes, with the data still in JSON."""

    id: str
    service: str
    kind: str
    type: str
    subject: str
    sequence: int
    time: str
    actor: str
    correlation: str
    data: bytes


def encode(service: str, recorded: Recorded) -> Encoded:
    """Return key, value and headers of a recorded event."""
    kind, subject, sequence = recorded.kind, recorded.subject, recorded.id[-SEQUENCE_DIGITS:]
    schema = recorded.type.rpartition("kukm.")[2]
    headers = [
        ("ce_specversion", KNOWN_SPECVERSION.decode()),
        ("ce_id", recorded.id),
        ("ce_source", f"/kukm/{service}/{kind}"),
        ("ce_type", recorded.type),
        ("ce_time", recorded.time),
        ("ce_subject", subject),
        ("ce_dataschema", f"urn:kukm:schema:{schema}"),
        ("ce_sequence", sequence),
        ("ce_partitionkey", subject),
        ("ce_correlationid", recorded.correlation),
        ("ce_actor", recorded.actor),
    ]
    if recorded.causation:
        headers.append(("ce_causationid", recorded.causation))
    if recorded.digest:
        headers.append(("ce_digest", recorded.digest))
    if recorded.commitment:
        headers.append(("ce_commitment", recorded.commitment))
    if recorded.traceparent:
        headers.append(("traceparent", recorded.traceparent))
    encoded: Headers = [(name, value.encode()) for name, value in headers]
    encoded.append(("content-type", CONTENT_TYPE))
    return subject.encode(), recorded.data.encode(), encoded


def decode(message: Message) -> EventFrame:
    """Return the frame of a message. Raises `Undecodable`, naming what is missing or malformed."""
    if message.fault:
        raise Undecodable(message.fault)
    headers = message.headers
    try:
        source = SOURCE.fullmatch(headers["ce_source"].decode())
        frame = EventFrame(
            id=headers["ce_id"].decode(),
            service=source["service"] if source else "",
            kind=source["kind"] if source else "",
            type=headers["ce_type"].decode(),
            subject=headers["ce_subject"].decode(),
            sequence=_sequence(headers["ce_sequence"]),
            time=headers["ce_time"].decode(),
            actor=headers.get("ce_actor", b"").decode(),
            correlation=headers.get("ce_correlationid", b"").decode(),
            data=message.value or b"",
        )
    except KeyError as missing:
        raise Undecodable(f"header {missing.args[0]} is missing") from missing
    except UnicodeDecodeError as error:
        raise Undecodable(f"a header is malformed: {error.reason}") from error
    _check(message, frame)
    return frame


def recorded(message: Message) -> Recorded:
    """Return the event of a message as it was recorded, without what never travels.

    Its private value, and the request that it answered, are not on the wire. Raises `Undecodable`.
    """
    frame = decode(message)
    if frame.id != event_id(frame.kind, frame.subject, frame.sequence):
        raise Undecodable("ce_id is not KIND/SUBJECT@SEQUENCE")
    try:
        data = frame.data.decode()
        causation = message.headers.get("ce_causationid", b"").decode()
        trace = message.headers.get("traceparent", b"").decode()
        digest = message.headers.get("ce_digest", b"").decode()
        commitment = message.headers.get("ce_commitment", b"").decode()
    except UnicodeDecodeError as error:
        raise Undecodable(f"its text is malformed: {error.reason}") from error
    return Recorded(
        id=frame.id,
        type=frame.type,
        time=frame.time,
        data=data,
        private=None,
        actor=frame.actor,
        correlation=frame.correlation,
        causation=causation or None,
        receipt=None,
        body=None,
        traceparent=trace or None,
        digest=digest,
        commitment=commitment,
    )


def _sequence(text: bytes) -> int:
    if not SEQUENCE.fullmatch(text):
        raise Undecodable(f"ce_sequence is malformed: it has {SEQUENCE_DIGITS} digits")
    number = int(text)
    if not 1 <= number <= SEQUENCE_MAX:
        raise Undecodable(f"ce_sequence is below 1 or above {SEQUENCE_MAX}")
    return number


def _check(message: Message, frame: EventFrame) -> None:
    if message.headers.get("ce_specversion") != KNOWN_SPECVERSION:
        raise Undecodable("ce_specversion is not 1.0")
    if not frame.service:
        raise Undecodable("ce_source is malformed: it is /kukm/SERVICE/KIND")
    if frame.service != message.service:
        raise Undecodable(f"{frame.service} does not publish on this topic")
    if message.key != frame.subject.encode():
        raise Undecodable("the key is not the subject")
    if not 1 <= len(frame.subject) <= SUBJECT_CHARACTERS_MAX:
        raise Undecodable(f"ce_subject has not 1 to {SUBJECT_CHARACTERS_MAX} characters")
    if frame.id != event_id(frame.kind, frame.subject, frame.sequence):
        raise Undecodable("ce_id is not KIND/SUBJECT@SEQUENCE")
    if not _is_rfc3339(frame.time):
        raise Undecodable("ce_time is malformed: it is RFC 3339 with its offset")


def _is_rfc3339(text: str) -> bool:
    if not TIME.fullmatch(text):
        return False
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True
