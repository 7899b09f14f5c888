"""Fold the topics from their beginning, and compare with a service's mirrors, views and tallies.

The fold stops at each partition's checkpoint, as the session sees it. Parked events are left out, a
discarded event counts as a number and changes nothing; every other difference is a finding. An
event that arrived before an earlier number was parked, and applied later: the fold holds it back
until the numbers before it have come.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pydantic import TypeAdapter, ValidationError

from gelar.checking.findings import damages
from gelar.checking.topics.log import Line
from shared.contracts.event import Event, event_classes
from shared.kernel.parts import Parts
from shared.kernel.view import Cell, Mirror, Tally
from shared.service.engine import Engine
from shared.store.checkpoints import NOWHERE, Checkpoint
from shared.store.database import Session

UNDECODABLE = "undecodable"
"""The reason for which a service parks a message that it cannot read."""


@dataclass(kw_only=True)
class Folded:
    """A mirror as the log makes it.

    `out_of_order` holds the events that wait for an earlier number, `discarded` is the highest
    number that was discarded.
    """

    last: int = 0
    state: Any = None
    out_of_order: dict[int, Line] = field(default_factory=dict)
    discarded: int = 0


@dataclass(kw_only=True)
class Folds:
    """The fold of a service's copies; call `open`, `take` for each event, then `differences`."""

    parts: Parts
    engine: Engine
    session: Session
    mirrors: dict[str, dict[str, Folded]] = field(default_factory=lambda: defaultdict(dict))
    views: dict[str, dict[str, Any]] = field(default_factory=lambda: defaultdict(dict))
    events: int = 0
    undecodable: list[str] = field(default_factory=list)
    """The position of each message that is parked because it cannot be read, and the fault."""
    _checkpoints: dict[tuple[str, int], Checkpoint] = field(default_factory=dict)
    _parked: set[str] = field(default_factory=set)
    _parked_subjects: set[tuple[str, str]] = field(default_factory=set)
    _discarded: set[str] = field(default_factory=set)
    _redriven: set[str] = field(default_factory=set)
    _not_foldable: list[str] = field(default_factory=list)

    async def open(self) -> None:
        """Read the checkpoints, and the parked, discarded and redriven events, in the session."""
        inbox = self.engine.inbox
        services = sorted({mirror.service for mirror in self.parts.mirrors})
        numbers = range(self.engine.settings.partitions)
        partitions = [(service, number) for service in services for number in numbers]
        self._checkpoints = await inbox.checkpoints.of(partitions, self.session)
        for row in await inbox.parking.rows(session=self.session):
            if row.get("kind"):
                self._parked_subjects.add((row["kind"], row.get("subject", "")))
            if not row.get("folded"):
                where = row["_id"].partition("/")[2]
                self._parked.add(where)
                if row.get("reason") == UNDECODABLE:
                    self.undecodable.append(f"{where}: {row.get('detail')}")
        self._discarded = await inbox.parking.discarded(self.session)
        self._redriven = await inbox.parking.redriven_at(self.session)

    def accounts_for(self, where: str) -> bool:
        """Return True if this service has parked or discarded the message at this position."""
        return where in self._parked or where in self._discarded

    def take(self, line: Line) -> None:
        """Fold an event; pass only the first message of each event."""
        checkpoint = self._checkpoints.get((line.service, line.partition), NOWHERE)
        mirror = next((mirror for mirror in self.parts.mirrors if mirror.kind == line.kind), None)
        if mirror is None or line.offset >= checkpoint.offset or line.where in self._parked:
            return
        folded = self.mirrors[mirror.name].setdefault(line.subject, Folded())
        if line.where in self._discarded:
            folded.discarded = max(folded.discarded, line.sequence)
        # After a higher number was discarded, a lower number is skipped unless it was redriven.
        skipped = line.sequence < folded.discarded and line.where not in self._redriven
        if line.sequence > folded.last and not skipped:
            folded.out_of_order.setdefault(line.sequence, line)
            self._fold_in_order(mirror, folded)

    def _fold_in_order(self, mirror: Mirror[Any, Any], folded: Folded) -> None:
        while (line := folded.out_of_order.pop(folded.last + 1, None)) is not None:
            folded.last = line.sequence
            self.events += 1
            if line.where not in self._discarded:
                try:
                    self._fold(mirror, folded, line)
                except Exception as error:  # noqa: BLE001 - any failure of a fold is a finding
                    text = f"{line.id} at {line.where} cannot be folded: {type(error).__name__}"
                    self._not_foldable.append(f"{mirror.name} {line.subject}: {text}")

    def _fold(self, mirror: Mirror[Any, Any], folded: Folded, line: Line) -> None:
        cls = _class_of(mirror.follows, line.type)
        if cls is None:
            return
        event = cls.read(line.data)
        folded.state = mirror.evolve(folded.state, event)
        for view in self.parts.views:
            if cls in event_classes(view.follows):
                states, key = self.views[view.name], view.key(event)
                states[key] = view.evolve(states.get(key), event)

    def _fold_after_discarded(self, mirror: Mirror[Any, Any]) -> Iterator[str]:
        """Skip the missing numbers before a discarded event; yield the events that still wait."""
        for subject, folded in self.mirrors[mirror.name].items():
            while folded.out_of_order:
                first = min(folded.out_of_order)
                if folded.out_of_order[first].where not in self._discarded:
                    break
                folded.last = first - 1
                self._fold_in_order(mirror, folded)
            for number, line in sorted(folded.out_of_order.items()):
                yield (
                    f"{mirror.name} {subject}: number {folded.last + 1} is due, and number "
                    f"{number} ({line.where}) is not parked"
                )

    async def differences(self) -> list[str]:
        """Return a line for every difference between the fold and the stored copies."""
        lines = [
            line for mirror in self.parts.mirrors for line in self._fold_after_discarded(mirror)
        ]
        lines += self._not_foldable
        for mirror in self.parts.mirrors:
            lines += await self._compare_mirror(mirror.name, mirror.kind, TypeAdapter(mirror.state))
        for view in self.parts.views:
            lines += await self._compare_view(view.name, TypeAdapter(view.state))
        for tally in self.parts.tallies:
            lines += await self._compare_tally(tally)
        return lines

    async def _compare_mirror(self, name: str, kind: str, states: TypeAdapter[Any]) -> list[str]:
        lines: list[str] = []
        missing = dict(self.mirrors[name])
        async for document in self._documents(name):
            subject = document["_id"]
            folded = missing.pop(subject, Folded())
            damaged = damages(f"{name} {subject}", document, last=int, state=object, parked=bool)
            lines += damaged
            if damaged:
                continue
            same = _is_of(states, document["state"], folded.state)
            if document["last"] != folded.last or not same:
                lines.append(f"{name} {subject}: not what its {folded.last} events make")
            if document["parked"] != ((kind, subject) in self._parked_subjects):
                lines.append(f"{name} {subject}: its flag is not what is parked of it")
        return lines + [f"{name} {subject}: missing" for subject in missing]

    async def _compare_view(self, name: str, states: TypeAdapter[Any]) -> list[str]:
        lines: list[str] = []
        missing = dict(self.views[name])
        async for document in self._documents(name):
            key = document["_id"]
            state = missing.pop(key, None)
            damaged = damages(f"{name} {key}", document, state=object)
            lines += damaged
            if not damaged and not _is_of(states, document["state"], state):
                lines.append(f"{name} {key}: not what its events make")
        return lines + [f"{name} {key}: missing" for key in missing]

    async def _compare_tally(self, tally: Tally[Any]) -> list[str]:
        lines: list[str] = []
        stored: dict[Cell, Counter[str]] = defaultdict(Counter)
        dimensions = dict.fromkeys(tally.dimensions, str)
        async for document in self._documents(f"tally.{tally.name}"):
            where = f"tally {tally.name} {document['_id']}"
            damaged = damages(where, document, cell=dict, numbers=dict)
            if not damaged:
                cell, numbers = document["cell"], document["numbers"]
                damaged = damages(where, cell, **dimensions)
                damaged += damages(where, numbers, **dict.fromkeys(numbers, int))
            lines += damaged
            if not damaged:
                stored[tuple(cell[name] for name in dimensions)].update(numbers)
        counted = self._counted(tally)
        return lines + [
            f"tally {tally.name} {'/'.join(cell)}: stored {_nonzero(stored[cell])}, "
            f"counted {_nonzero(counted[cell])}"
            for cell in sorted({*stored, *counted})
            if _nonzero(stored[cell]) != _nonzero(counted[cell])
        ]

    def _counted(self, tally: Tally[Any]) -> dict[Cell, Counter[str]]:
        counted: dict[Cell, Counter[str]] = defaultdict(Counter)
        for state in self._states(tally.of.name):
            for cell, numbers in tally.contribution(state).items():
                counted[cell].update(numbers)
        return counted

    def _states(self, name: str) -> Iterator[Any]:
        of_mirrors = (folded.state for folded in self.mirrors.get(name, {}).values())
        states = (*of_mirrors, *self.views.get(name, {}).values())
        return (state for state in states if state is not None)

    def _documents(self, name: str) -> Any:
        return self.engine.projection.collection(name).find({}, session=self.session)


def _class_of(follows: Any, type: str) -> type[Event] | None:
    return next((cls for cls in event_classes(follows) if cls.type_name() == type), None)


def _is_of(states: TypeAdapter[Any], stored: Any, state: Any) -> bool:
    """Return True if this is the stored form of a state.

    An older version may have written it: without the fields that have their defaults.
    """
    expected = _dumped(states, state)
    if stored == expected:
        return True
    if not isinstance(stored, dict) or not isinstance(expected, dict):
        return False
    try:
        completed = _dumped(states, states.validate_python(stored))
    except ValidationError:
        return False
    return bool(completed == expected and stored.items() <= expected.items())


def _dumped(states: TypeAdapter[Any], state: Any) -> Any:
    return None if state is None else states.dump_python(state, mode="json")


def _nonzero(numbers: Counter[str]) -> dict[str, int]:
    return {measure: number for measure, number in sorted(numbers.items()) if number}
