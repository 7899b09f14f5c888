"""The responses about a document and about an uploaded file."""

from dataclasses import dataclass
from datetime import date, datetime

from services.registration.domain.document.state import Document, Status
from shared.contracts.registration.document import DocumentKind, RevocationCode


@dataclass(frozen=True, kw_only=True)
class DocumentResponse:
    """A document; `number`, `sha256` and `words` are None for readers who may not see them.

    `same_file` has the documents of other enterprises with the same file, for officers and
    auditors; it is None for others.
    """

    enterprise: str
    status: Status
    document_kind: DocumentKind
    issuer: str
    number: str | None
    issued_on: date
    expires_on: date | None
    replaces: str | None
    has_file: bool
    sha256: str | None
    revoked_because: RevocationCode | None
    words: str | None
    same_file: tuple[str, ...] | None


@dataclass(frozen=True, kw_only=True)
class FileReader:
    """A reader of a file: the role and time of the last reading, and their number."""

    reader: str
    role: str
    last_at: datetime
    times: int


def document_response(
    state: Document, *, sees_private: bool, same_file: tuple[str, ...] | None
) -> DocumentResponse:
    """Return the document, with its private fields only if the reader sees them."""
    return DocumentResponse(
        enterprise=state.enterprise,
        status=state.status,
        document_kind=state.document_kind,
        issuer=state.issuer,
        number=state.number if sees_private else None,
        issued_on=state.issued_on,
        expires_on=state.expires_on,
        replaces=state.replaces,
        has_file=bool(state.file),
        sha256=state.sha256 if sees_private else None,
        revoked_because=state.revoked_because,
        words=state.words if sees_private else None,
        same_file=same_file,
    )


def file_readers(state: Document) -> list[FileReader]:
    """Return the readers of a document's file."""
    return [
        FileReader(reader=reader, role=each.role, last_at=each.last_at, times=each.times)
        for reader, each in sorted(state.readers.items())
    ]
