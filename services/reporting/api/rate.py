"""The routes of the exchange rate (Kurs)."""

from typing import Annotated, Any

from fastapi import Request

from services.reporting.api import READERS
from services.reporting.domain.rate import FixRate, rate, rate_id
from shared.contracts.codes import Currency
from shared.http import After, Caller, Limit, RunningService, command, page, query, routes
from shared.kernel.answers import Answer
from shared.kernel.decider import Context

router = routes("rate")

Officer = Annotated[Context, command("reporting-officer")]
Reader = Annotated[Caller, query(*READERS)]


@router.post("/rates", status_code=201)
async def fix_rate(body: FixRate, context: Officer, service: RunningService) -> Answer:
    """Fix the rate of a currency on a day; it can be fixed once."""
    id = rate_id(body.currency, body.fixed_on)
    await service.check_key(rate, id, body, context)
    return await service.handle(rate, id, body, context)


@router.get("/rates")
async def list_rates(
    request: Request,
    reader: Reader,
    service: RunningService,
    *,
    currency: Currency | None = None,
    after: After = "",
    limit: Limit = 100,
) -> dict[str, Any]:
    """List rates in order of currency and date."""
    found = await service.find(rate, after=after, limit=limit, currency=currency)
    return page(request, found, limit)
