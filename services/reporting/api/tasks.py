"""The route of the tasks: what waits for a reporting officer."""

from typing import Annotated

from services.reporting.domain.outcome.decider import outcome
from services.reporting.domain.outcome.state import Awaiting
from services.reporting.domain.rate.decider import rate
from services.reporting.domain.rate.state import DailyRate, Status
from shared.http import (
    Caller,
    Limit,
    Role,
    RunningService,
    Task,
    TaskList,
    list_tasks,
    query,
    routes,
)

router = routes("task")


def _of_another(state: DailyRate, caller: Caller) -> bool:
    return state.proposal is not None and state.proposal.proposed_by != caller.actor


TASKS = (
    Task(
        name="judge-outcome",
        label="Verifikasi hasil",
        role=Role.REPORTING_OFFICER,
        source=outcome,
        equal={"awaiting": Awaiting.JUDGEMENT},
        href="/outcomes/{id}",
    ),
    Task(
        name="resolve-dispute",
        label="Selesaikan sanggahan hasil",
        role=Role.REPORTING_OFFICER,
        source=outcome,
        equal={"awaiting": Awaiting.RESOLUTION},
        href="/outcomes/{id}",
    ),
    *(
        Task(
            name="confirm-rate",
            label="Konfirmasi kurs",
            role=Role.REPORTING_OFFICER,
            source=rate,
            equal={"status": status},
            href="/rates/{id}/confirmation",
            visible_to=_of_another,
        )
        for status in (Status.PROPOSED, Status.CORRECTING)
    ),
)

Anyone = Annotated[Caller, query(*sorted({task.role.value for task in TASKS}))]


@router.get("/tasks")
async def my_tasks(caller: Anyone, service: RunningService, limit: Limit = 100) -> TaskList:
    """List what waits for you: a command and its link for each, at most `limit` of each kind."""
    return await list_tasks(service, caller, TASKS, limit)
