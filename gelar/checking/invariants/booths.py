"""Booths: no booth holds more than it may, and only confirmed places have booths."""

from collections import Counter
from collections.abc import Iterator, Sequence

from gelar.checking.invariants.check import Check, Evidence
from gelar.checking.invariants.recount.rounds import rounds
from gelar.checking.invariants.topics import Data, Fact


def checks() -> Iterator[Check]:
    """Return the checks of this module."""
    yield Check(
        invariant=15,
        name="No booth holds more enterprises than it may, at any time",
        compared=lambda evidence: f"{evidence.topics.count('floor-plan'):,} events of floor plans",
        differences=_faults,
    )
    yield Check(
        name="The participants of a floor plan are the confirmed places of its round",
        compared=lambda evidence: f"{len(evidence.topics.of('floor-plan')):,} floor plans",
        differences=_participants,
    )


def _faults(evidence: Evidence) -> Iterator[str]:
    planned = {
        fact.subject: fact.data["booths"]
        for fact in evidence.topics.each("exhibition", "exhibition-planned")
    }
    called = {
        fact.subject: fact.data["booths"]
        for fact in evidence.topics.each("exhibition", "call-opened")
    }
    for id, booths in called.items():
        if booths != planned[id]:
            yield f"{id}: booths {booths} in its call, {planned[id]} in its plan"
    for id, facts in evidence.topics.of("floor-plan").items():
        yield from _of_plan(facts, planned[id])


def _of_plan(facts: Sequence[Fact], planned: Data) -> Iterator[str]:
    booths: dict[str, str | None] = {}
    for fact in facts:
        yield from _strangers(fact, booths)
        booths = booths_after(booths, fact)
        used = Counter(filter(None, booths.values()))
        yield from (
            f"{fact.id}: {number} enterprises in booth {booth}, which holds {planned['shared_by']}"
            for booth, number in used.items()
            if number > planned["shared_by"]
        )
        if len(used) > planned["number"]:
            yield f"{fact.id}: {len(used)} booths in use, and there are {planned['number']}"


def _strangers(fact: Fact, booths: dict[str, str | None]) -> Iterator[str]:
    for assignment in fact.data.get("assignments", ()):
        if assignment["enterprise"] not in booths:
            yield f"{fact.id}: a booth for {assignment['enterprise']}, which has no place"


def booths_after(booths: dict[str, str | None], fact: Fact) -> dict[str, str | None]:
    """Return the booths of the participants after this event."""
    match fact.word:
        case "participant-listed":
            return {**booths, fact.data["enterprise"]: None}
        case "booths-assigned":
            given = {each["enterprise"]: each["booth"] for each in fact.data["assignments"]}
            return {id: given.get(id, booth) for id, booth in booths.items()}
        case "booths-taken-back":
            return {**booths, **dict.fromkeys(fact.data["enterprises"])}
        case "participant-removed":
            return {id: booth for id, booth in booths.items() if id != fact.data["enterprise"]}
        case _:
            return booths


def _participants(evidence: Evidence) -> Iterator[str]:
    plans = evidence.topics.of("floor-plan")
    for id, found in rounds(evidence.topics).items():
        booths: dict[str, str | None] = {}
        for fact in plans.get(id, ()):
            booths = booths_after(booths, fact)
        confirmed = {
            place.partition(".")[2] for place, seat in found.seats.items() if seat == "CONFIRMED"
        }
        for enterprise in sorted(confirmed ^ booths.keys()):
            there = "on the floor plan only" if enterprise in booths else "not on the floor plan"
            yield f"{id}.{enterprise} is {there}"
