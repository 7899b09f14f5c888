"""Calibrated scores, found again by turns: the merits of candidates, then the leniency of curators.

Each step is the best answer to the present other half; the turns end where the equations of the
service do. Scores are compared to a hundredth of a point, because the last digit is rounded.
"""

from collections.abc import Mapping
from statistics import fmean

SHRINKAGE = 0.5
TURNS_MAX = 20_000
STILL = 1e-7
"""The turns end when no leniency moves by more than this, in hundredths of a point."""


def calibrated_scores(totals: Mapping[str, Mapping[str, int]]) -> dict[str, float]:
    """Return the calibrated score of each candidate; the mean leniency of all sheets is 0."""
    mean = fmean(total for sheets in totals.values() for total in sheets.values())
    by_curator: dict[str, dict[str, float]] = {}
    for candidate, sheets in totals.items():
        for curator, total in sheets.items():
            by_curator.setdefault(curator, {})[candidate] = total - mean
    leniency = dict.fromkeys(by_curator, 0.0)
    for _ in range(TURNS_MAX):
        merits = {
            candidate: sum(total - mean - leniency[curator] for curator, total in sheets.items())
            / (len(sheets) + SHRINKAGE)
            for candidate, sheets in totals.items()
        }
        found = {
            curator: fmean(points - merits[candidate] for candidate, points in given.items())
            for curator, given in by_curator.items()
        }
        moved = max(abs(found[curator] - before) for curator, before in leniency.items())
        leniency = found
        if moved < STILL:
            break
    centre = fmean(leniency[curator] for sheets in totals.values() for curator in sheets)
    return {
        candidate: fmean(total - leniency[curator] + centre for curator, total in sheets.items())
        for candidate, sheets in totals.items()
    }
