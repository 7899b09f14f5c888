"""The problems that the benchmark of the selection solves are sound."""

from benchmarks.paths.selection import CURATORS, PANEL, assignment_problem, ranking_facts
from services.selection.domain.assigning.connection import parts_of
from services.selection.domain.assigning.problem import faults_of
from services.selection.domain.calibration.severity import guard_of
from services.selection.solving.assignment import assign
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
