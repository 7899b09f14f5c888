"""The core: rows with a goal, paths that are measured, and rounds that measure all paths in turn.

A ratio is always ours / theirs within one measurement, and the result of a row is the median of its
rounds' ratios: on a machine that others use too, both sides of a ratio were slowed alike. All paths
are measured once before any is measured again, so that a slow minute of the machine affects all of
them. A path that cannot be measured (its peer cannot be fetched) reports the reason, and the others
are measured all the same.
"""

import statistics
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

B = TypeVar("B")


class NotMeasured(Exception):
    """This path cannot be measured here; `args[0]` is the reason."""


@dataclass(frozen=True, kw_only=True)
class Goal:
    """The goal of a median ratio: at least or at most `bound`; None is no goal."""

    bound: float | None
    at_most: bool = False

    def met(self, ratio: float) -> bool | None:
        """Return True if this ratio meets the goal; None if there is no goal."""
        if self.bound is None:
            return None
        return ratio <= self.bound if self.at_most else ratio >= self.bound

    def __str__(self) -> str:
        if self.bound is None:
            return "-"
        return f"{'<=' if self.at_most else '>='} {self.bound:g}"


def at_least(bound: float) -> Goal:
    """Return a goal for rates."""
    return Goal(bound=bound)


def at_most(bound: float) -> Goal:
    """Return a goal for times and sizes."""
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


Pairs = Mapping[Row, Pair]
"""One measurement of a path: a pair for each of its rows."""


@dataclass(frozen=True, kw_only=True)
class MeasuredPath(Generic[B]):
    """Rows that are measured together, in at most `rounds` rounds (None: in every round)."""

    name: str
    rows: Sequence[Row]
    measure: Callable[[B], Awaitable[Pairs]]
    rounds: int | None = None


@dataclass(kw_only=True)
class Measurements:
    """The pairs of every row, and the reason for each path (by name) that has none."""

    pairs: dict[Row, list[Pair]] = field(default_factory=lambda: defaultdict(list))
    missing: dict[str, str] = field(default_factory=dict)


async def measure_paths(
    paths: Sequence[MeasuredPath[B]],
    bench: B,
    *,
    rounds: int,
    report_progress: Callable[[str], None],
) -> Measurements:
    """Measure all paths, round after round; call `report_progress` before each measurement."""
    measurements = Measurements()
    for number in range(1, rounds + 1):
        for path in paths:
            if path.name in measurements.missing or number > (path.rounds or rounds):
                continue
            report_progress(f"round {number} of {rounds}: {path.name}")
            try:
                pairs = await path.measure(bench)
            except NotMeasured as reason:
                measurements.missing[path.name] = str(reason)
                continue
            for row, pair in pairs.items():
                measurements.pairs[row].append(pair)
    return measurements


def results(paths: Sequence[MeasuredPath[B]], measurements: Measurements) -> list[dict[str, Any]]:
    """Return the rows in the order of the paths, in the form of `results.json`.

    A row that was not measured has no ratio, and its `against` has the reason.
    """
    rows: list[dict[str, Any]] = []
    for path in paths:
        reason = measurements.missing.get(path.name)
        for row in path.rows:
            pairs = measurements.pairs.get(row)
            rows.append(_result(row, pairs) if pairs else _unmeasured(row, reason))
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


def _unmeasured(row: Row, reason: str | None) -> dict[str, Any]:
    against = f"{row.against} (not measured: {reason or 'not in this kind of run'})"
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
    """Round to three significant digits: more would be noise."""
    return float(f"{number:.3g}")
