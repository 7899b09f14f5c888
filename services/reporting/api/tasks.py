"""The route of the tasks: what waits for a reporting officer."""

from typing import Annotated

from services.reporting.domain.outcome.decider import outcome
from services.reporting.domain.outcome.state import Awaiting, Outcome
from services.reporting.domain.outcome.state import Status as OutcomeStatus
from services.reporting.domain.rate.decider import rate
from services.reporting.domain.rate.state import DailyRate, Status
from services.reporting.views.registration import Attendance, applications
from shared.http import (
    Caller,
    Limit,
    Related,
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


def _reported_by_others(state: Outcome, caller: Caller) -> bool:
    postings = (state, *state.follow_ups.values())
    waiting = [each for each in postings if each.status is OutcomeStatus.REPORTED]
    by_others = any(each.reported_by != caller.actor for each in waiting)
    return by_others and state.enterprise != caller.enterprise


STANDING = tuple(
    Related(
        source=outcome,
        equal={"exhibition": "{first}", "enterprise": "{second}", "status": status},
    )
    for status in OutcomeStatus
    if status is not OutcomeStatus.VOID
)
"""The outcomes of an application that are not void."""

TASKS = (
    Task(
        name="judge-outcome",
        label="Verifikasi hasil",
        role=Role.REPORTING_OFFICER,
        source=outcome,
        equal={"awaiting": Awaiting.JUDGEMENT},
        method="GET",
        href="/outcomes/{id}",
        visible_to=_reported_by_others,
    ),
    Task(
        name="resolve-dispute",
        label="Selesaikan sanggahan hasil",
        role=Role.REPORTING_OFFICER,
        source=outcome,
        equal={"awaiting": Awaiting.RESOLUTION},
        method="GET",
        href="/outcomes/{id}",
    ),
    Task(
        name="void-outcomes",
        label="Batalkan hasil peserta yang tidak hadir",
        role=Role.REPORTING_OFFICER,
        source=applications,
        equal={"corrected_to": Attendance.ABSENT},
        any_of=STANDING,
        method="GET",
        href="/outcomes?exhibition={first}&enterprise={second}",
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
