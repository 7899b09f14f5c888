"""Objections to selections: filed in time, decided by another person, and the seats in escrow."""

from collections.abc import Iterator
from datetime import datetime

from gelar.checking.invariants.check import Check, Evidence
from gelar.checking.invariants.recount.disputes import UNDECIDED
from gelar.checking.invariants.recount.rounds import Round, rounds
from gelar.checking.invariants.topics import Fact

DECISIONS = ("objection-upheld", "objection-dismissed")


def checks() -> Iterator[Check]:
    """Return the checks of this module."""
    yield Check(
        invariant=1,
        name="A seat in escrow has an open objection, and no seat is offered before its time",
        compared=_compared,
        differences=_seats,
    )
    yield Check(
        invariant=6,
        name="An objection is decided by a person without a part in the selection, once",
        compared=_compared,
        differences=_decisions,
    )
    yield Check(
        invariant=14,
        name="Every objection is filed in time, and decided before the decree",
        compared=_compared,
        differences=_in_time,
    )


def _compared(evidence: Evidence) -> str:
    filed = sum(1 for _ in evidence.topics.each("round", "objection-filed"))
    return f"{len(evidence.topics.of('round')):,} rounds, {filed:,} objections"


def _seats(evidence: Evidence) -> Iterator[str]:
    for id, facts in evidence.topics.of("round").items():
        found = Round(id=id)
        for fact in facts:
            before = found.seats.get(fact.data.get("application", ""))
            if fact.word == "place-offered" and (found.disputes.window_open or before != "WAITING"):
                yield f"{fact.id}: a seat {before} is offered"
            found.apply(fact)
        held = found.disputes.escrow
        escrowed = {seat for seat, status in found.seats.items() if status == "ESCROWED"}
        for seat in sorted(escrowed ^ set(held)):
            yield f"{id}: {seat} is in escrow for no objection"
        for seat, objection in held.items():
            if found.disputes.objections.get(objection) != "FILED":
                yield f"{id}: {seat} is in escrow for {objection}, which is not open"


def _decisions(evidence: Evidence) -> Iterator[str]:
    for id, facts in evidence.topics.of("round").items():
        approvers: set[str] = set()
        open_objections: set[str] = set()
        for fact in facts:
            if fact.word == "selection-approved":
                approvers = {fact.actor, *_people(evidence, id)}
            elif fact.word == "objection-filed":
                open_objections.add(fact.data["application"])
            elif fact.word in DECISIONS:
                if fact.actor in approvers:
                    yield f"{fact.id}: {fact.actor} had a part in the selection"
                if fact.data["application"] not in open_objections:
                    yield f"{fact.id}: there was no objection to decide"
                open_objections.discard(fact.data["application"])


def _people(evidence: Evidence, exhibition: str) -> Iterator[str]:
    proposal = evidence.answers.proposals.get(exhibition)
    if proposal is not None:
        people = (proposal["proposed_by"], *proposal["scored_by"])
        yield from map(evidence.pseudonym, people)


def _in_time(evidence: Evidence) -> Iterator[str]:
    for id, found in rounds(evidence.topics).items():
        for fact in evidence.topics.of("round")[id]:
            if fact.word == "objection-filed" and _late(fact, found.disputes.until):
                yield f"{fact.id}: filed at {fact.time}, and the time ended {found.disputes.until}"
        if found.status == "DECREED":
            for application, status in found.disputes.objections.items():
                if status in UNDECIDED:
                    yield f"{id}: the objection of {application} was never decided"


def _late(fact: Fact, until: str | None) -> bool:
    return until is None or datetime.fromisoformat(fact.time) > datetime.fromisoformat(until)
