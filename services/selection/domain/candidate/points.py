"""Add up the levels of a sheet to its total, and the totals of the sheets to a score.

All figures are integers. A sheet's total is the sum of weight x level x 20, in hundredths of a
point: with weights that sum to 100 and level 5 everywhere it is 10,000, which is 100.00.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from shared.contracts.selection.candidate import Sheet
from shared.contracts.selection.rubric import MissingAnswer
from shared.kernel.decider import Refused

POINTS_A_LEVEL = 20
"""A criterion of weight 1 gives this many hundredths of a point for each level."""


LOWEST_LEVEL = 1


def total_of(
    levels: Mapping[str, int],
    weights: Mapping[str, int],
    missing_answer: MissingAnswer = MissingAnswer.REFUSED,
) -> int:
    """Return the total of a sheet in hundredths of a point.

    Refuses a sheet that names a criterion by which this candidate is not judged, or leaves one out,
    unless the rubric counts a missing answer as the lowest level.
    """
    unknown = sorted(set(levels) - set(weights))
    if unknown:
        raise Refused(
            "criterion-unknown",
            f"This candidate is not judged by a criterion {', '.join(unknown)}: remove it from "
            "your sheet.",
        )
    unanswered = sorted(set(weights) - set(levels))
    if unanswered and missing_answer is MissingAnswer.REFUSED:
        raise Refused(
            "criterion-unanswered",
            f"Your sheet is incomplete: give a level for {', '.join(unanswered)}.",
        )
    return sum(
        weight * levels.get(code, LOWEST_LEVEL) * POINTS_A_LEVEL for code, weight in weights.items()
    )


def require_gates(answers: Mapping[str, bool], gates: Collection[str]) -> None:
    """Refuse a sheet that does not answer each of these gates, or answers another one."""
    unknown = sorted(set(answers) - set(gates))
    if unknown:
        raise Refused(
            "criterion-unknown",
            f"This candidate has no gate {', '.join(unknown)}: remove it from your sheet.",
        )
    unanswered = sorted(set(gates) - set(answers))
    if unanswered:
        raise Refused(
            "criterion-unanswered",
            f"Your sheet is incomplete: say if the gate {', '.join(unanswered)} is met.",
        )


def not_passed(sheets: Sequence[Sheet]) -> tuple[str, ...]:
    """Return the gates that more than half of at least one sheet find not met, by code (ours)."""
    found_not_met = Counter(
        code for sheet in sheets for code, is_met in sheet.gates.items() if not is_met
    )
    return tuple(sorted(code for code, count in found_not_met.items() if 2 * count > len(sheets)))


def mean_of(totals: Sequence[int]) -> int:
    """Return the integer mean, half up, of at least one total."""
    return (2 * sum(totals) + len(totals)) // (2 * len(totals))
