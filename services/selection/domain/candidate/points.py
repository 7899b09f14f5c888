"""How levels become a sheet's total, and totals a candidate's score; integers throughout.

A sheet's total is the sum of weight x level x 20, in hundredths of a point: with weights that sum
to 100 and the highest level 5 everywhere it is 10,000, which is 100.00.
"""

from collections.abc import Mapping, Sequence

from shared.kernel.decider import Refused

POINTS_A_LEVEL = 20
"""Hundredths of a point that one level of a criterion is worth, for each of the 100 weights."""


def total_of(levels: Mapping[str, int], weights: Mapping[str, int]) -> int:
    """The total of a sheet in hundredths of a point.

    Refuses a sheet that leaves a criterion of the rubric unanswered or answers one that it has not.
    """
    strangers = sorted(set(levels) - set(weights))
    if strangers:
        raise Refused("criterion-unknown", f"The rubric has no criterion {', '.join(strangers)}.")
    unanswered = sorted(set(weights) - set(levels))
    if unanswered:
        raise Refused("criterion-unanswered", f"Give a level for {', '.join(unanswered)} too.")
    return sum(weights[code] * level * POINTS_A_LEVEL for code, level in levels.items())


def mean_of(totals: Sequence[int]) -> int:
    """The integer mean, half up, of at least one total."""
    return (2 * sum(totals) + len(totals)) // (2 * len(totals))
