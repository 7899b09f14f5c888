"""The route by which anybody checks the paper of an issued document, without a token.

A digest has 256 bits, so trying digests finds nothing; and nothing in the answer is about a person.
"""

from fastapi import Request, Response
from fastapi.responses import HTMLResponse

from services.registration.api.facts import load_exhibition
from services.registration.api.issuing_facts import standing_of
from services.registration.domain.issued_document.decider import issued_document
from services.registration.domain.issued_document.state import IssuedDocument
from services.registration.responses.check_page import issued_document_page
from services.registration.responses.issued_document import CheckResponse, check_response
from shared.http import RunningService, routes
from shared.kernel.adapters import adapter_of
from shared.kernel.errors import NotFound
from shared.printing.check_page import HEADERS, TypedDigest, unknown_page
from shared.service import Service

router = routes("document-check")

CHECKS = "document-checks"


@router.get("/document-checks/{digest}", response_model=CheckResponse)
async def check_document(
    digest: TypedDigest, request: Request, service: RunningService
) -> Response:
    """Return what the document with this digest is, and if it is current. It needs no token.

    A browser gets a page, everybody else JSON. Nothing in it is about a person.
    """
    wants_page = "text/html" in request.headers.get("accept", "")
    found = await _by_digest(service, digest)
    if found is None:
        if not wants_page:
            raise NotFound("issued document", digest)
        return HTMLResponse(unknown_page(digest), 404, HEADERS)
    name = (await load_exhibition(service, found.exhibition)).name
    answer = check_response(found, await standing_of(service, found), name)
    if wants_page:
        return HTMLResponse(issued_document_page(answer), 200, HEADERS)
    content = adapter_of(CheckResponse).dump_json(answer)
    return Response(content, media_type="application/json", headers={"Cache-Control": "no-store"})


async def _by_digest(service: Service, digest: str) -> IssuedDocument | None:
    found = await service.find(issued_document, digest=digest, limit=1)
    return found[0].state if found else None
