"""The routes of the outcome: the participant reports it, the reporting officer judges it."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Annotated, Any

from fastapi import Path, Request, Response

from services.reporting.api import READERS
from services.reporting.domain.outcome import reports
from services.reporting.domain.outcome.decider import (
    DisputeOutcome,
    VerifyOutcome,
    VoidOutcome,
    outcome,
)
from services.reporting.domain.outcome.exchange import rate_day
from services.reporting.domain.outcome.reports import (
    OutcomeFacts,
    ReportFollowUp,
    ReportOutcome,
    follow_up_id,
)
from services.reporting.domain.outcome.state import Outcome, Status
from services.reporting.domain.rate import Fixing, rate, rate_id, rate_ids
from services.reporting.views.registration import Stage, applications
from shared.contracts.codes import RUPIAH
from shared.contracts.ids import enterprise_of
from shared.contracts.words import Id
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
from shared.kernel.answers import Answer
from shared.kernel.decider import Context
from shared.kernel.errors import NotFound, Unknown
from shared.service import Service

router = routes("outcome")

Reporter = Annotated[Context, command("enterprise", "reporting-officer")]
Officer = Annotated[Context, command("reporting-officer")]
Reader = Annotated[Caller, query(*READERS, "enterprise")]
OutcomeId = Annotated[Id, Path(alias="outcome")]


@dataclass(frozen=True, kw_only=True)
class FollowUpAnswer(Answer):
    """The outcome and its version; a judgement of the follow-up names the id `follow_up`."""

    follow_up: str


@router.post("/outcomes", status_code=201)
async def report_outcome(body: ReportOutcome, context: Reporter, service: RunningService) -> Answer:
    """Report a result of a participation that took place."""
    only_own(context, enterprise_of(body.application))

    async def facts() -> OutcomeFacts:
        application = await service.load(applications, body.application)
        if application is None:
            raise Unknown("application", body.application)
        fixing = await _load_fixing(service, body.currency, rate_day(body, context.now))
        # A contested participant has attended and sold: its outcomes count.
        attended = Stage.ATTENDED in application.stages
        return OutcomeFacts(applicant=application.applicant, attended=attended, fixing=fixing)

    id = context.derived_id("ReportOutcome")
    return await service.handle(
        outcome, id, body, context, rule=reports.report_outcome, facts=facts
    )


@router.post("/outcomes/{outcome}/follow-ups", status_code=201)
async def report_follow_up(
    id: OutcomeId, body: ReportFollowUp, context: Reporter, service: RunningService
) -> FollowUpAnswer:
    """Report a part that was realised after the show, at most the rest of the outcome."""
    await _load_own(service, id, context)
    answer = await service.handle(outcome, id, body, context)
    return FollowUpAnswer(**asdict(answer), follow_up=follow_up_id(id, context))


@router.post("/outcomes/{outcome}/verification")
async def verify_outcome(
    id: OutcomeId, body: VerifyOutcome, context: Officer, service: RunningService
) -> Answer:
    """Verify an outcome or a follow-up by its evidence."""
    return await service.handle(outcome, id, body, context)


@router.post("/outcomes/{outcome}/dispute")
async def dispute_outcome(
    id: OutcomeId, body: DisputeOutcome, context: Officer, service: RunningService
) -> Answer:
    """Dispute the figure of an outcome or a follow-up."""
    return await service.handle(outcome, id, body, context)


@router.post("/outcomes/{outcome}/void")
async def void_outcome(
    id: OutcomeId, body: VoidOutcome, context: Officer, service: RunningService
) -> Answer:
    """Void an outcome or a follow-up: it no longer counts."""
    return await service.handle(outcome, id, body, context)


@router.get("/outcomes")
async def list_outcomes(  # noqa: PLR0913 - each filter is a parameter
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
    """List outcomes in order of id; an enterprise gets only its own."""
    if reader.roles == {Role.ENTERPRISE}:
        enterprise = enterprise or reader.enterprise
        only_own(reader, enterprise)
    found = await service.find(
        outcome,
        after=after,
        limit=limit,
        exhibition=exhibition,
        status=status,
        enterprise=enterprise,
    )
    return page(request, found, limit)


@router.get("/outcomes/{outcome}")
async def get_outcome(
    id: OutcomeId, response: Response, reader: Reader, service: RunningService
) -> dict[str, Any]:
    """Return an outcome with its rate and its follow-ups."""
    await _load_own(service, id, reader)
    return entity(response, await service.get(outcome, id))


async def _load_own(service: Service, id: str, who: Context | Caller) -> Outcome:
    state = await service.load(outcome, id)
    if state is None:
        raise NotFound("outcome", id)
    only_own(who, state.enterprise)
    return state


async def _load_fixing(service: Service, currency: str, day: date) -> Fixing | None:
    if currency == RUPIAH:
        return None
    for id in rate_ids(currency, day):
        found = await service.load(rate, id)
        if found is not None:
            return found
    raise Unknown("rate", rate_id(currency, day))
