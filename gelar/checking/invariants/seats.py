"""Seats: invariant 1, and the rounds that selection's API shows."""

from collections.abc import Iterator

from gelar.checking.invariants.check import Check, Evidence, paired, unequal, unlisted
from gelar.checking.invariants.recount.rounds import round_of, rounds


def checks() -> Iterator[Check]:
    """Return the checks of this module."""
    yield Check(
        invariant=1,
        name="Seats never exceed the places; a freed seat goes to the next reserve",
        compared=lambda evidence: f"{evidence.topics.count('round'):,} events of rounds",
        differences=_faults,
    )
    yield Check(
        name="A decree's annex, less its amendments, is the live seats",
        compared=lambda evidence: f"{len(evidence.topics.of('round')):,} rounds",
        differences=_annexes,
    )
    yield Check(
        name="Selection's rounds = their events",
        compared=lambda evidence: f"{len(evidence.answers.rounds):,} rounds",
        differences=_rounds,
    )


def _faults(evidence: Evidence) -> Iterator[str]:
    opened = {fact.subject: fact.data for fact in evidence.topics.each("exhibition", "call-opened")}
    for id, found in rounds(evidence.topics).items():
        yield from found.faults
        if found.status == "APPROVED" and found.reserve and len(found.live) < found.places:
            yield f"{id}: a seat is free, and {len(found.reserve)} reserves wait"
        if found.terms and found.places != opened[id]["places"]:
            yield f"{id}: {found.places} places, the call has {opened[id]['places']}"


def _annexes(evidence: Evidence) -> Iterator[str]:
    for id, found in rounds(evidence.topics).items():
        if found.status == "DECREED" and sorted(found.annex or ()) != sorted(found.live):
            yield f"{id}: {len(found.annex or ())} on the annex, {len(found.live)} live seats"


def _rounds(evidence: Evidence) -> Iterator[str]:
    yield from unlisted(evidence.topics.of("round"), evidence.answers.rounds)
    for id, facts, item in paired(evidence.topics.of("round"), evidence.answers.rounds):
        found = round_of(id, facts)
        # The order of the keys is no promise, that of the reserve list is one.
        yield from unequal(f"{id} status", found.status, item["status"])
        yield from unequal(f"{id} places", found.places, item["places"])
        yield from unequal(f"{id} seats", found.seats, item["seats"])
        yield from unequal(f"{id} reserve", found.reserve, item["reserve"])
        decree = item["decree"] or {"annex": None, "number": None, "signed_on": None}
        yield from unequal(f"{id} decree", found.decree | {"annex": found.annex}, decree)
        for name in ("rubric", "threshold", "sheets_min", "offer_hours", "starts_on"):
            yield from unequal(f"{id} {name}", found.terms[name], item[name])
        yield from unequal(f"{id} listed", found.listed, item["listed"])
        yield from unequal(f"{id} struck", found.struck, item["struck"])
        yield from unequal(f"{id} closing", found.closing, item["closing"])
