"""How an aggregate lies in its document, and how it stands in memory while it is decided on.

`{_id, version, revision, state, deadline, outbox: [recorded…], receipts: [last 64], forgotten}`:
`version` is the sequence of the last event; `forgotten` says that older receipts have been dropped,
so that an unknown key must be looked up in outbox and history. A reaction that met a conflict
counts `contested` up, only to hold the document.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from types import UnionType
from typing import Any, Generic, TypeVar, Union, get_args, get_origin

from pydantic import TypeAdapter

from shared.contracts.event import Event
from shared.kernel.decider import Context, Deadline, Decider
from shared.kernel.recorded import Receipt, Recorded, record
from shared.store.outbox import entry

S = TypeVar("S")
RECEIPTS_KEPT = 64


@dataclass(kw_only=True)
class Loaded(Generic[S]):
    """An aggregate in memory, as read (version 0: there is none yet), and what came since."""

    id: str
    state: S
    version: int = 0
    stored_version: int = 0
    receipts: dict[str, tuple[str, int]] = field(default_factory=dict)
    forgotten: bool = False
    recorded: list[Recorded] = field(default_factory=list)
    kept: list[dict[str, Any]] = field(default_factory=list)

    def copy(self) -> "Loaded[S]":
        """A copy to go on from, so that what happens to it can be thrown away."""
        return replace(
            self, receipts=dict(self.receipts), recorded=list(self.recorded), kept=list(self.kept)
        )


class Documents(Generic[S]):
    """Documents of one decider: from and to memory, no input or output."""

    def __init__(self, decider: Decider[Any, S, Any]) -> None:
        self.decider = decider
        self._states: TypeAdapter[S] = TypeAdapter(decider.state)
        self._commands = {one.__name__: TypeAdapter(one) for one in _members(decider.commands)}

    def loaded(self, id: str, document: dict[str, Any] | None) -> Loaded[S]:
        """The aggregate of a document, or its initial state where there is none."""
        if document is None:
            return Loaded(id=id, state=self.decider.initial)
        return self.at(id, document, self.state(document))

    def at(self, id: str, document: dict[str, Any], state: S) -> Loaded[S]:
        """The aggregate of a document whose state is this one."""
        receipts = document.get("receipts", ())
        return Loaded(
            id=id,
            state=state,
            version=document["version"],
            stored_version=document["version"],
            receipts={one["key"]: (one["body"], one["version"]) for one in receipts},
            forgotten=document.get("forgotten", False),
        )

    def is_current(self, document: dict[str, Any]) -> bool:
        """Whether the state in a document has the form that this decider states."""
        return bool(document["revision"] == self.decider.revision)

    def state(self, document: dict[str, Any]) -> S:
        """The state in a document of the current revision."""
        return self._states.validate_python(document["state"])

    def apply_events(
        self, loaded: Loaded[S], events: Iterable[Event], context: Context, receipt: Receipt | None
    ) -> None:
        """Let events happen to an aggregate in memory, and remember the request they answer."""
        for event in events:
            loaded.state = self.decider.evolve(loaded.state, event)
            loaded.version += 1
            loaded.recorded.append(record(event, loaded.version, context, receipt))
        if receipt is not None:
            kept = {"key": receipt.key, "body": receipt.body, "version": loaded.version}
            loaded.kept.append(kept)
            loaded.receipts[receipt.key] = (receipt.body, loaded.version)

    def created(self, loaded: Loaded[S]) -> dict[str, Any]:
        """The first document of an aggregate."""
        return {
            "_id": loaded.id,
            **self._fields(loaded),
            "outbox": [entry(one) for one in loaded.recorded],
            "receipts": loaded.kept[-RECEIPTS_KEPT:],
        }

    def changes(self, loaded: Loaded[S]) -> dict[str, Any]:
        """The update that appends what has happened and leaves the rest of the outbox alone."""
        push: dict[str, Any] = {"outbox": {"$each": [entry(one) for one in loaded.recorded]}}
        fields = self._fields(loaded)
        if loaded.kept:
            push["receipts"] = {"$each": loaded.kept, "$slice": -RECEIPTS_KEPT}
            if len(loaded.receipts) > RECEIPTS_KEPT:
                fields["forgotten"] = True
        return {"$set": fields, "$push": push}

    def renewal(self, loaded: Loaded[S]) -> dict[str, Any]:
        """The update that only gives a document the form of this revision."""
        return {"$set": self._fields(loaded)}

    def command(self, stored: dict[str, Any]) -> Any:
        """A stored command."""
        return self._commands[stored["command"]].validate_python(stored["data"])

    def stored_command(self, command: Any) -> dict[str, Any]:
        """A command as it is stored: its class and its data."""
        name = type(command).__name__
        return {"command": name, "data": self._commands[name].dump_python(command, mode="json")}

    def command_json(self, command: Any) -> bytes:
        """A command's canonical text, for the digest of the body."""
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
