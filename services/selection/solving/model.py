"""The linear model of a choice in HiGHS, whose bounds can be changed and which is solved again.

A variable says if a candidate is chosen, and another by how many places a minimum is missed. The
relaxation is solved first, from where the last one ended; nearly always its answer is whole, else
the integer problem is solved. Of each group only the candidates that can be reached are in the
model: the first ones, because a group is taken in order of rank.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import highspy
import numpy as np

from services.selection.domain.choosing.certificate import SCALE
from services.selection.domain.choosing.problem import Group, Problem
from shared.contracts.selection.choice import Prices

WHOLE = 1e-6
"""A value this close to a whole number is that number: the tolerance of the solver."""

POINT = 1_000.0
"""A hundredth of a point in the objective; the order of rank weighs less than half of it."""

INFINITE = highspy.kHighsInf


class Answer(NamedTuple):
    """The chosen of an optimum, as many of each group; the missed of each minimum; the prices.

    `is_tight`: the relaxation was whole, so the prices leave no gap.
    """

    counts: tuple[int, ...]
    missed: tuple[int, ...]
    prices: Prices
    is_tight: bool


@dataclass(frozen=True, kw_only=True)
class Rows:
    """The numbers of the rows: of the places, and by limit of its maximum and its minimum."""

    maxima: Mapping[int, int]
    minima: Mapping[int, int]
    money: int | None
    count: int
    places: int = 0


@dataclass(kw_only=True)
class Model:
    """The problem as HiGHS has it.

    `members` are the candidates of each group in order of rank, without those that are admitted:
    these have their places, and count in all rows.
    """

    problem: Problem
    members: list[list[int]]
    rows: Rows
    column_of: dict[int, int]
    slack_of: dict[int, int]
    bounds: list[tuple[float, float]]
    _highs: Any

    def solve(self) -> Answer | None:
        """Return an optimum within the present bounds, or None if nothing is permitted."""
        status = self._run()
        if status not in (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kInfeasible):
            # With thousands of equal scores a start from the answer before may lead nowhere.
            self._highs.clearSolver()
            status = self._run()
        if status == highspy.HighsModelStatus.kInfeasible:
            return None
        if status != highspy.HighsModelStatus.kOptimal:
            raise RuntimeError(f"HiGHS ended with {status}")
        solution = self._highs.getSolution()
        prices = self._prices(solution.row_dual)
        values = np.array(solution.col_value)
        is_tight = bool(np.abs(values - np.rint(values)).max(initial=0) <= WHOLE)
        if not is_tight:
            whole = self._solve_whole()
            if whole is None:
                return None
            values = whole
        return self._answer(np.rint(values).astype(int), prices, is_tight=is_tight)

    def _run(self) -> Any:
        self._highs.run()
        return self._highs.getModelStatus()

    def chosen(self, counts: Sequence[int]) -> tuple[int, ...]:
        """Return the admitted and the first candidates of each group, so many, in order of rank."""
        first = (
            position
            for count, members in zip(counts, self.members, strict=True)
            for position in members[:count]
        )
        return tuple(sorted((*self.problem.admitted, *first)))

    def bound(self, position: int, least: int, most: int) -> None:
        """Say if a candidate must, or must not, be chosen."""
        self._highs.changeColBounds(self.column_of[position], least, most)

    def allow_missing(self, limit: int, least: int, most: int) -> None:
        """Say by how many places this limit may stay below its minimum."""
        self._highs.changeColBounds(self.slack_of[limit], least, most)

    def take(self, group: Group, places: int = 1) -> None:
        """Give places to so many who are not in the model, of this group; -1 gives one back."""
        self.shift(self.rows.places, -places)
        for row, share in entries_of(group, self.problem, self.rows).items():
            if row != self.rows.places:
                self.shift(row, -places * share)

    def shift(self, row: int, by: float) -> None:
        """Move the bounds of a row."""
        least, most = self.bounds[row]
        self.bounds[row] = (least + by, most + by)
        self._highs.changeRowBounds(row, *self.bounds[row])

    def weigh(self, points: float, missing: float) -> None:
        """Set the objective: the points of the chosen times `points`, `missing` a missed place."""
        costs = np.zeros(self._highs.getNumCol())
        costs[list(self.column_of.values())] = [
            points * each for each in _weights(self.problem, self.column_of)
        ]
        costs[list(self.slack_of.values())] = missing
        columns = np.arange(len(costs), dtype=np.int32)
        self._highs.changeColsCost(len(costs), columns, costs)

    def _solve_whole(self) -> Any | None:
        columns = np.arange(self._highs.getNumCol(), dtype=np.int32)
        kinds = np.full(len(columns), int(highspy.HighsVarType.kInteger), dtype=np.uint8)
        self._highs.changeColsIntegrality(len(columns), columns, kinds)
        self._highs.run()
        status = self._highs.getModelStatus()
        values = np.array(self._highs.getSolution().col_value)
        kinds[:] = int(highspy.HighsVarType.kContinuous)
        self._highs.changeColsIntegrality(len(columns), columns, kinds)
        if status == highspy.HighsModelStatus.kInfeasible:
            return None
        if status != highspy.HighsModelStatus.kOptimal:
            raise RuntimeError(f"HiGHS ended with {status}")
        return values

    def _answer(self, values: Any, prices: Prices, *, is_tight: bool) -> Answer:
        counts = tuple(
            int(sum(values[self.column_of[position]] for position in members))
            for members in self.members
        )
        missed = tuple(
            int(values[self.slack_of[limit]]) if limit in self.slack_of else 0
            for limit in range(len(self.problem.limits))
        )
        return Answer(counts, missed, prices, is_tight)

    def _prices(self, duals: Sequence[float]) -> Prices:
        def price(row: int | None, sign: int, unit: float = POINT) -> int:
            return 0 if row is None else max(0, round(sign * duals[row] * SCALE / unit))

        limits = range(len(self.problem.limits))
        return Prices(
            place=price(self.rows.places, -1),
            money=price(self.rows.money, -1),
            maxima=tuple(price(self.rows.maxima.get(limit), -1) for limit in limits),
            minima=tuple(price(self.rows.minima.get(limit), 1) for limit in limits),
        )


def model_of(problem: Problem) -> Model:
    """Return the model of a problem; no minimum may be missed until that is allowed."""
    members = _reachable(problem)
    positions = sorted(position for each in members for position in each)
    column_of = {position: column for column, position in enumerate(positions)}
    rows = _rows(problem)
    slack_of = {limit: len(positions) + n for n, limit in enumerate(rows.minima)}
    model = Model(
        problem=problem,
        members=members,
        rows=rows,
        column_of=column_of,
        slack_of=slack_of,
        bounds=(bounds := _bounds(problem, rows)),
        _highs=_loaded(problem, rows, column_of, bounds),
    )
    model.weigh(points=-POINT, missing=0)
    for position in problem.admitted:
        model.take(problem.group(position))
    return model


def _reachable(problem: Problem) -> list[list[int]]:
    members: list[list[int]] = [[] for _ in problem.groups]
    admitted = frozenset(problem.admitted)
    # One more than the places, because it is asked what one more place would bring.
    most = problem.seats + 1
    for position in range(len(problem.points)):
        group = problem.group_of[position]
        if len(members[group]) < most and position not in admitted:
            members[group].append(position)
    return members


def _weights(problem: Problem, positions: Iterable[int]) -> list[float]:
    """Return the points, and less than half a hundredth in all for a better order of rank."""
    size = len(problem.points)
    scale = 2 * size * (problem.places + 1)
    return [problem.points[each] + (size - each) / scale for each in positions]


def _rows(problem: Problem) -> Rows:
    maxima, minima, count = {}, {}, 1
    for number, limit in enumerate(problem.limits):
        if limit.maximum is not None:
            maxima[number] = count
            count += 1
        if limit.minimum:
            minima[number] = count
            count += 1
    money = count if problem.counted_idr is not None else None
    return Rows(maxima=maxima, minima=minima, money=money, count=count + (money is not None))


def _bounds(problem: Problem, rows: Rows) -> list[tuple[float, float]]:
    bounds = [(-INFINITE, INFINITE)] * rows.count
    bounds[rows.places] = (-INFINITE, problem.seats)
    for number, row in rows.maxima.items():
        bounds[row] = (-INFINITE, problem.limits[number].maximum or 0)
    for number, row in rows.minima.items():
        bounds[row] = (problem.limits[number].minimum, INFINITE)
    if rows.money is not None:
        bounds[rows.money] = (-INFINITE, (problem.counted_idr or 0) / problem.dearest_idr)
    return bounds


def _loaded(
    problem: Problem,
    rows: Rows,
    column_of: Mapping[int, int],
    bounds: Sequence[tuple[float, float]],
) -> Any:
    entries = [entries_of(group, problem, rows) for group in problem.groups]
    slacks: list[dict[int, float]] = [{row: 1.0} for row in rows.minima.values()]
    candidates = [entries[problem.group_of[position]] for position in column_of]
    # HiGHS calls a model without columns empty, and solves none: the last one is always 0.
    columns = [*candidates, *slacks, {rows.places: 1.0}]
    loaded = highspy.HighsLp()
    loaded.num_col_, loaded.num_row_ = len(columns), rows.count
    loaded.col_cost_ = np.zeros(len(columns))
    loaded.col_lower_ = np.zeros(len(columns))
    loaded.col_upper_ = np.array([1.0] * len(column_of) + [0.0] * (len(slacks) + 1))
    loaded.row_lower_ = np.array([least for least, _ in bounds])
    loaded.row_upper_ = np.array([most for _, most in bounds])
    loaded.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    loaded.a_matrix_.start_ = np.cumsum([0, *(len(column) for column in columns)])
    loaded.a_matrix_.index_ = np.array([row for column in columns for row in column])
    loaded.a_matrix_.value_ = np.array([value for column in columns for value in column.values()])
    highs = highspy.Highs()  # type: ignore[no-untyped-call]  # it has no annotations
    for option, value in OPTIONS.items():
        highs.setOptionValue(option, value)
    highs.passModel(loaded)
    return highs


OPTIONS = {
    "output_flag": False,
    "threads": 1,
    "random_seed": 0,
    "mip_rel_gap": 0.0,
    "mip_abs_gap": 1e-6,
}


def entries_of(group: Group, problem: Problem, rows: Rows) -> dict[int, float]:
    """Return the rows in which a candidate of this group counts, in order."""
    found = {rows.places: 1.0}
    for number, limit in enumerate(problem.limits):
        if limit.code in group.codes:
            of_limit = (rows.maxima.get(number), rows.minima.get(number))
            found |= {row: 1.0 for row in of_limit if row is not None}
    if rows.money is not None:
        found[rows.money] = group.cost_idr / problem.dearest_idr
    return dict(sorted(found.items()))
