"""Routes of the exhibition (Pameran): from its proposal to its report, or its cancellation.

A reaction records its decree (`services.registration.reactions`), and its call closes by itself.
`exhibition_reading` has the routes that read exhibitions.
"""

from typing import Annotated

from fastapi import Path

from services.registration.api.exhibition_slot import slot_claimed
from services.registration.api.facts import (
    call_facts,
    cancellation_facts,
    closure_facts,
    report_facts,
    require_programme,
    rescheduling_facts,
)
from services.registration.api.overseas_policy import CurrentPolicy
from services.registration.domain.exhibition import call, holding, planning, rescheduling
from services.registration.domain.exhibition.call import CloseVerification, OpenCall
from services.registration.domain.exhibition.decider import exhibition
from services.registration.domain.exhibition.holding import (
    EndExhibition,
    OpenExhibition,
    ReportExhibition,
)
from services.registration.domain.exhibition.overseas_policy import OverseasPolicy
from services.registration.domain.exhibition.planning import (
    CancelExhibition,
    PlanExhibition,
    ProposeExhibition,
)
from services.registration.domain.exhibition.rescheduling import RescheduleExhibition
from shared.contracts.words import Id
from shared.http import RunningService, command, routes
from shared.kernel.answers import Answer
from shared.kernel.decider import Context

router = routes("exhibition")

ProgrammeOfficer = Annotated[Context, command("programme-officer")]
VerificationOfficer = Annotated[Context, command("verification-officer")]
ExhibitionId = Annotated[Id, Path(alias="exhibition")]


@router.post("/exhibitions", status_code=201)
async def propose_exhibition(
    body: ProposeExhibition, context: ProgrammeOfficer, service: RunningService
) -> Answer:
    """Propose an exhibition of a programme that has been announced."""
    await service.check_key(exhibition, body.exhibition, body, context)
    return await service.handle(
        exhibition,
        body.exhibition,
        body,
        context,
        rule=planning.propose_exhibition,
        facts=lambda: require_programme(service, body.programme),
    )


@router.post("/exhibitions/{exhibition}/plan")
async def plan_exhibition(
    id: ExhibitionId,
    body: PlanExhibition,
    context: ProgrammeOfficer,
    service: RunningService,
    policy: CurrentPolicy,
) -> Answer:
    """Put a proposed exhibition in the calendar, if none of its alternatives is planned."""

    async def facts() -> OverseasPolicy:
        return policy

    async with slot_claimed(service, id):
        return await service.handle(
            exhibition, id, body, context, rule=planning.plan_exhibition, facts=facts
        )


@router.post("/exhibitions/{exhibition}/call")
async def open_call(
    id: ExhibitionId, body: OpenCall, context: ProgrammeOfficer, service: RunningService
) -> Answer:
    """Open the call for applications; its terms are frozen for all applicants."""
    return await service.handle(
        exhibition,
        id,
        body,
        context,
        rule=call.open_call,
        facts=lambda: call_facts(service, rubric=body.rubric, rules=body.rule_set),
    )


@router.post("/exhibitions/{exhibition}/verification-closure")
async def close_verification(
    id: ExhibitionId, body: CloseVerification, context: VerificationOfficer, service: RunningService
) -> Answer:
    """Close the verification, once every application is decided.

    Selection then receives the eligible applications.
    """
    return await service.handle(
        exhibition,
        id,
        body,
        context,
        rule=call.close_verification,
        facts=lambda: closure_facts(service, id),
    )


@router.post("/exhibitions/{exhibition}/opening")
async def open_exhibition(
    id: ExhibitionId, body: OpenExhibition, context: ProgrammeOfficer, service: RunningService
) -> Answer:
    """Open the exhibition, on one of its days (in its host's zone)."""
    return await service.handle(exhibition, id, body, context)


@router.post("/exhibitions/{exhibition}/ending")
async def end_exhibition(
    id: ExhibitionId, body: EndExhibition, context: ProgrammeOfficer, service: RunningService
) -> Answer:
    """End an exhibition that runs, after its last day (in its host's zone)."""
    return await service.handle(exhibition, id, body, context)


@router.post("/exhibitions/{exhibition}/report")
async def report_exhibition(
    id: ExhibitionId,
    body: ReportExhibition,
    context: ProgrammeOfficer,
    service: RunningService,
    policy: CurrentPolicy,
) -> Answer:
    """Record number and day of the activity report, once every attendance is recorded."""
    return await service.handle(
        exhibition,
        id,
        body,
        context,
        rule=holding.report_exhibition,
        facts=lambda: report_facts(service, id, policy),
    )


@router.post("/exhibitions/{exhibition}/rescheduling")
async def reschedule_exhibition(
    id: ExhibitionId, body: RescheduleExhibition, context: ProgrammeOfficer, service: RunningService
) -> Answer:
    """Give an exhibition that does not run yet other days of its year; documents are checked."""
    return await service.handle(
        exhibition,
        id,
        body,
        context,
        rule=rescheduling.reschedule_exhibition,
        facts=lambda: rescheduling_facts(service, id),
    )


@router.post("/exhibitions/{exhibition}/cancellation")
async def cancel_exhibition(
    id: ExhibitionId, body: CancelExhibition, context: ProgrammeOfficer, service: RunningService
) -> Answer:
    """Cancel an exhibition that has not begun, perhaps for a replacement."""
    return await service.handle(
        exhibition,
        id,
        body,
        context,
        rule=planning.cancel_exhibition,
        facts=lambda: cancellation_facts(service, id, body.replaced_by),
    )
