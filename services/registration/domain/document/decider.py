"""The document (Dokumen Pendukung): filed, revoked, read, and expired by the clock.

A document that takes the place of another one of its kind names it. Which documents count is said
by `state.counting`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import assert_never

from services.registration.domain.document.state import Document, Status, evolve
from shared.contracts.calendar import jakarta_date, jakarta_midnight
from shared.contracts.registration.document import (
    DocumentEvent,
    DocumentExpired,
    DocumentFiled,
    DocumentKind,
    DocumentRead,
    DocumentRevoked,
    RevocationCode,
)
from shared.contracts.roles import Role
from shared.contracts.words import Id, PublicText, Text
from shared.kernel.decider import Context, Deadline, Decider, Refused, absent, refuse_or_ignore
from shared.kernel.four_eyes import require_another_enterprise

# Commands


@dataclass(frozen=True, kw_only=True)
class FileDocument:
    """File a licence, permit or certificate; `file` is the id of its uploaded file.

    `replaces` names the document of the same kind whose place it takes.
    """

    document_kind: DocumentKind
    issuer: PublicText
    number: Text = field(repr=False)
    issued_on: date
    expires_on: date | None = None
    file: Id | None = None
    replaces: Id | None = None


@dataclass(frozen=True, kw_only=True)
class FilingFacts:
    """The enterprise, the digest of the uploaded file if there is one, the replaced document.

    `documents` is the number of documents that the enterprise has, also those that count no more,
    and `documents_max` how many it may have.
    """

    enterprise: str
    sha256: str
    replaced: Document | None
    documents: int
    documents_max: int


@dataclass(frozen=True, kw_only=True)
class RevokeDocument:
    """Let a document count no more; `reason` stays private."""

    code: RevocationCode
    reason: Text = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class ExpireDocument:
    """(sweep) Its last day is over."""


@dataclass(frozen=True, kw_only=True)
class ReadDocument:
    """Read its file in this role, perhaps as that of an `application` that you judge."""

    role: str
    application: str = ""


CommandWithoutFacts = RevokeDocument | ExpireDocument | ReadDocument
"""The commands that `decide` handles; the route names the rule of `FileDocument`."""

# Rules


def file_document(
    command: FileDocument, facts: FilingFacts, state: Document | None, context: Context
) -> Sequence[DocumentEvent]:
    """File a document that has been issued, once."""
    if state is not None:
        raise Refused(
            "already-filed",
            "This document has been filed already: file another one with a new Idempotency-Key.",
        )
    _check_number(facts)
    _check_days(command, context)
    _check_replaced(command, facts)
    return [
        DocumentFiled(
            document=context.subject,
            enterprise=facts.enterprise,
            document_kind=command.document_kind,
            issuer=command.issuer,
            issued_on=command.issued_on,
            expires_on=command.expires_on,
            replaces=command.replaces,
            number=command.number,
            file=command.file or "",
            sha256=facts.sha256,
            filed_by=context.actor,
            source=context.source,
        )
    ]


def decide(
    command: CommandWithoutFacts, state: Document | None, context: Context
) -> Sequence[DocumentEvent]:
    """Revoke a document, let it expire, or record a reading of its file."""
    if state is None:
        return absent(context, "document")
    match command:
        case RevokeDocument():
            return _revoke(command, state, context)
        case ExpireDocument():
            return _expire(state, context)
        case ReadDocument():
            return [
                DocumentRead(
                    document=context.subject,
                    enterprise=state.enterprise,
                    read_at=context.now,
                    reader=context.actor,
                    role=command.role,
                    application=command.application,
                )
            ]
        case _:
            assert_never(command)


def expiry(state: Document | None) -> Deadline | None:
    """Return the end of the last day of a filed document, by Jakarta's calendar."""
    if state is None or state.status is not Status.FILED:
        return None
    if state.expires_on is None or state.expires_on == date.max:
        return None
    ended_at = jakarta_midnight(state.expires_on + timedelta(days=1))
    return Deadline(at=ended_at, command=ExpireDocument())


def _check_number(facts: FilingFacts) -> None:
    if facts.documents >= facts.documents_max:
        raise Refused(
            "too-many-documents",
            f"This enterprise has filed {facts.documents} documents, as many as it may: use one "
            "that is filed already, or ask the ministry to raise the number.",
        )


def _check_days(command: FileDocument, context: Context) -> None:
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


def _check_replaced(command: FileDocument, facts: FilingFacts) -> None:
    replaced = facts.replaced
    if replaced is None:
        return
    if (replaced.enterprise, replaced.document_kind) != (facts.enterprise, command.document_kind):
        raise Refused(
            "replaces-another",
            "`replaces` names a document of another kind or of another enterprise: name a document "
            f"of your enterprise of kind {command.document_kind}, or leave `replaces` out.",
        )
    if replaced.status is Status.REVOKED:
        raise Refused(
            "replaces-revoked",
            "`replaces` names a document that is revoked already: leave `replaces` out.",
        )


def _revoke(command: RevokeDocument, state: Document, context: Context) -> Sequence[DocumentEvent]:
    """Revoke a document; only an officer, and not of its own enterprise, finds one not genuine."""
    if state.status is Status.REVOKED:
        raise Refused(
            "already-revoked",
            "This document has been revoked already, so it counts no more: you need do nothing.",
        )
    if command.code is RevocationCode.NOT_GENUINE:
        if Role.VERIFICATION_OFFICER not in context.roles:
            raise Refused(
                "only-an-officer",
                "Only a verification officer finds that a document is not genuine: choose another "
                "code.",
            )
        require_another_enterprise(state.enterprise, context)
    return [
        DocumentRevoked(
            document=context.subject,
            enterprise=state.enterprise,
            code=command.code,
            reason=command.reason,
            revoked_by=context.actor,
        )
    ]


def _expire(state: Document, context: Context) -> Sequence[DocumentEvent]:
    due = expiry(state)
    if due is None or context.now < due.at:
        return refuse_or_ignore(
            context,
            "not-expired",
            "The last day of this document is not over: it expires after it.",
        )
    return [DocumentExpired(document=context.subject, enterprise=state.enterprise)]


document = Decider(
    kind="document",
    commands=FileDocument | CommandWithoutFacts,
    state=Document | None,
    events=DocumentEvent,
    initial=None,
    decide=decide,
    evolve=evolve,
    deadlines=lambda state: [expiry(state)],
    indexes=("enterprise", "file", "sha256"),
)
