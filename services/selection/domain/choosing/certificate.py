"""The check of a choice: that it is permitted, and how far it is from the best. It never solves.

For any prices of the constraints, a choice has at most as many points as its constraints are worth
plus what each candidate has above its own price (weak duality; Lagrange). So the bound is valid
whatever the prices are, and if no whole number lies between the points and the bound, the choice is
the best. With overlapping quotas, or places that cost differently, even the best prices may leave a
gap: it is stated. Everything is reckoned in whole numbers.
"""

from collections.abc import Sequence

from services.selection.domain.choosing.problem import Problem, Solution
from shared.contracts.selection.choice import Prices

SCALE = 1_000_000
"""Prices are in millionths."""


def faults_of(solution: Solution, problem: Problem) -> list[str]:
    """Return the reasons why a choice is not permitted: none if it is."""
    chosen, counts = solution.chosen, problem.counts(solution.chosen)
    faults: list[str] = []
    if list(chosen) != sorted(set(chosen)) or not set(chosen) <= set(range(len(problem.points))):
        return ["the chosen are not candidates in order of rank, each once"]
    if len(chosen) > problem.places:
        faults.append(f"{len(chosen)} are chosen for {problem.places} places")
    if problem.money_idr is not None and problem.cost_idr(chosen) > problem.money_idr:
        faults.append(f"the places cost {problem.cost_idr(chosen)} of {problem.money_idr}")
    if not set(problem.admitted) <= set(chosen):
        faults.append("an admitted candidate is not chosen")
    for limit, missed in zip(problem.limits, solution.missed, strict=True):
        if limit.maximum is not None and counts[limit.code] > limit.maximum:
            faults.append(f"{limit.code} has {counts[limit.code]}, at most {limit.maximum}")
        if missed != max(0, limit.minimum - counts[limit.code]):
            faults.append(f"{limit.code} has {counts[limit.code]} and does not miss {missed}")
    return faults


def gap_of(solution: Solution, problem: Problem) -> int:
    """Return by how many hundredths of a point another choice could be better at most: 0, the best.

    It compares choices that miss as few places of each minimum.
    """
    minima = [
        limit.minimum - missed
        for limit, missed in zip(problem.limits, solution.missed, strict=True)
    ]
    bound = _bound(problem, solution.prices, problem.points, minima)
    return bound // SCALE - problem.total(solution.chosen)


def is_least(solution: Solution, problem: Problem) -> bool:
    """Return True if it is proved that no choice misses fewer places of the minima together."""
    if not any(solution.missed):
        return True
    if solution.fewest is None:
        return False
    minima = [limit.minimum for limit in problem.limits]
    bound = _bound(problem, solution.fewest, [0] * len(problem.points), minima)
    bound += sum(
        max(0, price - SCALE) * minimum
        for price, minimum in zip(solution.fewest.minima, minima, strict=True)
    )
    return -(bound // SCALE) == sum(solution.missed)


def _bound(problem: Problem, prices: Prices, points: Sequence[int], minima: Sequence[int]) -> int:
    """Return what no permitted choice can pass, in millionths, rounded up."""
    dearest = problem.dearest_idr
    worth = prices.place * problem.seats
    for limit, most, least, minimum in zip(
        problem.limits, prices.maxima, prices.minima, minima, strict=True
    ):
        # The price of a maximum that is not there is 0.
        worth += (most * limit.maximum if limit.maximum is not None else 0) - least * minimum
    worth = worth * dearest + prices.money * (problem.counted_idr or 0)
    own = prices_by_group(problem, prices)
    admitted = frozenset(problem.admitted)
    for position, of_candidate in enumerate(points):
        above = of_candidate * SCALE * dearest - own[problem.group_of[position]]
        worth += above if position in admitted else max(0, above)
    return -(-worth // dearest)


def prices_by_group(problem: Problem, prices: Prices) -> list[int]:
    """Return the price of a candidate of each group, in millionths times the dearest cost."""
    dearest = problem.dearest_idr
    balance = {
        limit.code: most * (limit.maximum is not None) - least
        for limit, most, least in zip(problem.limits, prices.maxima, prices.minima, strict=True)
    }
    counted = problem.counted_idr is not None
    return [
        (prices.place + sum(balance[code] for code in group.codes)) * dearest
        + prices.money * group.cost_idr * counted
        for group in problem.groups
    ]
