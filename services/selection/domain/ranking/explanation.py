"""The explanation of a decision: the place of a candidate in a ranking, and what was in its way.

The place, the reason and the cut-off are those of the ranking itself, which never changes. Only
where two choices would have as many points together, the order of rank with the other score says
which of them it would have been.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from services.selection.domain.ranking.order import Standing, Terms, ordered
from services.selection.domain.ranking.state import Ranking
from shared.contracts.ids import enterprise_of
from shared.contracts.registration.quota import QuotaStop
from shared.contracts.selection.choice import GroupCutoff

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
    reason why it was passed over. `sufficient_score` is the least score with which it would have
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


def trace_of(application: str, standings: Sequence[Standing], ranking: Ranking) -> Trace:
    """Return the trace of a candidate of a ranking; `standings` are all candidates as it ranked."""
    number = ranking.order.index(enterprise_of(application)) + 1
    rank = number if number <= ranking.passed else None
    reserve = ranking.reserve
    return Trace(
        verdict=_verdict(application, rank, ranking),
        score=ranking.scores[number - 1],
        rank=rank,
        passed=ranking.passed,
        candidates=len(ranking.order),
        reserve_place=reserve.index(application) + 1 if application in reserve else None,
        stop=next(
            (
                QuotaStop(quota=each.quota, bound=each.bound)
                for each in ranking.passed_over
                if rank in each.numbers
            ),
            None,
        ),
        sufficient_score=_sufficient(application, number, standings, ranking),
    )


def _verdict(application: str, rank: int | None, ranking: Ranking) -> Verdict:
    if rank in ranking.chosen:
        return Verdict.SELECTED
    if rank is not None:
        return Verdict.RESERVE
    stopped = application in ranking.gates_not_passed
    return Verdict.GATE_NOT_PASSED if stopped else Verdict.BELOW_THRESHOLD


def _sufficient(
    application: str, number: int, standings: Sequence[Standing], ranking: Ranking
) -> int | None:
    if number in ranking.chosen or application in ranking.gates_not_passed:
        return None
    if application in ranking.terms.effects:
        return None
    group = ranking.group_of[number - 1] if ranking.group_of else 0
    names = ranking.applications
    return sufficient_score(application, standings, ranking.terms, ranking.cutoffs[group], names)


def sufficient_score(
    application: str,
    standings: Sequence[Standing],
    terms: Terms,
    cutoff: GroupCutoff,
    names: Sequence[str],
) -> int | None:
    """Return the least score with which a candidate that was not chosen would be.

    `cutoff` is that of its group, whose ranks count `names`.
    """
    if cutoff.points is None or cutoff.points > SCORE_MAX:
        return None
    if cutoff.points < terms.threshold:
        return terms.threshold
    wins = _wins(application, standings, terms, cutoff, names)
    return cutoff.points if wins else cutoff.points + 1


def _wins(
    application: str,
    standings: Sequence[Standing],
    terms: Terms,
    cutoff: GroupCutoff,
    names: Sequence[str],
) -> bool:
    """Return True if the choice with it takes the higher rank where the two choices differ."""
    assert cutoff.points is not None, "some points are enough"
    leaves = {names[rank - 1] for rank in cutoff.leaves}
    changed = {application, *leaves, *(names[rank - 1] for rank in cutoff.enters)}
    then = ordered(_with_score(application, cutoff.points, standings), terms)
    first = next(each.application for each in then.passed if each.application in changed)
    return first not in leaves


def _with_score(application: str, score: int, standings: Sequence[Standing]) -> list[Standing]:
    return [
        replace(each, score=score) if each.application == application else each
        for each in standings
    ]
