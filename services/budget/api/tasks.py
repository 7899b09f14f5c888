"""The route of the tasks: what waits for an officer or an approver in budget."""

from typing import Annotated

from fastapi import Depends

from services.budget.api.contract import CONTRACT_TASKS, of_others
from services.budget.api.facts import is_over, places_left_waiting
from services.budget.api.payment import PAYMENT_TASKS
from services.budget.domain.envelope.decider import envelope
from services.budget.domain.envelope.state import Envelope, Proposal
from services.budget.views.own import AllocationUse, PlaceNeed, allocations
from shared.contracts.labels import Label
from shared.http import (
    AskedTasks,
    Caller,
    Role,
    RunningService,
    Task,
    TaskList,
    asked_tasks,
    list_tasks,
    query,
    routes,
)
from shared.kernel.answers import Found
from shared.service import Service

router = routes("task")

APPROVERS = (Role.BUDGET_OFFICER, Role.APPROVER)
"""The roles that may approve a proposal of another person."""


def _revised_by_another(state: Envelope, caller: Caller) -> bool:
    return state.revision is not None and state.revision.proposed_by != caller.actor


def _cost_of_another(state: Envelope, caller: Caller) -> bool:
    return state.cost is not None and state.cost.proposed_by != caller.actor


async def _may_be_allotted(service: Service, listed: Found[AllocationUse]) -> bool:
    return not await is_over(service, listed.id)


def _as_loaded(state: bool, caller: Caller) -> bool:
    return state


async def _left_waiting(service: Service, listed: Found[AllocationUse]) -> tuple[str, ...]:
    return await places_left_waiting(service, listed.id)


TASKS = (
    *(
        Task(
            name="revise-envelope",
            label=Label(id="Setujui revisi pagu", en="Approve the revision of the budget ceiling"),
            role=role,
            source=envelope,
            equal={"revision_status": Proposal.PROPOSED},
            href="/envelopes/{id}/revisions",
            visible_to=_revised_by_another,
        )
        for role in APPROVERS
    ),
    *(
        Task(
            name="correct-cost",
            label=Label(id="Konfirmasi biaya per tempat", en="Confirm the cost of a place"),
            role=role,
            source=envelope,
            equal={"cost_status": Proposal.PROPOSED},
            href="/envelopes/{id}/cost-corrections",
            visible_to=_cost_of_another,
        )
        for role in APPROVERS
    ),
    Task(
        name="make-allotment",
        label=Label(
            id="Alokasikan dana untuk tempat yang menunggu",
            en="Allocate money for the places that wait",
        ),
        role=Role.BUDGET_OFFICER,
        source=allocations,
        equal={"waits_for": PlaceNeed.MONEY},
        method="GET",
        href="/allocations/{id}",
        loads=_may_be_allotted,
        visible_to=_as_loaded,
    ),
    Task(
        name="release-reservation",
        label=Label(
            id="Lepaskan tempat yang menunggu dana", en="Release the places that wait for money"
        ),
        role=Role.BUDGET_OFFICER,
        source=allocations,
        equal={"waits_for": PlaceNeed.MONEY},
        href="/allocations/{id}/reservation-releases",
        loads=_left_waiting,
        visible_to=of_others,
    ),
    *CONTRACT_TASKS,
    *PAYMENT_TASKS,
)

Anyone = Annotated[Caller, query(*sorted({task.role.value for task in TASKS}))]
Asked = Annotated[AskedTasks, Depends(asked_tasks)]


@router.get("/tasks")
async def my_tasks(caller: Anyone, service: RunningService, asked: Asked) -> TaskList:
    """List what waits for you: a command and its link for each, at most `limit` of each task."""
    return await list_tasks(service, caller, TASKS, asked)
