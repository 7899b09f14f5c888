"""Add up the levels of a sheet to its total, and the totals of the sheets to a score.

All figures are integers. A sheet's total is the sum of weight x level x 20, in hundredths of a
point: with weights that sum to 100 and level 5 everywhere it is 10,000, which is 100.00.
"""

from collections.abc import Mapping, Sequence

from shared.kernel.decider import Refused

POINTS_A_LEVEL = 20
"""A criterion of weight 1 gives this many hundredths of a point for each level."""


def total_of(levels: Mapping[str, int], weights: Mapping[str, int]) -> int:
    """Return the total of a sheet in hundredths of a point.

    Refuses a sheet that leaves out a criterion of the rubric or names a criterion that the rubric
    does not have.
    """
    unknown = sorted(set(levels) - set(weights))
    if unknown:
        raise Refused(
            "criterion-unknown",
            f"The rubric has no criterion {', '.join(unknown)}: remove it from your sheet.",
        )
    unanswered = sorted(set(weights) - set(levels))
    if unanswered:
        raise Refused(
            "criterion-unanswered",
            f"Your sheet is incomplete: give a level for {', '.join(unanswered)}.",
        )
    return sum(weights[code] * level * POINTS_A_LEVEL for code, level in levels.items())


def mean_of(totals: Sequence[int]) -> int:
    """Return the integer mean, half up, of at least one total."""
    return (2 * sum(totals) + len(totals)) // (2 * len(totals))
