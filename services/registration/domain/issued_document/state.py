"""The state of an issued document, the fold of its events, and how its paper stands."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import assert_never

from shared.contracts.documents import comparable
from shared.contracts.printed_document import PrintedDocument, digest_of
from shared.contracts.registration.issued_document import (
    DocumentIssued,
    IssuedDocumentEvent,
    IssuedDocumentRevoked,
    IssuedKind,
    RevokedBecause,
)
from shared.contracts.words import Scope

# State


class Status(StrEnum):
    """The status of an issued document."""

    ISSUED = "ISSUED"
    REVOKED = "REVOKED"


class Standing(StrEnum):
    """The standing of a paper: current, or why not.

    SUPERSEDED: a later one of its kind was issued. OUTDATED: what it states has changed since.
    """

    CURRENT = "CURRENT"
    SUPERSEDED = "SUPERSEDED"
    OUTDATED = "OUTDATED"
    REVOKED = "REVOKED"


@dataclass(frozen=True, kw_only=True)
class IssuedDocument:
    """An issued document with all its words.

    `slot` is shared by the documents of a kind about the same thing: the last of them, by `serial`,
    that is not revoked is current. `salt` is the secret of its digest. `reason` are the private
    words beside the code of a revocation.
    """

    exhibition: str
    programme: str
    scope: Scope
    document_kind: IssuedKind
    enterprise: str | None
    number: str
    issued_on: date
    issued_at: datetime
    serial: int
    digest: str
    words: PrintedDocument
    basis: str
    slot: str
    status: Status
    issued_by: str
    salt: str = field(repr=False)
    revoked_because: RevokedBecause | None = None
    reason: str = ""


# Rules


def slot_of(kind: IssuedKind, exhibition: str, enterprise: str | None) -> str:
    """Return the slot of a document."""
    return ".".join(filter(None, (kind.value, exhibition, enterprise)))


def number_claim(number: str) -> str:
    """Return the claim that makes the number of a letter or of minutes unique."""
    return f"document-number/{comparable(number)}"


def has_own_number(kind: IssuedKind) -> bool:
    """Return False of an annex: it has the number of its decree, which exhibitions may share."""
    return kind is not IssuedKind.DECREE_ANNEX


def claims(state: IssuedDocument | None) -> dict[str, str]:
    """Return the number that no other document may have, while this one is not revoked."""
    if state is None or not may_claim(state) or not has_own_number(state.document_kind):
        return {}
    return {number_claim(state.number): state.document_kind.value}


def may_claim(state: IssuedDocument | None) -> bool:
    """Return False of a revoked document: its number may be given again."""
    return state is None or state.status is not Status.REVOKED


def fault(state: IssuedDocument | None) -> str:
    """Return how a document contradicts itself: its digest proves nothing then."""
    if state is None or state.digest == digest_of_words(
        state.document_kind, state.exhibition, state.words, state.salt
    ):
        return ""
    return "its digest is not that of its words"


def digest_of_words(kind: IssuedKind, exhibition: str, words: PrintedDocument, salt: str) -> str:
    """Return the digest of a document: of its words, its kind and its exhibition."""
    return digest_of(words, salt, kind=kind.value, exhibition=exhibition)


def standing(state: IssuedDocument, others: Iterable[IssuedDocument], basis: str) -> Standing:
    """Return how a document stands among the others of its slot, with the facts as they are."""
    if state.status is Status.REVOKED:
        return Standing.REVOKED
    live = (each for each in others if each.status is Status.ISSUED)
    # Two that were issued in one instant have one serial: the digests say which is current.
    if any((each.serial, each.digest) > (state.serial, state.digest) for each in live):
        return Standing.SUPERSEDED
    return Standing.CURRENT if state.basis == basis else Standing.OUTDATED


def evolve(state: IssuedDocument | None, event: IssuedDocumentEvent) -> IssuedDocument:
    """Fold an event."""
    match event:
        case DocumentIssued():
            return _issued(event)
        case _ if state is None:
            raise ValueError(f"the first event of a document was {type(event).__name__}")
        case IssuedDocumentRevoked():
            return replace(
                state, status=Status.REVOKED, revoked_because=event.code, reason=event.reason
            )
        case _:
            assert_never(event)


def _issued(event: DocumentIssued) -> IssuedDocument:
    assert event.words is not None, "history has the words of an issued document"
    return IssuedDocument(
        exhibition=event.exhibition,
        programme=event.programme,
        scope=event.scope,
        document_kind=event.document_kind,
        enterprise=event.enterprise,
        number=event.number,
        issued_on=event.issued_on,
        issued_at=event.issued_at,
        serial=event.serial,
        digest=event.digest,
        words=event.words,
        basis=event.basis,
        slot=slot_of(event.document_kind, event.exhibition, event.enterprise),
        status=Status.ISSUED,
        issued_by=event.issued_by,
        salt=event.salt,
    )
