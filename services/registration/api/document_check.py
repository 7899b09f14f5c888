"""The route by which anybody checks the paper of an issued document, without a token.

A digest has 256 bits, so trying digests finds nothing; and nothing in the answer is about a person.
"""

from fastapi import Request, Response

from services.registration.api.facts import load_exhibition
from services.registration.api.issuing_facts import standing_of
from services.registration.domain.issued_document.decider import issued_document
from services.registration.responses.check_page import issued_document_page
from services.registration.responses.issued_document import CheckResponse, check_response
from shared.http import RunningService, checked_paper, paper_checks
from shared.kernel.errors import NotFound
from shared.printing.check_page import TypedDigest

router = paper_checks("document-check")

CHECKS = "document-checks"


# A typed address may have a slash too many: the page says so, and not a missing route.
@router.get("/document-checks/{digest:path}", response_model=CheckResponse)
async def check_document(
    digest: TypedDigest, request: Request, service: RunningService
) -> Response:
    """Return what the document with this digest is, and if it is current. It needs no token.

    A browser gets a page, everybody else JSON. Nothing in it is about a person.
    """
    found = await service.find(issued_document, digest=digest, limit=1)
    state = found[0].state if found else None
    if state is None:
        raise NotFound("issued document", "with this digest")
    name = (await load_exhibition(service, state.exhibition)).name
    answer = check_response(state, await standing_of(service, state), name)
    return checked_paper(request, answer, lambda: issued_document_page(answer))
