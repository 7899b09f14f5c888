"""The route of the tasks: what waits for an officer or for an enterprise in registration."""

from collections.abc import Callable
from datetime import MINYEAR, date, datetime, timedelta
from typing import Annotated, Any

from fastapi import Depends

from services.registration.api.applicant_tasks import APPLICANT_TASKS
from services.registration.api.briefing_tasks import BRIEFING_TASKS
from services.registration.api.suspicion import verdict_facts
from services.registration.domain.application.decider import application
from services.registration.domain.application.judges import require_judge
from services.registration.domain.application.state import Decision
from services.registration.domain.application.state import Status as ApplicationStatus
from services.registration.domain.exhibition.decider import exhibition
from services.registration.domain.exhibition.state import Exhibition, Status
from services.registration.domain.floor_plan import Completeness, floor_plan
from services.registration.domain.suspicion.decider import suspicion
from services.registration.domain.suspicion.state import Status as Suspected
from services.registration.domain.suspicion.state import Suspicion
from services.registration.domain.suspicion.verdicts import VerdictFacts, require_officer
from shared.contracts.calendar import day_before_ends
from shared.contracts.labels import Label
from shared.http import (
    AskedTasks,
    Caller,
    Related,
    Role,
    RunningService,
    Task,
    TaskList,
    asked_tasks,
    list_tasks,
    permitted,
    query,
    routes,
)
from shared.kernel.answers import Found
from shared.kernel.decider import Context
from shared.service import Service

router = routes("task")


def _first_day(state: Exhibition) -> date | None:
    return state.plan.starts_on if state.plan else None


def _after_last_day(state: Exhibition) -> date | None:
    return state.plan.ends_on + timedelta(days=1) if state.plan else None


def _planning_ends(state: Exhibition) -> datetime:
    """Return the last instant at which a day of the year is still ahead; a year may be 0000."""
    return day_before_ends(date(max(int(state.programme), MINYEAR), 12, 31), state.zone)


def _call_ends(state: Exhibition) -> datetime | None:
    """Return the last instant at which a call can still close before the first day."""
    return day_before_ends(state.plan.starts_on, state.zone) if state.plan else None


def _show_ends(state: Exhibition) -> datetime | None:
    day = _after_last_day(state)
    return day_before_ends(day, state.zone) if day else None


async def _with_people(service: Service, found: Found[Any]) -> tuple[Suspicion, VerdictFacts]:
    return found.state, await verdict_facts(service, found.id)


def _may_judge(loaded: tuple[Suspicion, VerdictFacts], context: Context) -> None:
    require_officer(*loaded, context)


async def _with_free_slot(service: Service, found: Found[Any]) -> bool:
    """Return False while an alternative has the slot that this exhibition would take."""
    state: Exhibition = found.state
    if state.slot is None:
        return True
    others = service.find_all(exhibition, programme=state.programme, slot=state.slot)
    return not [
        other.id
        async for other in others
        if other.state and other.state.status not in (Status.PROPOSED, Status.CANCELLED)
    ]


def _is_free(free: bool, caller: Caller) -> bool:
    return free


MISSED: tuple[tuple[Status, Callable[[Exhibition], datetime | None]], ...] = (
    (Status.PROPOSED, _planning_ends),
    (Status.PLANNED, _call_ends),
    (Status.CALL_CLOSED, _show_ends),
    (Status.VERIFIED, _show_ends),
    (Status.DECREED, _show_ends),
)
"""The statuses in which an exhibition is left for ever if its days go by.

Until the year ends it may be rescheduled, if it was planned; else only cancelling helps.
"""

PENDING = Related(source=application, equal={"exhibition": "{id}", "decision": Decision.PENDING})
CONFIRMED, ACCEPTED = (
    Related(source=application, equal={"exhibition": "{id}", "status": status})
    for status in (ApplicationStatus.CONFIRMED, ApplicationStatus.ACCEPTED)
)
"""The places of an exhibition whose attendance is not recorded; an accepted one cannot be yet."""

BOOTHLESS = Related(
    source=floor_plan, equal={"exhibition": "{id}", "completeness": Completeness.INCOMPLETE}
)
"""The floor plan of an exhibition, if a participant has no booth."""

TASKS = (
    Task(
        name="plan-exhibition",
        label=Label(id="Jadwalkan pameran", en="Plan the exhibition"),
        role=Role.PROGRAMME_OFFICER,
        source=exhibition,
        equal={"status": Status.PROPOSED},
        href="/exhibitions/{id}/plan",
        loads=_with_free_slot,
        visible_to=_is_free,
        due_at=_planning_ends,
    ),
    Task(
        name="open-call",
        label=Label(id="Buka panggilan terbuka", en="Open the call"),
        role=Role.PROGRAMME_OFFICER,
        source=exhibition,
        equal={"status": Status.PLANNED},
        href="/exhibitions/{id}/call",
        due_at=_call_ends,
    ),
    Task(
        name="open-exhibition",
        label=Label(id="Buka pameran", en="Open the exhibition"),
        role=Role.PROGRAMME_OFFICER,
        source=exhibition,
        equal={"status": Status.DECREED},
        href="/exhibitions/{id}/opening",
        not_before=_first_day,
        due_at=_show_ends,
    ),
    *(
        Task(
            name="assign-booths",
            label=Label(id="Tetapkan stan peserta", en="Assign the booths"),
            role=Role.PROGRAMME_OFFICER,
            source=exhibition,
            equal={"status": status},
            href="/exhibitions/{id}/booths",
            any_of=(BOOTHLESS,),
        )
        for status in (Status.DECREED, Status.RUNNING)
    ),
    Task(
        name="end-exhibition",
        label=Label(id="Tutup pameran", en="End the exhibition"),
        role=Role.PROGRAMME_OFFICER,
        source=exhibition,
        equal={"status": Status.RUNNING},
        href="/exhibitions/{id}/ending",
        not_before=_after_last_day,
    ),
    Task(
        name="report-exhibition",
        label=Label(id="Catat laporan pelaksanaan", en="Record the activity report"),
        role=Role.PROGRAMME_OFFICER,
        source=exhibition,
        equal={"status": Status.ENDED},
        href="/exhibitions/{id}/report",
        none_of=(CONFIRMED, ACCEPTED),
    ),
    *(
        Task(
            name="reschedule-exhibition",
            label=Label(id="Jadwalkan ulang pameran", en="Reschedule the exhibition"),
            role=Role.PROGRAMME_OFFICER,
            source=exhibition,
            equal={"status": status},
            href="/exhibitions/{id}/rescheduling",
            overdue_at=missed_at,
            due_at=_planning_ends,
        )
        for status, missed_at in MISSED
        if status is not Status.PROPOSED
    ),
    *(
        Task(
            name="cancel-exhibition",
            label=Label(id="Batalkan pameran", en="Cancel the exhibition"),
            role=Role.PROGRAMME_OFFICER,
            source=exhibition,
            equal={"status": status},
            href="/exhibitions/{id}/cancellation",
            overdue_at=missed_at,
        )
        for status, missed_at in MISSED
    ),
    Task(
        name="verify-application",
        label=Label(id="Verifikasi permohonan", en="Verify the application"),
        role=Role.VERIFICATION_OFFICER,
        source=application,
        equal={"status": ApplicationStatus.SUBMITTED},
        href="/applications/{id}/verification",
        visible_to=permitted(require_judge),
    ),
    Task(
        name="verify-as-it-stands",
        label=Label(id="Verifikasi apa adanya", en="Verify the application as it stands"),
        role=Role.VERIFICATION_OFFICER,
        source=application,
        equal={"status": ApplicationStatus.NEEDS_CORRECTION},
        href="/applications/{id}/verification",
        visible_to=permitted(require_judge),
        due_at=lambda state: state.deadline_at,
    ),
    Task(
        name="judge-suspicion",
        label=Label(id="Periksa dugaan ganda", en="Judge a suspected duplicate"),
        role=Role.VERIFICATION_OFFICER,
        source=suspicion,
        equal={"status": Suspected.SUSPECTED},
        method="GET",
        href="/suspicions/{id}",
        loads=_with_people,
        visible_to=permitted(_may_judge),
    ),
    Task(
        name="close-verification",
        label=Label(id="Tutup verifikasi administrasi", en="Close the verification"),
        role=Role.VERIFICATION_OFFICER,
        source=exhibition,
        equal={"status": Status.CALL_CLOSED},
        href="/exhibitions/{id}/verification-closure",
        none_of=(PENDING,),
    ),
    *(
        Task(
            name="record-attendance",
            label=Label(id="Catat kehadiran", en="Record the attendance"),
            role=Role.VERIFICATION_OFFICER,
            source=exhibition,
            equal={"status": status},
            method="GET",
            href="/applications?exhibition={id}&status=CONFIRMED",
            any_of=(CONFIRMED,),
        )
        for status in (Status.RUNNING, Status.ENDED)
    ),
    *BRIEFING_TASKS,
    *APPLICANT_TASKS,
)

Anyone = Annotated[Caller, query(*sorted({task.role.value for task in TASKS}))]
Asked = Annotated[AskedTasks, Depends(asked_tasks)]


@router.get("/tasks")
async def my_tasks(caller: Anyone, service: RunningService, asked: Asked) -> TaskList:
    """List what waits for you: a command and its link for each, at most `limit` of each task."""
    return await list_tasks(service, caller, TASKS, asked)
