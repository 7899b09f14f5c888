"""The document of a posting: its number and its day are checked before anything is posted.

The day is one of the fiscal year and not in the future. The number is that of no other posting of
the same kind to this envelope, so a document is posted once, whatever the key of the request.
Called by the rules of all postings.
"""

from dataclasses import dataclass
from datetime import date
from typing import TypedDict

from services.budget.domain.envelope.state import Envelope, Posted
from shared.contracts.budget.envelope import PostingCode
from shared.contracts.calendar import jakarta_date
from shared.contracts.documents import DocumentNumber, comparable
from shared.contracts.words import Text
from shared.kernel.decider import Context, Refused


@dataclass(frozen=True, kw_only=True)
class Posting:
    """A command that posts to an envelope by a document, in effect from this day on."""

    document_number: DocumentNumber
    effective_on: date


@dataclass(frozen=True, kw_only=True)
class Reasoned(Posting):
    """A posting with its reason: a public code, and the officer's own words, which stay private."""

    code: PostingCode
    reason: Text


class ReasonedFields(TypedDict):
    """The fields that the event of a reasoned posting takes from its command."""

    document_number: str
    effective_on: date
    posted_by: str
    code: PostingCode
    reason: str


def check_posting(command: Posting, kind: Posted, state: Envelope, context: Context) -> None:
    """Refuse a day that cannot be, and a document that this envelope has."""
    check_day(command, state, context)
    if comparable(command.document_number) in state.documents.get(kind, ()):
        raise Refused(
            "document-repeated",
            f"This envelope has {kind.value} {command.document_number} already: "
            "a document is posted once, so check the number.",
        )


def check_day(command: Posting, state: Envelope, context: Context) -> None:
    """Refuse a day outside the fiscal year or in the future."""
    day, today = command.effective_on, jakarta_date(context.now)
    if f"{day.year:04}" != state.programme:
        raise Refused(
            "outside-fiscal-year",
            f"The envelope is that of {state.programme}, and {day} is not in that year: "
            "correct `effective_on`.",
        )
    if day > today:
        raise Refused(
            "in-the-future",
            f"{day} is in the future, because today is {today} in Jakarta: correct "
            "`effective_on`, or post the document on that day.",
        )


def reasoned(command: Reasoned, context: Context) -> ReasonedFields:
    """Return the fields of the event of a posting that `context` makes."""
    return ReasonedFields(
        document_number=command.document_number,
        effective_on=command.effective_on,
        posted_by=context.actor,
        code=command.code,
        reason=command.reason,
    )
