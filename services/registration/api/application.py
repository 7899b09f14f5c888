"""Routes of the application (Permohonan): the enterprise's own, and the verification officer's.

Offers, confirmations and lapses come from the round (`services.registration.reactions`); an offer
that is not answered expires by itself.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response

from services.registration.api import APPLICANT_READERS
from services.registration.domain.application import place, submission, verification
from services.registration.domain.application.decider import application
from services.registration.domain.application.place import (
    AcceptanceFacts,
    AcceptOffer,
    AttendanceFacts,
    DeclineOffer,
    RecordAttendance,
)
from services.registration.domain.application.state import Application, Status
from services.registration.domain.application.submission import (
    RequestCorrection,
    ResubmissionFacts,
    ResubmitApplication,
    SubmissionFacts,
    SubmitApplication,
    WithdrawApplication,
)
from services.registration.domain.application.verification import (
    VerificationFacts,
    VerifyApplication,
)
from services.registration.domain.enterprise.decider import Enterprise, enterprise
from services.registration.domain.exhibition.decider import exhibition
from services.registration.domain.exhibition.state import Exhibition
from services.registration.views import result_of, rounds
from shared.contracts.ids import application_id, enterprise_of, exhibition_of
from shared.contracts.words import Id, PairId
from shared.http import (
    After,
    Caller,
    Limit,
    Role,
    RunningService,
    caught_up,
    command,
    entity,
    only_own,
    page,
    query,
)
from shared.kernel.answers import Answer
from shared.kernel.decider import Context
from shared.kernel.errors import NotFound, Unknown
from shared.service import Service

router = APIRouter(tags=["application"])

Applicant = Annotated[Context, command("enterprise")]
Officer = Annotated[Context, command("verification-officer")]
Reader = Annotated[Caller, query(*APPLICANT_READERS)]
ExhibitionId = Annotated[Id, Path(alias="exhibition")]
ApplicationId = Annotated[PairId, Path(alias="application")]


@router.post("/exhibitions/{exhibition}/applications", status_code=201)
async def submit_application(
    id: ExhibitionId, body: SubmitApplication, context: Applicant, service: RunningService
) -> Answer:
    """Apply for a place while the call is open; an enterprise applies once to an exhibition."""
    only_own(context, body.enterprise)

    async def facts() -> SubmissionFacts:
        return SubmissionFacts(
            exhibition=await _exhibition(service, id),
            enterprise=await _enterprise(service, body.enterprise),
        )

    subject = application_id(id, body.enterprise)
    return await service.handle(
        application, subject, body, context, rule=submission.submit_application, facts=facts
    )


@router.post("/applications/{application}/correction-request")
async def request_correction(
    id: ApplicationId, body: RequestCorrection, context: Officer, service: RunningService
) -> Answer:
    """Request a correction from the applicant, before verification."""
    return await service.handle(application, id, body, context)


@router.post("/applications/{application}/resubmission")
async def resubmit_application(
    id: ApplicationId, body: ResubmitApplication, context: Applicant, service: RunningService
) -> Answer:
    """Resubmit the corrected application: the enterprise's documents are frozen again."""
    only_own(context, enterprise_of(id))

    async def facts() -> ResubmissionFacts:
        applicant = await _enterprise(service, enterprise_of(id))
        return ResubmissionFacts(documents=applicant.filed())

    return await service.handle(
        application, id, body, context, rule=submission.resubmit_application, facts=facts
    )


@router.post("/applications/{application}/verification")
async def verify_application(
    id: ApplicationId, body: VerifyApplication, context: Officer, service: RunningService
) -> Answer:
    """Let the rule set decide: eligible, or rejected with its reasons."""

    async def facts() -> VerificationFacts:
        return VerificationFacts(applications=await _applications_of(service, enterprise_of(id)))

    return await service.handle(
        application, id, body, context, rule=verification.verify_application, facts=facts
    )


@router.post("/applications/{application}/acceptance")
async def accept_offer(
    id: ApplicationId, body: AcceptOffer, context: Applicant, service: RunningService
) -> Answer:
    """Accept the offered place, by its deadline and while the cap leaves room."""
    only_own(context, enterprise_of(id))

    async def facts() -> AcceptanceFacts:
        return AcceptanceFacts(applications=await _applications_of(service, enterprise_of(id)))

    return await service.handle(
        application, id, body, context, rule=place.accept_offer, facts=facts
    )


@router.post("/applications/{application}/decline")
async def decline_offer(
    id: ApplicationId, body: DeclineOffer, context: Applicant, service: RunningService
) -> Answer:
    """Decline the offered place; the next reserve gets it."""
    only_own(context, enterprise_of(id))
    return await service.handle(application, id, body, context)


@router.post("/applications/{application}/withdrawal")
async def withdraw_application(
    id: ApplicationId, body: WithdrawApplication, context: Applicant, service: RunningService
) -> Answer:
    """Withdraw the application, for good: this enterprise cannot apply here again."""
    only_own(context, enterprise_of(id))
    return await service.handle(application, id, body, context)


@router.post("/applications/{application}/attendance")
async def record_attendance(
    id: ApplicationId, body: RecordAttendance, context: Officer, service: RunningService
) -> Answer:
    """Record whether a confirmed participant was there."""

    async def facts() -> AttendanceFacts:
        held = await _exhibition(service, exhibition_of(id))
        return AttendanceFacts(exhibition=held.status)

    return await service.handle(
        application, id, body, context, rule=place.record_attendance, facts=facts
    )


@router.get("/applications")
async def list_applications(  # noqa: PLR0913 - a query's parameters are what they are
    request: Request,
    reader: Reader,
    service: RunningService,
    *,
    exhibition: Id | None = None,
    enterprise: Id | None = None,
    status: Status | None = None,
    after: After = "",
    limit: Limit = 100,
) -> dict[str, Any]:
    """List applications in order of id; an enterprise gets its own without a filter."""
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
    )
    return page(request, found, limit)


@router.get("/applications/{application}", dependencies=[caught_up()])
async def get_application(
    id: ApplicationId, response: Response, reader: Reader, service: RunningService
) -> dict[str, Any]:
    """Return an application with its result in the selection and the status of its exhibition."""
    only_own(reader, enterprise_of(id))
    found = await service.get(application, id)
    held = await _exhibition(service, exhibition_of(id))
    selection_round = await service.load(rounds, exhibition_of(id))
    result = result_of(_there(found.state, id), selection_round)
    return entity(response, found, result=result, exhibition_status=held.status)


async def _exhibition(service: Service, id: str) -> Exhibition:
    state = await service.load(exhibition, id)
    if state is None:
        raise NotFound("exhibition", id)
    return state


async def _enterprise(service: Service, id: str) -> Enterprise:
    state = await service.load(enterprise, id)
    if state is None:
        raise Unknown("enterprise", id)
    return state


async def _applications_of(service: Service, enterprise: str) -> tuple[Application, ...]:
    # The statuses may change during the read; `participation_cap` says why this is safe.
    applications = service.find_all(application, enterprise=enterprise)
    return tuple([found.state async for found in applications if found.state])


def _there(state: Application | None, id: str) -> Application:
    if state is None:
        raise NotFound("application", id)
    return state
