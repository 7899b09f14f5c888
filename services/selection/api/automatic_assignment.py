"""Routes of the automatic assignment: try it, and carry it out.

The curators that candidates lack are chosen by a solver (`services.selection.solving`); what is
assigned already stays. Each candidate decides its own part by the rule of assignments, so a
conflict that is declared in between refuses that part, and another call finds another curator.
"""

from dataclasses import dataclass
from itertools import islice
from typing import Annotated

from fastapi import Path

from services.selection.api.assignments import (
    CandidateCurators,
    assign_each,
)
from services.selection.api.facts import candidates_of, opened_round
from services.selection.api.inferring import record_inferred_conflicts
from services.selection.domain.assigning.problem import Problem, problem_of
from services.selection.domain.candidate.assignments import assign_lacking
from services.selection.domain.selection_round.panel import require_open
from services.selection.queries import contender_of, spread_max_of
from services.selection.relations import known_relations
from services.selection.responses.assignment import AssignmentTable, assignment_table
from services.selection.solving.process import assign_apart
from shared.contracts.words import Id
from shared.http import Caller, Results, RunningService, command, query, routes
from shared.kernel.decider import Context
from shared.kernel.four_eyes import require_no_contender
from shared.service import Service

router = routes("round")

Officer = Annotated[Context, command("selection-officer")]
Trying = Annotated[Caller, query("selection-officer")]
ExhibitionId = Annotated[Id, Path(alias="exhibition")]
AT_ONCE_MAX = 1_000
"""So many candidates get their curators by one call; the next call goes on."""


@dataclass(frozen=True, kw_only=True)
class AssignAutomatically:
    """Add the curators that the candidates of a round lack."""


@dataclass(frozen=True, kw_only=True)
class AutomaticAssignment:
    """The results by candidate; `left` candidates get their curators by another call.

    `lacking` curators were not found: each curator is at its capacity, has a conflict, or scores
    the candidate already.
    """

    left: int
    lacking: int
    results: Results


@router.get("/rounds/{exhibition}/assignment-trial")
async def try_assignment(
    id: ExhibitionId, caller: Trying, service: RunningService
) -> AssignmentTable:
    """Return what the automatic assignment would do; nothing is written."""
    problem = await _problem(service, id, caller)
    return assignment_table(await assign_apart(service.uploads.apart, problem), problem)


@router.post("/rounds/{exhibition}/automatic-assignments")
async def assign_automatically(
    id: ExhibitionId, body: AssignAutomatically, context: Officer, service: RunningService
) -> AutomaticAssignment:
    """Add the curators that candidates lack; who is assigned stays."""
    await record_inferred_conflicts(service, id, context)
    problem = await _problem(service, id, context)
    assignment = await assign_apart(service.uploads.apart, problem)
    plan = [
        CandidateCurators(application=application, curators=curators)
        for application, curators in islice(sorted(assignment.items()), AT_ONCE_MAX)
    ]
    table = assignment_table(assignment, problem)
    return AutomaticAssignment(
        left=len(assignment) - len(plan),
        lacking=table.lacking,
        results=await assign_each(service, id, plan, context, rule=assign_lacking),
    )


async def _problem(service: Service, exhibition: str, caller: Context | Caller) -> Problem:
    state = await opened_round(service, exhibition)
    require_open(state)
    require_no_contender(await contender_of(service, exhibition, caller), caller)
    known = known_relations(service, state)
    candidates = {id: found async for id, found in candidates_of(service, exhibition, known)}
    return problem_of(
        state,
        candidates,
        spread_max=await spread_max_of(service, state),
        actor=caller.actor,
        enterprise=caller.enterprise,
    )
