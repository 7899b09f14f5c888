"""Invariant 6 in registration: the people of an applicant, and those who judge its applications.

The topics show people under pseudonyms, so an act of one person is known again in another event. An
application names the documents that it froze, and each document was filed by one person.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from gelar.checking.invariants.calendar import TOLERANCE
from gelar.checking.invariants.check import Check, Evidence
from gelar.checking.invariants.recount.applications import FREEZING, FREEZING_PAPERS
from gelar.checking.invariants.topics import Fact

ACTING = (
    *FREEZING,
    "documents-renewed",
    "place-accepted",
    "place-declined",
    "commitment-delivered",
    "application-withdrawn",
)
RECORDING = ("participant-attended", "participant-absent", "attendance-corrected")
JUDGING = (
    *("findings-recorded", "correction-requested", "application-verified", "application-rejected"),
    "commitment-returned",
    *RECORDING,
    *("participant-checked-in", "check-in-undone"),
)


def checks() -> Iterator[Check]:
    """Return the checks of this module."""
    yield Check(
        invariant=6,
        name="No person judges an application and acts for it; no recorder corrects itself",
        compared=lambda evidence: f"{sum(1 for _ in _judgements(evidence)):,} judgements",
        differences=_differences,
    )


def _judgements(evidence: Evidence) -> Iterator[Fact]:
    return evidence.topics.each("application", *JUDGING)


def _differences(evidence: Evidence) -> Iterator[str]:
    enterprises = evidence.topics.of("enterprise")
    filers = {id: facts[0].actor for id, facts in evidence.topics.of("document").items()}
    for facts in evidence.topics.of("application").values():
        enterprise = enterprises[facts[0].data["applicant"]["enterprise"]]
        yield from _of_application(facts, enterprise, filers)


def _of_application(
    facts: Sequence[Fact], enterprise: Sequence[Fact], filers: Mapping[str, str]
) -> Iterator[str]:
    people = {fact.actor for fact in enterprise if fact.word == "enterprise-registered"}
    judges = set[str]()
    for fact in facts:
        if fact.word in JUDGING:
            if fact.actor in people:
                yield f"{fact.id}: {fact.actor} acted for the applicant and judged its application"
            judges.add(fact.actor)
        elif fact.word in ACTING:
            if fact.actor in judges:
                yield f"{fact.id}: {fact.actor} judged the application and acted for the applicant"
            people |= {fact.actor, *_filers_of(fact, filers), *_revisers_of(fact, enterprise)}
    yield from _own_corrections(facts)


def _own_corrections(facts: Sequence[Fact]) -> Iterator[str]:
    recorder = ""
    for fact in facts:
        if fact.word == "attendance-corrected" and fact.actor == recorder:
            yield f"{fact.id}: {fact.actor} corrected the attendance that it had recorded"
        if fact.word in RECORDING:
            recorder = fact.actor


def _revisers_of(fact: Fact, enterprise: Sequence[Fact]) -> set[str]:
    """Return who revised the profile that this event froze, except just before it."""
    if fact.word not in FREEZING_PAPERS:
        return set()
    frozen_at = _time_of(fact) - TOLERANCE
    revised = (each for each in enterprise if each.word == "profile-revised")
    return {each.actor for each in revised if _time_of(each) < frozen_at}


def _filers_of(fact: Fact, filers: Mapping[str, str]) -> set[str]:
    if fact.word == "commitment-delivered":
        return {filers[fact.data["document"]]}
    documents = fact.data["documents"] if fact.word in FREEZING_PAPERS else ()
    return {filers[each["document"]] for each in documents}


def _time_of(fact: Fact) -> datetime:
    return datetime.fromisoformat(fact.time)
