"""Check-ins: each is of a day of its exhibition, that day once, and undone by another officer."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from gelar.checking.invariants.calendar import PLANNED, zones
from gelar.checking.invariants.check import Check, Evidence
from gelar.checking.invariants.topics import Fact

Days = tuple[str, str]


def checks() -> Iterator[Check]:
    """Return the checks of this module."""
    yield Check(
        invariant=15,
        name="Each check-in is of a day of its exhibition, once, undone by another officer",
        compared=lambda evidence: f"{sum(1 for _ in _check_ins(evidence)):,} check-ins",
        differences=_differences,
    )


def _check_ins(evidence: Evidence) -> Iterator[Fact]:
    return evidence.topics.each("application", "participant-checked-in")


def _differences(evidence: Evidence) -> Iterator[str]:
    # Once an exhibition runs, its days stay.
    days = {
        fact.subject: (fact.data["starts_on"], fact.data["ends_on"])
        for facts in evidence.topics.of("exhibition").values()
        for fact in facts
        if fact.word in PLANNED
    }
    hosts = zones(evidence.topics)
    for id in sorted({fact.subject for fact in _check_ins(evidence)}):
        facts = evidence.topics.of("application")[id]
        exhibition = facts[0].data["applicant"]["exhibition"]
        yield from _of_application(facts, days[exhibition], hosts[exhibition])


def _of_application(facts: Sequence[Fact], show: Days, zone: str) -> Iterator[str]:
    checked: dict[str, str] = {}
    for fact in facts:
        day = fact.data.get("day", "")
        match fact.word:
            case "participant-checked-in":
                if day in checked:
                    yield f"{fact.id}: checked in on {day} already"
                yield from _times(fact, show, zone)
                checked[day] = fact.actor
            case "check-in-undone":
                if checked.pop(day, "") in ("", fact.actor):
                    yield f"{fact.id}: no check-in of {day} that {fact.actor} may undo"
            case "attendance-retracted" | "participant-absent" if checked:
                yield f"{fact.id}: {fact.word}, with a check-in on {min(checked)}"
            case _:
                pass


def _times(fact: Fact, show: Days, zone: str) -> Iterator[str]:
    day = date.fromisoformat(fact.data["day"])
    first, last = map(date.fromisoformat, show)
    scanned_at, recorded_at = map(datetime.fromisoformat, (fact.data["scanned_at"], fact.time))
    if not first <= day <= last:
        yield f"{fact.id}: checked in on {day}, and the exhibition is from {first} to {last}"
    if scanned_at.astimezone(ZoneInfo(zone)).date() != day:
        yield f"{fact.id}: checked in on {day} by a scan at {scanned_at}"
    if scanned_at > recorded_at:
        yield f"{fact.id}: scanned at {scanned_at}, and recorded at {recorded_at}"
