"""Routes of the application (Permohonan): enterprises apply and answer, officers verify.

Reactions receive offers, confirm participations and let applications lapse
(`services.registration.reactions`); an offer that is not answered expires by itself.
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import Path, Request, Response

from services.registration.api import APPLICANT_READERS, sees_name, sees_private
from services.registration.api.facts import (
    acceptance_facts,
    exhibition_facts,
    load_exhibition,
    resubmission_facts,
    submission_facts,
    verification_facts,
)
from services.registration.domain.application import (
    attendance,
    correction,
    place,
    submission,
    verification,
)
from services.registration.domain.application.attendance import (
    CorrectAttendance,
    RecordAttendance,
)
from services.registration.domain.application.correction import (
    RequestCorrection,
    ResubmitApplication,
)
from services.registration.domain.application.decider import PROGRAMME, application
from services.registration.domain.application.place import (
    AcceptOffer,
    DeclineOffer,
)
from services.registration.domain.application.state import Application, Status
from services.registration.domain.application.submission import (
    SubmitApplication,
    WithdrawApplication,
)
from services.registration.domain.application.verification import VerifyApplication
from services.registration.domain.enterprise.decider import enterprise as enterprises
from services.registration.responses import ApplicationResponse, application_response
from services.registration.views import Round, rounds
from shared.contracts.ids import application_id, enterprise_of, exhibition_of
from shared.contracts.words import Id, PairId, Year
from shared.http import (
    After,
    Caller,
    Limit,
    Role,
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
from shared.kernel.errors import NotFound
from shared.service import Service

router = routes("application")

Applicant = Annotated[Context, command("enterprise")]
Officer = Annotated[Context, command("verification-officer")]
Reader = Annotated[Caller, query(*APPLICANT_READERS)]
ExhibitionId = Annotated[Id, Path(alias="exhibition")]
ApplicationId = Annotated[PairId, Path(alias="application")]


@router.post("/exhibitions/{exhibition}/applications", status_code=201)
async def submit_application(
    id: ExhibitionId, body: SubmitApplication, context: Applicant, service: RunningService
) -> Answer:
    """Apply for a place, once for each exhibition, while its call is open."""
    only_own(context, body.enterprise)
    return await service.handle(
        application,
        application_id(id, body.enterprise),
        body,
        context,
        rule=submission.submit_application,
        facts=lambda: submission_facts(service, id, body.enterprise),
    )


@router.post("/applications/{application}/correction-request")
async def request_correction(
    id: ApplicationId, body: RequestCorrection, context: Officer, service: RunningService
) -> Answer:
    """Ask the applicant for a correction by a deadline, before the application is verified."""
    return await service.handle(application, id, body, context)


@router.post("/applications/{application}/resubmission")
async def resubmit_application(
    id: ApplicationId, body: ResubmitApplication, context: Applicant, service: RunningService
) -> Answer:
    """Resubmit the corrected application; the enterprise's documents are frozen again."""
    only_own(context, enterprise_of(id))
    return await service.handle(
        application,
        id,
        body,
        context,
        rule=correction.resubmit_application,
        facts=lambda: resubmission_facts(service, id),
    )


@router.post("/applications/{application}/verification")
async def verify_application(
    id: ApplicationId, body: VerifyApplication, context: Officer, service: RunningService
) -> Answer:
    """Verify an application as it stands: the rule set finds it eligible, or gives its reasons."""
    return await service.handle(
        application,
        id,
        body,
        context,
        rule=verification.verify_application,
        facts=lambda: verification_facts(service, id),
    )


@router.post("/applications/{application}/acceptance")
async def accept_offer(
    id: ApplicationId, body: AcceptOffer, context: Applicant, service: RunningService
) -> Answer:
    """Accept the offered place until the deadline; beyond the cap it is declined."""
    only_own(context, enterprise_of(id))
    return await service.handle(
        application,
        id,
        body,
        context,
        rule=place.accept_offer,
        facts=lambda: acceptance_facts(service, id, context),
    )


@router.post("/applications/{application}/decline")
async def decline_offer(
    id: ApplicationId, body: DeclineOffer, context: Applicant, service: RunningService
) -> Answer:
    """Decline the offered place, until the deadline."""
    only_own(context, enterprise_of(id))
    return await service.handle(application, id, body, context)


@router.post("/applications/{application}/withdrawal")
async def withdraw_application(
    id: ApplicationId, body: WithdrawApplication, context: Applicant, service: RunningService
) -> Answer:
    """Withdraw your application before the exhibition runs; this is final for it."""
    only_own(context, enterprise_of(id))
    return await service.handle(
        application,
        id,
        body,
        context,
        rule=submission.withdraw_application,
        facts=lambda: exhibition_facts(service, id),
    )


@router.post("/applications/{application}/attendance")
async def record_attendance(
    id: ApplicationId, body: RecordAttendance, context: Officer, service: RunningService
) -> Answer:
    """Record the presence or absence of a confirmed participant."""
    return await service.handle(
        application,
        id,
        body,
        context,
        rule=attendance.record_attendance,
        facts=lambda: exhibition_facts(service, id),
    )


@router.post("/applications/{application}/attendance-correction")
async def correct_attendance(
    id: ApplicationId, body: CorrectAttendance, context: Officer, service: RunningService
) -> Answer:
    """Correct a recorded attendance as another officer, until the exhibition is reported."""
    return await service.handle(
        application,
        id,
        body,
        context,
        rule=attendance.correct_attendance,
        facts=lambda: exhibition_facts(service, id),
    )


@router.get("/applications")
async def list_applications(  # noqa: PLR0913 - a query's parameters are what they are
    request: Request,
    reader: Reader,
    service: RunningService,
    *,
    programme: Year | None = None,
    exhibition: Id | None = None,
    enterprise: Id | None = None,
    status: Status | None = None,
    contested: bool | None = None,
    after: After = "",
    limit: Limit = 100,
) -> dict[str, Any]:
    """List applications in order of id; an enterprise gets only its own.

    A contested one has an attendance that was recorded although its place had been lost.
    """
    if reader.roles == {Role.ENTERPRISE}:
        enterprise = enterprise or reader.enterprise
        only_own(reader, enterprise)
    found = await service.find(
        application,
        after=after,
        limit=limit,
        exhibition=exhibition,
        enterprise=enterprise,
        status=status,
        contested=contested,
        **{PROGRAMME: programme},
    )
    return page(request, await _shown(service, reader, found), limit)


@router.get("/applications/{application}")
async def get_application(
    id: ApplicationId, response: Response, reader: Reader, service: RunningService
) -> dict[str, Any]:
    """Return an application with its result and the status of its exhibition."""
    only_own(reader, enterprise_of(id))
    found = await service.get(application, id)
    if found.state is None:
        raise NotFound("application", id)
    exhibition = await load_exhibition(service, exhibition_of(id))
    (shown,) = await _shown(service, reader, [found])
    return entity(response, shown, exhibition_status=exhibition.status)


async def _shown(
    service: Service, reader: Caller, found: Sequence[Found[Application | None]]
) -> list[Found[ApplicationResponse]]:
    """Return what the reader sees of these; the rounds are read once each, where they count."""
    waiting = {
        each.state.exhibition
        for each in found
        if each.state is not None and each.state.status is Status.ELIGIBLE
    }
    standing: dict[str, Round] = {}
    for id in sorted(waiting):
        if selection_round := await service.load(rounds, id):
            standing[id] = selection_round
    return await asyncio.gather(*(_response(service, reader, each, standing) for each in found))


async def _response(
    service: Service,
    reader: Caller,
    found: Found[Application | None],
    standing: Mapping[str, Round],
) -> Found[ApplicationResponse]:
    assert found.state is not None, "an application is stored with its submission"
    id = found.state.enterprise
    applicant = await service.load(enterprises, id) if sees_name(reader, id) else None
    state = application_response(
        found.state,
        standing.get(found.state.exhibition),
        applicant.name if applicant else None,
        sees_private=sees_private(reader, id),
    )
    return Found(id=found.id, version=found.version, state=state)
