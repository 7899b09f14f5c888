"""The entries of pending rows: an event each, with the commands of its reactions that are left.

Called by `shared.service.reactions`.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import structlog

from shared.kernel.errors import Problem
from shared.kernel.folding import ParkedMessage
from shared.kernel.trace_context import ids_of
from shared.kernel.wire import Message
from shared.metrics import EVENTS_PARKED
from shared.store.missing import decision

Subject = tuple[str, str]
log = structlog.get_logger()


class Poisoned(Exception):
    """A command of this entry can never succeed."""

    def __init__(self, entry: dict[str, Any], error: Exception, code: str = "") -> None:
        super().__init__(str(error))
        self.entry = entry
        self.code = code or (error.code if isinstance(error, Problem) else type(error).__name__)
        self.detail = str(error)


def first_entries(entries: Sequence[dict[str, Any]], at_once: int) -> list[dict[str, Any]]:
    """Return the first entries that have at most so many commands together, and one at least."""
    taken, commands = list(entries[:1]), number_of_commands(entries[:1])
    for entry in entries[1:]:
        commands += len(entry["commands"])
        if commands > at_once:
            break
        taken.append(entry)
    return taken


def number_of_commands(entries: Sequence[dict[str, Any]]) -> int:
    """Return how many commands these entries have together."""
    return sum(len(entry["commands"]) for entry in entries)


def apart(
    entries: Sequence[dict[str, Any]], poisoned: Mapping[Subject, Poisoned]
) -> tuple[list[dict[str, Any]], list[ParkedMessage]]:
    """Return the entries to decide, and those to park: a poisoned entry and its later ones."""
    sound: list[dict[str, Any]] = []
    parked: list[ParkedMessage] = []
    for entry in entries:
        bad = poisoned.get(subject_of(entry))
        if bad is None or entry["sequence"] < bad.entry["sequence"]:
            sound.append(entry)
        else:
            first = entry["sequence"] == bad.entry["sequence"]
            parked.append(_parked(entry, bad, first=first))
    return sound, parked


def _parked(entry: dict[str, Any], bad: Poisoned, *, first: bool) -> ParkedMessage:
    return ParkedMessage(
        message=Message.of(entry["message"]),
        kind=entry["kind"],
        subject=entry["subject"],
        sequence=entry["sequence"],
        reason=bad.code if first else "subject-parked",
        detail=bad.detail if first else "an earlier event is parked",
        folded=True,
        commands=tuple(entry["commands"]),
    )


def report_parked(poisoned: Iterable[Poisoned]) -> None:
    """Log and count the entries that are parked by now, by the reason of each."""
    for bad in poisoned:
        EVENTS_PARKED.labels(bad.code).inc()
        log.error(
            "event parked",
            kind=bad.entry["kind"],
            subject=bad.entry["subject"],
            sequence=bad.entry["sequence"],
            reason=bad.code,
            detail="a command of its reactions can never succeed",
            **ids_of(Message.of(bad.entry["message"]).headers),
        )


def first_for(
    entries: Sequence[dict[str, Any]], kind: str, id: str | None = None
) -> dict[str, Any]:
    """Return the first entry that has a command for this aggregate, or for any of its kind."""
    return next(
        entry
        for entry in entries
        for command in entry["commands"]
        if command["kind"] == kind and id in (None, command["id"])
    )


def decision_of(entry: dict[str, Any], command: dict[str, Any]) -> str:
    """Return the name of what this command of the entry decides."""
    return decision(entry["event"], command["kind"], command["id"])


def subject_of(entry: dict[str, Any]) -> Subject:
    """Return kind and id of the subject of the entry's event."""
    return entry["kind"], entry["subject"]
