"""Calibrated scores: a severe curator costs no candidate its rank, and little harm without one."""

from collections.abc import Mapping
from random import Random
from statistics import fmean

import pytest

from services.selection.domain.calibration.severity import (
    CANDIDATES_MIN,
    SHEETS_MIN,
    Calibration,
    Totals,
    calibrated,
    guard_of,
)
from shared.contracts.selection.rubric import Guard

SEEDS = range(100)
Sheets = dict[str, dict[str, int]]
CHANCE, MERITS, SEVERE = 600, 1_000, 800
"""Standard deviations in hundredths of a point: of a sheet, of candidates, of severe curators."""


def panel(
    seed: int, severity: int, *, candidates: int = 120, curators: int = 8
) -> tuple[dict[str, float], Sheets]:
    """Return the merits of candidates, and the sheets of three curators on each."""
    rng = Random(seed)
    merits = {f"x{n:03}": 6_500 + rng.gauss(0, MERITS) for n in range(candidates)}
    leniency = {f"c{n:02}": rng.gauss(0, severity) for n in range(curators)}
    order = list(leniency)
    totals: Sheets = {}
    for number, (candidate, merit) in enumerate(merits.items()):
        if number % curators == 0:
            rng.shuffle(order)
        three = [order[(number + step) % curators] for step in range(3)]
        totals[candidate] = {
            curator: round(merit + leniency[curator] + rng.gauss(0, CHANCE)) for curator in three
        }
    return merits, totals


def means(totals: Totals) -> dict[str, float]:
    return {candidate: fmean(sheets.values()) for candidate, sheets in totals.items()}


def tau(left: Mapping[str, float], right: Mapping[str, float]) -> float:
    """Return Kendall's tau: 1 for the same order, -1 for the opposite one."""
    names = sorted(left)
    signs = [
        (left[a] - left[b]) * (right[a] - right[b]) for n, a in enumerate(names) for b in names[:n]
    ]
    return (sum(sign > 0 for sign in signs) - sum(sign < 0 for sign in signs)) / len(signs)


def gains(severity: int) -> list[float]:
    """Return by how much the calibration brings the order closer to the merits, by seed."""
    found = []
    for seed in SEEDS:
        merits, totals = panel(seed, severity)
        calibration = calibrated(totals)
        assert calibration.guard is Guard.NONE
        found.append(tau(merits, calibration.scores) - tau(merits, means(totals)))
    return found


def test_planted_severity_is_taken_out_in_nearly_every_panel() -> None:
    gained = gains(SEVERE)
    assert sum(gain > 0 for gain in gained) >= 0.95 * len(gained)
    assert fmean(gained) > 0.03


def test_without_severity_the_order_hardly_suffers() -> None:
    assert min(gains(0)) >= -0.02


def ranks(calibration: Calibration) -> list[str]:
    return sorted(calibration.scores, key=lambda name: (-calibration.scores[name], name))


@pytest.mark.parametrize("points", [-1_500, 700])
def test_points_that_a_curator_adds_to_all_its_sheets_change_no_rank(points: int) -> None:
    _, totals = panel(1, SEVERE)
    shifted = {
        candidate: {
            curator: total + points if curator == "c03" else total
            for curator, total in sheets.items()
        }
        for candidate, sheets in totals.items()
    }
    before, after = calibrated(totals), calibrated(shifted)
    moved = {after.scores[name] - score for name, score in before.scores.items()}
    # All scores move by the same points; each is rounded for itself.
    assert max(moved) - min(moved) <= 1
    assert after.leniency["c03"] - before.leniency["c03"] == pytest.approx(points, rel=0.2)


def test_the_leniency_of_all_sheets_is_none() -> None:
    _, totals = panel(3, SEVERE)
    calibration = calibrated(totals)
    drift = fmean(calibration.scores.values()) - fmean(means(totals).values())
    assert abs(drift) < 1


def test_no_order_of_candidates_or_sheets_matters() -> None:
    _, totals = panel(4, SEVERE)
    turned = {name: dict(reversed(sheets.items())) for name, sheets in reversed(totals.items())}
    assert calibrated(turned) == calibrated(totals)


def test_a_guard_says_why_there_is_no_calibration() -> None:
    _, totals = panel(5, 0)
    few = dict(list(totals.items())[: CANDIDATES_MIN - 1])
    assert guard_of(few) is Guard.TOO_FEW_CANDIDATES
    assert guard_of({}) is Guard.TOO_FEW_CANDIDATES, "no candidate is no curator's fault"
    alone = {name: {"c": 5_000} for name in totals}
    assert guard_of(alone) is Guard.ONE_CURATOR
    _, sparse = panel(5, 0, curators=3 * 120 // SHEETS_MIN + 1)
    assert guard_of(sparse) is Guard.TOO_FEW_SHEETS
    apart = totals | {
        f"y{name}": {f"d{curator}": total for curator, total in sheets.items()}
        for name, sheets in totals.items()
    }
    assert guard_of(apart) is Guard.NOT_CONNECTED
    assert calibrated(apart) == Calibration(guard=Guard.NOT_CONNECTED, leniency={}, scores={})


def test_two_curators_who_agree_but_for_a_constant_are_told_apart_exactly() -> None:
    totals = {f"x{n:03}": {"a": 6_000 + 10 * n, "b": 5_000 + 10 * n} for n in range(CANDIDATES_MIN)}
    calibration = calibrated(totals)
    assert calibration.leniency == {"a": 500, "b": -500}
    assert calibration.scores == {name: round(fmean(t.values())) for name, t in totals.items()}
