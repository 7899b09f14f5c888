"""Damage for the check of frozen documents: one of another enterprise, one that counted no more."""

from gelar.checking.invariants.check import Evidence
from gelar.checking.invariants.topics import Fact
from tests.demo.damage import Damage
from tests.demo.forgeries import exchange, first

CHECK = "A frozen document is one of its applicant, says what was filed, and counted then"


def frozen(evidence: Evidence) -> tuple[Fact, Fact]:
    """Return a submission, and the filing of the first document that it froze."""
    for submitted in evidence.topics.each("application", "application-submitted"):
        for document in submitted.data["documents"]:
            return submitted, evidence.topics.facts["document"][document["document"]][0]
    raise AssertionError("no application froze a document")


def file_for_another(evidence: Evidence) -> None:
    """Let a frozen document be of another enterprise."""
    _, filed = frozen(evidence)
    exchange(evidence, filed, data={**filed.data, "enterprise": "another"})


def file_another_day(evidence: Evidence) -> None:
    """Let a document have been issued on another day than the application froze."""
    _, filed = frozen(evidence)
    exchange(evidence, filed, data={**filed.data, "issued_on": "2001-01-01"})


def end(evidence: Evidence, word: str) -> None:
    """End a document before it was frozen."""
    submitted, filed = frozen(evidence)
    ended = filed._replace(word=word, sequence=2, time="2018-01-01T00:00:00.000Z")
    assert ended.time < submitted.time
    evidence.topics.facts["document"][filed.subject].append(ended)


def forget(evidence: Evidence) -> None:
    """Leave out the filing of a frozen document."""
    _, filed = frozen(evidence)
    del evidence.topics.facts["document"][filed.subject]


LETTER = "No place is confirmed without the commitment letter that its call asks for"


def owe_a_letter(evidence: Evidence, *words: str) -> None:
    """Let a call ask for a letter, and these events follow the acceptance of a place."""
    accepted = first(evidence, "application", "place-accepted")
    exhibition = accepted.data["applicant"]["exhibition"]
    call = first(evidence, "exhibition", "call-opened", exhibition=exhibition)
    exchange(evidence, call, data={**call.data, "commitment_days": 7})
    owing = {**accepted.data, "commitment_due_at": "2018-12-31T00:00:00.000Z"}
    exchange(evidence, accepted, data=owing)
    facts = evidence.topics.facts["application"][accepted.subject]
    for word in words:
        data = {**accepted.data, "document": "d-absent", "signed_on": "2018-01-01"}
        facts.insert(facts.index(facts[-1]), facts[-1]._replace(word=word, data=data))


def recommend_by_another_document(evidence: Evidence, **values: object) -> None:
    """Let a submission name a frozen document of another kind as its letter, or no letter."""
    submitted, filed = frozen(evidence)
    submitted.data.update({"channel": "association", "letter": filed.subject} | values)


PAPER_DAMAGES = [
    Damage(CHECK, "a licence for a recommendation", recommend_by_another_document),
    Damage(CHECK, "recommended without a letter",
           lambda e: recommend_by_another_document(e, letter=None)),
    Damage(LETTER, "confirmed without a letter", owe_a_letter),
    Damage(LETTER, "a letter that was never filed",
           lambda e: owe_a_letter(e, "commitment-delivered")),
    Damage(CHECK, "of another enterprise", file_for_another),
    Damage(CHECK, "issued on another day", file_another_day),
    Damage(CHECK, "revoked before", lambda e: end(e, "document-revoked")),
    Damage(CHECK, "expired before", lambda e: end(e, "document-expired")),
    Damage(CHECK, "never filed", forget),
]  # fmt: skip
