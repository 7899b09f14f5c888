"""The routes of the outcome: the participant reports it, the reporting officer judges it."""

from dataclasses import asdict, dataclass
from typing import Annotated, Any

from fastapi import Path, Request, Response

from services.reporting.api import READERS, sees_private
from services.reporting.api.facts import (
    follow_up_facts,
    load_outcome,
    outcome_facts,
    verification_facts,
)
from services.reporting.domain.outcome import follow_ups, judgements, reports
from services.reporting.domain.outcome.decider import outcome
from services.reporting.domain.outcome.follow_ups import ReportFollowUp, follow_up_id
from services.reporting.domain.outcome.judgements import (
    DisputeOutcome,
    VerifyOutcome,
    VoidOutcome,
)
from services.reporting.domain.outcome.reports import ReportOutcome
from services.reporting.domain.outcome.state import Awaiting, Outcome, Status
from services.reporting.responses.outcome import OutcomeResponse, outcome_response
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
from shared.kernel.answers import Answer, Found
from shared.kernel.decider import Context

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
    return await service.handle(
        outcome,
        context.derived_id("ReportOutcome"),
        body,
        context,
        rule=reports.report_outcome,
        facts=lambda: outcome_facts(service, body, context),
    )


@router.post("/outcomes/{outcome}/follow-ups", status_code=201)
async def report_follow_up(
    id: OutcomeId, body: ReportFollowUp, context: Reporter, service: RunningService
) -> FollowUpAnswer:
    """Report a part that was realised after the show, at most the rest of the outcome."""
    only_own(context, (await load_outcome(service, id)).enterprise)
    answer = await service.handle(
        outcome,
        id,
        body,
        context,
        rule=follow_ups.report_follow_up,
        facts=lambda: follow_up_facts(service, id),
    )
    return FollowUpAnswer(**asdict(answer), follow_up=follow_up_id(id, context))


@router.post("/outcomes/{outcome}/verification")
async def verify_outcome(
    id: OutcomeId, body: VerifyOutcome, context: Officer, service: RunningService
) -> Answer:
    """Verify an outcome or a follow-up by its evidence, as another person than its reporter."""
    return await service.handle(
        outcome,
        id,
        body,
        context,
        rule=judgements.verify_outcome,
        facts=lambda: verification_facts(service, id),
    )


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
    awaiting: Awaiting | None = None,
    rate: Id | None = None,
    after: After = "",
    limit: Limit = 100,
) -> dict[str, Any]:
    """List outcomes in order of id; an enterprise gets only its own.

    `awaiting=judgement` lists those with a report that is not judged yet, of the outcome or of a
    follow-up; `awaiting=resolution` those with a dispute. `rate=USD-2018-01-31` lists those at the
    rate of that day.
    """
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
        awaiting=awaiting,
        rate_id=rate,
    )
    return page(request, [_shown(reader, each) for each in found], limit)


@router.get("/outcomes/{outcome}")
async def get_outcome(
    id: OutcomeId, response: Response, reader: Reader, service: RunningService
) -> dict[str, Any]:
    """Return an outcome with its rate, its follow-ups and its judgements."""
    only_own(reader, (await load_outcome(service, id)).enterprise)
    return entity(response, _shown(reader, await service.get(outcome, id)))


def _shown(reader: Caller, found: Found[Outcome | None]) -> Found[OutcomeResponse]:
    assert found.state is not None, "an outcome is stored with its report"
    private = sees_private(reader, found.state.enterprise)
    state = outcome_response(found.state, sees_private=private)
    return Found(id=found.id, version=found.version, state=state)
