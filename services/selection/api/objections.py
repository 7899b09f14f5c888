"""Routes of objections (Sanggahan): file, withdraw, decide, and read them and their files.

An applicant uploads a file first and names it in its objection within a day. The files are read by
the applicant, by approvers who may decide on the objection, and by auditors; each reading is
recorded before it is answered.
"""

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import Path, Request, Response

from services.selection.api.facts import opened_round
from services.selection.domain.candidate.decider import candidate
from services.selection.domain.choosing.choice import codes_of
from services.selection.domain.ranking.decider import ranking
from services.selection.domain.selection_round import objections
from services.selection.domain.selection_round.decider import selection_round
from services.selection.domain.selection_round.objection_decisions import (
    DismissObjection,
    UpholdObjection,
    require_judge_of_objection,
)
from services.selection.domain.selection_round.objections import (
    FileObjection,
    ObjectionFacts,
    ReadObjectionFile,
    WithdrawObjection,
    require_window,
)
from services.selection.queries import require_no_interest
from services.selection.responses.objection import objections_response, own_objection_response
from shared.contracts.ids import enterprise_of, exhibition_of
from shared.contracts.selection.objection import ObjectionFile
from shared.contracts.words import Id, PairId
from shared.http import (
    Caller,
    Role,
    RunningService,
    command,
    entity,
    file_response,
    only_own,
    query,
    received_file,
    recorded_query,
    routes,
    upload,
)
from shared.kernel.answers import Answer, Found
from shared.kernel.decider import Context
from shared.kernel.errors import Forbidden, NotFound, Refused, Unknown
from shared.service import Service

router = routes("objection")

Applicant = Annotated[Context, command("enterprise")]
Uploader = Annotated[Context, upload("enterprise")]
Approver = Annotated[Context, command("approver")]
Own = Annotated[Caller, query("enterprise")]
Deciding = Annotated[Caller, query("selection-officer", "approver", "auditor")]
FileReading = Annotated[Context, recorded_query("enterprise", "approver", "auditor")]
ExhibitionId = Annotated[Id, Path(alias="exhibition")]
CandidateId = Annotated[PairId, Path(alias="candidate")]

FILE = {
    "requestBody": {
        "required": True,
        "content": {
            media: {"schema": {"type": "string", "format": "binary"}}
            for media in ("application/pdf", "image/jpeg", "image/png")
        },
    }
}


@router.post("/candidates/{candidate}/objection-files", status_code=201, openapi_extra=FILE)
async def upload_objection_file(
    id: CandidateId, request: Request, context: Uploader, service: RunningService
) -> dict[str, Any]:
    """Upload a PDF, JPEG or PNG of at most 10 MiB; name it in your objection within a day."""
    _require_own(context, id)
    require_window(await opened_round(service, exhibition_of(id)), context)
    async with received_file(request, service.uploads.memory) as content:
        file = await service.uploads.receive(
            context.derived_id("UploadObjectionFile"), content, owner=id
        )
    return {
        "id": file.id,
        "media_type": file.media_type,
        "length": file.length,
        "sha256": file.sha256,
        "waits_until": file.waits_until,
    }


@router.post("/rounds/{exhibition}/objections")
async def file_objection(
    id: ExhibitionId, body: FileObjection, context: Applicant, service: RunningService
) -> Answer:
    """Object to the selection, as an applicant that was not selected, once it is approved."""
    _require_own(context, body.application, id)
    return await service.handle(
        selection_round,
        id,
        body,
        context,
        rule=objections.file_objection,
        facts=lambda: _facts(service, body),
    )


@router.post("/rounds/{exhibition}/objections/withdrawal")
async def withdraw_objection(
    id: ExhibitionId, body: WithdrawObjection, context: Applicant, service: RunningService
) -> Answer:
    """Withdraw your objection until it is decided; you can file another one in time."""
    _require_own(context, body.application, id)
    return await service.handle(selection_round, id, body, context)


@router.post("/rounds/{exhibition}/objections/upholding")
async def uphold_objection(
    id: ExhibitionId, body: UpholdObjection, context: Approver, service: RunningService
) -> Answer:
    """Uphold an objection: its applicant gets the seat in escrow, or the next place."""
    return await service.handle(selection_round, id, body, context)


@router.post("/rounds/{exhibition}/objections/dismissal")
async def dismiss_objection(
    id: ExhibitionId, body: DismissObjection, context: Approver, service: RunningService
) -> Answer:
    """Dismiss an objection: the seat in escrow is released."""
    return await service.handle(selection_round, id, body, context)


@router.get("/rounds/{exhibition}/objections")
async def get_objections(
    id: ExhibitionId, response: Response, reader: Deciding, service: RunningService
) -> dict[str, Any]:
    """Return the objections to a selection, with their words, files, people and decisions."""
    found = await service.get(selection_round, id, yet=True)
    if found.state is None:
        raise NotFound("round", id, yet=True)
    require_no_interest(found.state, found.state.conflicts, reader)
    shown = objections_response(found.state)
    return entity(response, Found(id=id, version=found.version, state=shown))


@router.get("/candidates/{candidate}/objection")
async def get_own_objection(
    id: CandidateId, response: Response, reader: Own, service: RunningService
) -> dict[str, Any]:
    """Return until when you can object, your objection if you did, and the answer to it."""
    _require_own(reader, id)
    found = await service.get(selection_round, exhibition_of(id), yet=True)
    if found.state is None or id not in (found.state.listed or ()):
        raise NotFound("candidate", id, yet=True)
    shown = own_objection_response(found.state, id)
    return entity(response, Found(id=id, version=found.version, state=shown))


@router.get("/candidates/{candidate}/objection/files/{file}")
async def read_objection_file(
    id: CandidateId, file: Id, reading: FileReading, service: RunningService
) -> Response:
    """Download a file of an objection; the reading is recorded."""
    exhibition = exhibition_of(id)
    state = await opened_round(service, exhibition)
    if reading.enterprise != enterprise_of(id):
        only_own(reading, enterprise_of(id))
        if Role.AUDITOR not in reading.roles:
            require_judge_of_objection(id, state, reading)
    read = ReadObjectionFile(application=id, file=file)
    await service.handle(selection_round, exhibition, read, reading)
    stored = await service.uploads.find(file)
    if stored is None:
        raise NotFound("file of objection", file)
    return file_response(stored, service.uploads.read(file))


def _require_own(who: Context | Caller, application: str, exhibition: str | None = None) -> None:
    """Refuse a token of another enterprise than the applicant, whatever other roles it has."""
    only_own(who, enterprise_of(application))
    if who.enterprise != enterprise_of(application):
        raise Forbidden(
            "another-enterprise",
            "This token is of another enterprise: only the applicant itself objects.",
        )
    if exhibition not in (None, exhibition_of(application)):
        raise Unknown("candidate", application)


async def _facts(service: Service, body: FileObjection) -> ObjectionFacts:
    """Return the quotas and the owner that count the applicant, and the digests of its files."""
    state = await opened_round(service, exhibition_of(body.application))
    entered = await service.load(candidate, body.application)
    if entered is None:
        raise Unknown("candidate", body.application)
    made = await service.load(ranking, state.proposal.ranking) if state.proposal else None
    owned = (each for each in (made.same_owner if made else ()) if body.application in each)
    return ObjectionFacts(
        counts_for=codes_of(state.quotas, entered.applicant),
        same_owner=next(owned, ()),
        files=tuple([await _stored(service, body.application, file) for file in body.files]),
    )


async def _stored(service: Service, application: str, file: str) -> ObjectionFile:
    stored = await service.uploads.find(file)
    if stored is None or stored.owner != application:
        raise Unknown("file", file)
    if datetime.now(UTC) > stored.waits_until:
        raise Refused(
            "file-too-old", f"The file {file} has waited for more than a day: upload it again."
        )
    return ObjectionFile(id=file, sha256=stored.sha256)
