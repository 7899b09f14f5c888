"""Damage for the check of those who judge applications: the same person has acted for it before."""

from gelar.checking.invariants.check import Evidence
from tests.demo.damage import Damage
from tests.demo.forgeries import exchange, first

CHECK = "No person judges an application and acts for it; no recorder corrects itself"


def judge_what_it_did(evidence: Evidence, act: str, judgement: str) -> None:
    """Let who did this act for an applicant judge its application."""
    judged = first(evidence, "application", judgement)
    enterprise = judged.data["applicant"]["enterprise"]
    acts = (
        *evidence.topics.of("enterprise")[enterprise],
        *evidence.topics.of("application")[judged.subject],
        *(
            fact
            for fact in evidence.topics.each("document", act)
            if fact.data["enterprise"] == enterprise
        ),
    )
    # The demo's enterprises do all this by one person: the act is of another one here.
    for fact in acts:
        if fact.word == act:
            exchange(evidence, fact, actor="another")
    exchange(evidence, judged, actor="another")


def correct_what_it_recorded(evidence: Evidence) -> None:
    """Let who recorded an attendance correct it."""
    corrected = first(evidence, "application", "attendance-corrected")
    recorded = evidence.topics.of("application")[corrected.subject][-2]
    exchange(evidence, corrected, actor=recorded.actor)


def act_after_judging(evidence: Evidence) -> None:
    """Let who verified an application accept the offer to it."""
    accepted = first(evidence, "application", "place-accepted")
    history = evidence.topics.of("application")[accepted.subject]
    (verified,) = (fact for fact in history if fact.word == "application-verified")
    exchange(evidence, accepted, actor=verified.actor)


JUDGE_DAMAGES = [
    Damage(CHECK, "registered and verified",
           lambda e: judge_what_it_did(e, "enterprise-registered", "application-verified")),
    Damage(CHECK, "filed its documents and verified",
           lambda e: judge_what_it_did(e, "document-filed", "application-verified")),
    Damage(CHECK, "submitted and asked for a correction",
           lambda e: judge_what_it_did(e, "application-submitted", "correction-requested")),
    Damage(CHECK, "accepted and recorded the attendance",
           lambda e: judge_what_it_did(e, "place-accepted", "participant-attended")),
    Damage(CHECK, "verified and accepted", act_after_judging),
    Damage(CHECK, "recorded and corrected", correct_what_it_recorded),
]  # fmt: skip
