"""Invariant 3 for sanctions: an enterprise under one neither applies nor is found eligible.

A sanction is in force from its first day through its last, in Jakarta, once it is imposed and until
it is lifted. Events of two subjects may be published in either order, so `TOLERANCE` is allowed.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from gelar.checking.invariants.calendar import JAKARTA, TOLERANCE
from gelar.checking.invariants.check import Check, Evidence
from gelar.checking.invariants.topics import Fact

PREVENTED = ("application-submitted", "application-revised", "application-verified")
FOR_EVER = datetime.max.replace(tzinfo=UTC)


class Term(NamedTuple):
    """A sanction and the time for which it was certainly in force."""

    id: str
    begins: datetime
    ends: datetime


def checks() -> Iterator[Check]:
    """Return the checks of this module."""
    yield Check(
        invariant=3,
        name="No enterprise applies, or is found eligible, while it is under a sanction",
        compared=lambda evidence: f"{sum(1 for _ in _imposed(evidence)):,} sanctions",
        differences=_differences,
    )


def _imposed(evidence: Evidence) -> Iterator[Fact]:
    return evidence.topics.each("enterprise", "sanction-imposed")


def _differences(evidence: Evidence) -> Iterator[str]:
    terms = {id: _terms(facts) for id, facts in evidence.topics.of("enterprise").items()}
    for fact in evidence.topics.each("application", *PREVENTED):
        at = datetime.fromisoformat(fact.time)
        for term in terms.get(fact.data["applicant"]["enterprise"], ()):
            if term.begins <= at < term.ends:
                yield f"{fact.id}: at {fact.time}, under the sanction of {term.id}"


def _terms(facts: Sequence[Fact]) -> list[Term]:
    lifted = {
        fact.data["sanction"]: datetime.fromisoformat(fact.time) - TOLERANCE
        for fact in facts
        if fact.word == "sanction-lifted"
    }
    return [
        Term(
            fact.id,
            max(datetime.fromisoformat(fact.time) + TOLERANCE, _midnight(fact.data["starts_on"])),
            min(_end_of(fact.data["ends_on"]), lifted.get(fact.data["sanction"], FOR_EVER)),
        )
        for fact in facts
        if fact.word == "sanction-imposed"
    ]


def _midnight(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), time(), ZoneInfo(JAKARTA)).astimezone(UTC)


def _end_of(day: str | None) -> datetime:
    return _midnight(day) + timedelta(days=1) if day else FOR_EVER
