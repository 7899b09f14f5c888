"""Issue a document: the routes of documents and of letters share it."""

from services.registration.api.issuing_facts import Subject, issuing_facts
from services.registration.domain.issued_document.decider import (
    IssueDocument,
    IssueLetter,
    issue_document,
    issued_document,
)
from services.registration.domain.issued_document.state import has_own_number, number_claim
from shared.kernel.answers import Answer
from shared.kernel.decider import Context
from shared.kernel.keys import HashKeys
from shared.service import Service

REMEDY = "a document has it that is not revoked; use the next number of your register"


async def issue(
    service: Service,
    subject: Subject,
    body: IssueDocument | IssueLetter,
    context: Context,
    *,
    keys: HashKeys,
) -> Answer:
    """Issue a document about this subject, whose number no other has."""
    # The subject is in the address and not in the body: the same key elsewhere is another document.
    document = context.derived_id(f"{type(body).__name__} {subject.slot}")
    # The salt follows from the id and a secret key, so that a retry makes the same digest.
    salt = keys.hashes(f"salt of issued document {document}")[-1]
    numbered = has_own_number(subject.kind)
    claims = {number_claim(body.number): subject.kind.value} if numbered else {}
    async with service.claimed(issued_document, document, claims, REMEDY):
        return await service.handle(
            issued_document,
            document,
            body,
            context,
            rule=issue_document,
            facts=lambda: issuing_facts(service, subject, body, context, salt=salt),
        )
