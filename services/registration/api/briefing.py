"""Routes of the briefing (Pembekalan): officers schedule it and record who attended.

Its place and its link are for participants and officers alone.
"""

from typing import Annotated, Any

from fastapi import Path, Request, Response

from services.registration.api.facts import load_exhibition
from services.registration.domain.application.decider import application
from services.registration.domain.briefing import decider
from services.registration.domain.briefing.decider import (
    PARTICIPATING,
    CancelBriefing,
    CorrectBriefingAttendance,
    RecordBriefingAttendance,
    RescheduleBriefing,
    ScheduleBriefing,
    briefing,
)
from services.registration.domain.briefing.state import Status
from services.registration.domain.exhibition.decider import exhibition
from services.registration.responses.briefing import briefing_response
from shared.contracts.ids import application_id, exhibition_of
from shared.contracts.words import Id, PairId
from shared.http import (
    Caller,
    Role,
    RunningService,
    command,
    entity,
    part_page,
    query,
    routes,
    sorted_by,
)
from shared.kernel.answers import Answer, Listing
from shared.kernel.decider import Context
from shared.kernel.errors import NotFound
from shared.service import Service

router = routes("briefing")

Planner = Annotated[Context, command("programme-officer")]
Officer = Annotated[Context, command("verification-officer")]
OFFICERS = (Role.PROGRAMME_OFFICER, Role.VERIFICATION_OFFICER, Role.AUDITOR)
Reader = Annotated[Caller, query(*OFFICERS, Role.ENTERPRISE)]
OfficerReader = Annotated[Caller, query(*OFFICERS)]
Briefings = Annotated[Listing, sorted_by("starts_at")]
ExhibitionId = Annotated[Id, Path(alias="exhibition")]
BriefingId = Annotated[PairId, Path(alias="briefing")]


@router.post("/exhibitions/{exhibition}/briefings", status_code=201)
async def schedule_briefing(
    id: ExhibitionId, body: ScheduleBriefing, context: Planner, service: RunningService
) -> Answer:
    """Schedule a briefing of the participants of an exhibition, before its first day."""
    return await service.handle(
        briefing,
        application_id(id, context.derived_id("ScheduleBriefing")),
        body,
        context,
        rule=decider.schedule_briefing,
        facts=lambda: load_exhibition(service, id),
    )


@router.post("/briefings/{briefing}/rescheduling")
async def reschedule_briefing(
    id: BriefingId, body: RescheduleBriefing, context: Planner, service: RunningService
) -> Answer:
    """Hold a briefing at another time or place."""
    return await service.handle(
        briefing,
        id,
        body,
        context,
        rule=decider.reschedule_briefing,
        facts=lambda: load_exhibition(service, exhibition_of(id)),
    )


@router.post("/briefings/{briefing}/cancellation")
async def cancel_briefing(
    id: BriefingId, body: CancelBriefing, context: Planner, service: RunningService
) -> Answer:
    """Cancel a briefing whose attendance is not recorded yet."""
    return await service.handle(briefing, id, body, context)


@router.post("/briefings/{briefing}/attendance")
async def record_briefing_attendance(
    id: BriefingId, body: RecordBriefingAttendance, context: Officer, service: RunningService
) -> Answer:
    """Record that a participant attended the briefing, or did not."""
    return await service.handle(
        briefing,
        id,
        body,
        context,
        rule=decider.record_attendance,
        facts=lambda: service.load(application, application_id(exhibition_of(id), body.enterprise)),
    )


@router.post("/briefings/{briefing}/attendance-correction")
async def correct_briefing_attendance(
    id: BriefingId, body: CorrectBriefingAttendance, context: Officer, service: RunningService
) -> Answer:
    """Correct the attendance of a participant as another officer."""
    return await service.handle(
        briefing,
        id,
        body,
        context,
        rule=decider.correct_attendance,
        facts=lambda: service.load(application, application_id(exhibition_of(id), body.enterprise)),
    )


@router.get("/exhibitions/{exhibition}/briefings")
async def list_briefings(
    request: Request,
    id: ExhibitionId,
    reader: OfficerReader,
    service: RunningService,
    *,
    status: Status | None = None,
    listing: Briefings,
) -> dict[str, Any]:
    """List the briefings of an exhibition with the attendance of its participants."""
    await service.get(exhibition, id)
    part = await service.find_part(briefing, listing, exhibition=id, status=status)
    return part_page(request, [briefing_response(found, None) for found in part.items], part)


@router.get("/briefings/{briefing}")
async def get_briefing(
    id: BriefingId, response: Response, reader: Reader, service: RunningService
) -> dict[str, Any]:
    """Return a briefing; an enterprise reads it if it has a place, and only its own attendance."""
    found = await service.get(briefing, id)
    own = None if reader.roles & set(OFFICERS) else reader.enterprise
    if found.state is None:
        raise NotFound("briefing", id)
    if not reader.roles & set(OFFICERS):
        await _require_place(service, exhibition_of(id), str(own), id)
    return entity(response, briefing_response(found, own))


async def _require_place(service: Service, exhibition: str, enterprise: str, id: str) -> None:
    applied = await service.load(application, application_id(exhibition, enterprise))
    if applied is None or applied.status not in PARTICIPATING:
        raise NotFound("briefing", id)
