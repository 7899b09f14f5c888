"""The problems that the benchmark of the selection solves are sound."""

from random import Random

from benchmarks.harness.scored_round import SEED, made_up_applicant, overlapping_quotas
from benchmarks.paths.selection import CURATORS, PANEL, assignment_problem, ranking_facts
from services.selection.domain.assigning.connection import parts_of
from services.selection.domain.assigning.problem import faults_of
from services.selection.domain.calibration.severity import guard_of
from services.selection.domain.choosing.certificate import faults_of as faults_of_choice
from services.selection.domain.choosing.certificate import gap_of
from services.selection.domain.choosing.choice import codes_of, grouped
from services.selection.domain.choosing.problem import Group, Problem, limits_of
from services.selection.solving.assignment import assign
from services.selection.solving.choice import solve
from shared.contracts.selection.rubric import Guard

CANDIDATES = 1_000


def test_every_candidate_of_the_benchmark_gets_its_curators() -> None:
    problem = assignment_problem(CANDIDATES)
    found = assign(problem)
    assert faults_of(found, problem) == []
    assert {len(curators) for curators in found.values()} == {PANEL}
    loads = problem.loads
    for curators in found.values():
        loads.update(curators)
    assert max(loads.values()) - min(loads.values()) <= 1
    assert len(loads) == CURATORS
    assert parts_of(found, problem) == 1


def test_the_sheets_of_the_benchmark_are_calibrated() -> None:
    facts = ranking_facts(CANDIDATES)
    assert guard_of({id: each.totals for id, each in facts.candidates.items()}) is Guard.NONE


def test_among_thousands_of_equal_scores_the_choice_is_found_and_proved() -> None:
    """A start from the answer before led the solver nowhere with these."""
    rng, number, places = Random(SEED), 2_500, 175
    quotas = tuple(overlapping_quotas(places))
    applicants = [made_up_applicant(each, rng) for each in range(number)]
    groups, group_of = grouped([codes_of(quotas, each) for each in applicants])
    problem = Problem(
        points=(6_000,) * number,
        group_of=group_of,
        groups=tuple(Group(codes=codes) for codes in groups),
        limits=limits_of(quotas),
        places=places,
    )
    solution = solve(problem)
    assert len(solution.chosen) == places
    assert faults_of_choice(solution, problem) == []
    assert gap_of(solution, problem) == 0
