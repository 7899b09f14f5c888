"""The reasons of those passed over: each is a bound without which the choice would be another."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from services.selection.domain.choosing.problem import Group, Limit, Problem
from services.selection.domain.choosing.stops import stops_of
from services.selection.solving.choice import solve
from shared.contracts.registration.quota import Bound
from tests.selection.test_best_choice import best_by_trying_all

A, B = Group(codes=("a",), cost_idr=1), Group(codes=("b",), cost_idr=1)
BOTH, NONE = Group(codes=("a", "b"), cost_idr=1), Group(cost_idr=1)


def problem(candidates: dict[int, Group], **terms: object) -> Problem:
    """Return a choice among candidates by their points, in order of rank."""
    groups = tuple(dict.fromkeys(candidates.values()))
    made = Problem(
        points=tuple(candidates),
        group_of=tuple(groups.index(group) for group in candidates.values()),
        groups=groups,
        places=1,
    )
    return replace(made, **terms)  # type: ignore[arg-type]  # the terms of a test are of many types


def reasons(given: Problem) -> dict[int, str]:
    """Return the reasons of the best choice by position: the bound, and its quota."""
    return {
        position: f"{stop.bound} {stop.quota or ''}".strip()
        for position, stop in stops_of(given, solve(given)).items()
    }


def test_a_minimum_without_which_nothing_changes_is_no_reason() -> None:
    """Both are just met by the last; without `b` it would be chosen still, without `d` not."""
    limits = (Limit(code="b", minimum=1), Limit(code="d", minimum=1))
    both = Group(codes=("b", "d"))
    found = problem({90: NONE, 80: NONE, 75: B, 60: both}, places=2, limits=limits)
    assert solve(found).chosen == (0, 3)
    assert reasons(found) == {1: "MINIMUM d", 2: "MINIMUM d"}


def test_a_full_maximum_without_which_nothing_changes_is_not_the_reason() -> None:
    """Were `a` allowed one more, the place would still be held for `b`."""
    limits = (Limit(code="a", maximum=1), Limit(code="b", minimum=1))
    found = problem({90: A, 85: NONE, 80: A, 70: B}, places=2, limits=limits)
    assert reasons(found) == {1: "MINIMUM b", 2: "MINIMUM b"}


def test_where_each_of_two_bounds_is_enough_the_full_maximum_is_named() -> None:
    limits = (Limit(code="b", minimum=1), Limit(code="a", maximum=1))
    found = problem({90: A, 80: A, 70: B, 60: NONE}, places=2, limits=limits)
    assert reasons(found) == {1: "MAXIMUM a"}


def test_among_equal_points_the_minimum_that_decides_is_named() -> None:
    """All have 70 points, so the minimum costs none, and it still decides."""
    made = problem({70: NONE}, limits=(Limit(code="b", minimum=1),))
    equal = replace(made, points=(70, 70), group_of=(0, 1), groups=(NONE, B))
    assert reasons(equal) == {0: "MINIMUM b"}


def test_the_money_is_the_reason_of_as_many_as_the_places_that_it_does_not_pay() -> None:
    ranks = {90: NONE, 80: NONE, 70: NONE, 60: NONE}
    assert reasons(problem(ranks, places=3, money_idr=1)) == {1: "MONEY", 2: "MONEY"}
    assert reasons(problem(ranks, places=3, money_idr=3)) == {}
    assert reasons(problem(ranks, places=3, money_idr=0)) == {0: "MONEY", 1: "MONEY", 2: "MONEY"}


def test_whom_a_maximum_stops_is_not_stopped_by_money() -> None:
    found = problem(
        {90: A, 80: A, 70: NONE, 60: NONE},
        places=2,
        money_idr=1,
        limits=(Limit(code="a", maximum=1),),
    )
    assert reasons(found) == {1: "MAXIMUM a", 2: "MONEY"}


def test_an_authority_is_the_reason_of_those_whose_places_it_gave_away() -> None:
    ranks = {90: NONE, 80: NONE, 70: NONE, 60: NONE, 50: NONE}
    assert reasons(problem(ranks, places=2, admitted=(4,))) == {1: "OVERRIDE"}
    assert reasons(problem(ranks, places=2, admitted=(3, 4))) == {0: "OVERRIDE", 1: "OVERRIDE"}
    assert reasons(problem(ranks, places=2, admitted=(1,))) == {}
    paid = problem(ranks, places=3, money_idr=2, admitted=(4,))
    assert reasons(paid) == {1: "OVERRIDE", 2: "MONEY"}


@st.composite
def bounded(draw: st.DrawFn) -> Problem:
    """Return a choice that a single bound of one quota may change."""
    size = draw(st.integers(1, 8))
    points = sorted(draw(st.lists(st.integers(0, 9), min_size=size, max_size=size)), reverse=True)
    bound = draw(
        st.builds(Limit, code=st.just("a"), maximum=st.integers(0, 3))
        | st.builds(Limit, code=st.just("a"), minimum=st.integers(1, 3))
    )
    return Problem(
        points=tuple(points),
        group_of=tuple(draw(st.lists(st.integers(0, 1), min_size=size, max_size=size))),
        groups=(A, NONE),
        limits=(bound,),
        places=draw(st.integers(1, 5)),
    )


@given(bounded())
def test_a_bound_is_a_reason_exactly_if_the_choice_is_another_without_it(given: Problem) -> None:
    free = replace(given, limits=(Limit(code="a"),))
    best, without = best_by_trying_all(given), best_by_trying_all(free)
    stops = stops_of(given, solve(given))
    assert bool(stops) == (best != without)
    assert {position for position in without if position not in best} <= set(stops)
    bound = Bound.MAXIMUM if given.limits[0].maximum is not None else Bound.MINIMUM
    assert {(stop.quota, stop.bound) for stop in stops.values()} <= {("a", bound)}


def test_two_minima_that_only_bind_together_are_named_together() -> None:
    """Without either, the place is held for the other."""
    limits = (Limit(code="a", minimum=1), Limit(code="b", minimum=1))
    found = problem({90: NONE, 80: BOTH}, limits=limits)
    assert reasons(found) == {0: "TOGETHER"}


def test_a_place_stays_free_only_where_each_that_is_left_has_a_full_maximum() -> None:
    found = problem({90: A, 80: A, 70: A}, places=3, limits=(Limit(code="a", maximum=1),))
    assert reasons(found) == {1: "MAXIMUM a", 2: "MAXIMUM a"}
