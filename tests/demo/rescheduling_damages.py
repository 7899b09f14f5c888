"""Damages of rescheduled applications: documents that were not renewed, and deadlines."""

from gelar.checking.invariants.check import Evidence
from gelar.checking.invariants.topics import Fact
from tests.demo.damage import Damage
from tests.demo.forgeries import first

DUE_AT = "2018-01-02T00:00:00.000Z"
NEVER = "9999-01-01T00:00:00.000Z"


def reschedule(evidence: Evidence, before: Fact, *, due_at: str) -> Fact:
    """Let an application miss a licence just before this event, to be renewed until `due_at`."""
    call = first(evidence, "exhibition", "call-opened", exhibition=exhibition_of(before))
    data = {
        "applicant": before.data["applicant"],
        "starts_on": call.data["starts_on"],
        "valid_through": call.data["ends_on"],
        "deadline_at": None,
        "missing": ["licence"],
        "renewal_due_at": due_at,
        "commitment_due_at": None,
    }
    rescheduled = before._replace(word="application-rescheduled", data=data)
    facts = evidence.topics.facts["application"][before.subject]
    facts.insert(facts.index(before), rescheduled)
    return rescheduled


def exhibition_of(fact: Fact) -> str:
    """Return the exhibition of an application."""
    id: str = fact.data["applicant"]["exhibition"]
    return id


def attend_without_a_licence(evidence: Evidence) -> None:
    """Let an applicant attend whose licence was to be renewed."""
    attended = first(evidence, "application", "participant-attended")
    reschedule(evidence, attended, due_at=NEVER)


def after_rescheduling(evidence: Evidence, word: str, *, due_at: str) -> None:
    """Put an event of a renewal behind the check of its documents."""
    attended = first(evidence, "application", "participant-attended")
    rescheduled = reschedule(evidence, attended, due_at=due_at)
    data = {"applicant": attended.data["applicant"], "documents": []}
    facts = evidence.topics.facts["application"][attended.subject]
    facts.insert(facts.index(attended), rescheduled._replace(word=word, data=data))


ELIGIBLE = "Every verified application meets every requirement of its call"
ANSWERS = "Answers come before their deadlines, and what expires after them"

RESCHEDULING_DAMAGES = [
    Damage(ELIGIBLE, "attended without a renewal", attend_without_a_licence),
    Damage(ANSWERS, "renewed too late",
           lambda e: after_rescheduling(e, "documents-renewed", due_at=DUE_AT)),
    Damage(ANSWERS, "expired before its deadline",
           lambda e: after_rescheduling(e, "renewal-expired", due_at=NEVER)),
]  # fmt: skip
