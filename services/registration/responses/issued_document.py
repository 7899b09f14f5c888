"""The responses about issued documents: for those who read them, and for anybody who checks one."""

from dataclasses import dataclass
from datetime import date, datetime

from services.registration.domain.issued_document.state import IssuedDocument, Standing, Status
from shared.contracts.registration.issued_document import IssuedKind, RevokedBecause


@dataclass(frozen=True, kw_only=True)
class IssuedDocumentResponse:
    """An issued document without its words, which its file has; `reason` as the reader may see it.

    `check_url` is the address in its QR code, None while this service has no public address.
    """

    exhibition: str
    document_kind: IssuedKind
    enterprise: str | None
    number: str
    issued_on: date
    issued_at: datetime
    digest: str
    check_url: str | None
    status: Status
    standing: Standing
    revoked_because: RevokedBecause | None
    reason: str | None


@dataclass(frozen=True, kw_only=True)
class CheckResponse:
    """The answer to anybody who asks for the digest on a paper: nothing about persons.

    `entries` is the number of rows of its tables, to compare with the paper.
    """

    document_kind: IssuedKind
    number: str
    exhibition: str
    exhibition_name: str
    issued_on: date
    entries: int
    standing: Standing
    revoked_because: RevokedBecause | None


def issued_document_response(
    state: IssuedDocument, standing: Standing, check_url: str | None, *, sees_reason: bool
) -> IssuedDocumentResponse:
    """Return a document as its readers see it."""
    return IssuedDocumentResponse(
        exhibition=state.exhibition,
        document_kind=state.document_kind,
        enterprise=state.enterprise,
        number=state.number,
        issued_on=state.issued_on,
        issued_at=state.issued_at,
        digest=state.digest,
        check_url=check_url,
        status=state.status,
        standing=standing,
        revoked_because=state.revoked_because,
        reason=state.reason if sees_reason else None,
    )


def check_response(state: IssuedDocument, standing: Standing, name: str) -> CheckResponse:
    """Return what the check of a document's digest says; `name` is that of its exhibition."""
    return CheckResponse(
        document_kind=state.document_kind,
        number=state.number,
        exhibition=state.exhibition,
        exhibition_name=name,
        issued_on=state.issued_on,
        entries=state.words.rows,
        standing=standing,
        revoked_because=state.revoked_because,
    )
