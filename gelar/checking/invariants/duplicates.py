"""Invariant 12 for enterprises that are one: after a verdict their places count together.

A place that was taken before the verdict stays. An acceptance after it counts the places that the
group has at that moment, and finds no place of it at the same exhibition. Events of two subjects
may be published in either order, so `TOLERANCE` is allowed.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from gelar.checking.invariants.calendar import TOLERANCE
from gelar.checking.invariants.check import Check, Evidence
from gelar.checking.invariants.recount.eligibility import places_max, rule_sets
from gelar.checking.invariants.topics import Fact

FOR_EVER = datetime.max.replace(tzinfo=UTC)


class Bond(NamedTuple):
    """Two enterprises that were one, certainly for this time."""

    first: str
    second: str
    begins: datetime
    ends: datetime


class Place(NamedTuple):
    """A place of an enterprise, from its acceptance until it was given up."""

    application: str
    exhibition: str
    enterprise: str
    part: tuple[str, str]
    rule_set: str
    begins: datetime
    ends: datetime


def checks() -> Iterator[Check]:
    """Return the checks of this module."""
    yield Check(
        invariant=12,
        name="Confirmed duplicates take their places together, and one of an exhibition",
        compared=lambda evidence: f"{len(_bonds(evidence)):,} confirmed pairs",
        differences=_differences,
    )


def _differences(evidence: Evidence) -> Iterator[str]:
    bonds = _bonds(evidence)
    caps = {id: places_max(rules) for id, rules in rule_sets(evidence.topics).items()}
    places = [place for place in _places(evidence) if place] if bonds else []
    for place in places:
        group = _group(place.enterprise, place.begins, bonds)
        others = [
            other
            for other in places
            if other.enterprise in group
            and other.begins < place.begins - TOLERANCE
            and other.ends > place.begins + TOLERANCE
        ]
        if len(group) > 1:
            yield from _of_place(place, others, caps[place.rule_set])


def _of_place(place: Place, others: Sequence[Place], most: int) -> Iterator[str]:
    same = [other for other in others if other.exhibition == place.exhibition]
    yield from (f"{place.application} was accepted beside {other.application}" for other in same)
    taken = sum(other.part == place.part for other in others)
    if taken >= most:
        yield f"{place.application} was accepted, and its group had {taken} places"


def _bonds(evidence: Evidence) -> list[Bond]:
    bonds = []
    for facts in evidence.topics.of("suspicion").values():
        if any(fact.word == "suspected-duplicate" and fact.data["refused"] for fact in facts):
            continue
        for position, fact in enumerate(facts):
            if fact.word == "duplicate-confirmed":
                later = facts[position + 1 :]
                ends = _at(later[0]) - TOLERANCE if later else FOR_EVER
                begins = _at(fact) + TOLERANCE
                bonds.append(Bond(fact.data["first"], fact.data["second"], begins, ends))
    return bonds


def _group(enterprise: str, at: datetime, bonds: Sequence[Bond]) -> set[str]:
    others = defaultdict(set)
    for bond in bonds:
        if bond.begins <= at < bond.ends:
            others[bond.first].add(bond.second)
            others[bond.second].add(bond.first)
    group, waiting = {enterprise}, [enterprise]
    while waiting:
        new = others[waiting.pop()] - group
        group |= new
        waiting += new
    return group


def _places(evidence: Evidence) -> Iterator[Place | None]:
    for id, facts in evidence.topics.of("application").items():
        yield _place(id, facts)


def _place(id: str, facts: Sequence[Fact]) -> Place | None:
    """Return the place of an application, if it ever accepted one."""
    accepted = next((fact for fact in facts if fact.word == "place-accepted"), None)
    if accepted is None:
        return None
    applicant = accepted.data["applicant"]
    ends = FOR_EVER
    for fact in facts:
        given_up = fact.word == "application-withdrawn" and not fact.data["after_decree"]
        if given_up or fact.word in ("application-lapsed", "slot-returned"):
            ends = min(ends, _at(fact))
    return Place(
        application=id,
        exhibition=applicant["exhibition"],
        enterprise=applicant["enterprise"],
        part=(applicant["programme"], applicant["scope"]),
        rule_set=facts[0].data["rule_set"],
        begins=_at(accepted),
        ends=ends,
    )


def _at(fact: Fact) -> datetime:
    return datetime.fromisoformat(fact.time)
