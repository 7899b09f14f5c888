"""The wire format: CloudEvents 1.0 in Kafka's binary mode.

Attributes are `ce_` headers, the data is JSON in the value, the key is the subject's id. `ce_id` is
`KIND/SUBJECT@SEQUENCE`, so equal ids are equal events; `ce_sequence` is zero-padded, because it is
compared as a string. Decoding checks the frame; the data is parsed by whoever follows the type.
"""

from datetime import datetime
from typing import Any, NamedTuple, Self

from shared.kernel.recorded import SEQUENCE_DIGITS, Recorded

Headers = list[tuple[str, str | bytes | None]]
Encoded = tuple[bytes, bytes, Headers]
"""Key, value and headers."""

CONTENT_TYPE = b"application/json"
KNOWN_SPECVERSION = b"1.0"


class Undecodable(Exception):
    """The message is no event of ours; `args[0]` says why."""


class Message(NamedTuple):
    """A message as it came from a topic; its place is the topic's owner and the partition."""

    place: tuple[str, int]
    offset: int
    key: bytes | None
    headers: dict[str, bytes]
    value: bytes | None

    @property
    def service(self) -> str:
        """Who owns the topic."""
        return self.place[0]

    @property
    def partition(self) -> int:
        """The number of the partition."""
        return self.place[1]

    @property
    def where(self) -> str:
        """`SERVICE/PARTITION/OFFSET`: where it lies, for ever."""
        return f"{self.service}/{self.partition}/{self.offset}"

    def stored(self) -> dict[str, Any]:
        """The message as a document may hold it: header names can be anything."""
        return {
            "service": self.service,
            "partition": self.partition,
            "offset": self.offset,
            "key": self.key,
            "headers": list(self.headers.items()),
            "value": self.value,
        }

    @classmethod
    def of(cls, stored: dict[str, Any]) -> Self:
        """The message of such a document."""
        return cls(
            place=(stored["service"], stored["partition"]),
            offset=stored["offset"],
            key=stored["key"],
            headers=dict(stored["headers"]),
            value=stored["value"],
        )


class EventFrame(NamedTuple):
    """An event as a reader hears it: its frame, with the data still in JSON."""

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
    """Key, value and headers of a recorded event."""
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
    if recorded.traceparent:
        headers.append(("traceparent", recorded.traceparent))
    encoded: Headers = [(name, value.encode()) for name, value in headers]
    encoded.append(("content-type", CONTENT_TYPE))
    return subject.encode(), recorded.data.encode(), encoded


def decode(message: Message) -> EventFrame:
    """The frame of a message. Raises `Undecodable`, naming what is missing or malformed."""
    headers = message.headers
    try:
        _, _, service, kind = headers["ce_source"].decode().split("/")
        heard = EventFrame(
            id=headers["ce_id"].decode(),
            service=service,
            kind=kind,
            type=headers["ce_type"].decode(),
            subject=headers["ce_subject"].decode(),
            sequence=int(headers["ce_sequence"]),
            time=headers["ce_time"].decode(),
            actor=headers.get("ce_actor", b"").decode(),
            correlation=headers.get("ce_correlationid", b"").decode(),
            data=message.value or b"",
        )
        datetime.fromisoformat(heard.time)
    except KeyError as missing:
        raise Undecodable(f"header {missing.args[0]} is missing") from missing
    except (ValueError, AttributeError) as error:
        raise Undecodable(f"a header is malformed: {error}") from error
    _check(message, heard)
    return heard


def _check(message: Message, heard: EventFrame) -> None:
    if message.headers.get("ce_specversion") != KNOWN_SPECVERSION:
        raise Undecodable("ce_specversion is not 1.0")
    if heard.service != message.service:
        raise Undecodable(f"{heard.service} does not publish on this topic")
    if heard.sequence < 1:
        raise Undecodable("ce_sequence is below 1")
    if message.key != heard.subject.encode():
        raise Undecodable("the key is not the subject")
