"""The services agree once they have applied every event: seats, applications, money, decrees."""

from collections.abc import Iterator

from gelar.checking.invariants.check import Check, Evidence
from gelar.checking.invariants.recount.applications import Application, applications
from gelar.checking.invariants.recount.money import Allocation, allocations
from gelar.checking.invariants.recount.rounds import rounds

ENDED = frozenset({"WITHDRAWN", "DECLINED", "OFFER_EXPIRED", "LAPSED", "ABSENT"})
HAD_A_PLACE = frozenset({"CONFIRMED", "ATTENDED", "ABSENT"})


def checks() -> Iterator[Check]:
    """Return the checks of this module."""
    yield Check(
        name="Seats, applications and money agree",
        compared=_seats_compared,
        differences=_seats,
    )
    yield Check(
        name="Selection and budget follow the calendar; no money is idle while a place waits",
        compared=lambda evidence: f"{len(evidence.topics.of('exhibition')):,} exhibitions",
        differences=_calendar,
    )


def _seats_compared(evidence: Evidence) -> str:
    return f"{sum(len(found.seats) for found in rounds(evidence.topics).values()):,} seats"


def _seats(evidence: Evidence) -> Iterator[str]:
    applied, money = applications(evidence.topics), allocations(evidence.topics)
    for id, found in rounds(evidence.topics).items():
        allocation = money.get(id, Allocation(id=id))
        for place, seat in found.seats.items():
            if not _agree(seat, applied[place], allocation):
                yield f"{place}: seat {seat}, application {applied[place].status}"
        for place in {*allocation.reserved, *allocation.contracted} - set(found.seats):
            yield f"{place} has money and no seat"


def _agree(seat: str, applied: Application, money: Allocation) -> bool:
    has = applied.id in money.reserved or applied.id in money.contracted
    waits = applied.id in money.waiting
    match seat:
        case "WAITING":
            return applied.status == "ELIGIBLE" and waits and not has
        case "OFFERED":
            return applied.status == "OFFERED" and has
        case "CONFIRMED":
            return applied.status in HAD_A_PLACE and (has or applied.status == "ABSENT")
        case _:
            ended = applied.status in ENDED or "attendance-contested" in applied.words
            return ended and not waits and (not has or applied.id in money.sunk)


def _calendar(evidence: Evidence) -> Iterator[str]:
    found, money = rounds(evidence.topics), allocations(evidence.topics)
    for id, facts in evidence.topics.of("exhibition").items():
        words = {fact.word for fact in facts}
        state, allocation = found.get(id), money.get(id)
        if "call-opened" in words and state is None:
            yield f"{id}: its call has opened, and selection has no round"
        if state is not None and (state.status == "CANCELLED") != ("exhibition-cancelled" in words):
            yield f"{id}: cancelled in one service only"
        if ("participants-decreed" in _words(evidence, id)) != ("exhibition-decreed" in words):
            yield f"{id}: decreed in one service only"
        if allocation and state and state.status == "CANCELLED" and not allocation.closed:
            yield f"{id} is cancelled, and its allocation is open"
        if allocation and allocation.closed and allocation.free_idr:
            yield f"{id} is cancelled, and Rp {allocation.free_idr:,} are not given back"
        if allocation and allocation.waiting and allocation.free_idr >= allocation.unit_cost_idr:
            yield f"{id}: Rp {allocation.free_idr:,} are free while a place waits"


def _words(evidence: Evidence, exhibition: str) -> set[str]:
    return {fact.word for fact in evidence.topics.of("round").get(exhibition, ())}
