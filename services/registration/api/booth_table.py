"""Routes of the table of booths: take it with all participants, and send it back filled in."""

from typing import Annotated, Any

from fastapi import Request, Response

from services.registration.api import knows_names
from services.registration.api.floor_plan import (
    ExhibitionId,
    Reader,
    floor_plan_facts,
    load_floor_plan,
)
from services.registration.api.imports import CSV, FILE, XLSX
from services.registration.domain.booth_table import (
    COLUMNS_MAX,
    HEADINGS,
    ROWS_MAX,
    SHEET,
    read_booths,
)
from services.registration.domain.enterprise.decider import enterprise
from services.registration.domain.floor_plan import assign_booths, floor_plan
from shared.http import Caller, RunningService, received_file, routes, upload
from shared.kernel.answers import Answer
from shared.kernel.decider import Context
from shared.service import Service
from shared.tables import Page, write_csv, write_xlsx
from shared.tables.apart import TableReader

router = routes("booth-table")

Planner = Annotated[Context, upload("programme-officer")]


@router.post("/exhibitions/{exhibition}/booth-table", openapi_extra=FILE)
async def send_booth_table(
    id: ExhibitionId, request: Request, context: Planner, service: RunningService
) -> Answer:
    """Give participants the booths of a table, all of these or none."""
    async with received_file(request, service.uploads.memory) as content:
        reader = TableReader(apart=service.uploads.apart)
        grid = await reader.read(content, sheet=SHEET, rows_max=ROWS_MAX, columns_max=COLUMNS_MAX)
    return await service.handle(
        floor_plan,
        id,
        read_booths(grid),
        context,
        rule=assign_booths,
        facts=lambda: floor_plan_facts(service, id),
    )


@router.get("/exhibitions/{exhibition}/booth-table.xlsx")
async def get_booth_xlsx(id: ExhibitionId, reader: Reader, service: RunningService) -> Response:
    """Return the participants and their booths as a workbook."""
    content = write_xlsx([await _table(service, reader, id)])
    return Response(content, media_type=XLSX, headers=_named(id, "xlsx"))


@router.get("/exhibitions/{exhibition}/booth-table.csv")
async def get_booth_csv(id: ExhibitionId, reader: Reader, service: RunningService) -> Response:
    """Return the participants and their booths as CSV with semicolons."""
    content = write_csv(await _table(service, reader, id))
    return Response(content, media_type=CSV, headers=_named(id, "csv"))


async def _table(service: Service, reader: Caller, id: str) -> Page:
    booths = (await load_floor_plan(service, id)).state.booths
    rows: list[list[Any]] = []
    for each in sorted(booths):
        applicant = await service.load(enterprise, each) if knows_names(reader) else None
        rows.append([each, applicant.name if applicant else "", booths[each] or ""])
    return Page(name=SHEET, headings=HEADINGS, rows=rows)


def _named(exhibition: str, ending: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="stan-{exhibition}.{ending}"'}
