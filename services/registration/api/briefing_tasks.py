"""The tasks of officers about briefings: schedule one, and record who attended."""

from datetime import datetime
from typing import Any

from services.registration.api.facts import briefings_of
from services.registration.domain.briefing.decider import briefing
from services.registration.domain.briefing.state import Status as BriefingStatus
from services.registration.domain.exhibition.decider import exhibition
from services.registration.domain.exhibition.state import Exhibition, Status
from services.registration.domain.floor_plan import floor_plan
from shared.contracts.calendar import day_before_ends
from shared.contracts.labels import Label
from shared.http import Caller, Related, Role, Task
from shared.kernel.answers import Found
from shared.service import Service

BRIEFED = (Status.DECREED, Status.RUNNING, Status.ENDED)
"""The statuses of an exhibition that has participants and is not reported yet."""


def _begins(state: Exhibition) -> datetime | None:
    return day_before_ends(state.plan.starts_on, state.zone) if state.plan else None


async def _unrecorded(service: Service, found: Found[Any]) -> bool:
    """Return True if a briefing has begun and the attendance of a participant is not recorded."""
    placed = await service.load(floor_plan, found.id)
    if placed is None:
        return False
    briefings = (await briefings_of(service, found.id)).values()
    return any(
        each.status is BriefingStatus.SCHEDULED
        and each.starts_at <= service.now()
        and not placed.booths.keys() <= each.attendance.keys()
        for each in briefings
    )


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
    *(
        Task(
            name="record-briefing-attendance",
            label=Label(
                id="Catat kehadiran pembekalan", en="Record the attendance of the briefing"
            ),
            role=Role.VERIFICATION_OFFICER,
            source=exhibition,
            equal={"status": status},
            method="GET",
            href="/exhibitions/{id}/briefings",
            loads=_unrecorded,
            visible_to=_is_unrecorded,
        )
        for status in BRIEFED
    ),
)
