"""The state of a document, and the fold of its events into it.

A document is superseded while another one that names it in `replaces` counts. That is not stored
but seen in the documents of an enterprise together (`standing`): so a document whose successor was
filed by mistake counts again at once, and no two writes can disagree.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import assert_never

from shared.contracts.registration.document import (
    DocumentEvent,
    DocumentExpired,
    DocumentFiled,
    DocumentKind,
    DocumentRead,
    DocumentRevoked,
    FrozenDocument,
    FrozenFile,
    RevocationCode,
)

# State


class Status(StrEnum):
    """The status of a document; SUPERSEDED is seen beside its successor, and never stored."""

    FILED = "FILED"
    SUPERSEDED = "SUPERSEDED"
    REVOKED = "REVOKED"
    EXPIRED = "EXPIRED"


@dataclass(frozen=True, kw_only=True)
class FileReadings:
    """The readings of a file by one reader: the role and time of the last, and their number."""

    role: str
    last_at: datetime
    times: int


@dataclass(frozen=True, kw_only=True)
class Document:
    """A document: what it says, the id and digest of its file, and who filed and read it.

    `file` and `sha256` are empty where only its number was filed. What a document says never
    changes.
    """

    enterprise: str
    status: Status
    document_kind: DocumentKind
    issuer: str
    number: str
    issued_on: date
    expires_on: date | None
    replaces: str | None
    file: str
    sha256: str
    filed_by: str
    revoked_because: RevocationCode | None = None
    words: str = ""
    readers: dict[str, FileReadings] = field(default_factory=dict)


# Rules


def standing(documents: Mapping[str, Document]) -> dict[str, Document]:
    """Return the documents of an enterprise by id, with the status of each beside the others."""
    successors = {
        document.replaces
        for document in documents.values()
        if document.replaces is not None and document.status is not Status.REVOKED
    }
    return {
        id: replace(document, status=Status.SUPERSEDED)
        if id in successors and document.status is not Status.REVOKED
        else document
        for id, document in sorted(documents.items())
    }


def counting(documents: Mapping[str, Document]) -> dict[str, Document]:
    """Return the documents of an enterprise that count: filed, not superseded, not expired.

    A commitment letter counts for one place alone: no application freezes it.
    """
    return {
        id: document
        for id, document in standing(documents).items()
        if document.status is Status.FILED
        and document.document_kind is not DocumentKind.COMMITMENT_LETTER
    }


def frozen_documents(documents: Mapping[str, Document]) -> tuple[FrozenDocument, ...]:
    """Return what an application freezes of these documents, in order of kind."""
    frozen = (
        FrozenDocument(
            document=id,
            document_kind=document.document_kind,
            issuer=document.issuer,
            issued_on=document.issued_on,
            expires_on=document.expires_on,
        )
        for id, document in documents.items()
    )
    return tuple(sorted(frozen, key=lambda each: (each.document_kind, each.document)))


def frozen_files(documents: Mapping[str, Document]) -> tuple[FrozenFile, ...]:
    """Return the files of these documents with their digests, as far as they have files."""
    return tuple(
        FrozenFile(document=id, file=document.file, sha256=document.sha256)
        for id, document in sorted(documents.items())
        if document.file
    )


def filers(documents: Mapping[str, Document]) -> tuple[str, ...]:
    """Return the people who filed these documents."""
    return tuple(sorted({document.filed_by for document in documents.values()} - {""}))


def evolve(state: Document | None, event: DocumentEvent) -> Document:
    """Fold an event."""
    match event:
        case DocumentFiled():
            return _filed(event)
        case _ if state is None:
            raise ValueError(f"the first event of a document was {type(event).__name__}")
        case DocumentRevoked():
            return replace(
                state,
                status=Status.REVOKED,
                revoked_because=event.code,
                words=event.reason,
            )
        case DocumentExpired():
            return replace(state, status=Status.EXPIRED)
        case DocumentRead():
            before = state.readers.get(event.reader)
            readings = FileReadings(
                role=event.role, last_at=event.read_at, times=before.times + 1 if before else 1
            )
            return replace(state, readers={**state.readers, event.reader: readings})
        case _:
            assert_never(event)


def _filed(event: DocumentFiled) -> Document:
    return Document(
        enterprise=event.enterprise,
        status=Status.FILED,
        document_kind=event.document_kind,
        issuer=event.issuer,
        number=event.number,
        issued_on=event.issued_on,
        expires_on=event.expires_on,
        replaces=event.replaces,
        file=event.file,
        sha256=event.sha256,
        filed_by=event.filed_by,
    )
