"""The postings of an envelope: their documents, by kind, and their reasons."""

from dataclasses import dataclass
from datetime import date
from typing import TypedDict

from services.budget.domain.envelope.state import Envelope, Posted
from services.budget.domain.posting import Posting, check_day, check_number
from shared.contracts.budget.envelope import PostingCode
from shared.contracts.words import Text
from shared.kernel.decider import Context


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
    check_day(command, state.programme, context)
    check_number(command, kind.value, state.documents.get(kind, ()))


def reasoned(command: Reasoned, context: Context) -> ReasonedFields:
    """Return the fields of the event of a posting that `context` makes."""
    return ReasonedFields(
        document_number=command.document_number,
        effective_on=command.effective_on,
        posted_by=context.actor,
        code=command.code,
        reason=command.reason,
    )
