"""Routes that read exhibitions (Pameran): lists by month, city, scope and status, and the calendar.

The calendar has only what all its readers may read, and it needs a token as every route does
(decision 0020).
"""

import re
from collections.abc import Sequence
from datetime import date, datetime
from hashlib import blake2b
from typing import Annotated, Any

from fastapi import Path, Query, Request, Response
from pydantic import AfterValidator

from services.registration.api import PUBLIC_READERS, WORD_READERS
from services.registration.api.overseas_policy import CurrentPolicy
from services.registration.domain.exhibition.decider import (
    CITY,
    CLOSES_AT,
    MONTH,
    STARTS_ON,
    exhibition,
)
from services.registration.domain.exhibition.overseas_policy import OverseasPolicy, advice_of
from services.registration.domain.exhibition.state import Exhibition, Status, city_key
from services.registration.responses.calendar import CalendarEntry, calendar_of
from services.registration.responses.exhibition import ExhibitionResponse, exhibition_response
from shared.contracts.calendar import jakarta_date
from shared.contracts.words import Id, Scope, Text, Year
from shared.contracts.wrong_value import WrongValue
from shared.http import Caller, RunningService, entity, part_page, query, routes, sorted_by
from shared.kernel.answers import Found, Listing
from shared.kernel.errors import NotFound
from shared.kernel.recorded import event_id
from shared.service import Service

router = routes("exhibition")

Reader = Annotated[Caller, query(*PUBLIC_READERS)]
Exhibitions = Annotated[Listing, sorted_by(starts_on=STARTS_ON, closes_at=CLOSES_AT)]
ExhibitionId = Annotated[Id, Path(alias="exhibition")]
YEAR_AND_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])", re.ASCII)


def _month(given: str) -> str:
    if not YEAR_AND_MONTH.fullmatch(given):
        raise WrongValue(
            "a month is written as year and month, like 2018-04",
            id="Tulis bulan sebagai tahun dan bulan, seperti 2018-04.",
        )
    return given


Month = Annotated[
    str,
    AfterValidator(_month),
    Query(description="Exhibitions with a day in this month, like 2018-04."),
]
City = Annotated[Text, Query(description="The city, in small or capital letters.")]


@router.get("/exhibitions")
async def list_exhibitions(  # noqa: PLR0913 - a query's parameters are what they are
    request: Request,
    reader: Reader,
    service: RunningService,
    policy: CurrentPolicy,
    *,
    programme: Year | None = None,
    month: Month | None = None,
    city: City | None = None,
    scope: Scope | None = None,
    status: Status | None = None,
    slot: Id | None = None,
    listing: Exhibitions,
) -> dict[str, Any]:
    """List exhibitions."""
    part = await service.find_part(
        exhibition,
        listing,
        programme=programme,
        scope=scope,
        status=status,
        slot=slot,
        **{MONTH: month, CITY: city and city_key(city)},
    )
    today = jakarta_date(service.now())
    return part_page(request, [_shown(reader, each, policy, today) for each in part.items], part)


@router.get("/exhibitions/calendar.ics")
async def get_calendar(
    reader: Reader,
    service: RunningService,
    *,
    programme: Year | None = None,
    city: City | None = None,
    scope: Scope | None = None,
) -> Response:
    """Return the planned exhibitions as iCalendar (RFC 5545).

    Without `programme` they are those of last year, this year and next year.
    """
    year = jakarta_date(service.now()).year
    programmes = [programme] if programme else [f"{each:04}" for each in range(year - 1, year + 2)]
    entries = await _entries(service, programmes, scope=scope, **{CITY: city and city_key(city)})
    content = calendar_of(entries)
    headers = {
        "Content-Disposition": 'attachment; filename="pameran-kukm.ics"',
        "ETag": f'"{blake2b(content, digest_size=12).hexdigest()}"',
    }
    return Response(content, media_type="text/calendar; charset=utf-8", headers=headers)


@router.get("/exhibitions/{exhibition}")
async def get_exhibition(
    id: ExhibitionId,
    response: Response,
    reader: Reader,
    service: RunningService,
    policy: CurrentPolicy,
) -> dict[str, Any]:
    """Return an exhibition with its plan, the terms of its call, and what a policy advises."""
    found, today = await service.get(exhibition, id), jakarta_date(service.now())
    return entity(response, _shown(reader, found, policy, today))


async def _entries(
    service: Service, programmes: Sequence[str], **equal: str | None
) -> list[CalendarEntry]:
    # An exhibition that changes during the read is in its older or newer form: the next read has
    # the newer one, with a higher SEQUENCE.
    return [
        await _entry(service, found.id, found.version, found.state)
        for programme in programmes
        async for found in service.find_all(exhibition, programme=programme, **equal)
        if found.state is not None and found.state.plan is not None
    ]


async def _entry(service: Service, id: str, version: int, state: Exhibition) -> CalendarEntry:
    before = event_id(exhibition.kind, id, version - 1)
    last = await service.history(exhibition, id, after=before, limit=1)
    # The last event is in no history for the moment in which it is being published.
    changed_at = datetime.fromisoformat(last[0].state.time) if last else service.now()
    return CalendarEntry(id=id, version=version, changed_at=changed_at, state=state)


def _shown(
    reader: Caller, found: Found[Exhibition | None], policy: OverseasPolicy, today: date
) -> Found[ExhibitionResponse]:
    if found.state is None:
        raise NotFound("exhibition", found.id)
    words = bool(WORD_READERS & reader.roles)
    advice = advice_of(policy, found.state, today)
    state = exhibition_response(found.state, words=words, advice=advice)
    return Found(id=found.id, version=found.version, state=state)
