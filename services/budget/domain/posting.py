"""The document of a posting: its number and its day are checked before anything is posted.

The day is one of the fiscal year and not in the future. The number is that of no other posting of
the same kind to this envelope or allocation, so a document is posted once, whatever the key of the
request.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from shared.contracts.calendar import jakarta_date
from shared.contracts.documents import DocumentNumber, comparable
from shared.kernel.decider import Context, Refused


@dataclass(frozen=True, kw_only=True)
class Posting:
    """A command that moves money by a document, in effect from this day on."""

    document_number: DocumentNumber
    effective_on: date


def check_day(command: Posting, programme: str, context: Context) -> None:
    """Refuse a day outside the fiscal year or in the future."""
    day, today = command.effective_on, jakarta_date(context.now)
    if f"{day.year:04}" != programme:
        raise Refused(
            "outside-fiscal-year",
            f"The money is that of {programme}, and {day} is not in that year: "
            "correct `effective_on`.",
        )
    if day > today:
        raise Refused(
            "in-the-future",
            f"{day} is in the future, because today is {today} in Jakarta: correct "
            "`effective_on`, or post the document on that day.",
        )


def check_number(command: Posting, kind: str, posted: Collection[str]) -> None:
    """Refuse a document that was posted as this kind; `posted` are comparable numbers."""
    if comparable(command.document_number) in posted:
        raise Refused(
            "document-repeated",
            f"Document {command.document_number} is posted as {kind} here already: "
            "a document is posted once, so check the number.",
        )
