"""Routes of the coaching list: who was rejected or not selected, by the province that can help.

An application comes on the list with the event that ends it (`ApplicationRejected`,
`ApplicationClosed`), which subscribers read too. The list says what was missing, never a score.
"""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import Request, Response

from services.registration.api import knows_names
from services.registration.api.enterprise import ProvinceCode
from services.registration.domain.application.decider import COACHING, application
from services.registration.domain.application.state import Application
from services.registration.domain.enterprise.decider import enterprise
from services.registration.domain.rule_set.decider import rule_set
from services.registration.responses.coaching import (
    HEADINGS,
    CoachingResponse,
    coaching_response,
    row_of,
)
from shared.http import Caller, RunningService, part_page, query, routes, sorted_by
from shared.kernel.answers import Found, Listing
from shared.service import Service
from shared.tables import Page, write_csv

router = routes("coaching")

Coached = Annotated[Listing, sorted_by("submitted_at")]
Reader = Annotated[
    Caller, query("programme-officer", "verification-officer", "reporting-officer", "auditor")
]


@router.get("/coaching-list")
async def list_coaching(
    request: Request,
    reader: Reader,
    service: RunningService,
    *,
    province: ProvinceCode,
    listing: Coached,
) -> dict[str, Any]:
    """List who was rejected or not selected in this province, with the reasons."""
    part = await service.find_part(application, listing, **{COACHING: province})
    return part_page(request, await _shown(service, reader, part.items), part)


@router.get("/coaching-list.csv")
async def get_coaching_csv(
    reader: Reader, service: RunningService, province: ProvinceCode
) -> Response:
    """Return the whole list of a province as CSV in UTF-8 with semicolons."""
    # Who comes on the list during the read may be on it or not.
    found = [each async for each in service.find_all(application, **{COACHING: province})]
    rows = [row_of(each.state) for each in await _shown(service, reader, found)]
    content = write_csv(Page(name=province, headings=HEADINGS, rows=rows))
    headers = {"Content-Disposition": f'attachment; filename="pembinaan-{province}.csv"'}
    return Response(content, media_type="text/csv; charset=utf-8", headers=headers)


async def _shown(
    service: Service, reader: Caller, found: Sequence[Found[Application | None]]
) -> list[Found[CoachingResponse]]:
    shown = []
    for each in found:
        assert each.state is not None, "an application is stored with its submission"
        applicant = await service.load(enterprise, each.state.enterprise)
        name = applicant.name if applicant and knows_names(reader) else None
        rules = await service.load(rule_set, each.state.rule_set)
        state = coaching_response(each.state, name, rules)
        shown.append(Found(id=each.id, version=each.version, state=state))
    return shown
