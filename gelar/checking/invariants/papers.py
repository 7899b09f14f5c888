"""Invariant 3 for documents: an application freezes documents of its own enterprise that count.

A frozen document says what its filing said; and it had been neither revoked nor expired when it was
frozen. Events of two subjects may be published in either order, so `TOLERANCE` is allowed. Where
the call asks for a commitment letter, no place is confirmed, and no participant attends, without
it.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from gelar.checking.invariants.calendar import TOLERANCE
from gelar.checking.invariants.check import Check, Evidence
from gelar.checking.invariants.recount.applications import FREEZING, FREEZING_PAPERS
from gelar.checking.invariants.topics import Data, Fact

SAID = ("document_kind", "issuer", "issued_on", "expires_on")
ENDING = ("document-revoked", "document-expired")


def checks() -> Iterator[Check]:
    """Return the checks of this module."""
    yield Check(
        invariant=3,
        name="A frozen document is one of its applicant, says what was filed, and counted then",
        compared=lambda evidence: f"{sum(1 for _ in _frozen(evidence)):,} frozen documents",
        differences=_differences,
    )
    yield Check(
        invariant=3,
        name="No place is confirmed without the commitment letter that its call asks for",
        compared=lambda evidence: f"{sum(1 for _ in _delivered(evidence)):,} letters",
        differences=_uncommitted,
    )


def _frozen(evidence: Evidence) -> Iterator[tuple[Fact, Data]]:
    for fact in evidence.topics.each("application", *FREEZING_PAPERS):
        for document in fact.data["documents"]:
            yield fact, document


def _differences(evidence: Evidence) -> Iterator[str]:
    filed = evidence.topics.of("document")
    for fact in evidence.topics.each("application", *FREEZING):
        frozen = {each["document"]: each["document_kind"] for each in fact.data["documents"]}
        letter = fact.data["letter"]
        recommended = fact.data["channel"] != "enterprise"
        if recommended != (letter is not None):
            yield f"{fact.id}: proposed by {fact.data['channel']}, by the letter {letter}"
        # A correction that names no other letter keeps the one before, which may count no more.
        if letter and frozen.get(letter, "RECOMMENDATION") != "RECOMMENDATION":
            yield f"{fact.id}: {letter} is no recommendation letter"
    for fact, document in _frozen(evidence):
        problem = _problem(fact, document, filed)
        if problem:
            yield f"{fact.id}: the document {document['document']} {problem}"


def _problem(fact: Fact, document: Data, filed: Mapping[str, Sequence[Fact]]) -> str:
    events = filed.get(document["document"], ())
    if not events:
        return "was never filed"
    said = events[0].data
    if said["enterprise"] != fact.data["applicant"]["enterprise"]:
        return f"is of {said['enterprise']}"
    if any(said[name] != document[name] for name in SAID):
        return "says what its filing does not say"
    frozen_at = datetime.fromisoformat(fact.time)
    ended = [each for each in events if each.word in ENDING]
    if any(datetime.fromisoformat(each.time) + TOLERANCE < frozen_at for each in ended):
        return "had been revoked or had expired"
    return ""


def _delivered(evidence: Evidence) -> Iterator[Fact]:
    return evidence.topics.each("application", "commitment-delivered")


def _uncommitted(evidence: Evidence) -> Iterator[str]:
    calls = {fact.subject: fact.data for fact in evidence.topics.each("exhibition", "call-opened")}
    filed = evidence.topics.of("document")
    for facts in evidence.topics.of("application").values():
        asked = calls[facts[0].data["applicant"]["exhibition"]]["commitment_days"] is not None
        awaited = False
        for fact in facts:
            match fact.word:
                case "place-accepted":
                    awaited = fact.data["commitment_due_at"] is not None
                    if awaited != asked:
                        yield f"{fact.id}: its letter is not asked for as the call says"
                case "commitment-delivered":
                    awaited = False
                    yield from _letter_problems(fact, filed)
                case "commitment-returned":
                    awaited = True
                case "participation-confirmed" | "participant-attended" if awaited:
                    yield f"{fact.id}: without its commitment letter"
                case _:
                    pass


def _letter_problems(fact: Fact, filed: Mapping[str, Sequence[Fact]]) -> Iterator[str]:
    events = filed.get(fact.data["document"], ())
    said = events[0].data if events else {}
    expected = {
        "enterprise": fact.data["applicant"]["enterprise"],
        "document_kind": "COMMITMENT_LETTER",
        "issued_on": fact.data["signed_on"],
    }
    if {name: said.get(name) for name in expected} != expected:
        yield f"{fact.id}: {fact.data['document']} is no letter of its applicant of that day"
