"""The stored form of an aggregate, and its form in memory while commands are decided on it.

`{_id, version, revision, state, deadline, outbox: [recorded…], receipts: [last 64], forgotten}`:
`version` is the sequence of the last event. `forgotten` says that older receipts were dropped, so
an unknown key must be looked up in outbox and history. A reaction that met a conflict increments
`contested`, only to hold the document.

Called by `shared.store.aggregates`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from types import UnionType
from typing import Any, Generic, TypeVar, Union, get_args, get_origin

from pydantic import TypeAdapter

from shared.contracts.event import Event
from shared.kernel.decider import Context, Deadline, Decider
from shared.kernel.recorded import Receipt, record
from shared.store.outbox import Entry

S = TypeVar("S")
RECEIPTS_KEPT = 64


@dataclass(kw_only=True)
class Loaded(Generic[S]):
    """An aggregate in memory, as it was read (version 0: it is new), with its new `entries`."""

    id: str
    state: S
    version: int = 0
    stored_version: int = 0
    receipts: dict[str, tuple[str, int]] = field(default_factory=dict)
    forgotten: bool = False
    entries: list[Entry] = field(default_factory=list)
    new_receipts: list[dict[str, Any]] = field(default_factory=list)

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
        self._states: TypeAdapter[S] = TypeAdapter(decider.state)
        self._commands = {
            command.__name__: TypeAdapter(command) for command in _members(decider.commands)
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
                receipt["key"]: (receipt["body"], receipt["version"]) for receipt in receipts
            },
            forgotten=document.get("forgotten", False),
        )

    def is_current(self, document: dict[str, Any]) -> bool:
        """Return True if the state in a document has the form of this decider's revision."""
        return bool(document["revision"] == self.decider.revision)

    def state(self, document: dict[str, Any]) -> S:
        """Return the state of a document of the current revision."""
        return self._states.validate_python(document["state"])

    def apply_events(
        self, loaded: Loaded[S], events: Iterable[Event], context: Context, receipt: Receipt | None
    ) -> None:
        """Apply events to an aggregate in memory, and remember the request that they answer."""
        for event in events:
            loaded.state = self.decider.evolve(loaded.state, event)
            loaded.version += 1
            recorded = record(event, loaded.version, context, receipt)
            loaded.entries.append(Entry.stamped(recorded))
        if receipt is not None:
            answered = {"key": receipt.key, "body": receipt.body, "version": loaded.version}
            loaded.new_receipts.append(answered)
            loaded.receipts[receipt.key] = (receipt.body, loaded.version)

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

    def command(self, stored: dict[str, Any]) -> Any:
        """Return the command of its stored form."""
        return self._commands[stored["command"]].validate_python(stored["data"])

    def stored_command(self, command: Any) -> dict[str, Any]:
        """Return a command as it is stored: the name of its class, and its data."""
        name = type(command).__name__
        return {"command": name, "data": self._commands[name].dump_python(command, mode="json")}

    def command_json(self, command: Any) -> bytes:
        """Return a command's canonical text, for the digest of the body."""
        return self._commands[type(command).__name__].dump_json(command)

    def _fields(self, loaded: Loaded[S]) -> dict[str, Any]:
        return {
            "version": loaded.version,
            "revision": self.decider.revision,
            "state": self._states.dump_python(loaded.state, mode="json"),
            "deadline": self._deadline(self.decider.deadline(loaded.state)),
        }

    def _deadline(self, deadline: Deadline | None) -> dict[str, Any] | None:
        if deadline is None:
            return None
        return {"at": deadline.at, **self.stored_command(deadline.command)}


def _members(union: Any) -> tuple[Any, ...]:
    return get_args(union) if get_origin(union) in (Union, UnionType) else (union,)
