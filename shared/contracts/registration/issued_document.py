"""Issued documents: letters, minutes and annexes that people hold in their hands.

The words of a document carry names and are private; its digest has a secret salt, so a topic gives
nothing away by it.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field, StringConstraints

from shared.contracts.documents import DocumentNumber
from shared.contracts.event import Event, Private
from shared.contracts.printed_document import PrintedDocument
from shared.contracts.words import Id, Instant, Scope, Year

PrintDigest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""The SHA-256 of the words of a printed document, in lower-case hexadecimal digits."""


class IssuedKind(StrEnum):
    """A kind of issued document: Surat Pemberitahuan, Berita Acara Kurasi, Lampiran SK."""

    DECISION_LETTER = "DECISION_LETTER"
    SELECTION_MINUTES = "SELECTION_MINUTES"
    DECREE_ANNEX = "DECREE_ANNEX"


class RevokedBecause(StrEnum):
    """A reason to revoke an issued document (ours)."""

    MISTYPED = "mistyped"
    WRONG_ADDRESSEE = "wrong-addressee"
    NOT_SIGNED = "not-signed"
    OTHER = "other"


class _IssuedDocument(Event):
    service: ClassVar[str] = "registration"
    kind: ClassVar[str] = "issued-document"

    exhibition: Id
    programme: Year
    scope: Scope
    document_kind: IssuedKind


class DocumentIssued(_IssuedDocument):
    """A document was issued under this number; a letter is addressed to an `enterprise`.

    It is the `serial`-th of its kind about the same thing, which supersedes those before.
    Private: its words, the `salt` of its digest, and `basis`, which names the facts that it states.
    """

    number: DocumentNumber
    issued_on: date
    issued_at: Instant
    serial: Annotated[int, Field(ge=1)]
    digest: PrintDigest
    enterprise: Id | None = None
    words: Private[PrintedDocument | None] = None
    salt: Private[str] = ""
    basis: Private[str] = ""
    issued_by: Private[str] = ""


class IssuedDocumentRevoked(_IssuedDocument):
    """The document holds no more; its number may be given again."""

    code: RevokedBecause
    reason: Private[str] = ""
    revoked_by: Private[str] = ""


IssuedDocumentEvent = DocumentIssued | IssuedDocumentRevoked
