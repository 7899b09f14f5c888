"""The stored form of an aggregate, and its form in memory while commands are decided on it.

`{_id, version, digest, revision, state, deadline, outbox: [recorded…], receipts: [last 64],
forgotten}`: `version` is the sequence of the last event, `digest` that of all events
(`shared.kernel.digests`). `forgotten` says that older receipts were dropped, so an unknown key must
be looked up in outbox and history. A reaction that met a conflict increments `contested`, only to
hold the document. `lost` has the ids of events that a restore has made incomplete, as their private
values are in no topic: until an operator has settled it, nothing is decided on the aggregate.

Called by `shared.store.aggregates`.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Generic, NamedTuple, TypeVar

from pydantic import TypeAdapter

from shared.contracts.event import Event
from shared.kernel.adapters import adapter_of
from shared.kernel.decider import Context, Deadline, Decider
from shared.kernel.errors import Refused
from shared.kernel.recorded import Receipt, UnknownType, record
from shared.store.outbox import Entry

S = TypeVar("S")
RECEIPTS_KEPT = 64


class Remembered(NamedTuple):
    """A request that had an effect: the digest of its body, the version after it, its events."""

    body: str
    version: int
    events: tuple[str, ...]


class PrivatePartLost(Refused):
    """This aggregate is incomplete since the database was restored."""

    def __init__(self) -> None:
        super().__init__(
            "private-part-lost",
            "This record is incomplete since the database was restored: an operator must settle it "
            "first (`gelar restored list`).",
        )


class UnknownAction(Exception):
    """This version of the service has no such command; another version may have it."""


class OutboxFull(Exception):
    """The outbox is full because the broker is away: the aggregate takes no more events for now."""


class Damaged(Exception):
    """The document of this aggregate cannot be read, or not be folded from its history.

    `newer`: it is no damage; another version has stored events that this version does not know.
    """

    def __init__(self, kind: str, id: str, error: Exception) -> None:
        super().__init__(f"{kind} {id} cannot be loaded: {type(error).__name__}: {error}")
        self.id = id
        self.newer = isinstance(error, UnknownType)


@dataclass(kw_only=True)
class Loaded(Generic[S]):
    """An aggregate in memory, as it was read (version 0: it is new), with its new `entries`."""

    id: str
    state: S
    version: int = 0
    stored_version: int = 0
    receipts: dict[str, Remembered] = field(default_factory=dict)
    forgotten: bool = False
    lost: tuple[str, ...] = ()
    digest: str = ""
    entries: list[Entry] = field(default_factory=list)
    new_receipts: list[dict[str, Any]] = field(default_factory=list)

    def check_whole(self) -> None:
        """Raise `PrivatePartLost` while nothing may be decided on it."""
        if self.lost:
            raise PrivatePartLost

    def copy(self) -> "Loaded[S]":
        """Return a copy: changes to it can be thrown away."""
        return replace(
            self,
            receipts=dict(self.receipts),
            entries=list(self.entries),
            new_receipts=list(self.new_receipts),
        )


class Documents(Generic[S]):
    """Documents of one decider, from and to memory; it reads and writes no database."""

    def __init__(self, decider: Decider[Any, S, Any]) -> None:
        self.decider = decider
        self._states: TypeAdapter[S] = adapter_of(decider.state)
        self._commands = {
            command.__name__: adapter_of(command) for command in decider.command_classes
        }

    def loaded(self, id: str, document: dict[str, Any] | None) -> Loaded[S]:
        """Return the aggregate of a document, or its initial state if there is no document."""
        if document is None:
            return Loaded(id=id, state=self.decider.initial)
        return self.at(id, document, self.state(document))

    def at(self, id: str, document: dict[str, Any], state: S) -> Loaded[S]:
        """Return the aggregate of a document with this state."""
        receipts = document.get("receipts", ())
        return Loaded(
            id=id,
            state=state,
            version=document["version"],
            stored_version=document["version"],
            receipts={
                receipt["key"]: Remembered(
                    receipt["body"], receipt["version"], tuple(receipt["events"])
                )
                for receipt in receipts
            },
            forgotten=document.get("forgotten", False),
            lost=tuple(document.get("lost", ())),
            digest=document.get("digest", ""),
        )

    def is_current(self, document: dict[str, Any]) -> bool:
        """Return True if the state in a document has the form of this decider's revision."""
        return bool(document["revision"] == self.decider.revision)

    def state(self, document: dict[str, Any]) -> S:
        """Return the state of a document of the current revision."""
        return self._states.validate_python(document["state"])

    def apply_events(
        self, loaded: Loaded[S], events: Sequence[Event], context: Context, receipt: Receipt | None
    ) -> None:
        """Apply events to an aggregate in memory, and remember the request that they answer."""
        for event in events:
            loaded.state = self.decider.evolve(loaded.state, event)
            loaded.version += 1
            recorded = record(event, loaded.version, context, receipt, loaded.digest)
            loaded.digest = recorded.digest
            loaded.entries.append(Entry.stamped(recorded))
        if receipt is not None:
            types = tuple(event.type_name() for event in events)
            remembered = Remembered(receipt.body, loaded.version, types)
            loaded.new_receipts.append({"key": receipt.key, **remembered._asdict()})
            loaded.receipts[receipt.key] = remembered

    def created(self, loaded: Loaded[S]) -> dict[str, Any]:
        """Return the first document of an aggregate."""
        return {
            "_id": loaded.id,
            **self._fields(loaded),
            "outbox": [entry.stored() for entry in loaded.entries],
            "receipts": loaded.new_receipts[-RECEIPTS_KEPT:],
        }

    def changes(self, loaded: Loaded[S]) -> dict[str, Any]:
        """Return the update that appends the new events and leaves the rest of the outbox alone."""
        push: dict[str, Any] = {"outbox": {"$each": [entry.stored() for entry in loaded.entries]}}
        fields = self._fields(loaded)
        if loaded.new_receipts:
            push["receipts"] = {"$each": loaded.new_receipts, "$slice": -RECEIPTS_KEPT}
            if len(loaded.receipts) > RECEIPTS_KEPT:
                fields["forgotten"] = True
        return {"$set": fields, "$push": push}

    def renewal(self, loaded: Loaded[S]) -> dict[str, Any]:
        """Return the update that only gives a document the form of this revision."""
        return {"$set": self._fields(loaded)}

    def caught_up(self, loaded: Loaded[S]) -> dict[str, Any]:
        """Return the fields of an aggregate that was brought up to the events of its topic."""
        return {**self._fields(loaded), "lost": list(loaded.lost)}

    def command(self, stored: dict[str, Any]) -> Any:
        """Return the command of its stored form. Raises `UnknownAction`, `ValueError`."""
        name = stored["command"]
        if name not in self._commands:
            raise UnknownAction(f"{self.decider.kind} has no command {name} in this version")
        return self._commands[name].validate_python(stored["data"])

    def stored_command(self, command: Any) -> dict[str, Any]:
        """Return a command as it is stored: the name of its class, and its data."""
        name = type(command).__name__
        return {"command": name, "data": self._commands[name].dump_python(command, mode="json")}

    def command_json(self, command: Any) -> bytes:
        """Return a command's canonical text, for the digest of the body.

        Commands that mean the same have the same text, whatever the order of their fields, the
        offset of their instants and the zeros of their amounts.
        """
        fields = self._commands[type(command).__name__].dump_python(command)
        return json.dumps(fields, sort_keys=True, default=_canonical).encode()

    def _fields(self, loaded: Loaded[S]) -> dict[str, Any]:
        return {
            "version": loaded.version,
            "digest": loaded.digest,
            "revision": self.decider.revision,
            "state": self._states.dump_python(loaded.state, mode="json"),
            "deadline": self._deadline(self.decider.deadline(loaded.state)),
        }

    def _deadline(self, deadline: Deadline | None) -> dict[str, Any] | None:
        if deadline is None:
            return None
        return {"at": deadline.at, **self.stored_command(deadline.command)}


def _canonical(value: object) -> object:
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat()
        case date():
            return value.isoformat()
        case Decimal():
            return format(value.normalize(), "f")
        case set() | frozenset():
            return sorted(value)
        case _:
            raise TypeError(f"a command cannot have a {type(value).__name__}")
