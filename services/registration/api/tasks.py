"""The route of the tasks: what waits for an officer or for an enterprise in registration."""

from datetime import date, timedelta
from typing import Annotated

from services.registration.domain.application.decider import application
from services.registration.domain.application.judges import require_judge
from services.registration.domain.application.state import Decision
from services.registration.domain.application.state import Status as ApplicationStatus
from services.registration.domain.exhibition.decider import exhibition
from services.registration.domain.exhibition.state import Exhibition, Status
from shared.http import (
    Caller,
    Limit,
    Related,
    Role,
    RunningService,
    Task,
    TaskList,
    list_tasks,
    permitted,
    query,
    routes,
)

router = routes("task")


def _first_day(state: Exhibition) -> date | None:
    return state.plan.starts_on if state.plan else None


def _after_last_day(state: Exhibition) -> date | None:
    return state.plan.ends_on + timedelta(days=1) if state.plan else None


PENDING = Related(source=application, equal={"exhibition": "{id}", "decision": Decision.PENDING})
UNRECORDED = tuple(
    Related(source=application, equal={"exhibition": "{id}", "status": status})
    for status in (ApplicationStatus.ACCEPTED, ApplicationStatus.CONFIRMED)
)
"""The places of an exhibition whose attendance is not recorded."""

TASKS = (
    Task(
        name="plan-exhibition",
        label="Jadwalkan pameran",
        role=Role.PROGRAMME_OFFICER,
        source=exhibition,
        equal={"status": Status.PROPOSED},
        href="/exhibitions/{id}/plan",
    ),
    Task(
        name="open-call",
        label="Buka panggilan terbuka",
        role=Role.PROGRAMME_OFFICER,
        source=exhibition,
        equal={"status": Status.PLANNED},
        href="/exhibitions/{id}/call",
    ),
    Task(
        name="open-exhibition",
        label="Buka pameran",
        role=Role.PROGRAMME_OFFICER,
        source=exhibition,
        equal={"status": Status.DECREED},
        href="/exhibitions/{id}/opening",
        not_before=_first_day,
    ),
    Task(
        name="end-exhibition",
        label="Tutup pameran",
        role=Role.PROGRAMME_OFFICER,
        source=exhibition,
        equal={"status": Status.RUNNING},
        href="/exhibitions/{id}/ending",
        not_before=_after_last_day,
    ),
    Task(
        name="report-exhibition",
        label="Catat laporan pelaksanaan",
        role=Role.PROGRAMME_OFFICER,
        source=exhibition,
        equal={"status": Status.ENDED},
        href="/exhibitions/{id}/report",
        none_of=UNRECORDED,
    ),
    Task(
        name="verify-application",
        label="Verifikasi permohonan",
        role=Role.VERIFICATION_OFFICER,
        source=application,
        equal={"status": ApplicationStatus.SUBMITTED},
        href="/applications/{id}/verification",
        visible_to=permitted(require_judge),
    ),
    Task(
        name="close-verification",
        label="Tutup verifikasi administrasi",
        role=Role.VERIFICATION_OFFICER,
        source=exhibition,
        equal={"status": Status.CALL_CLOSED},
        href="/exhibitions/{id}/verification-closure",
        none_of=(PENDING,),
    ),
    *(
        Task(
            name="record-attendance",
            label="Catat kehadiran",
            role=Role.VERIFICATION_OFFICER,
            source=exhibition,
            equal={"status": status},
            method="GET",
            href="/applications?exhibition={id}&status=CONFIRMED",
            any_of=UNRECORDED,
        )
        for status in (Status.RUNNING, Status.ENDED)
    ),
    Task(
        name="resubmit-application",
        label="Perbaiki permohonan",
        role=Role.ENTERPRISE,
        source=application,
        equal={"status": ApplicationStatus.NEEDS_CORRECTION},
        href="/applications/{id}/resubmission",
        own=True,
        due_at=lambda state: state.deadline_at,
    ),
    Task(
        name="answer-offer",
        label="Jawab tawaran tempat",
        role=Role.ENTERPRISE,
        source=application,
        equal={"status": ApplicationStatus.OFFERED},
        href="/applications/{id}/acceptance",
        own=True,
        due_at=lambda state: state.deadline_at,
    ),
)

Anyone = Annotated[Caller, query(*sorted({task.role.value for task in TASKS}))]


@router.get("/tasks")
async def my_tasks(caller: Anyone, service: RunningService, limit: Limit = 100) -> TaskList:
    """List what waits for you: a command and its link for each, at most `limit` of each kind."""
    return await list_tasks(service, caller, TASKS, limit)
