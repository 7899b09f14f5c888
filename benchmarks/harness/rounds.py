"""The core: rows with a goal, rooms that measure them, rounds that go through all rooms in turn.

A ratio is always ours / theirs within one measurement, and what counts is the median of the rounds'
ratios: on a machine that others use too, both sides of a ratio were slowed alike. Rooms take turns,
so that a slow minute of the machine falls on all of them. A room that cannot be measured (its peer
cannot be fetched) says why and the others go on.
"""

import statistics
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

B = TypeVar("B")


class NotMeasured(Exception):
    """This room cannot be measured here; `args[0]` says why."""


@dataclass(frozen=True, kw_only=True)
class Goal:
    """What the median ratio must be: at least or at most `bound`, or nothing where it is None."""

    bound: float | None
    at_most: bool = False

    def met(self, ratio: float) -> bool | None:
        """Whether this ratio meets it; None where nothing is asked."""
        if self.bound is None:
            return None
        return ratio <= self.bound if self.at_most else ratio >= self.bound

    def __str__(self) -> str:
        if self.bound is None:
            return "-"
        return f"{'<=' if self.at_most else '>='} {self.bound:g}"


def at_least(bound: float) -> Goal:
    """A goal for rates."""
    return Goal(bound=bound)


def at_most(bound: float) -> Goal:
    """A goal for times and sizes."""
    return Goal(bound=bound, at_most=True)


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of the table; `unit` is that of `ours` and `theirs`."""

    path: str
    against: str
    goal: Goal
    unit: str


@dataclass(frozen=True)
class Pair:
    """One measurement, both sides in the row's unit."""

    ours: float
    theirs: float


Taken = Mapping[Row, Pair]


@dataclass(frozen=True, kw_only=True)
class Room(Generic[B]):
    """Rows that are measured together; `rounds` is how often, at most (None: in every round)."""

    name: str
    rows: Sequence[Row]
    measure: Callable[[B], Awaitable[Taken]]
    rounds: int | None = None


@dataclass(kw_only=True)
class Measured:
    """What the rounds found: the pairs of every row, and why a room's rows have none."""

    pairs: dict[Row, list[Pair]] = field(default_factory=lambda: defaultdict(list))
    missing: dict[str, str] = field(default_factory=dict)


async def measured(
    rooms: Sequence[Room[B]], bench: B, *, rounds: int, tell: Callable[[str], None]
) -> Measured:
    """Go through all rooms, round after round; `tell` hears what is going on."""
    found = Measured()
    for number in range(1, rounds + 1):
        for room in rooms:
            if room.name in found.missing or number > (room.rounds or rounds):
                continue
            tell(f"round {number} of {rounds}: {room.name}")
            try:
                taken = await room.measure(bench)
            except NotMeasured as reason:
                found.missing[room.name] = str(reason)
                continue
            for row, pair in taken.items():
                found.pairs[row].append(pair)
    return found


def results(rooms: Sequence[Room[B]], found: Measured) -> list[dict[str, Any]]:
    """The rows in the order of the rooms, as `results.json` has them.

    A row that was not measured has no ratio, and `against` says why.
    """
    rows: list[dict[str, Any]] = []
    for room in rooms:
        why = found.missing.get(room.name)
        for row in room.rows:
            pairs = found.pairs.get(row)
            rows.append(_result(row, pairs) if pairs else _unmeasured(row, why))
    return rows


def _result(row: Row, pairs: Sequence[Pair]) -> dict[str, Any]:
    ratios = [pair.ours / pair.theirs for pair in pairs]
    median = statistics.median(ratios)
    return {
        "path": row.path,
        "against": row.against,
        "ratio": {
            "median": _rounded(median),
            "min": _rounded(min(ratios)),
            "max": _rounded(max(ratios)),
        },
        "goal": str(row.goal),
        "met": row.goal.met(median),
        "ours": _rounded(statistics.median(pair.ours for pair in pairs)),
        "theirs": _rounded(statistics.median(pair.theirs for pair in pairs)),
        "unit": row.unit,
    }


def _unmeasured(row: Row, why: str | None) -> dict[str, Any]:
    against = f"{row.against} (not measured: {why or 'not in this kind of run'})"
    return {
        "path": row.path,
        "against": against,
        "ratio": None,
        "goal": str(row.goal),
        "met": None,
        "ours": None,
        "theirs": None,
        "unit": row.unit,
    }


def _rounded(number: float) -> float:
    """Three significant digits say all that such a measurement knows."""
    return float(f"{number:.3g}")
