"""The postings of envelopes: their days, their documents, and the two people of a revision.

Every posting of a person names a document and a day of the fiscal year that had come when it was
recorded. A document makes at most one posting of a kind in an envelope. A revision of the pagu is
approved by another person than proposed it: the topics show a pseudonym of each.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone

from gelar.checking.invariants.check import Check, Evidence, unequal
from gelar.checking.invariants.topics import Fact

WORDS = (
    *("envelope-opened", "envelope-revised", "envelope-blocked", "envelope-unblocked"),
    "allotment-made",
)
JAKARTA = timezone(timedelta(hours=7))


def checks() -> Iterator[Check]:
    """Return the checks of this module."""
    yield Check(
        invariant=6,
        name="A revision of the pagu was approved by another person, as it was proposed",
        compared=lambda evidence: f"{sum(1 for _ in _revisions(evidence)):,} revisions",
        differences=_approvals,
    )
    yield Check(
        invariant=8,
        name="Every posting is of its fiscal year, by a document that makes it once",
        compared=lambda evidence: f"{sum(1 for _ in _postings(evidence)):,} postings",
        differences=_documents,
    )


def _postings(evidence: Evidence) -> Iterator[Fact]:
    return evidence.topics.each("envelope", *WORDS)


def _revisions(evidence: Evidence) -> Iterator[Fact]:
    return evidence.topics.each("envelope", "envelope-revised")


def _approvals(evidence: Evidence) -> Iterator[str]:
    for facts in evidence.topics.of("envelope").values():
        proposed: Fact | None = None
        for fact in facts:
            if fact.word == "envelope-revised":
                yield from _approval(fact, proposed)
            if fact.word in ("revision-proposed", "revision-withdrawn", "envelope-revised"):
                proposed = fact if fact.word == "revision-proposed" else None


def _approval(revised: Fact, proposed: Fact | None) -> Iterator[str]:
    if proposed is None:
        yield f"{revised.id}: no revision was proposed"
        return
    if revised.actor == proposed.actor:
        yield f"{revised.id}: {revised.actor} proposed it"
    for name in ("document_number", "effective_on", "delta_idr"):
        yield from unequal(f"{revised.id} {name}", proposed.data[name], revised.data[name])


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
