"""Invariant 3 for documents: an application freezes documents of its own enterprise that count.

A frozen document says what its filing said; and it had been neither revoked nor expired when it was
frozen. Events of two subjects may be published in either order, so `TOLERANCE` is allowed.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from gelar.checking.invariants.calendar import TOLERANCE
from gelar.checking.invariants.check import Check, Evidence
from gelar.checking.invariants.recount.applications import FREEZING_PAPERS
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


def _frozen(evidence: Evidence) -> Iterator[tuple[Fact, Data]]:
    for fact in evidence.topics.each("application", *FREEZING_PAPERS):
        for document in fact.data["documents"]:
            yield fact, document


def _differences(evidence: Evidence) -> Iterator[str]:
    filed = evidence.topics.of("document")
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
