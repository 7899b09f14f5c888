"""The best choice, compared with all sets of thousands of small fields, and its proof."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.selection.domain.choosing.certificate import faults_of, gap_of, is_least
from services.selection.domain.choosing.choice import choose
from services.selection.domain.choosing.places_only import first_for_places
from services.selection.domain.choosing.problem import Group, Limit, Problem
from services.selection.solving.assignment import Unsolved
from services.selection.solving.choice import solve
from shared.contracts.selection.choice import Constraint, Prices

CODES = "pqr"


@st.composite
def problems(draw: st.DrawFn, *, costs: bool = False) -> Problem:
    """Draw a problem of few candidates under overlapping limits."""
    size = draw(st.integers(0, 8))
    points = sorted(draw(st.lists(st.integers(1, 9), min_size=size, max_size=size)), reverse=True)
    limits = []
    for code in CODES:
        minimum = draw(st.integers(0, 3))
        maximum = draw(st.none() | st.integers(max(1, minimum), 4))
        limits.append(Limit(code=code, minimum=minimum, maximum=maximum))
    groups = [
        Group(codes=tuple(sorted(codes)), cost_idr=draw(st.integers(1, 4)) if costs else 3)
        for codes in draw(
            st.lists(st.sets(st.sampled_from(CODES)), min_size=1, max_size=5, unique_by=frozenset)
        )
    ]
    numbers = st.integers(0, len(groups) - 1)
    return Problem(
        points=tuple(points),
        group_of=tuple(draw(st.lists(numbers, min_size=size, max_size=size))),
        groups=tuple(groups),
        limits=tuple(limits),
        places=draw(st.integers(1, 5)),
        money_idr=draw(st.none() | st.integers(0, 15)),
    )


def permitted(problem: Problem) -> list[tuple[int, ...]]:
    """Return each set of candidates within places, money and maxima."""
    everybody = range(len(problem.points))
    return [
        chosen
        for number in range(problem.places + 1)
        for chosen in combinations(everybody, number)
        if set(problem.admitted) <= set(chosen)
        and (problem.money_idr is None or problem.cost_idr(chosen) <= problem.money_idr)
        and all(
            limit.maximum is None or problem.counts(chosen)[limit.code] <= limit.maximum
            for limit in problem.limits
        )
    ]


def missed_by(chosen: Sequence[int], problem: Problem) -> tuple[int, ...]:
    counts = problem.counts(chosen)
    return tuple(max(0, limit.minimum - counts[limit.code]) for limit in problem.limits)


def best_by_trying_all(problem: Problem) -> tuple[int, ...]:
    """Return the set that misses least, has the most points, and takes the higher ranks."""

    def merit(chosen: tuple[int, ...]) -> tuple[object, ...]:
        missed = missed_by(chosen, problem)
        # Where two sets differ first, the one that has the candidate is the better one.
        taken = tuple(position not in chosen for position in range(len(problem.points)))
        return sum(missed), missed, -problem.total(chosen), taken

    return min(permitted(problem), key=merit)


@settings(max_examples=1_500)
@given(problems() | problems(costs=True))
def test_no_set_of_candidates_is_better(problem: Problem) -> None:
    solution = solve(problem)
    assert solution.chosen == best_by_trying_all(problem)
    assert solution.missed == missed_by(solution.chosen, problem)
    assert faults_of(solution, problem) == []
    assert gap_of(solution, problem) >= 0


@settings(max_examples=300)
@given(problems())
def test_what_the_certificate_calls_best_is_the_best(problem: Problem) -> None:
    solution = solve(problem)
    for other in permitted(problem):
        if missed_by(other, problem) == solution.missed:
            gap = gap_of(replace(solution, chosen=other), problem)
            best = problem.total(solution.chosen)
            assert gap >= best - problem.total(other)
    if is_least(solution, problem):
        least = min(sum(missed_by(other, problem)) for other in permitted(problem))
        assert sum(solution.missed) == least


def moved(problem: Problem, position: int, points: int) -> tuple[Problem, list[int]]:
    """Return the problem in which a candidate has other points, and the positions in its order."""
    given = [*problem.points]
    given[position] = points
    order = sorted(range(len(given)), key=lambda each: (-given[each], each))
    return replace(
        problem,
        points=tuple(given[each] for each in order),
        group_of=tuple(problem.group_of[each] for each in order),
    ), order


@settings(max_examples=500)
@given(problems() | problems(costs=True))
def test_a_candidate_at_its_cutoff_is_chosen_and_below_it_is_not(problem: Problem) -> None:
    solution = solve(problem)
    for position in set(range(len(problem.points))) - set(solution.chosen):
        cutoff = solution.cutoffs[problem.group_of[position]]
        if cutoff.points is None:
            trial, order = moved(problem, position, 100)
            assert order.index(position) not in solve(trial).chosen
            continue
        trial, order = moved(problem, position, cutoff.points + 1)
        assert order.index(position) in solve(trial).chosen
        trial, order = moved(problem, position, cutoff.points - 1)
        assert order.index(position) not in solve(trial).chosen
        trial, order = moved(problem, position, cutoff.points)
        changed = {position, *cutoff.enters, *cutoff.leaves}
        first = min(changed, key=order.index)
        assert (order.index(position) in solve(trial).chosen) == (first not in cutoff.leaves)


def greedy(problem: Problem) -> tuple[int, ...]:
    """Return the choice in order of rank."""
    codes = [problem.group(position).codes for position in range(len(problem.points))]
    return choose(codes, problem.limits, problem.seats).chosen


@settings(max_examples=500)
@given(problems())
def test_the_choice_in_order_of_rank_never_has_more_points(problem: Problem) -> None:
    solution, by_rank = solve(problem), greedy(problem)
    if sum(missed_by(by_rank, problem)) <= sum(solution.missed):
        assert problem.total(by_rank) <= problem.total(solution.chosen)


@settings(max_examples=300)
@given(problems(costs=True), st.integers(0, 15), st.integers(0, 10))
def test_more_money_never_makes_a_choice_worse(problem: Problem, money: int, more: int) -> None:
    poor, rich = (solve(replace(problem, money_idr=idr)) for idr in (money, money + more))
    assert sum(rich.missed) <= sum(poor.missed)
    if rich.missed == poor.missed:
        assert problem.total(rich.chosen) >= problem.total(poor.chosen)


@settings(max_examples=300)
@given(problems())
def test_the_price_of_a_constraint_is_what_the_choice_gains_without_it(problem: Problem) -> None:
    solution = solve(problem)
    for marginal in solution.marginals:
        if marginal.constraint is Constraint.PLACES:
            looser = replace(problem, places=problem.places + 1)
        elif marginal.constraint is Constraint.MAXIMUM:
            looser = with_limit(problem, marginal.quota, maximum=1)
        elif marginal.constraint is Constraint.MINIMUM:
            looser = with_limit(problem, marginal.quota, minimum=-problem.places)
        else:
            continue
        best = solve(looser)
        if best.missed == solution.missed or marginal.constraint is Constraint.MINIMUM:
            gained = problem.total(best.chosen) - problem.total(solution.chosen)
            assert gained >= marginal.points


def with_limit(problem: Problem, code: str | None, maximum: int = 0, minimum: int = 0) -> Problem:
    """Return the problem in which the bounds of a limit are moved."""
    limits = [
        replace(
            limit,
            maximum=None if limit.maximum is None else limit.maximum + maximum,
            minimum=max(0, limit.minimum + minimum),
        )
        if limit.code == code
        else limit
        for limit in problem.limits
    ]
    return replace(problem, limits=tuple(limits))


def test_all_scores_equal_leave_the_choice_to_the_order_of_rank() -> None:
    quota = Limit(code="p", minimum=2)
    groups = (Group(), Group(codes=("p",)))
    problem = Problem(
        points=(7,) * 6, group_of=(0, 0, 1, 0, 1, 1), groups=groups, limits=(quota,), places=3
    )
    assert solve(problem).chosen == (0, 2, 4)


def test_a_round_without_candidates_chooses_none_of_them() -> None:
    problem = Problem(
        points=(), group_of=(), groups=(), limits=(Limit(code="p", minimum=1),), places=3
    )
    solution = solve(problem)
    assert (solution.chosen, solution.missed) == ((), (1,))
    assert is_least(solution, problem)


def test_admitted_candidates_that_exceed_a_maximum_are_refused() -> None:
    problem = Problem(
        points=(9, 8),
        group_of=(0, 0),
        groups=(Group(codes=("p",)),),
        limits=(Limit(code="p", maximum=1),),
        places=2,
        admitted=(0, 1),
    )
    with pytest.raises(Unsolved, match="exceed a maximum"):
        solve(problem)
    assert solve(replace(problem, admitted=(1,))).chosen == (1,)


def test_a_wrong_certificate_proves_nothing() -> None:
    problem = Problem(points=(9, 8, 7), group_of=(0, 0, 0), groups=(Group(),), places=2)
    solution = first_for_places(problem)
    assert solution is not None
    assert (gap_of(solution, problem), solution.chosen) == (0, (0, 1))
    assert gap_of(replace(solution, chosen=(0, 2)), problem) == 1
    assert gap_of(replace(solution, prices=Prices(place=9_000_000)), problem) == 1
    assert faults_of(replace(solution, chosen=(0, 1, 2)), problem) == ["3 are chosen for 2 places"]
    assert faults_of(replace(solution, chosen=(1, 0)), problem)


@settings(max_examples=300)
@given(problems())
def test_where_only_the_places_bind_no_solver_is_needed(problem: Problem) -> None:
    free = replace(
        problem, limits=(), groups=tuple(replace(group, codes=()) for group in problem.groups)
    )
    without, solved = first_for_places(free), solve(free)
    assert without is not None
    assert (without.chosen, gap_of(without, free)) == (solved.chosen, 0)
    cuts = [each.points for each in without.cutoffs]
    assert cuts == [each.points for each in solved.cutoffs]
