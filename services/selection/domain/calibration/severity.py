"""The severity of curators, by an additive model, and scores without it.

A total is the merit of its candidate plus the leniency of its curator plus chance. Merits are taken
as drawn from one distribution and shrunk towards its mean by `SHRINKAGE` (ours: the variance of
chance is half of that of merits); leniencies are fixed. These are Henderson's mixed model equations
(1975, Biometrics 31): with the merits eliminated there is one linear equation for each curator. A
calibrated score is the mean of a candidate's totals less the leniency of their curators, whose
mean over all sheets is 0. So to add the same points to all sheets of one curator changes no rank.

Figures are hundredths of a point. The equations are solved here, in the order of the curators'
names and by no library, because a selection is recomputed byte for byte on other machines.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from services.selection.domain.calibration.components import components_of
from shared.contracts.selection.rubric import Guard

SHRINKAGE = 0.5
CANDIDATES_MIN = 100
SHEETS_MIN = 40
"""With so many candidates, and so many sheets of each curator, the calibration does no harm where
no curator is severe (ours): it then moves Kendall's tau to the merits by less than 0.02.
"""

Totals = Mapping[str, Mapping[str, int]]
"""The totals of sheets by application and curator."""


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """The leniency of each curator, and the score of each application without it.

    Both are empty if a guard stops the calibration.
    """

    guard: Guard
    leniency: Mapping[str, int]
    scores: Mapping[str, int]


def calibrated(totals: Totals, first: Guard | None = None) -> Calibration:
    """Return the calibrated scores of these sheets, or the guard that stops it.

    `first` is the guard of the first closing, which decided before the sheets were opened if the
    scores of this round are calibrated: from then on only strangers among the curators stop it.
    """
    found = guard_of(totals)
    guard = found if first is None else first
    if guard is Guard.NONE and found in (Guard.ONE_CURATOR, Guard.NOT_CONNECTED):
        guard = found
    if guard is not Guard.NONE:
        return Calibration(guard=guard, leniency={}, scores={})
    leniency = _leniency(totals)
    scores = {
        application: _rounded(
            sum(total - leniency[curator] for curator, total in sorted(sheets.items()))
            / len(sheets)
        )
        for application, sheets in totals.items()
    }
    rounded = {curator: _rounded(value) for curator, value in leniency.items()}
    return Calibration(guard=Guard.NONE, leniency=rounded, scores=scores)


def guard_of(totals: Totals) -> Guard:
    """Return the reason why these sheets cannot be calibrated, or NONE."""
    if not totals:
        return Guard.TOO_FEW_CANDIDATES
    counts = Counter(curator for sheets in totals.values() for curator in sheets)
    if len(counts) < 2:
        return Guard.ONE_CURATOR
    panels = {tuple(sorted(sheets)) for sheets in totals.values()}
    parts = set(components_of(sorted(panels)).values())
    if len(parts) > 1:
        return Guard.NOT_CONNECTED
    if len(totals) < CANDIDATES_MIN:
        return Guard.TOO_FEW_CANDIDATES
    return Guard.TOO_FEW_SHEETS if min(counts.values()) < SHEETS_MIN else Guard.NONE


def _leniency(totals: Totals) -> dict[str, float]:
    """Solve the equations of the curators; the mean over all sheets is 0."""
    curators = sorted({curator for sheets in totals.values() for curator in sheets})
    number = {curator: n for n, curator in enumerate(curators)}
    # Points are taken from the mean of all, so that merits are drawn around 0.
    count = sum(len(sheets) for sheets in totals.values())
    mean = sum(sum(sheets.values()) for sheets in totals.values()) / count
    matrix = [[0.0] * len(curators) for _ in curators]
    right = [0.0] * len(curators)
    sheets_of: dict[int, int] = defaultdict(int)
    for application in sorted(totals):
        sheets = sorted(totals[application].items())
        share = 1 / (len(sheets) + SHRINKAGE)
        present = [number[curator] for curator, _ in sheets]
        above = [total - mean for _, total in sheets]
        taken = share * sum(above)
        for row, points in zip(present, above, strict=True):
            matrix[row][row] += 1 - share
            right[row] += points - taken
            sheets_of[row] += 1
        for row, column in combinations(present, 2):
            matrix[row][column] -= share
            matrix[column][row] -= share
    found = _solved(matrix, right)
    centre = sum(found[row] * sheets_of[row] for row in range(len(curators))) / count
    return {curator: found[number[curator]] - centre for curator in curators}


def _solved(matrix: Sequence[Sequence[float]], right: Sequence[float]) -> list[float]:
    """Solve a positive definite system by Gauss, in place; its rows need no exchange."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    size = len(rows)
    for pivot in range(size):
        top = rows[pivot]
        for below in rows[pivot + 1 :]:
            factor = below[pivot] / top[pivot]
            if factor:
                for column in range(pivot, size + 1):
                    below[column] -= factor * top[column]
    found = [0.0] * size
    for row in range(size - 1, -1, -1):
        known = sum(rows[row][column] * found[column] for column in range(row + 1, size))
        found[row] = (rows[row][size] - known) / rows[row][row]
    return found


def _rounded(value: float) -> int:
    """Return the nearest whole hundredth, half up."""
    return int((value + 0.5) // 1)
