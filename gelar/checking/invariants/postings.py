"""The postings of envelopes: their days and their documents.

Every posting of a person names a document and a day of the fiscal year that had come when it was
recorded. A document makes at most one posting of a kind in an envelope.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone

from gelar.checking.invariants.check import Check, Evidence
from gelar.checking.invariants.topics import Fact

WORDS = (
    *("envelope-opened", "envelope-revised", "envelope-blocked", "envelope-unblocked"),
    "allotment-made",
)
JAKARTA = timezone(timedelta(hours=7))


def checks() -> Iterator[Check]:
    """Return the checks of this module."""
    yield Check(
        invariant=8,
        name="Every posting is of its fiscal year, by a document that makes it once",
        compared=lambda evidence: f"{sum(1 for _ in _postings(evidence)):,} postings",
        differences=_documents,
    )


def _postings(evidence: Evidence) -> Iterator[Fact]:
    return evidence.topics.each("envelope", *WORDS)


def _documents(evidence: Evidence) -> Iterator[str]:
    numbers: Counter[tuple[str, str, str]] = Counter()
    for fact in _postings(evidence):
        day = date.fromisoformat(fact.data["effective_on"])
        recorded = datetime.fromisoformat(fact.time).astimezone(JAKARTA).date()
        if str(day.year) != fact.data["programme"]:
            yield f"{fact.id}: {day} is not in the year of its envelope"
        if day > recorded:
            yield f"{fact.id}: {day} had not come when it was recorded on {recorded}"
        number = fact.data["document_number"].replace(" ", "").upper()
        numbers[fact.subject, fact.word, number] += 1
    for (envelope, word, number), count in numbers.items():
        if count > 1:
            yield f"{envelope}: {number} makes {word} {count} times"
