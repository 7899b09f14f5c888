"""The explanation of a decision: the place of a candidate in a ranking, and what was in its way.

Everything is found by the same rule that ranked (`order.ranked`), with the facts as they were.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from services.selection.domain.ranking.order import Ranks, Standing, Terms, ranked
from shared.contracts.registration.quota import QuotaStop

SCORE_MAX = 12_000
"""A raw score has 10,000 at most, a calibrated one of a candidate with strict curators more."""


class Verdict(StrEnum):
    """The result of a candidate in a ranking."""

    SELECTED = "SELECTED"
    RESERVE = "RESERVE"
    BELOW_THRESHOLD = "BELOW_THRESHOLD"
    GATE_NOT_PASSED = "GATE_NOT_PASSED"


@dataclass(frozen=True, kw_only=True)
class Trace:
    """The way of a candidate through a ranking; scores in hundredths of a point.

    `rank` counts those that passed, `reserve_place` the reserve list, both from 1. `stop` is the
    quota that kept it from a place. `sufficient_score` is the least score with which it would have
    a place, with all others as they are; None if it has one, or if no score would be enough.
    """

    verdict: Verdict
    score: int
    rank: int | None
    passed: int
    candidates: int
    reserve_place: int | None
    stop: QuotaStop | None
    sufficient_score: int | None


def trace_of(application: str, standings: Sequence[Standing], terms: Terms) -> Trace:
    """Return the trace of one of these candidates."""
    ranks = ranked(standings, terms)
    own = next(each for each in standings if each.application == application)
    rank = _number(application, ranks.passed)
    return Trace(
        verdict=_verdict(own, ranks),
        score=own.score,
        rank=rank,
        passed=len(ranks.passed),
        candidates=len(standings),
        reserve_place=_number(application, ranks.reserve),
        stop=next(
            (
                QuotaStop(quota=each.quota, bound=each.bound)
                for each in ranks.passed_over
                if rank in each.numbers
            ),
            None,
        ),
        sufficient_score=_sufficient(own, standings, terms),
    )


def _verdict(own: Standing, ranks: Ranks) -> Verdict:
    if own in ranks.selected:
        return Verdict.SELECTED
    if own in ranks.reserve:
        return Verdict.RESERVE
    return Verdict.GATE_NOT_PASSED if own.not_passed else Verdict.BELOW_THRESHOLD


def _number(application: str, standings: Sequence[Standing]) -> int | None:
    names = [each.application for each in standings]
    return names.index(application) + 1 if application in names else None


def _sufficient(own: Standing, standings: Sequence[Standing], terms: Terms) -> int | None:
    """Return the least score that selects; a better score never costs a place."""
    if own.not_passed or _selects(own.score, own, standings, terms):
        return None
    # Between two scores of others nothing changes: only they, and one point more, can decide.
    others = {each.score for each in standings if each is not own}
    steps = sorted(
        score
        for score in {terms.threshold, *others, *(each + 1 for each in others)}
        if own.score < score <= SCORE_MAX
    )
    first = bisect_left(steps, True, key=lambda score: _selects(score, own, standings, terms))
    return steps[first] if first < len(steps) else None


def _selects(score: int, own: Standing, standings: Sequence[Standing], terms: Terms) -> bool:
    changed = [replace(each, score=score) if each is own else each for each in standings]
    selected = ranked(changed, terms).selected
    return any(each.application == own.application for each in selected)
