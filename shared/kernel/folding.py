"""Fold one batch of messages in memory: everything that its transaction will have to write. Pure.

Called by `shared.service.worker`; `shared.store.inbox` writes the `Batch` next.

For each event of a followed subject, in order of the messages:

1. a sequence number that is already applied is a duplicate and is dropped;
2. the next number is folded into the mirror, and the reactions to it are collected;
3. a number that is too high is a gap and parks the subject. An event that cannot be decoded,
   folded or stored parks its subject too, and so does a mirror that cannot be read. Later events
   of a parked subject are parked with it.

Every other subject goes on.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from shared.contracts.event import Event, event_classes
from shared.kernel.counting import Figures, count, pure
from shared.kernel.recorded import classes_by_type
from shared.kernel.view import Mirror, Reaction, Tally, View
from shared.kernel.wire import EventFrame, Message, Partition, Undecodable, decode

IsDiscarded = Callable[[Message, EventFrame, int], bool]
"""`is_discarded(message, frame, last)`: True if an operator has discarded this message. `last` is
the last sequence number that is applied to its subject."""

Frames = list[tuple[Message, EventFrame | Undecodable]]


@dataclass(kw_only=True, slots=True)
class MirrorState:
    """A mirror in memory: the last sequence number applied, its state, and if it is parked.

    It is `new` where this batch creates it: no document has it yet. `fault` says why the document
    of a mirror cannot be read; nothing is folded on it, and its state is never written.
    """

    last: int = 0
    state: Any = None
    parked: bool = False
    partition: Partition = ("", 0)
    new: bool = False
    fault: str = ""


Mirrors = Mapping[str, Mapping[str, MirrorState]]
"""Mirrors by the name of their collection and by subject."""

UNKNOWN = MirrorState()
"""The mirror of a subject that has no document."""

NO_MIRRORS: Mapping[str, MirrorState] = {}


@dataclass(frozen=True, kw_only=True)
class ParkedMessage:
    """A message that cannot be applied, and why; `folded` if only its reactions failed."""

    message: Message
    kind: str
    subject: str
    sequence: int
    reason: str
    detail: str
    folded: bool = False
    commands: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Reacted:
    """The commands that one event has caused, addressed and in order."""

    message: Message
    frame: EventFrame
    commands: tuple[Any, ...]


@dataclass(kw_only=True)
class Batch:
    """Everything that one batch changes."""

    mirrors: dict[str, dict[str, MirrorState]] = field(default_factory=lambda: defaultdict(dict))
    views: dict[str, dict[str, list[tuple[Partition, Event]]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )
    figures: Figures = field(default_factory=lambda: defaultdict(Counter))
    reacted: list[Reacted] = field(default_factory=list)
    parked: list[ParkedMessage] = field(default_factory=list)
    next_offsets: dict[Partition, int] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    is_discarded: IsDiscarded | None = None
    unstorable: str = ""


class Folding:
    """The declared parts of a service, indexed for folding."""

    def __init__(
        self,
        mirrors: Iterable[Mirror[Any, Any]],
        views: Iterable[View[Any, Any]],
        tallies: Iterable[Tally[Any]],
        reactions: Iterable[Reaction[Any, Any]],
    ) -> None:
        mirrors = tuple(mirrors)
        self.mirrors = {(mirror.service, mirror.kind): mirror for mirror in mirrors}
        self.views = {view.name: view for view in views}
        self.tallies: dict[str, list[Tally[Any]]] = defaultdict(list)
        for tally in tallies:
            self.tallies[tally.of.name].append(tally)
        self._views_of = _by_class(views)
        self._reactions_of = _by_class(reactions)
        self._classes = {mirror.name: classes_by_type(mirror.follows) for mirror in mirrors}

    def reactions_to(self, frame: EventFrame) -> list[str]:
        """Return the names of the reactions to an event of this type."""
        cls = self._classes[self.mirrors[frame.service, frame.kind].name].get(frame.type)
        return [reaction.name for reaction in self._reactions_of[cls]] if cls else []

    def frames(self, messages: Iterable[Message]) -> Frames:
        """Decode the messages; leave out those of kinds that the service does not follow."""
        framed = ((message, _frame(message)) for message in messages)
        return [
            (message, frame)
            for message, frame in framed
            if isinstance(frame, Undecodable) or (frame.service, frame.kind) in self.mirrors
        ]

    def fold(
        self,
        messages: list[Message],
        frames: Frames,
        current: Mirrors,
        *,
        is_discarded: IsDiscarded | None = None,
        unstorable: str = "",
    ) -> Batch:
        """Return the batch that these messages make of the `current` mirrors.

        A message that `is_discarded` names moves its subject's number on and changes nothing else.
        Messages of which it is known that their result is `unstorable`, and why, are parked. Raises
        `Unstorable` where a tally fails.
        """
        batch = Batch(is_discarded=is_discarded, unstorable=unstorable)
        for message in messages:
            batch.next_offsets[message.partition] = message.offset + 1
        for message, frame in frames:
            if isinstance(frame, Undecodable):
                subject = (message.key or b"").decode(errors="replace")
                batch.parked.append(_undecodable(message, subject, str(frame)))
            else:
                self._take(batch, message, frame, current)
        for name, mirrors in batch.mirrors.items():
            self._count(batch, name, mirrors, current[name])
        return batch

    def _take(self, batch: Batch, message: Message, frame: EventFrame, current: Mirrors) -> None:
        mirror = self.mirrors[frame.service, frame.kind]
        copy = batch.mirrors.get(mirror.name, NO_MIRRORS).get(frame.subject)
        if copy is None:
            before = current[mirror.name].get(frame.subject, UNKNOWN)
            copy = MirrorState(
                last=before.last,
                state=before.state,
                parked=before.parked,
                partition=message.partition,
                new=before is UNKNOWN,
                fault=before.fault,
            )
        if frame.sequence <= copy.last:
            batch.counts["duplicates"] += 1
            return
        batch.mirrors[mirror.name][frame.subject] = copy
        if batch.is_discarded and batch.is_discarded(message, frame, copy.last):
            copy.last = frame.sequence
            batch.counts["passed over"] += 1
        elif copy.parked:
            self._park(batch, copy, message, frame, "subject-parked", "an earlier event is parked")
        elif frame.sequence > copy.last + 1:
            detail = f"number {copy.last + 1} was due, number {frame.sequence} came"
            self._park(batch, copy, message, frame, "gap", detail)
        elif copy.fault:
            self._park(batch, copy, message, frame, "damaged", copy.fault)
        elif batch.unstorable:
            self._park(batch, copy, message, frame, "unstorable", batch.unstorable)
        else:
            self._apply(batch, mirror, copy, message, frame)

    def _apply(
        self,
        batch: Batch,
        mirror: Mirror[Any, Any],
        copy: MirrorState,
        message: Message,
        frame: EventFrame,
    ) -> None:
        cls = self._classes[mirror.name].get(frame.type)
        if cls is None:
            copy.last = frame.sequence
            batch.counts["skipped"] += 1
            return
        try:
            event = cls.read(frame.data)
            state = mirror.evolve(copy.state, event)
            commands = [
                addressed
                for reaction in self._reactions_of[cls]
                for addressed in reaction.react(event, state)
            ]
            keys = [(view.name, view.key(event)) for view in self._views_of[cls]]
        except ValidationError as error:
            self._park(batch, copy, message, frame, "undecodable", where_invalid(error))
        except Exception as error:  # noqa: BLE001 - a bug in a pure rule parks its subject
            self._park(batch, copy, message, frame, "bug", f"{type(error).__name__}: {error}")
        else:
            copy.last, copy.state = frame.sequence, state
            for name, key in keys:
                batch.views[name][key].append((message.partition, event))
            if commands:
                reacted = Reacted(message=message, frame=frame, commands=tuple(commands))
                batch.reacted.append(reacted)
            batch.counts["applied"] += 1

    def _park(
        self, batch: Batch, copy: MirrorState, message: Message, frame: EventFrame, *why: str
    ) -> None:
        copy.parked = True
        reason, detail = why
        parked = ParkedMessage(
            message=message,
            kind=frame.kind,
            subject=frame.subject,
            sequence=frame.sequence,
            reason=reason,
            detail=detail,
        )
        batch.parked.append(parked)

    def _count(
        self,
        batch: Batch,
        name: str,
        after: dict[str, MirrorState],
        before: Mapping[str, MirrorState],
    ) -> None:
        for tally in self.tallies.get(name, ()):
            for subject, copy in after.items():
                old = before.get(subject, UNKNOWN).state
                if old is not copy.state:
                    with pure():
                        count(batch.figures, tally, copy.partition, (old, copy.state))


def _by_class(parts: Iterable[Any]) -> dict[type[Event], list[Any]]:
    by_class: dict[type[Event], list[Any]] = defaultdict(list)
    for part in parts:
        for cls in event_classes(part.follows):
            by_class[cls].append(part)
    return by_class


def _frame(message: Message) -> EventFrame | Undecodable:
    try:
        return decode(message)
    except Undecodable as error:
        return error


def _undecodable(message: Message, subject: str, detail: str) -> ParkedMessage:
    return ParkedMessage(
        message=message, kind="", subject=subject, sequence=0, reason="undecodable", detail=detail
    )


def where_invalid(error: ValidationError) -> str:
    """Return the position and kind of each fault."""
    # Position and kind of the fault only: the values may be anything, and details are logged.
    faults = (
        f"{'.'.join(map(str, fault['loc'])) or 'data'}: {fault['type']}" for fault in error.errors()
    )
    return "; ".join(faults)
