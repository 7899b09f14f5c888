"""Routes of the document (Dokumen Pendukung): file it, revoke it, read it and its file.

Each reading of a file is recorded before it is answered. A document is one of its enterprise: other
readers see the kind, issuer and days of it, and officers and auditors the rest.
"""

from typing import Annotated, Any

from fastapi import Path, Request, Response

from services.registration.api import APPLICANT_READERS, PRIVATE_READERS, sees_private
from services.registration.api.facts import documents_of
from services.registration.api.file_facts import filing_facts
from services.registration.domain.document.decider import (
    FileDocument,
    ReadDocument,
    RevokeDocument,
    document,
    file_document,
)
from services.registration.domain.document.state import Document, Status, standing
from services.registration.domain.enterprise.decider import enterprise
from services.registration.responses.document import document_response, file_readers
from shared.contracts.registration.document import DocumentKind
from shared.contracts.words import Id
from shared.http import (
    Caller,
    RunningService,
    command,
    entity,
    file_response,
    only_own,
    part_of,
    part_page,
    query,
    recorded_query,
    routes,
    sorted_by,
)
from shared.kernel.answers import Answer, Found, Listing
from shared.kernel.decider import Context
from shared.kernel.errors import Forbidden, NotFound
from shared.service import Service

router = routes("document")

Filer = Annotated[Context, command("enterprise", "verification-officer")]
Reader = Annotated[Caller, query(*APPLICANT_READERS)]
FileReading = Annotated[Context, recorded_query("enterprise", "verification-officer", "auditor")]
Auditor = Annotated[Caller, query("auditor")]
Documents = Annotated[Listing, sorted_by("issued_on", "expires_on")]
EnterpriseId = Annotated[Id, Path(alias="enterprise")]
DocumentId = Annotated[Id, Path(alias="document")]


@router.post("/enterprises/{enterprise}/documents", status_code=201)
async def file_document_of(
    id: EnterpriseId, body: FileDocument, context: Filer, service: RunningService
) -> Answer:
    """File a licence, permit or certificate, perhaps with an uploaded file (`file`)."""
    only_own(context, id)
    await service.get(enterprise, id)
    return await service.handle(
        document,
        context.derived_id("FileDocument"),
        body,
        context,
        rule=file_document,
        facts=lambda: filing_facts(service, id, body),
    )


@router.get("/enterprises/{enterprise}/documents")
async def list_documents(  # noqa: PLR0913 - a query's parameters are what they are
    request: Request,
    id: EnterpriseId,
    reader: Reader,
    service: RunningService,
    *,
    document_kind: DocumentKind | None = None,
    status: Status | None = None,
    listing: Documents,
) -> dict[str, Any]:
    """List the documents of an enterprise, also those that count no more."""
    only_own(reader, id)
    await service.get(enterprise, id)
    found = await documents_of(service, id)
    private = sees_private(reader, id)
    shown = [
        Found(
            id=key,
            version=found[key].version,
            state=document_response(state, sees_private=private, same_file=None),
        )
        for key, state in standing({key: each.state for key, each in found.items()}).items()
        if document_kind in (None, state.document_kind) and status in (None, state.status)
    ]
    part = part_of(shown, listing)
    return part_page(request, part.items, part)


@router.get("/documents/{document}")
async def get_document(
    id: DocumentId, response: Response, reader: Reader, service: RunningService
) -> dict[str, Any]:
    """Return a document; officers and auditors see which other enterprises filed the same file."""
    enterprise_id = (await _readable(service, id, reader)).enterprise
    found = await documents_of(service, enterprise_id)
    state = standing({key: each.state for key, each in found.items()})[id]
    is_officer = bool(PRIVATE_READERS & reader.roles)
    shown = document_response(
        state,
        sees_private=sees_private(reader, enterprise_id),
        same_file=await _same_file(service, state) if is_officer else None,
    )
    return entity(response, Found(id=id, version=found[id].version, state=shown))


@router.get("/documents/{document}/file")
async def read_document_file(
    id: DocumentId, reading: FileReading, service: RunningService
) -> Response:
    """Download the file of a document; the reading is recorded."""
    state = await _readable(service, id, reading)
    role = sorted(reading.roles)[0]
    return await send_file(service, id, state, ReadDocument(role=role), reading)


@router.get("/documents/{document}/readings")
async def list_file_readings(
    id: DocumentId, reader: Auditor, service: RunningService
) -> dict[str, Any]:
    """List the readers of a document's file, with role, time of the last and number of readings."""
    return {"items": file_readers(await _readable(service, id, reader)), "next": None}


@router.post("/documents/{document}/revocation")
async def revoke_document(
    id: DocumentId, body: RevokeDocument, context: Filer, service: RunningService
) -> Answer:
    """Let a document count no more; one whose place it had taken counts again."""
    await _readable(service, id, context)
    return await service.handle(document, id, body, context)


async def send_file(
    service: Service, id: str, state: Document, command: ReadDocument, reading: Context
) -> Response:
    """Record a reading, then answer with the document's file. Raises `NotFound`."""
    file = await service.uploads.find(state.file) if state.file else None
    if file is None:
        raise NotFound("file of document", id)
    await service.handle(document, id, command, reading)
    return file_response(file, service.uploads.read(file.id))


async def _readable(service: Service, id: str, who: Caller | Context) -> Document:
    """Return a document. Raises `NotFound`, also for one of another enterprise than the caller."""
    state = await service.load(document, id)
    if state is None:
        raise NotFound("document", id)
    try:
        only_own(who, state.enterprise)
    except Forbidden as forbidden:
        if forbidden.code == "another-enterprise":
            raise NotFound("document", id) from forbidden
        raise
    return state


async def _same_file(service: Service, state: Document) -> tuple[str, ...]:
    """Return the documents of other enterprises with the same file."""
    if not state.sha256:
        return ()
    found = [each async for each in service.find_all(document, sha256=state.sha256)]
    return tuple(
        each.id for each in found if each.state and each.state.enterprise != state.enterprise
    )
