"""Routes of check-ins: the code of a participant, its scan at the booth, and the days of all.

The code stands in bodies and pictures only, never in an address: no log has it.
"""

import asyncio
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated, Any

from fastapi import Depends, Path, Request, Response

from services.registration.api import knows_names
from services.registration.api.enterprise import identifier_keys
from services.registration.api.facts import exhibition_facts, load_exhibition
from services.registration.api.floor_plan import load_floor_plan
from services.registration.domain.application import check_in
from services.registration.domain.application.check_in import (
    CheckInFacts,
    CheckInParticipant,
    UndoCheckIn,
)
from services.registration.domain.application.decider import CHECK_IN_DAY, application
from services.registration.domain.application.state import Application, Status
from services.registration.domain.check_in_code import check_in_code, participant_of
from services.registration.domain.enterprise.decider import enterprise
from services.registration.domain.exhibition.state import Exhibition
from services.registration.responses.check_in import (
    AttendanceResponse,
    CheckInAnswer,
    CodeResponse,
    attendance_response,
    check_in_responses,
    qr_png,
    qr_svg,
)
from shared.contracts.calendar import local_date
from shared.contracts.ids import application_id, enterprise_of, exhibition_of
from shared.contracts.words import Id, PairId
from shared.http import (
    After,
    Caller,
    Limit,
    RunningService,
    command,
    entity,
    only_own,
    page,
    query,
    routes,
)
from shared.kernel.answers import Answer, Found
from shared.kernel.decider import Context
from shared.kernel.errors import NotFound, Refused
from shared.kernel.keys import HashKeys
from shared.service import Service

router = routes("check-in")

Officer = Annotated[Context, command("verification-officer")]
CodeReader = Annotated[Caller, query("enterprise", "verification-officer", "programme-officer")]
Reader = Annotated[
    Caller, query("programme-officer", "verification-officer", "reporting-officer", "auditor")
]
Keys = Annotated[HashKeys, Depends(identifier_keys)]
ExhibitionId = Annotated[Id, Path(alias="exhibition")]
ApplicationId = Annotated[PairId, Path(alias="application")]
NO_STORE = {"Cache-Control": "private, no-store"}


@router.post("/exhibitions/{exhibition}/check-ins")
async def check_in_participant(
    id: ExhibitionId,
    body: CheckInParticipant,
    context: Officer,
    service: RunningService,
    keys: Keys,
) -> CheckInAnswer:
    """Check in the participant whose code you scanned; a second scan of a day changes nothing.

    A device that was offline sends `scanned_at`, the time of the scan.
    """
    plan = (await load_floor_plan(service, id)).state
    found = application_id(id, participant_of(body.check_in_code, id, plan.participants, keys))
    answer = await service.handle(
        application,
        found,
        body,
        context,
        rule=check_in.check_in_participant,
        facts=lambda: _facts(service, found),
    )
    return await _answer(service, answer)


@router.post("/applications/{application}/check-in-undoing")
async def undo_check_in(
    id: ApplicationId, body: UndoCheckIn, context: Officer, service: RunningService
) -> Answer:
    """Undo the check-in of a day that another officer recorded by mistake."""
    return await service.handle(
        application,
        id,
        body,
        context,
        rule=check_in.undo_check_in,
        facts=lambda: exhibition_facts(service, id),
    )


@router.get("/applications/{application}/check-in-code")
async def get_check_in_code(
    id: ApplicationId, response: Response, reader: CodeReader, service: RunningService, keys: Keys
) -> dict[str, Any]:
    """Return the check-in code of a confirmed participant, for all days of the exhibition."""
    found, held = await _participant(service, reader, id)
    assert held.plan is not None, "an exhibition with participants is planned"
    plan = await load_floor_plan(service, exhibition_of(id))
    shown = CodeResponse(
        exhibition=exhibition_of(id),
        enterprise=enterprise_of(id),
        code=check_in_code(keys, id),
        booth=plan.state.booths.get(enterprise_of(id)),
        starts_on=held.plan.starts_on,
        ends_on=held.plan.ends_on,
    )
    response.headers.update(NO_STORE)
    return entity(response, Found(id=id, version=found.version, state=shown))


@router.get("/applications/{application}/check-in-code.svg")
async def get_check_in_svg(
    id: ApplicationId, reader: CodeReader, service: RunningService, keys: Keys
) -> Response:
    """Return the QR code of the check-in code as an SVG picture."""
    await _participant(service, reader, id)
    picture = qr_svg(check_in_code(keys, id))
    return Response(picture, media_type="image/svg+xml", headers=NO_STORE)


@router.get("/applications/{application}/check-in-code.png")
async def get_check_in_png(
    id: ApplicationId, reader: CodeReader, service: RunningService, keys: Keys
) -> Response:
    """Return the QR code of the check-in code as a PNG picture."""
    await _participant(service, reader, id)
    picture = qr_png(check_in_code(keys, id))
    return Response(picture, media_type="image/png", headers=NO_STORE)


@router.get("/exhibitions/{exhibition}/attendance")
async def list_attendance(  # noqa: PLR0913 - a query's parameters are what they are
    id: ExhibitionId,
    request: Request,
    reader: Reader,
    service: RunningService,
    *,
    day: date | None = None,
    after: After = "",
    limit: Limit = 100,
) -> dict[str, Any]:
    """List the participants in order of id with booth and days, and the number present each day.

    With `day` only those who were checked in on that day. Who lost its place is listed with its
    status, too.
    """
    held = await load_exhibition(service, id)
    plan = (await load_floor_plan(service, id)).state
    if day is None:
        ids = [application_id(id, each) for each in plan.participants]
        following = [each for each in ids if each > after][:limit]
        found = [await service.get(application, each) for each in following]
    else:
        present = {"exhibition": id, CHECK_IN_DAY: str(day)}
        found = await service.find(application, after=after, limit=limit, **present)
    shown = [await _attendance(service, reader, each, plan.booths) for each in found]
    return {
        **page(request, shown, limit),
        "present": await _present(service, id, held),
    }


async def _facts(service: Service, id: str) -> CheckInFacts:
    """Return the days of the exhibition, which stay once it runs, and the present booth."""
    held = await load_exhibition(service, exhibition_of(id))
    plan = await load_floor_plan(service, exhibition_of(id))
    assert held.plan is not None, "an exhibition with participants is planned"
    return CheckInFacts(
        exhibition=await exhibition_facts(service, id),
        starts_on=held.plan.starts_on,
        ends_on=held.plan.ends_on,
        booth=plan.state.booths.get(enterprise_of(id)),
    )


async def _answer(service: Service, answer: Answer) -> CheckInAnswer:
    plan = await load_floor_plan(service, exhibition_of(answer.id))
    state = (await _loaded(service, answer.id)).state
    applicant = await service.load(enterprise, state.enterprise)
    return CheckInAnswer(
        id=answer.id,
        version=answer.version,
        events=answer.events,
        enterprise=state.enterprise,
        name=applicant.name if applicant else None,
        booth=plan.state.booths.get(state.enterprise),
        check_ins=check_in_responses(state),
    )


async def _participant(
    service: Service, reader: Caller, id: str
) -> tuple[Found[Application], Exhibition]:
    """Return a participant and its exhibition. Raises `Forbidden`, `NotFound`, `Refused`."""
    only_own(reader, enterprise_of(id))
    found = await _loaded(service, id)
    if found.state.status not in (Status.CONFIRMED, Status.ATTENDED):
        raise Refused(
            "no-check-in-code",
            f"This application is {found.state.status}: it has a check-in code once its place is "
            "confirmed, as long as it has that place.",
        )
    return found, await load_exhibition(service, exhibition_of(id))


async def _loaded(service: Service, id: str) -> Found[Application]:
    found = await service.get(application, id)
    if found.state is None:
        raise NotFound("application", id)
    return Found(id=id, version=found.version, state=found.state)


async def _attendance(
    service: Service,
    reader: Caller,
    found: Found[Application | None],
    booths: Mapping[str, str | None],
) -> Found[AttendanceResponse]:
    assert found.state is not None, "a participant has applied"
    applicant = await service.load(enterprise, found.state.enterprise)
    name = applicant.name if applicant and knows_names(reader) else None
    shown = attendance_response(found.state, booths, name)
    return Found(id=found.id, version=found.version, state=shown)


async def _present(service: Service, id: str, held: Exhibition) -> dict[str, int]:
    """Count those who were checked in on each day of the exhibition until today."""
    if held.plan is None:
        return {}
    first, today = held.plan.starts_on, local_date(service.now(), held.zone)
    until = min(held.plan.ends_on, today)
    days = [first + timedelta(days=number) for number in range((until - first).days + 1)]
    counts = await asyncio.gather(*(_count(service, id, day) for day in days))
    return {str(day): count for day, count in zip(days, counts, strict=True)}


async def _count(service: Service, exhibition: str, day: date) -> int:
    return await service.count(application, exhibition=exhibition, **{CHECK_IN_DAY: str(day)})
