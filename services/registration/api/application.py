"""Routes of the application's commands (Permohonan): enterprises apply and answer, officers verify.

Reactions receive offers, confirm participations and let applications lapse
(`services.registration.reactions`); an offer that is not answered expires by itself.
`application_reading` has the routes that read applications.
"""

from typing import Annotated

from fastapi import Path

from services.registration.api.facts import (
    exhibition_facts,
    submission_facts,
    verification_facts,
)
from services.registration.api.file_facts import findings_facts
from services.registration.api.slots import acceptance_facts
from services.registration.domain.application import (
    attendance,
    correction,
    place,
    renewal,
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
from services.registration.domain.application.decider import application
from services.registration.domain.application.place import (
    AcceptOffer,
    DeclineOffer,
)
from services.registration.domain.application.renewal import RenewDocuments
from services.registration.domain.application.submission import (
    ReviseApplication,
    SubmitApplication,
    WithdrawApplication,
)
from services.registration.domain.application.verification import (
    RecordFindings,
    VerifyApplication,
)
from shared.contracts.ids import application_id, enterprise_of, exhibition_of
from shared.contracts.words import Id, PairId
from shared.http import RunningService, command, only_own, routes
from shared.kernel.answers import Answer
from shared.kernel.decider import Context

router = routes("application")

Applicant = Annotated[Context, command("enterprise")]
Officer = Annotated[Context, command("verification-officer")]
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


@router.post("/applications/{application}/revision")
async def revise_application(
    id: ApplicationId, body: ReviseApplication, context: Applicant, service: RunningService
) -> Answer:
    """Change your application while the call is open; profile and documents are frozen again."""
    only_own(context, enterprise_of(id))
    return await service.handle(
        application,
        id,
        body,
        context,
        rule=submission.revise_application,
        facts=lambda: submission_facts(service, exhibition_of(id), enterprise_of(id)),
    )


@router.post("/applications/{application}/findings")
async def record_findings(
    id: ApplicationId, body: RecordFindings, context: Officer, service: RunningService
) -> Answer:
    """Record what you found of the documents on paper; the rules read it.

    Name the photographs without a name too: curators see them while the rubric hides names.
    """
    return await service.handle(
        application,
        id,
        body,
        context,
        rule=verification.record_findings,
        facts=lambda: findings_facts(service, id),
    )


@router.post("/applications/{application}/correction-request")
async def request_correction(
    id: ApplicationId, body: RequestCorrection, context: Officer, service: RunningService
) -> Answer:
    """Ask the applicant for a correction by a deadline, before the application is verified."""
    return await service.handle(
        application,
        id,
        body,
        context,
        rule=correction.request_correction,
        facts=lambda: verification_facts(service, id),
    )


@router.post("/applications/{application}/resubmission")
async def resubmit_application(
    id: ApplicationId, body: ResubmitApplication, context: Applicant, service: RunningService
) -> Answer:
    """Resubmit the corrected application; documents, and a corrected profile, are frozen again."""
    only_own(context, enterprise_of(id))
    return await service.handle(
        application,
        id,
        body,
        context,
        rule=correction.resubmit_application,
        facts=lambda: submission_facts(service, exhibition_of(id), enterprise_of(id)),
    )


@router.post("/applications/{application}/document-renewal")
async def renew_documents(
    id: ApplicationId, body: RenewDocuments, context: Applicant, service: RunningService
) -> Answer:
    """Freeze your documents again: the exhibition was rescheduled, and some ended too early."""
    only_own(context, enterprise_of(id))
    return await service.handle(
        application,
        id,
        body,
        context,
        rule=renewal.renew_documents,
        facts=lambda: submission_facts(service, exhibition_of(id), enterprise_of(id)),
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
