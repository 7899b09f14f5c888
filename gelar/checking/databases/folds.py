"""A service's mirrors, views and tallies against the log, folded from its beginning.

Up to each partition's checkpoint, at one moment. What is parked there is left out, what was given
up is counted and left alone, and nothing else is forgiven. An event that came before its turn was
parked and taken later: it is held until the one that is due has come.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pydantic import TypeAdapter

from gelar.checking.findings import damages
from gelar.checking.log import Line
from shared.contracts.event import Event, event_classes
from shared.kernel.parts import Parts
from shared.kernel.view import Cell, Mirror, Tally
from shared.service.engine import Engine
from shared.store.database import Session
from shared.store.inbox import NOWHERE, Checkpoint


@dataclass(kw_only=True)
class Folded:
    """A mirror as the log makes it; `early` are the events that wait for their turn, by number.

    `passed` is the highest number that was given up.
    """

    last: int = 0
    state: Any = None
    early: dict[int, Line] = field(default_factory=dict)
    passed: int = 0


@dataclass(kw_only=True)
class Folds:
    """One service's copies, folded line by line; `open` first, then `take`, then `differences`."""

    parts: Parts
    engine: Engine
    session: Session
    mirrors: dict[str, dict[str, Folded]] = field(default_factory=lambda: defaultdict(dict))
    views: dict[str, dict[str, Any]] = field(default_factory=lambda: defaultdict(dict))
    events: int = 0
    _checkpoints: dict[tuple[str, int], Checkpoint] = field(default_factory=dict)
    _untaken: set[str] = field(default_factory=set)
    _discarded: set[str] = field(default_factory=set)
    _redriven: set[str] = field(default_factory=set)
    _unfolded: list[str] = field(default_factory=list)
    _stuck: set[tuple[str, str]] = field(default_factory=set)

    async def open(self) -> None:
        """Read where the copies stand and what is parked, at the moment of the session."""
        inbox = self.engine.inbox
        services = sorted({one.service for one in self.parts.mirrors})
        partitions = range(self.engine.settings.partitions)
        places = [(service, n) for service in services for n in partitions]
        self._checkpoints = await inbox.checkpoints(places, self.session)
        for row in await inbox.parking.rows(session=self.session):
            if row.get("kind"):
                self._stuck.add((row["kind"], row.get("subject", "")))
            if not row.get("folded"):
                self._untaken.add(row["_id"].partition("/")[2])
        self._discarded = await inbox.parking.discarded(self.session)
        self._redriven = await inbox.parking.redriven_at(self.session)

    def accounts_for(self, where: str) -> bool:
        """Whether what lies there is parked or was given up here."""
        return where in self._untaken or where in self._discarded

    def take(self, line: Line) -> None:
        """Fold one event: the first message that has it."""
        at = self._checkpoints.get((line.service, line.partition), NOWHERE)
        mirror = next((one for one in self.parts.mirrors if one.kind == line.kind), None)
        if mirror is None or line.offset >= at.offset or line.where in self._untaken:
            return
        folded = self.mirrors[mirror.name].setdefault(line.subject, Folded())
        if line.where in self._discarded:
            folded.passed = max(folded.passed, line.sequence)
        # After a later number was given up an earlier one is none any more, unless it was parked.
        passed = line.sequence < folded.passed and line.where not in self._redriven
        if line.sequence > folded.last and not passed:
            folded.early.setdefault(line.sequence, line)
            self._take_due(mirror, folded)

    def _take_due(self, mirror: Mirror[Any, Any], folded: Folded) -> None:
        while (line := folded.early.pop(folded.last + 1, None)) is not None:
            folded.last = line.sequence
            self.events += 1
            if line.where not in self._discarded:
                try:
                    self._fold(mirror, folded, line)
                except Exception as error:  # noqa: BLE001 - what the code cannot fold is a finding
                    told = f"{line.id} at {line.where} cannot be folded: {type(error).__name__}"
                    self._unfolded.append(f"{mirror.name} {line.subject}: {told}")

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

    def _settle(self, mirror: Mirror[Any, Any]) -> Iterator[str]:
        """Pass over what was given up without those before it; tell what still waits then."""
        for subject, folded in self.mirrors[mirror.name].items():
            while (
                folded.early and folded.early[first := min(folded.early)].where in self._discarded
            ):
                folded.last = first - 1
                self._take_due(mirror, folded)
            for number, line in sorted(folded.early.items()):
                yield (
                    f"{mirror.name} {subject}: number {folded.last + 1} is due, and number "
                    f"{number} ({line.where}) is not parked"
                )

    async def differences(self) -> list[str]:
        """Every difference between the fold and what is kept, in words."""
        found = [told for one in self.parts.mirrors for told in self._settle(one)]
        found += self._unfolded
        for mirror in self.parts.mirrors:
            found += await self._compare_mirror(mirror.name, mirror.kind, TypeAdapter(mirror.state))
        for view in self.parts.views:
            found += await self._compare_view(view.name, TypeAdapter(view.state))
        for tally in self.parts.tallies:
            found += await self._compare_tally(tally)
        return found

    async def _compare_mirror(self, name: str, kind: str, states: TypeAdapter[Any]) -> list[str]:
        found: list[str] = []
        folded = dict(self.mirrors[name])
        async for one in self._documents(name):
            subject = one["_id"]
            mine = folded.pop(subject, Folded())
            damaged = damages(f"{name} {subject}", one, last=int, state=object, parked=bool)
            found += damaged
            if damaged:
                continue
            if (one["last"], one["state"]) != (mine.last, _dumped(states, mine.state)):
                found.append(f"{name} {subject}: not what its {mine.last} events make")
            if one["parked"] != ((kind, subject) in self._stuck):
                found.append(f"{name} {subject}: its flag is not what is parked of it")
        return found + [f"{name} {subject}: missing" for subject in folded]

    async def _compare_view(self, name: str, states: TypeAdapter[Any]) -> list[str]:
        found: list[str] = []
        folded = dict(self.views[name])
        async for one in self._documents(name):
            mine = folded.pop(one["_id"], None)
            damaged = damages(f"{name} {one['_id']}", one, state=object)
            found += damaged
            if not damaged and one["state"] != _dumped(states, mine):
                found.append(f"{name} {one['_id']}: not what its events make")
        return found + [f"{name} {key}: missing" for key in folded]

    async def _compare_tally(self, tally: Tally[Any]) -> list[str]:
        found: list[str] = []
        kept: dict[Cell, Counter[str]] = defaultdict(Counter)
        dimensions = dict.fromkeys(tally.dimensions, str)
        async for one in self._documents(f"tally.{tally.name}"):
            where = f"tally {tally.name} {one['_id']}"
            damaged = damages(where, one, cell=dict, numbers=dict)
            if not damaged:
                damaged = damages(where, one["cell"], **dimensions)
                damaged += damages(where, one["numbers"], **dict.fromkeys(one["numbers"], int))
            found += damaged
            if not damaged:
                kept[tuple(one["cell"][name] for name in dimensions)].update(one["numbers"])
        counted = self._counted(tally)
        return found + [
            f"tally {tally.name} {'/'.join(cell)}: kept {_some(kept[cell])}, "
            f"counted {_some(counted[cell])}"
            for cell in sorted({*kept, *counted})
            if _some(kept[cell]) != _some(counted[cell])
        ]

    def _counted(self, tally: Tally[Any]) -> dict[Cell, Counter[str]]:
        counted: dict[Cell, Counter[str]] = defaultdict(Counter)
        for state in self._states(tally.of.name):
            for cell, numbers in tally.contribution(state).items():
                counted[cell].update(numbers)
        return counted

    def _states(self, name: str) -> Iterator[Any]:
        folded = (one.state for one in self.mirrors.get(name, {}).values())
        states = (*folded, *self.views.get(name, {}).values())
        return (state for state in states if state is not None)

    def _documents(self, name: str) -> Any:
        return self.engine.projection.collection(name).find({}, session=self.session)


def _class_of(follows: Any, type: str) -> type[Event] | None:
    return next((one for one in event_classes(follows) if one.type_name() == type), None)


def _dumped(states: TypeAdapter[Any], state: Any) -> Any:
    return None if state is None else states.dump_python(state, mode="json")


def _some(numbers: Counter[str]) -> dict[str, int]:
    return {measure: n for measure, n in sorted(numbers.items()) if n}
