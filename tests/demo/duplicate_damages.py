"""Damages for the check of confirmed duplicates: they take places as if they were two."""

from datetime import datetime, timedelta
from itertools import pairwise

from gelar.checking.invariants.check import Evidence
from gelar.checking.invariants.topics import Fact
from tests.demo.damage import Damage
from tests.demo.forgeries import exchange

CHECK = "Confirmed duplicates take their places together, and one of an exhibition"
LONG_BEFORE = datetime.fromisoformat("2018-01-01T00:00:00+00:00")


def confirm(evidence: Evidence, first: str, second: str) -> None:
    """Let two enterprises have been confirmed to be one since the beginning of the year."""
    id, parties = f"{first}.{second}", {"first": first, "second": second}
    words: tuple[tuple[str, dict[str, str | None]], ...] = (
        ("suspected-duplicate", {"ground": "LIKENESS", "refused": None}),
        ("duplicate-confirmed", {"code": "same-owner"}),
    )
    evidence.topics.facts.setdefault("suspicion", {})[id] = [
        Fact(
            id=f"suspicion/{id}/{number}",
            kind="suspicion",
            subject=id,
            sequence=number,
            word=word,
            time=LONG_BEFORE.isoformat(),
            actor="officer",
            data={**parties, **more},
        )
        for number, (word, more) in enumerate(words, 1)
    ]


def accept_beside_each_other(evidence: Evidence) -> None:
    """Let two enterprises with places at one exhibition be one."""
    accepted = sorted(
        evidence.topics.each("application", "place-accepted"),
        key=lambda fact: (fact.data["applicant"]["exhibition"], fact.time),
    )
    for before, after in pairwise(accepted):
        one_show = before.data["applicant"]["exhibition"] == after.data["applicant"]["exhibition"]
        if one_show and _attended(evidence, before):
            later = datetime.fromisoformat(before.time) + timedelta(hours=1)
            exchange(evidence, after, time=later.isoformat())
            confirm(evidence, *sorted(_enterprises(before, after)))
            return


def accept_too_often(evidence: Evidence) -> None:
    """Let enterprises with four places in one programme and scope, at four exhibitions, be one."""
    four: dict[str, Fact] = {}
    for fact in evidence.topics.each("application", "place-accepted"):
        applicant = fact.data["applicant"]
        if _attended(evidence, fact) and applicant["scope"] == "DOMESTIC" and len(four) < 4:
            four.setdefault(applicant["enterprise"], fact)
    chosen = list(four.values())
    for number, fact in enumerate(chosen):
        fact.data["applicant"] = {**fact.data["applicant"], "exhibition": f"show-{number}"}
        exchange(evidence, fact, time=(LONG_BEFORE + timedelta(days=30 + number)).isoformat())
    for before, after in pairwise(chosen):
        confirm(evidence, *sorted(_enterprises(before, after)))


def _attended(evidence: Evidence, fact: Fact) -> bool:
    history = evidence.topics.of("application")[fact.subject]
    return any(each.word == "participant-attended" for each in history)


def _enterprises(*facts: Fact) -> set[str]:
    return {fact.data["applicant"]["enterprise"] for fact in facts}


DUPLICATE_DAMAGES = [
    Damage(CHECK, "two places at one exhibition", accept_beside_each_other),
    Damage(CHECK, "four places of a group", accept_too_often),
]
