"""The reason why each candidate of a higher rank is passed over, found from the choice itself.

It needs no solver. A candidate is passed over if one of a lower rank is chosen, or if a place stays
free. Its reason is the first of these that has a price, which is what the choice would gain without
it: a maximum that counts it is full; another application of its owner is chosen; a minimum that
does not count it is only just met, by a candidate below it. If none of them has a price, a full
maximum is the reason still, then a place that costs more than is left, and among equal points a
minimum that decides between them. Where it is no single bound, it is all of them together.

Below the last who is chosen by merit, places may be lacking only because an authority has given
them away or the money pays for fewer: then so many as would have them have this reason.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from services.selection.domain.choosing.problem import OWNER, Problem, Solution
from shared.contracts.registration.quota import Bound, PassedOver, QuotaStop
from shared.contracts.selection.choice import Constraint


def stops_of(problem: Problem, solution: Solution) -> dict[int, QuotaStop]:
    """Return the reason for each candidate that is passed over, by position."""
    bounds, chosen = _bounds_of(problem, solution), frozenset(solution.chosen)
    if len(chosen) < problem.seats:
        last = len(problem.points) - 1
    else:
        last = max(chosen - set(problem.admitted), default=-1)
    stops: dict[int, QuotaStop] = {}
    for position in reversed(range(len(problem.points))):
        if position in chosen:
            bounds.pass_by(position)
        elif position <= last:
            stops[position] = next(bounds.reasons(position))
    if len(chosen) >= problem.seats:
        stops |= _without_a_place(problem, bounds, chosen, last)
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


def _without_a_place(
    problem: Problem, bounds: "_Bounds", chosen: frozenset[int], last: int
) -> dict[int, QuotaStop]:
    """Return the reasons of those below the last by merit who would have a place otherwise."""
    paid = problem.seats - sum(position <= last for position in chosen)
    lacking = [Bound.OVERRIDE] * paid + [Bound.MONEY] * (problem.places - problem.seats)
    stops: dict[int, QuotaStop] = {}
    for position in range(last + 1, len(problem.points)):
        if not lacking:
            break
        if position in chosen:
            del lacking[: lacking[0] is Bound.OVERRIDE]
        else:
            full = next(bounds.full(position), None)
            stops[position] = full or QuotaStop(bound=lacking.pop(0))
    return stops


@dataclass
class _Bounds:
    """The bounds of a choice, while its candidates are gone through from the last to the first.

    `priced` are the bounds that cost points, `below` has the points of the chosen below, by limit.
    """

    problem: Problem
    priced: frozenset[QuotaStop]
    counts: Counter[str]
    left_idr: int | None
    below: dict[str, set[int]] = field(default_factory=dict)

    def pass_by(self, position: int) -> None:
        """Count a chosen candidate among those below."""
        for code in self.problem.group(position).codes:
            self.below.setdefault(code, set()).add(self.problem.points[position])

    def reasons(self, position: int) -> Iterator[QuotaStop]:
        """Yield the bounds that keep a candidate from a place; those with a price come first."""
        held = list(self.held(position))
        everything = [*self.full(position), *(stop for stop, _ in held)]
        yield from (stop for stop in everything if stop in self.priced)
        yield from self.full(position)
        group, points = self.problem.group(position), self.problem.points[position]
        if self.left_idr is not None and group.cost_idr > self.left_idr:
            yield QuotaStop(bound=Bound.MONEY)
        yield from (stop for stop, of_chosen in held if points in of_chosen)
        yield QuotaStop(bound=Bound.TOGETHER)

    def full(self, position: int) -> Iterator[QuotaStop]:
        """Yield the maxima that count a candidate and are full."""
        codes = self.problem.group(position).codes
        for limit in self.problem.limits:
            if limit.code in codes and self.counts[limit.code] == limit.maximum:
                yield stop_by_maximum(limit.code)

    def held(self, position: int) -> Iterator[tuple[QuotaStop, set[int]]]:
        """Yield the minima that do not count a candidate and are only just met by those below.

        With each come the points of the chosen below that it counts.
        """
        codes = self.problem.group(position).codes
        for limit in self.problem.limits:
            below = self.below.get(limit.code)
            is_just_met = limit.minimum and self.counts[limit.code] <= limit.minimum
            if is_just_met and limit.code not in codes and below:
                yield QuotaStop(quota=limit.code, bound=Bound.MINIMUM), below


def _bounds_of(problem: Problem, solution: Solution) -> _Bounds:
    left_idr = None
    if problem.counted_idr is not None:
        left_idr = problem.counted_idr - problem.cost_idr(solution.chosen)
    return _Bounds(
        problem=problem,
        priced=frozenset(
            QuotaStop(quota=each.quota, bound=Bound(each.constraint))
            for each in solution.marginals
            if each.constraint is not Constraint.PLACES
        ),
        counts=problem.counts(solution.chosen),
        left_idr=left_idr,
    )
