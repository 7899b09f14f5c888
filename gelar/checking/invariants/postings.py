"""The postings of officers: their days, their documents, their costs, and their two people.

Every posting to an envelope, and every lowering of an allocation by an officer, names a document
and a day of the fiscal year that had come when it was recorded. A document makes at most one
posting of a kind in an envelope or an allocation. A revision of the pagu and a corrected cost are
approved by another person than proposed them: the topics show a pseudonym of each.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from typing import NamedTuple

from gelar.checking.invariants.check import Check, Evidence, unequal
from gelar.checking.invariants.topics import Fact

WORDS = (
    *("envelope-opened", "envelope-revised", "envelope-blocked", "envelope-unblocked"),
    *("allotment-made", "cost-corrected"),
)
FACTOR = 5
"""An allotment's cost is up to so many times above or below the last cost of its scope."""

JAKARTA = timezone(timedelta(hours=7))


class OfTwoPeople(NamedTuple):
    """The steps before an approval: how it was proposed and withdrawn, and what stays the same."""

    proposed: str
    withdrawn: str
    same: tuple[str, ...]


OF_TWO_PEOPLE = {
    "envelope-revised": OfTwoPeople("revision-proposed", "revision-withdrawn", ("delta_idr",)),
    "cost-corrected": OfTwoPeople(
        "cost-proposed", "cost-withdrawn", ("exhibition", "unit_cost_idr")
    ),
}


def checks() -> Iterator[Check]:
    """Return the checks of this module."""
    yield Check(
        invariant=6,
        name="A revision or a cost was approved by another person, as it was proposed",
        compared=lambda evidence: f"{sum(1 for _ in _approved(evidence)):,} approvals",
        differences=_approvals,
    )
    yield Check(
        invariant=8,
        name="Every posting is of its fiscal year, by a document that makes it once",
        compared=lambda evidence: f"{sum(1 for _ in _postings(evidence)):,} postings",
        differences=_documents,
    )
    yield Check(
        invariant=8,
        name="No allotment has a cost far from the last of its scope that one person named",
        compared=lambda evidence: f"{sum(1 for _ in _costs(evidence)):,} costs",
        differences=_plausible,
    )


def _postings(evidence: Evidence) -> Iterator[Fact]:
    yield from evidence.topics.each("envelope", *WORDS)
    for fact in evidence.topics.each("allocation", "allocation-lowered"):
        # A closed allocation returns its free money by itself, without a document.
        if fact.data.get("document_number"):
            yield fact


def _approved(evidence: Evidence) -> Iterator[Fact]:
    return evidence.topics.each("envelope", *OF_TWO_PEOPLE)


def _approvals(evidence: Evidence) -> Iterator[str]:
    for facts in evidence.topics.of("envelope").values():
        for approved, steps in OF_TWO_PEOPLE.items():
            proposed: Fact | None = None
            for fact in facts:
                if fact.word == approved:
                    yield from _approval(fact, proposed, steps.same)
                if fact.word in (approved, steps.proposed, steps.withdrawn):
                    proposed = fact if fact.word == steps.proposed else None


def _approval(approved: Fact, proposed: Fact | None, same: tuple[str, ...]) -> Iterator[str]:
    if proposed is None:
        yield f"{approved.id}: it was not proposed"
        return
    if approved.actor == proposed.actor:
        yield f"{approved.id}: {approved.actor} proposed it"
    for name in ("document_number", "effective_on", *same):
        yield from unequal(f"{approved.id} {name}", proposed.data[name], approved.data[name])


def _costs(evidence: Evidence) -> Iterator[Fact]:
    return evidence.topics.each("envelope", "allotment-made", "cost-corrected")


def _plausible(evidence: Evidence) -> Iterator[str]:
    last: dict[str, int] = {}
    for fact in _costs(evidence):
        cost, before = fact.data["unit_cost_idr"], last.get(fact.subject)
        far = before and max(cost, before) > FACTOR * min(cost, before)
        if fact.word == "allotment-made" and far:
            yield f"{fact.id}: a place costs Rp {cost:,}, after Rp {before:,}"
        last[fact.subject] = cost


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
