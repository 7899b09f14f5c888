"""Routes of the import: try a table, import it, watch it, cancel it, take the template.

An officer sends the spreadsheet of a dinas. The rows that it has are stored with hashes of the
official numbers, before the import is asked for; its job does them (`services.registration.jobs`).
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Any, Literal

from fastapi import Depends, Path, Query, Request, Response

from services.registration.api.enterprise import identifier_keys
from services.registration.api.facts import relation_keys_of
from services.registration.api.import_trial import try_rows
from services.registration.domain.imports.columns import CODES, COLUMNS, ROWS_MAX, SHEET
from services.registration.domain.imports.decider import (
    CancelImport,
    Import,
    ImportStatus,
    RequestImport,
    imports,
)
from services.registration.domain.imports.outcomes import malformed
from services.registration.domain.imports.rows import ReadRow, read_rows
from services.registration.domain.imports.sentences import sentences_of
from services.registration.jobs import ROW
from shared.contracts.registration.imports import RowWord
from shared.contracts.words import Id
from shared.http import (
    After,
    Caller,
    Limit,
    RunningService,
    command,
    entity,
    page,
    part_page,
    query,
    received_file,
    routes,
    sorted_by,
    upload,
)
from shared.kernel.answers import Answer, Found, Listing
from shared.kernel.decider import Context
from shared.kernel.errors import NotFound
from shared.kernel.jobs import FAILED, WAITING, JobRow, RowOutcome
from shared.kernel.keys import HashKeys
from shared.service import Service
from shared.tables import Page, Unreadable, write_csv, write_xlsx
from shared.tables.apart import TableReader

router = routes("import")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv"
FAILED_CODE = "failed"
FILE = {
    "requestBody": {
        "required": True,
        "content": {
            media: {"schema": {"type": "string", "format": "binary"}} for media in (XLSX, CSV)
        },
    }
}
Importer = Annotated[Context, upload("verification-officer")]
Officer = Annotated[Context, command("verification-officer")]
Reader = Annotated[Caller, query("verification-officer", "auditor")]
Imports = Annotated[Listing, sorted_by()]
ImportId = Annotated[Id, Path(alias="import")]
Keys = Annotated[HashKeys, Depends(identifier_keys)]
OutcomeWord = Annotated[
    Literal["REGISTERED", "RECOGNISED", "REFUSED", "MALFORMED", "FAILED", "WAITING"] | None,
    Query(
        alias="outcome",
        description="The rows with this outcome; WAITING are those that are not done.",
    ),
]


@dataclass(frozen=True, kw_only=True)
class ImportResponse:
    """An import as its readers see it; `outcomes` has the number of rows by outcome."""

    status: str
    rows: int
    requests: int
    requested_by: str
    outcomes: Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class RowResponse:
    """A row of the table: its number there, its outcome (null: not done), and what belongs to it.

    `errors` names each wrong cell by its column; a refusal has its `code` and `sentence`.
    """

    row: int
    outcome: str | None
    enterprise: str | None
    application: str | None
    code: str | None
    sentence: Mapping[str, str] | None
    errors: Sequence[Mapping[str, Any]]


@router.post("/imports/trial", openapi_extra=FILE)
async def try_import(
    request: Request, context: Importer, service: RunningService, keys: Keys
) -> dict[str, Any]:
    """Return what an import of this table would do, row by row; nothing is written."""
    async with received_file(request, service.uploads.memory) as content:
        rows = await _rows_of(service, content, keys)
    outcomes = await try_rows(service, rows, context)
    items = [_shown(row.number, outcomes[row.number]) for row in rows]
    counts = {word: sum(each.outcome == word for each in items) for word in RowWord}
    return {"rows": len(rows), "outcomes": counts, "items": items}


@router.post("/imports", status_code=201, openapi_extra=FILE)
async def request_import(
    request: Request, context: Importer, service: RunningService, keys: Keys
) -> Answer:
    """Import a table. The same file is the same import: rows that are not done are taken up."""
    async with received_file(request, service.uploads.memory) as content:
        rows = await _rows_of(service, content, keys)
        id = _id_of(content, keys)
    await service.keys.note()
    await service.job_rows(imports).add([_stored(id, row) for row in rows])
    return await service.handle(imports, id, RequestImport(rows=len(rows)), context)


@router.post("/imports/{import}/cancellation")
async def cancel_import(
    id: ImportId, body: CancelImport, context: Officer, service: RunningService
) -> Answer:
    """Leave the rows that are not done; the same file takes them up again."""
    return await service.handle(imports, id, body, context)


@router.get("/imports/template.xlsx")
async def get_template_xlsx(reader: Reader) -> Response:
    """Return the template as a workbook, with an example and the codes."""
    codes = Page(name="Kode", headings=("Kolom", "Kode", "Arti"), rows=CODES)
    return Response(write_xlsx([_template(), codes]), media_type=XLSX, headers=_named("xlsx"))


@router.get("/imports/template.csv")
async def get_template_csv(reader: Reader) -> Response:
    """Return the template as CSV with semicolons."""
    return Response(write_csv(_template()), media_type=CSV, headers=_named("csv"))


@router.get("/imports")
async def list_imports(
    request: Request,
    reader: Reader,
    service: RunningService,
    *,
    status: ImportStatus | None = None,
    listing: Imports,
) -> dict[str, Any]:
    """List the imports with the number of their rows by outcome."""
    part = await service.find_part(imports, listing, status=status)
    return part_page(request, [await _response(service, each) for each in part.items], part)


@router.get("/imports/{import}")
async def get_import(
    id: ImportId, response: Response, reader: Reader, service: RunningService
) -> dict[str, Any]:
    """Return an import and its progress: the number of its rows by outcome."""
    found = await _response(service, await service.get(imports, id))
    return entity(response, found)


@router.get("/imports/{import}/rows")
async def list_rows(  # noqa: PLR0913 - a query's parameters are what they are
    request: Request,
    id: ImportId,
    reader: Reader,
    service: RunningService,
    *,
    outcome: OutcomeWord = None,
    after: After = "",
    limit: Limit = 100,
) -> dict[str, Any]:
    """List the rows of an import with their outcomes, in the order of the table."""
    await service.get(imports, id)
    found = await service.job_rows(imports).page(id, outcome=outcome, after=after, limit=limit)
    rows = [
        Found(
            id=each.id,
            version=each.version,
            state=_response_of(each.state.number, each.state.outcome, each.state.shown),
        )
        for each in found
    ]
    return page(request, rows, limit)


async def _rows_of(service: Service, content: bytes, keys: HashKeys) -> list[ReadRow]:
    """Read the table in a process of its own. Raises `Unreadable`, `Busy`."""
    reader = TableReader(apart=service.uploads.apart)
    grid = await reader.read(content, sheet=SHEET, rows_max=ROWS_MAX, columns_max=len(COLUMNS) + 10)
    rows = await asyncio.to_thread(read_rows, grid, keys, relation_keys=relation_keys_of(service))
    if not rows:
        raise Unreadable("no-rows", "The table has no row below its headings: fill some in.")
    return rows


def _id_of(content: bytes, keys: HashKeys) -> str:
    # Keyed: nothing can be tried against the id until it fits.
    _, _, digest = keys.hashes(f"import:{sha256(content).hexdigest()}")[-1].partition(".")
    return f"i-{digest[:32]}"


def _stored(id: str, row: ReadRow) -> tuple[JobRow, RowOutcome | None]:
    if row.commands is None:
        return JobRow(job=id, number=row.number, data={}), malformed(row)
    data = ROW.dump_python(row.commands, mode="json")
    return JobRow(job=id, number=row.number, data=data), None


def _shown(number: int, outcome: RowOutcome) -> RowResponse:
    return _response_of(number, outcome.outcome, outcome.shown)


def _response_of(number: int, outcome: str | None, shown: Mapping[str, Any]) -> RowResponse:
    return RowResponse(
        row=number,
        outcome=outcome,
        enterprise=shown.get("enterprise"),
        application=shown.get("application"),
        code=shown.get("code"),
        sentence=shown.get("sentence", sentences_of(FAILED_CODE) if outcome == FAILED else None),
        errors=shown.get("errors", ()),
    )


async def _response(service: Service, found: Found[Import | None]) -> Found[ImportResponse]:
    if found.state is None:
        raise NotFound("import", found.id)
    counts = await service.job_rows(imports).counts(found.id)
    state = ImportResponse(
        status=found.state.status,
        rows=found.state.rows,
        requests=found.state.run,
        requested_by=found.state.requested_by,
        outcomes={word: counts.get(word, 0) for word in (*RowWord, FAILED, WAITING)},
    )
    return Found(id=found.id, version=found.version, state=state)


def _template() -> Page:
    return Page(
        name=SHEET,
        headings=[column.heading for column in COLUMNS],
        rows=[[column.example for column in COLUMNS]],
    )


def _named(ending: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="templat-impor.{ending}"'}
