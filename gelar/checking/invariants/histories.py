"""The history of each subject: known events, in an order that is allowed, about one thing."""

from collections import Counter
from collections.abc import Iterator, Sequence

from gelar.checking.invariants.check import Check, Evidence
from gelar.checking.invariants.lives import (
    APPLICANT_ID,
    CONSTANT,
    FIRST,
    LIVES,
    OTHERS,
)
from gelar.checking.invariants.recount import applications, rounds
from gelar.checking.invariants.topics import Fact


def checks() -> Iterator[Check]:
    """Return the checks of this module."""
    yield Check(
        name="Every event is known, and follows in the life of its subject",
        compared=_compared,
        differences=_lives,
    )
    yield Check(
        name="All events of a subject are about one thing",
        compared=_compared,
        differences=_constants,
    )


def _compared(evidence: Evidence) -> str:
    subjects = sum(map(len, evidence.topics.facts.values()))
    return f"{subjects:,} subjects"


def _lives(evidence: Evidence) -> Iterator[str]:
    for kind, subjects in evidence.topics.facts.items():
        for facts in subjects.values():
            if kind in LIVES:
                yield from _steps(kind, facts)
            else:
                yield from _words(kind, facts)
    yield from _twice(evidence)


def _words(kind: str, facts: Sequence[Fact]) -> Iterator[str]:
    for position, fact in enumerate(facts):
        first = fact.word == FIRST.get(kind)
        if not first and fact.word not in OTHERS.get(kind, ()):
            yield f"{fact.id}: the audit does not know {fact.word} of {kind}"
        elif kind in FIRST and first != (position == 0):
            yield f"{fact.id}: a subject begins with {FIRST[kind]}, which comes once"


def _steps(kind: str, facts: Sequence[Fact]) -> Iterator[str]:
    status = "AWAITED" if kind == "round" else ""
    seen: Counter[str] = Counter()
    for fact in facts:
        allowed = LIVES[kind].get(status, ())
        cancelled = kind == "round" and fact.word == "round-cancelled" and status != "CANCELLED"
        again = fact.word in ("round-opened", "attendance-contested") and seen[fact.word]
        if again or not (fact.word in allowed or cancelled):
            yield f"{fact.id}: {fact.word} may not follow {status or 'nothing'}"
        seen[fact.word] += 1
        status = _status(kind, fact, status)


def _status(kind: str, fact: Fact, before: str) -> str:
    match kind:
        case "application":
            return applications.status_after(fact, before)
        case "round":
            return rounds.STATUSES.get(fact.word, before)
        case _ if fact.word == "exhibition-rescheduled":
            return before
        case _:
            return fact.word


def _twice(evidence: Evidence) -> Iterator[str]:
    numbers: Counter[tuple[str, ...]] = Counter()
    for fact in evidence.topics.each("outcome", "follow-up-reported"):
        numbers["follow-up", fact.subject, fact.data["follow_up"]] += 1
    for fact in evidence.topics.each("rate", "rate-fixed"):
        numbers["rate", fact.data["currency"], fact.data["fixed_on"]] += 1
        if fact.subject != f"{fact.data['currency']}-{fact.data['fixed_on']}":
            yield f"{fact.id} fixes {fact.data['currency']} on {fact.data['fixed_on']}"
    for number, count in numbers.items():
        if count > 1:
            yield f"{' '.join(number)} is there {count} times"


def _constants(evidence: Evidence) -> Iterator[str]:
    for kind, names in CONSTANT.items():
        for facts in evidence.topics.of(kind).values():
            before = facts[0]
            for fact in facts:
                yield from (
                    f"{fact.id}: another {name} than {before.id}"
                    for name in names
                    if _named(fact, name, fact.word) != _named(before, name, fact.word)
                )
                before = fact


def _named(fact: Fact, name: str, word: str) -> object:
    """Return a field as an event with this word must repeat it.

    An application that freezes its facts again may have other ones, of the same applicant.
    """
    value = fact.data[name]
    return [value[part] for part in APPLICANT_ID] if word in applications.FREEZING else value
