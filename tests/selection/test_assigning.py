"""The automatic assignment: enough curators, competence first, equal loads, connected, minimal."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.selection.domain.assigning.connection import connected, parts_of
from services.selection.domain.assigning.problem import (
    Assignment,
    Entrant,
    Member,
    Problem,
    faults_of,
    problem_of,
)
from services.selection.domain.calibration.components import components_of
from services.selection.domain.candidate.decider import candidate
from services.selection.domain.selection_round.decider import selection_round
from services.selection.solving.assignment import assign, best_assignment
from shared.contracts.selection.curator import CuratorProfile
from shared.contracts.selection.round import PanelAppointed
from tests import given as rules
from tests.selection.examples import (
    ANI,
    APPLICANT,
    BUDI,
    CITRA,
    DEWI,
    ENTERED,
    OPENED,
    ROUND_FIELDS,
    A,
    assigned,
    conflicted,
)

FOOD, CRAFT = "10", "16"


def member(curator: str, *sectors: str, capacity: int | None = None) -> Member:
    return Member(curator=curator, sectors=frozenset(sectors), capacity=capacity)


def entrant(
    application: str,
    *curators: str,
    sector: str = CRAFT,
    barred: Sequence[str] = (),
    needed: int = 2,
) -> Entrant:
    return Entrant(
        application=application,
        sector=sector,
        curators=curators,
        barred=frozenset(barred),
        needed=needed,
    )


def problem(members: Sequence[Member], entrants: Sequence[Entrant]) -> Problem:
    return Problem(members=tuple(members), entrants=tuple(entrants))


def loads(found: Assignment) -> Counter[str]:
    return Counter(curator for added in found.values() for curator in added)


THREE = (member("a"), member("b"), member("c"))


def test_each_candidate_gets_its_curators_and_each_curator_as_many() -> None:
    asked = problem(THREE, [entrant(f"x{n}") for n in range(6)])
    found = assign(asked)
    assert {len(added) for added in found.values()} == {2}
    assert loads(found) == {"a": 4, "b": 4, "c": 4}
    assert faults_of(found, asked) == []


def test_the_same_problem_has_the_same_answer() -> None:
    asked = problem(THREE, [entrant(f"x{n}", barred=("a",) if n % 3 else ()) for n in range(7)])
    assert assign(asked) == assign(asked)


def test_what_is_assigned_stays_and_only_what_lacks_is_added() -> None:
    full = entrant("x0", "a", "b", needed=0)
    half = entrant("x1", "a", needed=1)
    found = assign(problem(THREE, [full, half]))
    assert found == {"x1": ("c",)}, "who has the fewest gets it"
    assert assign(problem(THREE, [full, entrant("x1", "a", "c", needed=0)])) == {}


def test_competence_comes_before_equal_loads() -> None:
    members = (member("a", FOOD), member("b", FOOD), member("c", CRAFT))
    found = assign(problem(members, [entrant(f"x{n}", sector=FOOD) for n in range(4)]))
    assert loads(found) == {"a": 4, "b": 4}


def test_who_knows_less_scores_before_a_sheet_is_missing() -> None:
    members = (member("a", FOOD), member("c", CRAFT))
    found = assign(problem(members, [entrant("x0", sector=FOOD)]))
    assert sorted(found["x0"]) == ["a", "c"]


def test_a_conflict_and_a_capacity_are_never_passed_and_what_lacks_is_left() -> None:
    members = (member("a", capacity=1), member("b"))
    asked = problem(members, [entrant("x0", barred=("b",)), entrant("x1"), entrant("x2")])
    found = assign(asked)
    assert faults_of(found, asked) == []
    assert "b" not in found.get("x0", ())
    assert loads(found) == {"a": 1, "b": 2}


def test_no_curator_and_no_candidate_is_no_error() -> None:
    assert assign(problem((), [entrant("x0")])) == {}
    assert assign(problem(THREE, [])) == {}


def test_curators_who_would_share_no_candidate_are_connected() -> None:
    members = (member("a", FOOD), member("b", FOOD), member("c", CRAFT), member("d", CRAFT))
    entrants = [entrant(f"f{n}", sector=FOOD) for n in range(2)]
    entrants += [entrant(f"k{n}", sector=CRAFT) for n in range(2)]
    asked = problem(members, entrants)
    apart = {
        each.application: ("a", "b") if each.sector == FOOD else ("c", "d") for each in entrants
    }
    assert parts_of(apart, asked) == 2
    joined = connected(apart, asked)
    assert parts_of(joined, asked) == 1
    assert loads(joined) == loads(apart)
    assert faults_of(joined, asked) == []


def test_curators_stay_apart_where_no_exchange_is_allowed() -> None:
    asked = problem(
        (member("a"), member("b"), member("c"), member("d")),
        [entrant("x0", barred=("c", "d")), entrant("x1", barred=("a", "b"))],
    )
    found = assign(asked)
    assert parts_of(found, asked) == 2
    assert faults_of(found, asked) == []


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"x0": ("a", "a")}, "gets 2 curators"),
        ({"x0": ("a", "b", "c")}, "gets 3 curators"),
        ({"x0": ("stranger",)}, "cannot score it"),
        ({"x1": ("c",)}, "cannot score it"),
        ({"x0": ("a",), "x1": ("a",)}, "1 at most"),
    ],
)
def test_the_check_finds_what_must_not_be(wrong: Assignment, words: str) -> None:
    members = (member("a", capacity=1), member("b"), member("c"))
    asked = problem(members, [entrant("x0"), entrant("x1", barred=("c",))])
    assert any(words in fault for fault in faults_of(wrong, asked))


def test_components_are_named_by_their_first_curator() -> None:
    assert components_of([("c", "b"), ("b", "a"), ("e", "d")]) == {
        **dict.fromkeys("abc", "a"),
        **dict.fromkeys("de", "d"),
    }


def worth(found: Assignment, asked: Problem) -> tuple[int, int, int]:
    """Return what is to be least: missing curators, unknown sectors, the squares of the loads."""
    members = {each.curator: each for each in asked.members}
    missing = sum(each.needed - len(found.get(each.application, ())) for each in asked.entrants)
    unknown = sum(
        not members[curator].knows(each.sector)
        for each in asked.entrants
        for curator in found.get(each.application, ())
    )
    return missing, unknown, sum(n * n for n in (asked.loads + loads(found)).values())


def best(asked: Problem) -> tuple[int, int, int]:
    """Return the best worth of all assignments there are, tried one by one."""
    choices = [
        [
            chosen
            for count in range(each.needed + 1)
            for chosen in combinations([member.curator for member in asked.members], count)
        ]
        for each in asked.entrants
    ]
    names = [each.application for each in asked.entrants]
    answers = (dict(zip(names, chosen, strict=True)) for chosen in product(*choices))
    return min(worth(found, asked) for found in answers if not faults_of(found, asked))


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    curators = "abcd"[: draw(st.integers(1, 4))]
    members = [
        member(
            curator,
            *draw(st.sets(st.sampled_from([FOOD, CRAFT]))),
            capacity=draw(st.one_of(st.none(), st.integers(1, 3))),
        )
        for curator in curators
    ]
    some = st.sets(st.sampled_from(curators), max_size=1)
    entrants = []
    for number in range(draw(st.integers(1, 4))):
        present = draw(some)
        entrants.append(
            entrant(
                f"x{number}",
                *sorted(present),
                sector=draw(st.sampled_from([FOOD, CRAFT])),
                barred=sorted(draw(some) - present),
                needed=draw(st.integers(0, 2)),
            )
        )
    return problem(members, entrants)


@given(problems())
@settings(deadline=None)
def test_no_assignment_at_all_is_better(asked: Problem) -> None:
    found = best_assignment(asked)
    assert faults_of(found, asked) == []
    assert worth(found, asked) == best(asked)
    # To be connected may cost competence, and nothing else.
    joined = assign(asked)
    assert faults_of(joined, asked) == []
    assert loads(joined) == loads(found)
    assert parts_of(joined, asked) <= parts_of(found, asked)


def test_the_problem_of_a_round_has_its_panel_and_what_each_candidate_lacks() -> None:
    panel = (ANI, BUDI, CITRA, DEWI)
    profile = CuratorProfile(curator=ANI, sectors=(FOOD,), capacity=5)
    appointed = PanelAppointed(size=4, curators=panel, profiles=(profile,), **ROUND_FIELDS)
    state = rules.given(selection_round, OPENED, appointed).state
    scored = rules.given(candidate, ENTERED, assigned(BUDI), conflicted(CITRA)).state
    found = problem_of(state, {A: scored}, actor="officer", enterprise=None)
    assert found.members[0] == Member(curator=ANI, sectors=frozenset({FOOD}), capacity=5)
    (asked,) = found.entrants
    assert asked == Entrant(
        application=A,
        sector=APPLICANT.sector,
        curators=(BUDI,),
        barred=frozenset({CITRA}),
        needed=state.sheets_min - 1,
    )
    hidden = problem_of(state, {A: scored}, actor=CITRA, enterprise=None)
    assert hidden.entrants == (replace(asked, needed=0),), "it has declared a conflict"
