"""The rule of the documents (Dokumen Pendukung) that an enterprise files at any time."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from shared.contracts.calendar import jakarta_date
from shared.contracts.registration.enterprise import DocumentFiled, DocumentKind, EnterpriseEvent
from shared.contracts.words import PublicText, Text
from shared.kernel.decider import Context, Refused

# Commands


@dataclass(frozen=True, kw_only=True)
class FileDocument:
    """File a licence, permit or certificate; it replaces an earlier document of its kind."""

    document: DocumentKind
    issuer: PublicText
    number: Text = field(repr=False)
    issued_on: date
    expires_on: date | None = None


# Rules


def file_document(command: FileDocument, context: Context) -> Sequence[EnterpriseEvent]:
    """File a document that has been issued."""
    if command.issued_on > jakarta_date(context.now):
        raise Refused(
            "issued-in-the-future",
            "The document is issued in the future: correct `issued_on`, "
            "or file the document on that day or later.",
        )
    if command.expires_on is not None and command.expires_on < command.issued_on:
        raise Refused(
            "expires-before-issue",
            "The document expires before it is issued: correct `issued_on` or `expires_on`.",
        )
    return [
        DocumentFiled(
            enterprise=context.subject,
            document=command.document,
            issuer=command.issuer,
            issued_on=command.issued_on,
            expires_on=command.expires_on,
            number=command.number,
            filed_by=context.actor,
        )
    ]
