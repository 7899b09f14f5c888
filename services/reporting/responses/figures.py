"""Sums and ratios of tallies, and the type of every sum of money in an answer.

Capaian = realisasi / target x 100 %, with two decimals, rounded half up. A target of zero or none
gives None ("n/a"), never 100 % or infinity.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated

from pydantic import Field, PlainSerializer

from shared.kernel.view import Cell

CENT = Decimal("0.01")
Figures = Mapping[Cell, Mapping[str, int]]
"""The cells of a tally, each with its numbers by measure."""


def _digits(rupiah: int) -> str:
    return str(rupiah)


SumIdr = Annotated[
    int,
    PlainSerializer(_digits, return_type=str),
    Field(
        description="Whole rupiah, in digits as text. A sum has no upper bound, and many readers "
        "of JSON (JavaScript, jq) round numbers beyond 2^53."
    ),
]
"""A sum of money in an answer: exact for every reader.

A single amount, as in an outcome, stays a number: it is at most `IDR_MAX` (10^15), below 2^53.
"""


def percent(part: int, whole: int | None) -> Decimal | None:
    """Return `part / whole x 100`, two decimals, half up; None if `whole` is None or zero."""
    if not whole:
        return None
    return (Decimal(part) * 100 / Decimal(whole)).quantize(CENT, rounding=ROUND_HALF_UP)


def summed(figures: Figures, dimensions: Sequence[str], *names: str) -> dict[Cell, Counter[str]]:
    """Sum the figures of a tally by some of its dimensions, in order of their values."""
    positions = [dimensions.index(name) for name in names]
    sums: dict[Cell, Counter[str]] = {}
    for cell, numbers in figures.items():
        values = tuple(cell[position] for position in positions)
        sums.setdefault(values, Counter()).update(numbers)
    return dict(sorted(sums.items()))


def counted(figures: Figures, measures: Iterable[str]) -> dict[str, int]:
    """Return the sum of each of these measures over all cells, zeros included."""
    sums = Counter[str]()
    for numbers in figures.values():
        sums.update(numbers)
    return {measure: sums[measure] for measure in measures}
