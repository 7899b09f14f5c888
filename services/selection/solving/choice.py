"""The choice, solved by HiGHS: the permitted set of candidates with the most points, and its proof.

In this order: as few places of minima as possible are missed, those of the first limits last; the
chosen have as many points as possible together; and of such sets it is the one that takes the
candidate of the higher rank wherever two of them differ. So there is a single answer, whatever the
version of the solver. The prices of the relaxation prove it (`domain.choosing.certificate`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import highspy

from services.selection.domain.choosing.certificate import SCALE, faults_of, prices_by_group
from services.selection.domain.choosing.problem import OWNER, Cutoff, Group, Problem, Solution
from services.selection.solving.assignment import Unsolved
from services.selection.solving.model import POINT, Answer, Model, model_of
from shared.contracts.selection.choice import Constraint, Marginal, Prices

Counts = tuple[int, ...]
"""How many candidates of each group are chosen: its first ones."""

PLACES_TRIED = 50
"""So many further places are tried, in order."""

NOT_PERMITTED = "the admitted candidates exceed a maximum, the places or the money"


def solve(problem: Problem, *, proof_only: bool = False) -> Solution:
    """Return the best choice with its proof, the price of what binds it, and the cut-offs.

    The last two are left out if `proof_only`. Raises `Unsolved` if the admitted candidates are not
    permitted together.
    """
    model = model_of(problem)
    best = model.solve()
    missed, fewest = (0,) * len(problem.limits), None
    if best is None:
        missed, fewest = _least_missed(model)
        best = model.solve()
    if best is None:
        raise Unsolved(NOT_PERMITTED)
    counts = _first_in_rank(model, best)
    chosen = model.chosen(counts)
    solution = Solution(
        chosen=chosen,
        missed=missed,
        prices=best.prices,
        fewest=fewest,
        marginals=() if proof_only else tuple(_marginals(chosen, missed, model)),
        cutoffs=()
        if proof_only
        else tuple(_cutoff(group, counts, missed, model) for group in problem.groups),
        solver=f"HiGHS {_version()}",
    )
    faults = faults_of(solution, problem)
    if faults:
        raise Unsolved("; ".join(faults[:3]))
    return solution


def sufficient_places(problem: Problem, position: int) -> int | None:
    """Return the least number of places, at most `PLACES_TRIED` more, that give it to this one."""
    last = min(len(problem.points), problem.places + PLACES_TRIED)
    for places in range(problem.places + 1, last + 1):
        try:
            solution = solve(replace(problem, places=places), proof_only=True)
        except Unsolved:
            return None
        if position in solution.chosen:
            return places
    return None


def _least_missed(model: Model) -> tuple[tuple[int, ...], Prices]:
    """Let the minima be missed by as few places as possible; those of the first limits last."""
    for limit in model.slack_of:
        model.allow_missing(limit, 0, model.problem.limits[limit].minimum)
    model.weigh(points=0, missing=POINT)
    least = model.solve()
    if least is None:
        raise Unsolved(NOT_PERMITTED)
    missed = [0] * len(model.problem.limits)
    for limit in model.slack_of:
        missed[limit] = _least_of(limit, sum(least.missed), sum(missed), model)
        model.allow_missing(limit, missed[limit], missed[limit])
    model.weigh(points=-POINT, missing=0)
    return tuple(missed), least.prices


def _least_of(limit: int, together: int, before: int, model: Model) -> int:
    """Return by how few places this limit misses its minimum, if all miss so many together."""
    low, high = 0, min(model.problem.limits[limit].minimum, together - before)
    while low < high:
        middle = (low + high) // 2
        model.allow_missing(limit, 0, middle)
        found = model.solve()
        if found is not None and sum(found.missed) == together:
            high = middle
        else:
            low = middle + 1
    return low


def _first_in_rank(model: Model, best: Answer) -> Counts:
    """Return the optimum that takes the candidate of the higher rank wherever two of them differ.

    It goes down the ranks: a candidate is taken if an optimum has it beside those taken before.
    """
    counts, most, possible = best.counts, _points(model, best.counts), _possible(model, best)
    taken, closed, bound = [0] * len(counts), set[int](), list[int]()
    for position in sorted(model.column_of):
        group = model.problem.group_of[position]
        if group in closed or len(bound) == sum(counts):
            continue
        model.bound(position, 1, 1)
        if taken[group] == counts[group]:
            found = model.solve() if position in possible else None
            if found is None or _points(model, found.counts) < most:
                model.bound(position, 0, 1)
                closed.add(group)
                continue
            counts = found.counts
        bound.append(position)
        taken[group] += 1
    for position in bound:
        model.bound(position, 0, 1)
    return counts


def _possible(model: Model, best: Answer) -> frozenset[int]:
    """Return the candidates that an optimum may have: their prices leave at most no points."""
    if not best.is_tight:
        return frozenset(model.column_of)
    problem = model.problem
    own, dearest = prices_by_group(problem, best.prices), problem.dearest_idr
    # The order of rank weighs less than a hundredth of a point in the objective.
    return frozenset(
        position
        for position in model.column_of
        if (problem.points[position] + 1) * SCALE * dearest >= own[problem.group_of[position]]
    )


def _marginals(
    chosen: tuple[int, ...], missed: tuple[int, ...], model: Model
) -> Iterator[Marginal]:
    """Yield what it would bring if each constraint that binds bound less, if it brings anything."""
    for bound in _binding(chosen, missed, model):
        model.shift(bound.row, bound.by)
        answer = model.solve()
        model.shift(bound.row, -bound.by)
        then = model.chosen(answer.counts) if answer else chosen
        points = model.problem.total(then) - model.problem.total(chosen)
        if points > 0:
            yield Marginal(
                constraint=bound.constraint,
                quota=bound.quota,
                points=points,
                enters=tuple(position + 1 for position in then if position not in chosen),
                leaves=tuple(position + 1 for position in chosen if position not in then),
            )


class _Bound(NamedTuple):
    """A row that binds a choice, and by how much it is moved to ask for its price."""

    constraint: Constraint
    row: int
    by: int
    quota: str | None = None


def _binding(chosen: tuple[int, ...], missed: tuple[int, ...], model: Model) -> Iterator[_Bound]:
    problem, rows = model.problem, model.rows
    counts = problem.counts(chosen)
    if len(chosen) == problem.seats and (scarce := problem.scarce) is not None:
        yield _Bound(scarce, rows.places, 1)
    if rows.money is not None:
        yield _Bound(Constraint.MONEY, rows.money, 1)
    for number, limit in enumerate(problem.limits):
        if counts[limit.code] == limit.maximum and limit.code.startswith(OWNER):
            yield _Bound(Constraint.OWNER, rows.maxima[number], 1)
        elif counts[limit.code] == limit.maximum:
            yield _Bound(Constraint.MAXIMUM, rows.maxima[number], 1, limit.code)
        if limit.minimum and counts[limit.code] <= limit.minimum - missed[number]:
            yield _Bound(Constraint.MINIMUM, rows.minima[number], -limit.minimum, limit.code)


def _cutoff(group: Group, counts: Counts, missed: tuple[int, ...], model: Model) -> Cutoff:
    """Return the points with which one more of a group makes as good a choice as the present."""
    if _would_help(group, missed, model):
        return Cutoff(0)
    chosen = model.chosen(counts)
    model.take(group)
    answer = model.solve()
    if answer is None:
        model.take(group, -1)
        return Cutoff(None)
    then = model.chosen(_first_in_rank(model, answer))
    model.take(group, -1)
    return Cutoff(
        points=model.problem.total(chosen) - model.problem.total(then),
        enters=tuple(position for position in then if position not in chosen),
        leaves=tuple(position for position in chosen if position not in then),
    )


def _would_help(group: Group, missed: tuple[int, ...], model: Model) -> bool:
    """Return True if one more candidate of this group would let the minima be missed less."""
    short = {limit.code for limit, by in zip(model.problem.limits, missed, strict=True) if by}
    return not short.isdisjoint(group.codes) and _misses_less(group, missed, model)


def _misses_less(group: Group, missed: tuple[int, ...], model: Model) -> bool:
    model.take(group)
    for limit in model.slack_of:
        model.allow_missing(limit, 0, model.problem.limits[limit].minimum)
    model.weigh(points=0, missing=POINT)
    least = model.solve()
    found = list(missed)
    if least is not None and sum(least.missed) == sum(missed):
        found = [0] * len(missed)
        for limit in model.slack_of:
            found[limit] = _least_of(limit, sum(least.missed), sum(found), model)
            model.allow_missing(limit, found[limit], found[limit])
    model.take(group, -1)
    for limit in model.slack_of:
        model.allow_missing(limit, missed[limit], missed[limit])
    model.weigh(points=-POINT, missing=0)
    return least is not None and (sum(least.missed) < sum(missed) or tuple(found) < missed)


def _points(model: Model, counts: Sequence[int]) -> int:
    return model.problem.total(model.chosen(counts))


def _version() -> str:
    return str(highspy.Highs().version())  # type: ignore[no-untyped-call]  # it has no annotations
