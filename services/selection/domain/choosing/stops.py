"""The reason why each candidate of a higher rank is passed over, found from the choice itself.

It needs no solver. A candidate is passed over if one of a lower rank is chosen, or if a place stays
free. Its reason is the first of these: a maximum that counts it is full; another application of its
owner is chosen; its place costs more than is left; a minimum that does not count it is only just
met, by a candidate below it; or no single bound, but all of them together.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

from services.selection.domain.choosing.problem import OWNER, Problem
from shared.contracts.registration.quota import Bound, PassedOver, QuotaStop


def stops_of(problem: Problem, chosen: Sequence[int]) -> dict[int, QuotaStop]:
    """Return the reason for each candidate that is passed over, by position."""
    counts, taken = problem.counts(chosen), frozenset(chosen)
    is_full = len(chosen) >= problem.seats
    end = max(chosen, default=-1) if is_full else len(problem.points)
    # Below the last who is chosen by merit, only an authority has given places away.
    by_merit = max(taken - set(problem.admitted), default=-1) if is_full else end
    left_idr = None if problem.money_idr is None else problem.money_idr - problem.cost_idr(chosen)
    below: Counter[str] = Counter()
    stops: dict[int, QuotaStop] = {}
    for position in reversed(range(end + 1 if is_full else end)):
        if position in taken:
            below.update(problem.group(position).codes)
        elif position > by_merit:
            stops[position] = QuotaStop(bound=Bound.OVERRIDE)
        else:
            stops[position] = _stop(position, problem, counts, below, left_idr)
    return dict(sorted(stops.items()))


def passed_over(stops: Mapping[int, QuotaStop]) -> tuple[PassedOver, ...]:
    """Return those who were passed over by reason; their numbers count the positions from 1."""
    numbers: dict[QuotaStop, list[int]] = {}
    for position, stop in sorted(stops.items()):
        numbers.setdefault(stop, []).append(position + 1)
    return tuple(
        PassedOver(quota=stop.quota, bound=stop.bound, numbers=tuple(found))
        for stop, found in numbers.items()
    )


def stop_by_maximum(code: str) -> QuotaStop:
    """Return the reason that this limit has its maximum."""
    if code.startswith(OWNER):
        return QuotaStop(bound=Bound.OWNER)
    return QuotaStop(quota=code, bound=Bound.MAXIMUM)


def _stop(
    position: int,
    problem: Problem,
    counts: Counter[str],
    below: Counter[str],
    left_idr: int | None,
) -> QuotaStop:
    group = problem.group(position)
    for limit in problem.limits:
        if limit.code in group.codes and counts[limit.code] == limit.maximum:
            return stop_by_maximum(limit.code)
    if left_idr is not None and problem.counted_idr is not None and group.cost_idr > left_idr:
        return QuotaStop(bound=Bound.MONEY)
    for limit in problem.limits:
        just_met = limit.minimum and counts[limit.code] <= limit.minimum
        if just_met and limit.code not in group.codes and below[limit.code]:
            return QuotaStop(quota=limit.code, bound=Bound.MINIMUM)
    return QuotaStop(bound=Bound.TOGETHER)
