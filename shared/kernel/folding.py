"""One batch of messages, folded in memory: all that its transaction will have to write. Pure.

For each event of a followed subject, in order: the next number is folded into the mirror and
reacted on; a number already heard is a duplicate and dropped; a number too high is a gap and parks
the subject, as does what cannot be decoded or folded; later events of a parked subject are parked
with it. Every other subject flows on.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from shared.contracts.event import Event, event_classes
from shared.kernel.recorded import classes_by_type
from shared.kernel.view import Cell, Mirror, Reaction, Tally, View
from shared.kernel.wire import EventFrame, Message, Undecodable, decode

Place = tuple[str, int]
"""A partition: the publishing service and the number."""

PassesOver = Callable[[Message, EventFrame, int], bool]
"""Whether this message is passed over where the subject is heard up to this number."""

Figures = dict[tuple[str, Place, Cell], Counter[str]]
"""Changes of figures by tally, partition and cell, and then by measure."""


@dataclass(kw_only=True, slots=True)
class Kept:
    """A mirror in memory: last number heard, state, and whether its subject is parked.

    It is `new` where the batch begins it: no document has it yet.
    """

    last: int = 0
    state: Any = None
    parked: bool = False
    place: Place = ("", 0)
    new: bool = False


UNKNOWN = Kept()
"""The mirror of a subject that was never heard of."""

NOBODY: Mapping[str, Kept] = {}


@dataclass(frozen=True, kw_only=True)
class Parked:
    """A message that cannot be taken, and why; `folded` where only its reactions failed."""

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
    """What one event has caused: commands, addressed and in order."""

    message: Message
    heard: EventFrame
    commands: tuple[Any, ...]


@dataclass(kw_only=True)
class Batch:
    """All that one batch changes."""

    mirrors: dict[str, dict[str, Kept]] = field(default_factory=lambda: defaultdict(dict))
    views: dict[str, dict[str, list[tuple[Place, Event]]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )
    figures: Figures = field(default_factory=lambda: defaultdict(Counter))
    reacted: list[Reacted] = field(default_factory=list)
    parked: list[Parked] = field(default_factory=list)
    next_offsets: dict[Place, int] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    passes_over: PassesOver | None = None


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
        self.mirrors = {(one.service, one.kind): one for one in mirrors}
        self.views = {one.name: one for one in views}
        self.tallies: dict[str, list[Tally[Any]]] = defaultdict(list)
        for tally in tallies:
            self.tallies[tally.of.name].append(tally)
        self._views_of = _by_class(views)
        self._reactions_of = _by_class(reactions)
        self._classes = {one.name: classes_by_type(one.follows) for one in mirrors}

    def frames(self, messages: Iterable[Message]) -> list[tuple[Message, EventFrame | Undecodable]]:
        """The frames of the messages, those of kinds that are not followed left out."""
        framed = ((one, _frame(one)) for one in messages)
        return [
            (message, frame)
            for message, frame in framed
            if isinstance(frame, Undecodable) or (frame.service, frame.kind) in self.mirrors
        ]

    def fold(
        self,
        messages: list[Message],
        frames: list[tuple[Message, EventFrame | Undecodable]],
        known: Mapping[str, Mapping[str, Kept]],
        *,
        passes_over: PassesOver | None = None,
    ) -> Batch:
        """The batch, from the mirrors as they are `known` (by name of the mirror and subject).

        Messages that `passes_over` names are counted as heard and left alone.
        """
        batch = Batch(passes_over=passes_over)
        for message in messages:
            batch.next_offsets[message.place] = message.offset + 1
        for message, frame in frames:
            if isinstance(frame, Undecodable):
                subject = (message.key or b"").decode(errors="replace")
                batch.parked.append(_undecodable(message, subject, str(frame)))
            else:
                self._take(batch, message, frame, known)
        for name, kept in batch.mirrors.items():
            self._count(batch, name, kept, known[name])
        return batch

    def _take(
        self,
        batch: Batch,
        message: Message,
        heard: EventFrame,
        known: Mapping[str, Mapping[str, Kept]],
    ) -> None:
        mirror = self.mirrors[heard.service, heard.kind]
        kept = batch.mirrors.get(mirror.name, NOBODY).get(heard.subject)
        if kept is None:
            before = known[mirror.name].get(heard.subject, UNKNOWN)
            kept = Kept(
                last=before.last,
                state=before.state,
                parked=before.parked,
                place=message.place,
                new=before is UNKNOWN,
            )
        if heard.sequence <= kept.last:
            batch.counts["duplicates"] += 1
            return
        batch.mirrors[mirror.name][heard.subject] = kept
        if batch.passes_over and batch.passes_over(message, heard, kept.last):
            kept.last = heard.sequence
            batch.counts["passed over"] += 1
        elif kept.parked:
            self._park(batch, kept, message, heard, "subject-parked", "an earlier event is parked")
        elif heard.sequence > kept.last + 1:
            detail = f"number {kept.last + 1} was due, number {heard.sequence} came"
            self._park(batch, kept, message, heard, "gap", detail)
        else:
            self._apply(batch, mirror, kept, message, heard)

    def _apply(
        self,
        batch: Batch,
        mirror: Mirror[Any, Any],
        kept: Kept,
        message: Message,
        heard: EventFrame,
    ) -> None:
        cls = self._classes[mirror.name].get(heard.type)
        if cls is None:
            kept.last = heard.sequence
            batch.counts["skipped"] += 1
            return
        try:
            event = cls.read(heard.data)
            state = mirror.evolve(kept.state, event)
            commands = [
                addressed
                for reaction in self._reactions_of[cls]
                for addressed in reaction.react(event, state)
            ]
            keys = [(view.name, view.key(event)) for view in self._views_of[cls]]
        except ValidationError as error:
            self._park(batch, kept, message, heard, "undecodable", _where(error))
        except Exception as error:  # noqa: BLE001 - a bug in a pure rule parks its subject, loudly
            self._park(batch, kept, message, heard, "bug", f"{type(error).__name__}: {error}")
        else:
            kept.last, kept.state = heard.sequence, state
            for name, key in keys:
                batch.views[name][key].append((message.place, event))
            if commands:
                reacted = Reacted(message=message, heard=heard, commands=tuple(commands))
                batch.reacted.append(reacted)
            batch.counts["applied"] += 1

    def _park(
        self, batch: Batch, kept: Kept, message: Message, heard: EventFrame, *why: str
    ) -> None:
        kept.parked = True
        reason, detail = why
        parked = Parked(
            message=message,
            kind=heard.kind,
            subject=heard.subject,
            sequence=heard.sequence,
            reason=reason,
            detail=detail,
        )
        batch.parked.append(parked)

    def _count(
        self, batch: Batch, name: str, after: dict[str, Kept], before: Mapping[str, Kept]
    ) -> None:
        for tally in self.tallies.get(name, ()):
            for subject, kept in after.items():
                old = before.get(subject, UNKNOWN).state
                if old is not kept.state:
                    count(batch.figures, tally, kept.place, (old, kept.state))


def count(figures: Figures, tally: Tally[Any], place: Place, change: tuple[Any, Any]) -> None:
    """Add to the figures what a change of state, (before, after), changes in a tally."""
    for state, sign in zip(change, (-1, 1), strict=True):
        if state is None:
            continue
        for cell, numbers in tally.contribution(state).items():
            figure = figures[tally.name, place, cell]
            for measure, number in numbers.items():
                figure[measure] += sign * number


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


def _undecodable(message: Message, subject: str, detail: str) -> Parked:
    return Parked(
        message=message, kind="", subject=subject, sequence=0, reason="undecodable", detail=detail
    )


def _where(error: ValidationError) -> str:
    # Where and what kind only: the values may be anything, and details are logged.
    places = (
        f"{'.'.join(map(str, one['loc'])) or 'data'}: {one['type']}" for one in error.errors()
    )
    return "; ".join(places)
