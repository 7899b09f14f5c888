"""Routes of the exhibition (Pameran): from its proposal to its report, or its cancellation.

It is decreed by what happens elsewhere (`services.registration.reactions`), and its call closes by
itself.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response

from services.registration.api import PUBLIC_READERS
from services.registration.domain.application.decider import application
from services.registration.domain.application.state import Decision
from services.registration.domain.application.state import Status as ApplicationStatus
from services.registration.domain.exhibition import call
from services.registration.domain.exhibition.call import (
    CallFacts,
    CloseVerification,
    ClosureFacts,
    OpenCall,
)
from services.registration.domain.exhibition.decider import (
    CancelExhibition,
    EndExhibition,
    OpenExhibition,
    PlanExhibition,
    ProposeExhibition,
    ReportExhibition,
    exhibition,
)
from services.registration.domain.exhibition.state import Status
from services.registration.domain.programme import programme
from services.registration.views import rubrics
from shared.contracts.words import Id, Scope, Year
from shared.http import After, Caller, Limit, RunningService, command, entity, page, query
from shared.kernel.answers import Answer
from shared.kernel.decider import Context
from shared.kernel.errors import Unknown
from shared.service import Service

router = APIRouter(tags=["exhibition"])

ProgrammeOfficer = Annotated[Context, command("programme-officer")]
VerificationOfficer = Annotated[Context, command("verification-officer")]
Reader = Annotated[Caller, query(*PUBLIC_READERS)]
ExhibitionId = Annotated[Id, Path(alias="exhibition")]


@router.post("/exhibitions", status_code=201)
async def propose_exhibition(
    body: ProposeExhibition, context: ProgrammeOfficer, service: RunningService
) -> Answer:
    """Propose an exhibition of a programme that has been announced."""

    async def facts() -> None:
        if await service.load(programme, body.programme) is None:
            raise Unknown("programme", body.programme)

    return await service.handle(exhibition, body.exhibition, body, context, facts=facts)


@router.post("/exhibitions/{exhibition}/plan")
async def plan_exhibition(
    id: ExhibitionId, body: PlanExhibition, context: ProgrammeOfficer, service: RunningService
) -> Answer:
    """Put a proposed exhibition in the calendar."""
    return await service.handle(exhibition, id, body, context)


@router.post("/exhibitions/{exhibition}/call")
async def open_call(
    id: ExhibitionId, body: OpenCall, context: ProgrammeOfficer, service: RunningService
) -> Answer:
    """Open the call for applications; its terms are frozen for everybody."""

    async def facts() -> CallFacts:
        rubric = await service.load(rubrics, body.rubric)
        if rubric is None:
            raise Unknown("rubric", body.rubric)
        return CallFacts(thresholds=rubric.thresholds)

    return await service.handle(exhibition, id, body, context, rule=call.open_call, facts=facts)


@router.post("/exhibitions/{exhibition}/verification-closure")
async def close_verification(
    id: ExhibitionId, body: CloseVerification, context: VerificationOfficer, service: RunningService
) -> Answer:
    """Hand the eligible applications to selection, once every application is decided."""

    async def facts() -> ClosureFacts:
        # The undecided first: an application verified between the two would be in neither.
        undecided = await service.count(application, exhibition=id, decision=Decision.PENDING)
        eligible = () if undecided else await _eligible(service, id)
        return ClosureFacts(undecided=undecided, eligible=eligible)

    return await service.handle(
        exhibition, id, body, context, rule=call.close_verification, facts=facts
    )


@router.post("/exhibitions/{exhibition}/opening")
async def open_exhibition(
    id: ExhibitionId, body: OpenExhibition, context: ProgrammeOfficer, service: RunningService
) -> Answer:
    """Open the exhibition, on its first day (in Jakarta) at the earliest."""
    return await service.handle(exhibition, id, body, context)


@router.post("/exhibitions/{exhibition}/ending")
async def end_exhibition(
    id: ExhibitionId, body: EndExhibition, context: ProgrammeOfficer, service: RunningService
) -> Answer:
    """End the exhibition."""
    return await service.handle(exhibition, id, body, context)


@router.post("/exhibitions/{exhibition}/report")
async def report_exhibition(
    id: ExhibitionId, body: ReportExhibition, context: ProgrammeOfficer, service: RunningService
) -> Answer:
    """Record the activity report (Laporan Pelaksanaan) of an exhibition that has ended."""
    return await service.handle(exhibition, id, body, context)


@router.post("/exhibitions/{exhibition}/cancellation")
async def cancel_exhibition(
    id: ExhibitionId, body: CancelExhibition, context: ProgrammeOfficer, service: RunningService
) -> Answer:
    """Call off an exhibition that has not begun, perhaps for a replacement."""

    async def facts() -> None:
        replacement = body.replaced_by
        if replacement is not None and await service.load(exhibition, replacement) is None:
            raise Unknown("exhibition", replacement)

    return await service.handle(exhibition, id, body, context, facts=facts)


@router.get("/exhibitions")
async def list_exhibitions(  # noqa: PLR0913 - a query's parameters are what they are
    request: Request,
    reader: Reader,
    service: RunningService,
    *,
    programme: Year | None = None,
    scope: Scope | None = None,
    status: Status | None = None,
    after: After = "",
    limit: Limit = 100,
) -> dict[str, Any]:
    """List exhibitions in order of id."""
    found = await service.find(
        exhibition, after=after, limit=limit, programme=programme, scope=scope, status=status
    )
    return page(request, found, limit)


@router.get("/exhibitions/{exhibition}")
async def get_exhibition(
    id: ExhibitionId, response: Response, reader: Reader, service: RunningService
) -> dict[str, Any]:
    """Return an exhibition with its plan and the terms of its call."""
    return entity(response, await service.get(exhibition, id))


async def _eligible(service: Service, exhibition: str) -> tuple[str, ...]:
    # A candidate that withdraws during the read may be listed or not: selection receives
    # the withdrawal either way.
    eligible = service.find_all(
        application, exhibition=exhibition, status=ApplicationStatus.ELIGIBLE
    )
    return tuple([found.id async for found in eligible])
