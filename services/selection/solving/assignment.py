"""The automatic assignment, solved by HiGHS: the curators that each candidate lacks.

In this order: as few candidates as possible lack a curator; as many as possible get curators who
know their sector; and the curators have as equal numbers of candidates as can be. The last is the
least sum of squares (exact up to twice the mean, beyond that in coarser steps). It is a
transport problem with convex costs, so the vertices that the simplex finds are whole numbers. The
same problem and the same version of HiGHS give the same answer.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import highspy
import numpy as np

from services.selection.domain.assigning.connection import connected
from services.selection.domain.assigning.problem import (
    Assignment,
    Group,
    Problem,
    faults_of,
    groups_of,
)
from services.selection.domain.assigning.spread import spread


class Unsolved(Exception):
    """The solver gave no optimal answer, or one that must not be carried out."""


class Step(NamedTuple):
    """So many further candidates of a curator cost this much each."""

    curator: int
    width: int
    cost: int


def assign(problem: Problem) -> Assignment:
    """Return the curators to add to each candidate, connected if possible. Raises `Unsolved`."""
    found = connected(best_assignment(problem), problem)
    faults = faults_of(found, problem)
    if faults:
        raise Unsolved("; ".join(faults[:3]))
    return found


def best_assignment(problem: Problem) -> Assignment:
    """Return the best curators to add, whether they are connected or not. Raises `Unsolved`."""
    groups = groups_of(problem)
    counts = _counts(groups, problem) if groups else []
    return {
        application: curators
        for group, of_group in zip(groups, counts, strict=True)
        for application, curators in spread(group, of_group).items()
        if curators
    }


def _counts(groups: Sequence[Group], problem: Problem) -> list[dict[str, int]]:
    """Return for each group how many of its candidates each curator gets."""
    numbers = {member.curator: n for n, member in enumerate(problem.members)}
    wanted = [len(group.applications) * group.needed for group in groups]
    steps = list(_steps(problem, sum(wanted)))
    # One curator knows less: dearer than any change of loads. One curator lacks: dearer than both.
    unknowing = max(step.cost for step in steps) + 1 if steps else 1
    lacking = unknowing * (len(groups) + len(numbers) + 2)
    columns = _Columns(rows=len(groups) + len(numbers))
    places: list[tuple[int, str]] = []
    for row, most in enumerate(wanted):
        columns.add(lacking, most, {row: 1})
    for row, group in enumerate(groups):
        for cost, curators in ((0, group.competent), (unknowing, group.others)):
            for curator in curators:
                places.append((row, curator))
                balance = len(groups) + numbers[curator]
                columns.add(cost, len(group.applications), {row: 1, balance: 1})
    for step in steps:
        columns.add(step.cost, step.width, {len(groups) + step.curator: -1})
    solution = columns.solved([*wanted, *(0 for _ in numbers)])
    counts: list[dict[str, int]] = [{} for _ in groups]
    for (row, curator), count in zip(places, solution[len(groups) :], strict=False):
        if count:
            counts[row][curator] = count
    return counts


def _steps(problem: Problem, wanted: int) -> Iterator[Step]:
    """Yield the costs of further candidates: the n-th of a curator costs 2n - 1, so n cost n²."""
    loads = problem.loads
    mean = (sum(loads.values()) + wanted) // max(1, len(problem.members))
    for number, member in enumerate(problem.members):
        load = loads[member.curator]
        most = load + wanted if member.capacity is None else min(member.capacity, load + wanted)
        width = 1
        while load < most:
            width = 1 if load < 2 * mean + 2 else 2 * width
            width = min(width, most - load)
            yield Step(number, width, 2 * load + width)
            load += width


class _Columns:
    """The columns of a linear problem: their costs, bounds, and entries in the rows."""

    def __init__(self, *, rows: int) -> None:
        self._rows = rows
        self._costs: list[float] = []
        self._bounds: list[float] = []
        self._starts = [0]
        self._index: list[int] = []
        self._values: list[float] = []

    def add(self, cost: int, most: int, entries: dict[int, int]) -> None:
        """Add a column from 0 to `most`."""
        self._costs.append(cost)
        self._bounds.append(most)
        self._index.extend(entries)
        self._values.extend(entries.values())
        self._starts.append(len(self._index))

    def solved(self, sums: Sequence[int]) -> list[int]:
        """Return the cheapest values with which each row has its sum. Raises `Unsolved`."""
        problem = highspy.HighsLp()
        problem.num_col_, problem.num_row_ = len(self._costs), self._rows
        problem.col_cost_ = np.array(self._costs)
        problem.col_lower_ = np.zeros(len(self._costs))
        problem.col_upper_ = np.array(self._bounds)
        problem.row_lower_ = problem.row_upper_ = np.array(sums, dtype=float)
        problem.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        problem.a_matrix_.start_ = np.array(self._starts)
        problem.a_matrix_.index_ = np.array(self._index)
        problem.a_matrix_.value_ = np.array(self._values)
        solver = highspy.Highs()  # type: ignore[no-untyped-call]  # it has no annotations
        solver.setOptionValue("output_flag", False)
        solver.setOptionValue("solver", "simplex")
        solver.setOptionValue("threads", 1)
        solver.passModel(problem)
        solver.run()
        if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise Unsolved(str(solver.getModelStatus()))
        return [round(value) for value in solver.getSolution().col_value]
