"""The route of the tasks: what waits for a reporting officer, or for an enterprise."""

from typing import Annotated

from fastapi import Depends

from services.reporting.api.facts import facts_of_verification
from services.reporting.domain.outcome.decider import outcome
from services.reporting.domain.outcome.judgements import (
    VerificationFacts,
    require_judge,
    require_verifier,
)
from services.reporting.domain.outcome.state import Awaiting, Outcome, Posting
from services.reporting.domain.outcome.state import Status as OutcomeStatus
from services.reporting.domain.rate.decider import rate
from services.reporting.domain.rate.state import DailyRate, Status
from services.reporting.views.applications import Application, Attendance, Stage, applications
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


def _of_another(state: DailyRate, caller: Caller) -> bool:
    return state.proposal is not None and state.proposal.proposed_by != caller.actor


async def _verification(
    service: Service, found: Found[Outcome]
) -> tuple[Outcome, VerificationFacts]:
    return found.state, await facts_of_verification(service, found.state)


def _may_verify(judged: tuple[Outcome, VerificationFacts], caller: Caller) -> bool:
    """Return True if the caller may verify a report of this outcome, or one of its follow-ups."""
    state, facts = judged

    def verify(posting: Posting, context: Context) -> None:
        require_judge(state, context)
        require_verifier(posting, facts, context)

    postings = (state, *state.follow_ups.values())
    waiting = [each for each in postings if each.status is OutcomeStatus.REPORTED]
    return any(permitted(verify)(each, caller) for each in waiting)


def _of_another_enterprise(state: Application, caller: Caller) -> bool:
    return state.enterprise != caller.enterprise


def _attended(state: Application, caller: Caller) -> bool:
    return Stage.ATTENDED in state.stages


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
        label=Label(id="Verifikasi hasil", en="Verify an outcome"),
        role=Role.REPORTING_OFFICER,
        source=outcome,
        equal={"awaiting": Awaiting.JUDGEMENT},
        method="GET",
        href="/outcomes/{id}",
        loads=_verification,
        visible_to=_may_verify,
    ),
    Task(
        name="resolve-dispute",
        label=Label(id="Selesaikan sanggahan hasil", en="Resolve the dispute on an outcome"),
        role=Role.REPORTING_OFFICER,
        source=outcome,
        equal={"awaiting": Awaiting.RESOLUTION},
        method="GET",
        href="/outcomes/{id}",
        visible_to=permitted(require_judge),
    ),
    Task(
        name="void-outcomes",
        label=Label(
            id="Batalkan hasil peserta yang tidak hadir",
            en="Void the outcomes of an absent participant",
        ),
        role=Role.REPORTING_OFFICER,
        source=applications,
        equal={"corrected_to": Attendance.ABSENT},
        any_of=STANDING,
        method="GET",
        href="/outcomes?exhibition={first}&enterprise={second}",
        visible_to=_of_another_enterprise,
    ),
    *(
        Task(
            name="confirm-rate",
            label=Label(id="Konfirmasi kurs", en="Confirm an exchange rate"),
            role=Role.REPORTING_OFFICER,
            source=rate,
            equal={"status": status},
            href="/rates/{id}/confirmation",
            visible_to=_of_another,
        )
        for status in (Status.PROPOSED, Status.CORRECTING)
    ),
    Task(
        name="report-outcome",
        label=Label(id="Laporkan hasil", en="Report your outcomes"),
        role=Role.ENTERPRISE,
        source=applications,
        own=True,
        none_of=STANDING,
        href="/outcomes",
        visible_to=_attended,
    ),
)

Anyone = Annotated[Caller, query(*sorted({task.role.value for task in TASKS}))]
Asked = Annotated[AskedTasks, Depends(asked_tasks)]


@router.get("/tasks")
async def my_tasks(caller: Anyone, service: RunningService, asked: Asked) -> TaskList:
    """List what waits for you: a command and its link for each, at most `limit` of each task."""
    return await list_tasks(service, caller, TASKS, asked)
