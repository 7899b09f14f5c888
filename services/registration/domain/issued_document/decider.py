"""The issued document: it is issued once with all its words, and revoked at most once.

Its words never change, so the paper can be printed again in the same bytes and its digest proves
it. Facts that change later make the paper outdated (`basis`); a later document supersedes it
(`state.standing`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, assert_never

from services.registration.domain.issued_document.basis import (
    AnnexBasis,
    Basis,
    LetterBasis,
    MinutesBasis,
    addressee_of,
    kind_of,
    named,
)
from services.registration.domain.issued_document.state import (
    IssuedDocument,
    Status,
    claims,
    digest_of_words,
    evolve,
    fault,
    may_claim,
)
from shared.contracts.documents import DocumentNumber, comparable
from shared.contracts.printed_document import ROWS_MAX, PrintedDocument
from shared.contracts.registration.issued_document import (
    DocumentIssued,
    IssuedDocumentEvent,
    IssuedDocumentRevoked,
    IssuedKind,
    RevokedBecause,
)
from shared.contracts.words import Scope, Text
from shared.kernel.decider import Context, Decider, Refused, absent
from shared.kernel.four_eyes import require_another_enterprise

# Commands

KindOfExhibition = Literal[IssuedKind.SELECTION_MINUTES, IssuedKind.DECREE_ANNEX]
"""The kinds of documents that are addressed to no enterprise."""


@dataclass(frozen=True, kw_only=True)
class IssueDocument:
    """Issue minutes or an annex under a number.

    `position` signs it, and `signatory` if the name is known.
    """

    document_kind: KindOfExhibition
    number: DocumentNumber
    position: Text = field(repr=False)
    signatory: Text | None = field(default=None, repr=False)


@dataclass(frozen=True, kw_only=True)
class IssueLetter:
    """Issue the decision letter to an applicant under a number, signed as other documents are."""

    number: DocumentNumber
    position: Text = field(repr=False)
    signatory: Text | None = field(default=None, repr=False)


@dataclass(frozen=True, kw_only=True)
class IssuingFacts:
    """The facts that the document states, its words once they are there, and a secret salt.

    `before` is the highest serial among the documents about the same thing.
    """

    exhibition: str
    programme: str
    scope: Scope
    basis: Basis
    words: PrintedDocument | None
    salt: str = field(repr=False)
    before: int = 0


@dataclass(frozen=True, kw_only=True)
class RevokeIssuedDocument:
    """Let a document hold no more; `reason` stays private."""

    code: RevokedBecause
    reason: Text = field(repr=False)


# Rules


def issue_document(
    command: IssueDocument | IssueLetter,
    facts: IssuingFacts,
    state: IssuedDocument | None,
    context: Context,
) -> Sequence[IssuedDocumentEvent]:
    """Issue a document of facts that are there, once."""
    if state is not None:
        raise Refused(
            "already-issued",
            "This document has been issued already: issue another one with a new Idempotency-Key.",
        )
    enterprise = addressee_of(facts.basis)
    if enterprise is not None:
        require_another_enterprise(enterprise, context)
    _require_facts(facts.basis)
    _check_number(command.number, facts.basis)
    words = _printable(facts)
    kind, exhibition = kind_of(facts.basis), facts.exhibition
    return [
        DocumentIssued(
            exhibition=exhibition,
            programme=facts.programme,
            scope=facts.scope,
            document_kind=kind,
            number=command.number,
            issued_on=words.issued_on,
            issued_at=context.now,
            serial=facts.before + 1,
            digest=digest_of_words(kind, exhibition, words, facts.salt),
            enterprise=enterprise,
            words=words,
            salt=facts.salt,
            basis=named(facts.basis),
            issued_by=context.actor,
        )
    ]


def decide(
    command: RevokeIssuedDocument, state: IssuedDocument | None, context: Context
) -> Sequence[IssuedDocumentEvent]:
    """Revoke a document once; it is not issued again, but another one may have its number."""
    if state is None:
        return absent(context, "issued-document")
    if state.enterprise is not None:
        require_another_enterprise(state.enterprise, context)
    if state.status is Status.REVOKED:
        return []
    return [
        IssuedDocumentRevoked(
            exhibition=state.exhibition,
            programme=state.programme,
            scope=state.scope,
            document_kind=state.document_kind,
            code=command.code,
            reason=command.reason,
            revoked_by=context.actor,
        )
    ]


def _printable(facts: IssuingFacts) -> PrintedDocument:
    words = facts.words
    assert words is not None, "facts that are there have words"
    if words.rows > ROWS_MAX:
        raise Refused(
            "document-too-long",
            f"The document would have {words.rows} rows, and at most {ROWS_MAX} are printed: use "
            "the lists of the API instead.",
        )
    return words


def _require_facts(basis: Basis) -> None:
    if named(basis):
        return
    match basis:
        case LetterBasis():
            raise Refused(
                "no-result-to-tell",
                f"The result of this application is {basis.outcome or 'not known yet'}: a letter "
                "tells the result of an approved selection.",
            )
        case MinutesBasis():
            raise Refused(
                "selection-not-approved",
                "The selection of this exhibition is not approved, or the exhibition is "
                "cancelled: issue its minutes after the approval.",
            )
        case AnnexBasis() if basis.decree is None or basis.cancelled:
            raise Refused(
                "participants-not-decreed",
                "This exhibition has no decree of its participants: record the decree first.",
            )
        case AnnexBasis():
            raise Refused(
                "amendment-unsigned",
                "The annex was amended, and the document of the amendment is not recorded yet: "
                "record it first (POST /rounds/{exhibition}/amendments).",
            )
        case _:
            assert_never(basis)


def _check_number(number: str, basis: Basis) -> None:
    if not isinstance(basis, AnnexBasis) or basis.decree is None:
        return
    wanted = basis.decree.last_number
    if comparable(number) != comparable(wanted):
        raise Refused(
            "number-of-another-decree",
            f"The annex has the number of its decree or of the last amendment: use {wanted}.",
        )


issued_document = Decider(
    kind="issued-document",
    commands=IssueDocument | IssueLetter | RevokeIssuedDocument,
    state=IssuedDocument | None,
    events=IssuedDocumentEvent,
    initial=None,
    decide=decide,
    evolve=evolve,
    claims=claims,
    may_claim=may_claim,
    fault=fault,
    revision=3,
    indexes=("exhibition", "digest", "slot", "document_kind", "enterprise"),
    orders=(("exhibition", "issued_at"),),
)
