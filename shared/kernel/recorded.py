"""An event as it is stored in an outbox and in history, with everything that the wire needs.

Its id is `KIND/SUBJECT@SEQUENCE`: one string names it in the outbox, in history and as `ce_id`, so
a relay removes exactly the events that it has published, and history can be read in order by a
range of ids. Public data and private value stay the JSON text that was recorded: every publication
of an event has the same bytes.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from shared.contracts.event import Event, event_classes
from shared.kernel import digests
from shared.kernel.decider import Context
from shared.kernel.errors import TooLarge

SEQUENCE_DIGITS = 20
SEQUENCE_MAX = 2**63 - 1
"""The database's integers have 64 bits."""
EVENT_BYTES_MAX = 700_000
"""Of data and private value in UTF-8, as the broker and the database count them."""


class UnknownType(ValueError):
    """This version of the service has no such event; another version has recorded it."""

    def __init__(self, id: str, type: str) -> None:
        super().__init__(f"{id} is a {type}, which this version does not know")
        self.type = type


def event_id(kind: str, subject: str, sequence: int) -> str:
    """Return the id of the event with this number; ids of one subject sort by number."""
    return f"{kind}/{subject}@{sequence:0{SEQUENCE_DIGITS}d}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Recorded:
    """One recorded event. `time` is RFC 3339 in UTC; `receipt` and `body` remember the request.

    `actor` is what the topic shows of who did it; `person` who it was, which never travels.
    `digest` is that of all events of the subject up to this one, `commitment` stands for the
    private part in it, by a `salt` that never travels (`shared.kernel.digests`); they are empty in
    events of a version that had none.
    """

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
    person: str | None = None
    digest: str = ""
    commitment: str = ""
    salt: str | None = None

    @property
    def kind(self) -> str:
        """The kind of its aggregate."""
        return self.id.partition("/")[0]

    @property
    def subject(self) -> str:
        """The id of its aggregate."""
        return self.id.partition("/")[2].partition("@")[0]

    @property
    def sequence(self) -> int:
        """Its number among the subject's events, from 1."""
        return int(self.id[-SEQUENCE_DIGITS:])


@dataclass(frozen=True, kw_only=True, slots=True)
class Receipt:
    """Digests of a request that is remembered: of its key (with actor and command) and its body."""

    key: str
    body: str


def record(
    event: Event,
    sequence: int,
    context: Context,
    receipt: Receipt | None,
    before: str = digests.FIRST,
) -> Recorded:
    """Return the event as the outbox will hold it; `before` is the digest of the one before it.

    Raises `TooLarge` for an event that is too large for the broker: here its caller gets the error,
    in the relay it would stop every later event.
    """
    data, private = event.public_json(), event.private_json()
    if len(data.encode()) + len((private or "").encode()) > EVENT_BYTES_MAX:
        raise TooLarge
    is_person = not context.actor.startswith("service:")
    hidden = event.private_actor and is_person
    salt = None if private is None else digests.salt()
    proved = digests.Proved(
        id=event_id(event.kind, context.subject, sequence),
        type=event.type_name(),
        time=rfc3339(context.now),
        actor=f"service:{event.service}" if hidden else context.alias or context.actor,
        commitment=digests.commitment_of(private, salt),
        data=data,
    )
    return Recorded(
        **proved._asdict(),
        private=private,
        salt=salt,
        digest=digests.digest_of(before, proved),
        correlation=context.correlation_id,
        causation=context.causation_id,
        receipt=receipt.key if receipt else None,
        body=receipt.body if receipt else None,
        traceparent=context.traceparent,
        person=context.actor if is_person else None,
    )


def rfc3339(instant: datetime) -> str:
    """Write an instant as the wire has it: UTC, milliseconds, `Z`."""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@cache
def classes_by_type(union: Any) -> dict[str, type[Event]]:
    """Return the event classes of a union by their CloudEvents type."""
    return {event.type_name(): event for event in event_classes(union)}


def read_event(union: Any, recorded: Recorded) -> Event:
    """Return the event itself, private fields included. Raises `UnknownType`."""
    cls = classes_by_type(union).get(recorded.type)
    if cls is None:
        raise UnknownType(recorded.id, recorded.type)
    return cls.read(recorded.data, recorded.private)
