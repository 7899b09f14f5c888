"""The route of the tasks: what waits for curators, selection officers and approvers.

Rounds are found in their mirror, which has figures only: a round may name thousands of candidates.
Curators are assigned once a panel is there, and not by a token that speaks for a candidate; a
request looks this up once for each exhibition.
"""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Annotated

from fastapi import Depends

from services.selection.domain.candidate.decider import candidate
from services.selection.domain.candidate.state import Candidate, Progress
from services.selection.domain.candidate.state import Status as CandidateStatus
from services.selection.domain.selection_round.decider import selection_round
from services.selection.domain.selection_round.interests import (
    require_judge_of_proposal,
    require_judge_of_scoring,
    require_no_interest,
)
from services.selection.domain.selection_round.loss import LossStatus
from services.selection.domain.selection_round.objection_decisions import (
    require_judge_of_objection,
)
from services.selection.domain.selection_round.officer_losses import require_judge_of_loss
from services.selection.domain.selection_round.state import Round, Status
from services.selection.queries import contender_of
from services.selection.views.own import RoundFigures, Waiting, rounds
from shared.contracts.calendar import day_before_ends
from shared.contracts.ids import exhibition_of
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


def _open_to(state: Candidate | None, caller: Caller) -> bool:
    return state is not None and not state.closed_to(caller.actor, caller.enterprise)


async def _round(service: Service, found: Found[RoundFigures]) -> Round | None:
    return await service.load(selection_round, found.id)


def _disinterested(state: Round | None, context: Context) -> None:
    if state:
        require_no_interest(state.conflicts, state, context)


def _approver(state: Round | None, context: Context) -> None:
    if state and state.proposal:
        require_judge_of_proposal(state.proposal, state, context)


def _returner(state: Round | None, context: Context) -> None:
    if state:
        require_judge_of_scoring(state, context)


def _decides_a_loss(state: Round | None, caller: Caller) -> bool:
    if state is None:
        return False
    may_decide = permitted(lambda loss, context: require_judge_of_loss(loss, state, context))
    return any(
        may_decide(loss, caller) for loss in state.losses if loss.status is LossStatus.REQUESTED
    )


def _decides_an_objection(state: Round | None, caller: Caller) -> bool:
    if state is None:
        return False
    may_decide = permitted(lambda id, context: require_judge_of_objection(id, state, context))
    return any(may_decide(each.application, caller) for each in state.objections)


def _first_decision(state: RoundFigures) -> datetime | None:
    """Return the earliest deadline of the objections that can be decided in time."""
    return min((each.decide_by for each in state.objections if not each.expired), default=None)


def _decree_ends(state: RoundFigures) -> datetime | None:
    """Return the last instant of the exhibition; None for a round that does not know its days."""
    if state.ends_on == date.max:
        return None
    return day_before_ends(state.ends_on + timedelta(days=1), state.zone)


UNSCORED = tuple(
    Related(
        source=candidate,
        equal={"exhibition": "{id}", "status": CandidateStatus.ENTERED, "progress": progress},
    )
    for progress in (Progress.UNASSIGNED, Progress.AWAITS_SHEETS)
)
"""The candidates of a round whose sheets are not all in."""
SEALED_SHORT = (
    Related(source=candidate, equal={"exhibition": "{id}", "progress": Progress.UNSCORED}),
)
"""The candidates whose closing has found too few sheets: nothing is proposed until a return."""

ASSIGN_CURATORS = Task(
    name="assign-curators",
    label=Label(id="Tugaskan kurator", en="Assign curators"),
    role=Role.SELECTION_OFFICER,
    source=candidate,
    equal={"progress": Progress.UNASSIGNED},
    href="/candidates/{id}/assignments",
    visible_to=_open_to,
)
TASKS = (
    ASSIGN_CURATORS,
    Task(
        name="score-candidate",
        label=Label(id="Isi lembar penilaian", en="Fill in the score sheet"),
        role=Role.CURATOR,
        source=candidate,
        actor_field="awaited",
        href="/candidates/{id}/score-sheets",
        visible_to=_open_to,
    ),
    Task(
        name="moderate-scores",
        label=Label(
            id="Moderasi lembar penilaian, bila perlu", en="Moderate the score sheets, if needed"
        ),
        role=Role.CURATOR,
        source=candidate,
        actor_field="moderators",
        href="/candidates/{id}/score-sheets/moderation",
        visible_to=_open_to,
    ),
    Task(
        name="appoint-panel",
        label=Label(id="Tetapkan tim kurator", en="Appoint the panel of curators"),
        role=Role.SELECTION_OFFICER,
        source=rounds,
        equal={"waits_for": Waiting.PANEL},
        href="/rounds/{id}/panel",
        loads=_round,
        visible_to=permitted(_disinterested),
    ),
    Task(
        name="close-scoring",
        label=Label(id="Tutup penilaian", en="Close the scoring"),
        role=Role.SELECTION_OFFICER,
        source=rounds,
        equal={"waits_for": Waiting.CLOSING},
        none_of=UNSCORED,
        href="/rounds/{id}/scoring-closure",
        loads=_round,
        visible_to=permitted(_disinterested),
    ),
    Task(
        name="propose-selection",
        label=Label(id="Usulkan hasil kurasi", en="Propose the selection"),
        role=Role.SELECTION_OFFICER,
        source=rounds,
        equal={"status": Status.SCORING_CLOSED},
        none_of=SEALED_SHORT,
        href="/rounds/{id}/proposal",
        loads=_round,
        visible_to=permitted(_disinterested),
    ),
    Task(
        name="decree-participants",
        label=Label(id="Catat SK penetapan peserta", en="Record the participants' decree"),
        role=Role.SELECTION_OFFICER,
        source=rounds,
        equal={"waits_for": Waiting.DECREE},
        href="/rounds/{id}/decree",
        loads=_round,
        visible_to=permitted(_disinterested),
        due_at=_decree_ends,
    ),
    Task(
        name="record-amendment",
        label=Label(
            id="Catat dokumen perubahan SK", en="Record the document that amends the decree"
        ),
        role=Role.SELECTION_OFFICER,
        source=rounds,
        equal={"waits_for": Waiting.AMENDMENT},
        href="/rounds/{id}/amendments",
        loads=_round,
        visible_to=permitted(_disinterested),
    ),
    Task(
        name="approve-selection",
        label=Label(id="Setujui hasil kurasi", en="Approve the selection"),
        role=Role.APPROVER,
        source=rounds,
        equal={"status": Status.PROPOSED},
        href="/rounds/{id}/approval",
        loads=_round,
        visible_to=permitted(_approver),
    ),
    Task(
        name="return-selection",
        label=Label(id="Kembalikan ke penilaian", en="Return the round to the scoring"),
        role=Role.APPROVER,
        source=rounds,
        equal={"status": Status.SCORING_CLOSED},
        any_of=SEALED_SHORT,
        href="/rounds/{id}/return",
        loads=_round,
        visible_to=permitted(_returner),
    ),
    Task(
        name="decide-loss",
        label=Label(id="Putuskan pencabutan tempat", en="Decide on the loss of a place"),
        role=Role.APPROVER,
        source=rounds,
        equal={"waits_for": Waiting.LOSS},
        method="GET",
        href="/rounds/{id}/losses",
        loads=_round,
        visible_to=_decides_a_loss,
    ),
    Task(
        name="decide-objection",
        label=Label(id="Putuskan sanggahan", en="Decide on an objection"),
        role=Role.APPROVER,
        source=rounds,
        equal={"waits_for": Waiting.OBJECTION},
        method="GET",
        href="/rounds/{id}/objections",
        loads=_round,
        visible_to=_decides_an_objection,
        due_at=_first_decision,
    ),
    Task(
        name="decide-late-objection",
        label=Label(
            id="Putuskan sanggahan yang terlambat", en="Decide on an objection that is overdue"
        ),
        role=Role.APPROVER,
        source=rounds,
        equal={"waits_for": Waiting.LATE_OBJECTION},
        method="GET",
        href="/rounds/{id}/objections",
        loads=_round,
        visible_to=_decides_an_objection,
    ),
)


@dataclass(frozen=True)
class _Assigning:
    """The exhibitions in which this caller can assign curators, as far as they were looked up."""

    caller: Caller
    known: dict[str, bool] = field(default_factory=dict)

    async def loads(self, service: Service, found: Found[Candidate | None]) -> Candidate | None:
        """Return the candidate if the caller can assign curators in its round."""
        exhibition = exhibition_of(found.id)
        if exhibition not in self.known:
            self.known[exhibition] = await self._can_assign_in(service, exhibition)
        return found.state if self.known[exhibition] else None

    async def _can_assign_in(self, service: Service, exhibition: str) -> bool:
        figures = await service.load(rounds, exhibition)
        if figures is None or not figures.panel_size:
            return False
        return await contender_of(service, exhibition, self.caller) is None


Anyone = Annotated[Caller, query(*sorted({task.role.value for task in TASKS}))]
Asked = Annotated[AskedTasks, Depends(asked_tasks)]


@router.get("/tasks")
async def my_tasks(caller: Anyone, service: RunningService, asked: Asked) -> TaskList:
    """List what waits for you: a command and its link for each, at most `limit` of each task."""
    assigning = replace(ASSIGN_CURATORS, loads=_Assigning(caller).loads)
    tasks = [assigning if task is ASSIGN_CURATORS else task for task in TASKS]
    return await list_tasks(service, caller, tasks, asked)
