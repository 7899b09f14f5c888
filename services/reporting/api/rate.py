"""The routes of the exchange rate (Kurs): an officer fixes it, another confirms what is unusual."""

from typing import Annotated, Any

from fastapi import Path, Request, Response

from services.reporting.api import READERS, sees_private
from services.reporting.api.facts import nearest_rate, outcomes_at_rate
from services.reporting.domain.rate import correction, fixing
from services.reporting.domain.rate.correction import ConfirmRate, CorrectRate, RejectRate
from services.reporting.domain.rate.decider import rate
from services.reporting.domain.rate.fixing import FixRate, NearestRate
from services.reporting.domain.rate.state import DailyRate, Status, rate_id
from services.reporting.responses.rate import RateResponse, rate_response
from shared.contracts.codes import Currency
from shared.contracts.words import Id
from shared.http import After, Caller, Limit, RunningService, command, entity, page, query, routes
from shared.kernel.answers import Answer, Found
from shared.kernel.decider import Context
from shared.kernel.errors import NotFound

router = routes("rate")

Officer = Annotated[Context, command("reporting-officer")]
Reader = Annotated[Caller, query(*READERS)]
HistoryReader = Annotated[Caller, query("reporting-officer", "auditor")]
RateId = Annotated[Id, Path(alias="rate")]


@router.post("/rates", status_code=201)
async def fix_rate(body: FixRate, context: Officer, service: RunningService) -> Answer:
    """Fix the rate of a currency on a day, or propose it where another officer must see it."""
    id = rate_id(body.currency, body.fixed_on)
    await service.check_key(rate, id, body, context)
    return await service.handle(
        rate,
        id,
        body,
        context,
        rule=fixing.fix_rate,
        facts=lambda: nearest_rate(service, body.currency, body.fixed_on),
    )


@router.post("/rates/{rate}/correction")
async def correct_rate(
    id: RateId, body: CorrectRate, context: Officer, service: RunningService
) -> Answer:
    """Propose the right rate in the place of a fixed rate; another officer confirms it."""

    async def facts() -> NearestRate:
        state = await service.load(rate, id)
        if state is None:
            raise NotFound("rate", id)
        return await nearest_rate(service, state.currency, state.fixed_on)

    return await service.handle(rate, id, body, context, rule=correction.correct_rate, facts=facts)


@router.post("/rates/{rate}/confirmation")
async def confirm_rate(
    id: RateId, body: ConfirmRate, context: Officer, service: RunningService
) -> Answer:
    """Confirm a proposed rate as another officer; a correction restates its outcomes."""
    return await service.handle(
        rate,
        id,
        body,
        context,
        rule=correction.confirm_rate,
        facts=lambda: outcomes_at_rate(service, id),
    )


@router.post("/rates/{rate}/rejection")
async def reject_rate(
    id: RateId, body: RejectRate, context: Officer, service: RunningService
) -> Answer:
    """Reject a proposed rate, your own or another officer's."""
    return await service.handle(rate, id, body, context)


@router.get("/rates")
async def list_rates(  # noqa: PLR0913 - each filter is a parameter
    request: Request,
    reader: Reader,
    service: RunningService,
    *,
    currency: Currency | None = None,
    status: Status | None = None,
    after: After = "",
    limit: Limit = 100,
) -> dict[str, Any]:
    """List rates in order of currency and date."""
    found = await service.find(rate, after=after, limit=limit, currency=currency, status=status)
    return page(request, [_shown(reader, each) for each in found], limit)


@router.get("/rates/{rate}")
async def get_rate(
    id: RateId, response: Response, reader: Reader, service: RunningService
) -> dict[str, Any]:
    """Return the rate of a currency on a day, and what waits for a second person."""
    return entity(response, _shown(reader, await service.get(rate, id)))


@router.get("/rates/{rate}/history")
async def get_rate_history(
    request: Request,
    id: RateId,
    reader: HistoryReader,
    service: RunningService,
    *,
    after: After = "",
    limit: Limit = 100,
) -> dict[str, Any]:
    """Return the published events of a rate: what happened when, who did it, and why."""
    await service.get(rate, id)
    return page(request, await service.history(rate, id, after=after, limit=limit), limit)


def _shown(reader: Caller, found: Found[DailyRate | None]) -> Found[RateResponse]:
    assert found.state is not None, "a rate is stored with its first event"
    state = rate_response(found.state, sees_private=sees_private(reader))
    return Found(id=found.id, version=found.version, state=state)
