"""Routes of issued documents: issue, revoke, read and print them. `letters` issues letters.

An enterprise reads its own letters. Those who know applicants by name read all documents. Officers
and approvers of the selection read minutes and annexes, which are issued after the approval only.
"""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import Depends, Path, Request, Response

from services.registration.api import WORD_READERS, knows_names
from services.registration.api.document_check import CHECKS
from services.registration.api.enterprise import identifier_keys
from services.registration.api.facts import load_exhibition
from services.registration.api.issuing import issue
from services.registration.api.issuing_facts import Subject, standing_of
from services.registration.domain.issued_document.decider import (
    IssueDocument,
    RevokeIssuedDocument,
    issued_document,
)
from services.registration.domain.issued_document.state import (
    IssuedDocument,
)
from services.registration.responses.issued_document import (
    IssuedDocumentResponse,
    issued_document_response,
)
from shared.contracts.registration.issued_document import IssuedKind
from shared.contracts.words import Id
from shared.http import (
    Caller,
    Role,
    RunningService,
    command,
    configured,
    entity,
    only_own,
    part_page,
    pdf_response,
    query,
    routes,
    sorted_by,
)
from shared.kernel.answers import Answer, Found, Listing
from shared.kernel.decider import Context
from shared.kernel.errors import Forbidden, NotFound, Refused
from shared.kernel.keys import HashKeys
from shared.printing import Reproduction, print_apart
from shared.service import Service
from shared.settings import Settings

router = routes("issued-document")

SELECTING = frozenset({Role.SELECTION_OFFICER, Role.APPROVER})

Issuer = Annotated[Context, command("programme-officer")]
Officer = Annotated[
    Caller,
    query(
        "programme-officer",
        "verification-officer",
        "selection-officer",
        "approver",
        "reporting-officer",
        "auditor",
    ),
]
Reader = Annotated[
    Caller,
    query(
        "programme-officer",
        "verification-officer",
        "selection-officer",
        "approver",
        "reporting-officer",
        "auditor",
        "enterprise",
    ),
]
Documents = Annotated[Listing, sorted_by("issued_at")]
Configured = Annotated[Settings, configured()]
Keys = Annotated[HashKeys, Depends(identifier_keys)]
ExhibitionId = Annotated[Id, Path(alias="exhibition")]
EnterpriseId = Annotated[Id, Path(alias="enterprise")]
DocumentId = Annotated[Id, Path(alias="document")]


@router.post("/exhibitions/{exhibition}/issued-documents", status_code=201)
async def issue_document_of(
    id: ExhibitionId, body: IssueDocument, context: Issuer, service: RunningService, keys: Keys
) -> Answer:
    """Issue the minutes of the selection, or the annex of the participants' decree."""
    subject = Subject(kind=body.document_kind, exhibition=id)
    return await issue(service, subject, body, context, keys=keys)


@router.post("/issued-documents/{document}/revocation")
async def revoke_issued_document(
    id: DocumentId, body: RevokeIssuedDocument, context: Issuer, service: RunningService
) -> Answer:
    """Revoke a document: the check of its digest says so from then on."""
    return await service.handle(issued_document, id, body, context)


@router.get("/exhibitions/{exhibition}/issued-documents")
async def list_issued_documents(  # noqa: PLR0913 - a query's parameters are what they are
    request: Request,
    id: ExhibitionId,
    reader: Officer,
    service: RunningService,
    settings: Configured,
    *,
    document_kind: IssuedKind | None = None,
    listing: Documents,
) -> dict[str, Any]:
    """List the documents of an exhibition; those who select get no letters."""
    await load_exhibition(service, id)
    part = await service.find_part(
        issued_document, listing, exhibition=id, document_kind=document_kind
    )
    return part_page(request, await _all_shown(service, reader, part.items, settings), part)


@router.get("/enterprises/{enterprise}/letters")
async def list_letters(
    request: Request,
    id: EnterpriseId,
    reader: Reader,
    service: RunningService,
    settings: Configured,
    *,
    listing: Annotated[Listing, sorted_by()],
) -> dict[str, Any]:
    """List the letters to an enterprise; an enterprise gets only its own."""
    only_own(reader, id)
    part = await service.find_part(issued_document, listing, enterprise=id)
    return part_page(request, await _all_shown(service, reader, part.items, settings), part)


@router.get("/issued-documents/{document}")
async def get_issued_document(
    id: DocumentId,
    response: Response,
    reader: Reader,
    service: RunningService,
    settings: Configured,
) -> dict[str, Any]:
    """Return a document: its number, its digest, how it stands; its words are in its file."""
    found = await _readable(service, id, reader)
    return entity(response, await _shown(service, reader, found, settings))


@router.get("/issued-documents/{document}/file", response_class=Response)
async def print_issued_document(
    id: DocumentId, reader: Reader, service: RunningService, settings: Configured
) -> Response:
    """Download the document as a PDF, printed from its words: each time the same bytes."""
    state = (await _readable(service, id, reader)).state
    url = _check_url(settings, state.digest)
    if url is None:
        raise Refused(
            "no-public-address",
            "This service does not know the address at which a paper is checked, so it prints "
            "none: an operator sets KUKM_PUBLIC_URL.",
        )
    given = Reproduction(document=state.words, digest=state.digest, check_url=url)
    return pdf_response(await print_apart(service.uploads.apart, given), id)


async def _all_shown(
    service: Service,
    reader: Caller,
    items: Sequence[Found[IssuedDocument | None]],
    settings: Settings,
) -> list[Found[IssuedDocumentResponse]]:
    """Return those of these documents that the reader may read, as it sees them."""
    readable = (
        Found(id=each.id, version=each.version, state=each.state)
        for each in items
        if each.state is not None and _may_read(reader, each.state)
    )
    return [await _shown(service, reader, found, settings) for found in readable]


async def _shown(
    service: Service, reader: Caller, found: Found[IssuedDocument], settings: Settings
) -> Found[IssuedDocumentResponse]:
    state = found.state
    shown = issued_document_response(
        state,
        await standing_of(service, state),
        _check_url(settings, state.digest),
        sees_reason=bool(WORD_READERS & reader.roles),
    )
    return Found(id=found.id, version=found.version, state=shown)


async def _readable(service: Service, id: str, reader: Caller) -> Found[IssuedDocument]:
    """Return a document. Raises `NotFound`, also for one of another enterprise, and `Forbidden`."""
    found = await service.get(issued_document, id)
    state = found.state
    if state is None or (reader.roles == {Role.ENTERPRISE} and not _is_own(reader, state)):
        raise NotFound("issued-document", id)
    if not _may_read(reader, state):
        raise Forbidden(
            "names-not-open",
            "This letter has the name of an applicant: those who select read names in dossiers.",
        )
    return Found(id=id, version=found.version, state=state)


def _may_read(reader: Caller, state: IssuedDocument) -> bool:
    if knows_names(reader) or _is_own(reader, state):
        return True
    return state.enterprise is None and bool(SELECTING & reader.roles)


def _is_own(reader: Caller, state: IssuedDocument) -> bool:
    is_enterprise = Role.ENTERPRISE in reader.roles and reader.enterprise is not None
    return is_enterprise and state.enterprise == reader.enterprise


def _check_url(settings: Settings, digest: str) -> str | None:
    base = settings.public_url
    return f"{str(base).rstrip('/')}/{CHECKS}/{digest}" if base else None
