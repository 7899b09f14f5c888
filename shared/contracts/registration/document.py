"""Document (Dokumen Pendukung): a licence, permit or certificate of an enterprise, with its file.

Its number, its file and the file's digest are private: no topic carries them.
"""

from datetime import date
from enum import StrEnum
from typing import ClassVar

from shared.contracts.event import Event, Private
from shared.contracts.words import Id, Instant, Text, Word


class DocumentKind(StrEnum):
    """Supporting documents: licences, permits and certificates, what proves figures, and letters.

    A commitment letter (Surat Pernyataan Kesanggupan) is for one place: no application freezes it.
    """

    NIB = "NIB"
    SIUP_TDP = "SIUP_TDP"
    IUMK = "IUMK"
    BPOM_MD = "BPOM_MD"
    SPP_IRT = "SPP_IRT"
    HALAL = "HALAL"
    SNI = "SNI"
    ISO = "ISO"
    HACCP = "HACCP"
    TRADEMARK = "TRADEMARK"
    FINANCIAL_STATEMENT = "FINANCIAL_STATEMENT"
    TAX_RETURN = "TAX_RETURN"
    RECOMMENDATION = "RECOMMENDATION"
    COMMITMENT_LETTER = "COMMITMENT_LETTER"


class RevocationCode(StrEnum):
    """A reason to revoke a document (ours): the public code beside the private words."""

    FILED_BY_MISTAKE = "filed-by-mistake"
    WITHDRAWN_BY_ISSUER = "withdrawn-by-issuer"
    NOT_GENUINE = "not-genuine"
    OTHER = "other"


class FrozenDocument(Word):
    """A document as an application froze it: what it is, and for which days it is good."""

    document: Id
    document_kind: DocumentKind
    issuer: Text
    issued_on: date
    expires_on: date | None = None


class FrozenFile(Word):
    """The file of a frozen document, with the SHA-256 of its bytes in hexadecimal."""

    document: Id
    file: Id
    sha256: str


class _Document(Event):
    service: ClassVar[str] = "registration"
    kind: ClassVar[str] = "document"

    document: Id
    enterprise: Id


class DocumentFiled(_Document):
    """A document was filed; `replaces` is the one of its kind whose place it takes.

    `source` is the row of an import that it came from, or empty.
    """

    document_kind: DocumentKind
    issuer: Text
    issued_on: date
    expires_on: date | None = None
    replaces: Id | None = None
    number: Private[str] = ""
    file: Private[str] = ""
    sha256: Private[str] = ""
    filed_by: Private[str] = ""
    source: Private[str] = ""


class DocumentRevoked(_Document):
    """The document counts no more; one whose place it had taken counts again."""

    code: RevocationCode
    reason: Private[str] = ""
    revoked_by: Private[str] = ""


class DocumentExpired(_Document):
    """Its last day is over."""


class DocumentRead(_Document):
    """Its file was read; history has the reader, its role, and the application that it judged."""

    private_actor: ClassVar[bool] = True

    read_at: Instant
    reader: Private[str] = ""
    role: Private[str] = ""
    application: Private[str] = ""


DocumentEvent = DocumentFiled | DocumentRevoked | DocumentExpired | DocumentRead
