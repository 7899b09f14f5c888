"""An event as it lies in an outbox and in history, with all that the wire needs.

Its id is `KIND/SUBJECT@SEQUENCE`: one string names it in the outbox, in history and as `ce_id`, so
a relay removes exactly what it has published and history can be read in order by a range of ids.
Public data and private value are kept as the JSON text that was recorded: what is published are
the recorded bytes, however often.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from shared.contracts.event import Event, event_classes
from shared.kernel.decider import Context

SEQUENCE_DIGITS = 20
EVENT_CHARACTERS_MAX = 700_000


def event_id(kind: str, subject: str, sequence: int) -> str:
    """The id of the event with this number; ids of one subject sort by it."""
    return f"{kind}/{subject}@{sequence:0{SEQUENCE_DIGITS}d}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Recorded:
    """One recorded event. `time` is RFC 3339 in UTC; `receipt` and `body` remember the request."""

    id: str
    type: str
    time: str
    data: str
    private: str | None
    actor: str
    correlation: str
    causation: str | None
    receipt: str | None
    body: str | None
    traceparent: str | None = None

    @property
    def kind(self) -> str:
        """The kind of aggregate it is about."""
        return self.id.partition("/")[0]

    @property
    def subject(self) -> str:
        """The aggregate it is about."""
        return self.id.partition("/")[2].partition("@")[0]

    @property
    def sequence(self) -> int:
        """Its number among the subject's events, from 1."""
        return int(self.id[-SEQUENCE_DIGITS:])


@dataclass(frozen=True, kw_only=True, slots=True)
class Receipt:
    """What is remembered of a request: digests of its key (actor and command included) and body."""

    key: str
    body: str


def record(event: Event, sequence: int, context: Context, receipt: Receipt | None) -> Recorded:
    """The event as it will lie in the outbox.

    Raises `ValueError` for one that the broker would not take: better here than in the relay.
    """
    data, private = event.public_json(), event.private_json()
    if len(data) + len(private or "") > EVENT_CHARACTERS_MAX:
        raise ValueError(f"{event.type_name()} of {context.subject} is too large to publish")
    hidden = event.private_actor and not context.actor.startswith("service:")
    return Recorded(
        id=event_id(event.kind, context.subject, sequence),
        type=event.type_name(),
        time=rfc3339(context.now),
        data=data,
        private=private,
        actor=f"service:{event.service}" if hidden else context.actor,
        correlation=context.correlation_id,
        causation=context.causation_id,
        receipt=receipt.key if receipt else None,
        body=receipt.body if receipt else None,
    )


def rfc3339(instant: datetime) -> str:
    """An instant as the wire writes it: UTC, milliseconds, `Z`."""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@cache
def classes_by_type(union: Any) -> dict[str, type[Event]]:
    """The event classes of a union by their CloudEvents type."""
    return {event.type_name(): event for event in event_classes(union)}


def read_event(union: Any, recorded: Recorded) -> Event:
    """The event itself, private fields included."""
    return classes_by_type(union)[recorded.type].read(recorded.data, recorded.private)
