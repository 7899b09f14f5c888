"""The tasks of officers about briefings: schedule one, and record who attended."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from services.registration.domain.briefing.decider import briefing
from services.registration.domain.briefing.state import Briefing
from services.registration.domain.briefing.state import Status as BriefingStatus
from services.registration.domain.exhibition.decider import exhibition
from services.registration.domain.exhibition.state import Exhibition, Status
from services.registration.domain.floor_plan import floor_plan
from shared.contracts.calendar import day_before_ends
from shared.contracts.labels import Label
from shared.contracts.zones import JAKARTA
from shared.http import Caller, Related, Role, Task
from shared.kernel.answers import Found
from shared.service import Service

BRIEFED = (Status.DECREED, Status.RUNNING, Status.ENDED)
"""The statuses of an exhibition that has participants and is not reported yet."""


def _begins(state: Exhibition) -> datetime | None:
    return day_before_ends(state.plan.starts_on, state.zone) if state.plan else None


def _first_day(state: Briefing) -> date:
    return state.starts_at.astimezone(ZoneInfo(JAKARTA)).date()


async def _unrecorded(service: Service, found: Found[Any]) -> bool:
    """Return True if the attendance of a participant is not recorded."""
    state: Briefing = found.state
    held = await service.load(exhibition, state.exhibition)
    placed = await service.load(floor_plan, state.exhibition)
    if held is None or held.status not in BRIEFED or placed is None:
        return False
    return not placed.booths.keys() <= state.attendance.keys()


def _is_unrecorded(unrecorded: bool, caller: Caller) -> bool:
    return unrecorded


BRIEFING_TASKS = (
    Task(
        name="schedule-briefing",
        label=Label(id="Jadwalkan pembekalan", en="Schedule a briefing"),
        role=Role.PROGRAMME_OFFICER,
        source=exhibition,
        equal={"status": Status.DECREED},
        href="/exhibitions/{id}/briefings",
        none_of=(
            Related(
                source=briefing,
                equal={"exhibition": "{id}", "status": BriefingStatus.SCHEDULED},
            ),
        ),
        due_at=_begins,
    ),
    Task(
        name="record-briefing-attendance",
        label=Label(id="Catat kehadiran pembekalan", en="Record the attendance of the briefing"),
        role=Role.VERIFICATION_OFFICER,
        source=briefing,
        equal={"status": BriefingStatus.SCHEDULED},
        method="GET",
        href="/briefings/{id}",
        loads=_unrecorded,
        visible_to=_is_unrecorded,
        not_before=_first_day,
    ),
)
