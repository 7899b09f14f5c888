"""The services agree once they have applied every event: seats, applications, money, decrees."""

from collections.abc import Iterator

from gelar.checking.invariants.check import Check, Evidence
from gelar.checking.invariants.recount.applications import Application, applications
from gelar.checking.invariants.recount.money import Allocation, allocations
from gelar.checking.invariants.recount.rounds import Round, rounds

ENDED = frozenset({"WITHDRAWN", "DECLINED", "OFFER_EXPIRED", "LAPSED", "CLOSED", "ABSENT"})
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
            if not _agree(seat, applied[place], allocation, put_off=_put_off(found, place)):
                yield f"{place}: seat {seat}, application {applied[place].status}"
        for place in {*allocation.reserved, *allocation.contracted} - set(found.seats):
            yield f"{place} has money and no seat"


def _put_off(found: Round, place: str) -> bool:
    """Return True if a seat has its money, and objections put its offer off."""
    disputed = found.disputes.window_open or found.seats[place] == "ESCROWED"
    return disputed and place in found.disputes.put_off


def _agree(seat: str, applied: Application, money: Allocation, *, put_off: bool) -> bool:
    has = applied.id in money.reserved or applied.id in money.contracted
    waits = applied.id in money.waiting
    # A place that was offered may lose its reservation to a corrected cost: it waits again.
    unfunded = waits and applied.id in money.unfunded
    match seat:
        case "WAITING" | "ESCROWED":
            funded = put_off and (has or waits)
            return applied.status == "ELIGIBLE" and (funded or (waits and not has))
        case "OFFERED":
            # A seat whose acceptance awaits the commitment letter is not confirmed yet.
            owes = applied.status == "ACCEPTED" and applied.commitment_due_at is not None
            return (applied.status == "OFFERED" or owes) and (has or unfunded)
        case "CONFIRMED":
            # Who came although it was recorded as absent may wait for its money again, or an
            # officer released what it did not need, perhaps before its check-ins were undone.
            came = applied.status == "ATTENDED" or "attendance-retracted" in applied.words
            came &= waits or applied.id in money.released
            return applied.status in HAD_A_PLACE and (
                has or unfunded or applied.status == "ABSENT" or came
            )
        case _:
            ended = applied.status in ENDED or "attendance-contested" in applied.words
            return ended and not waits and (not has or applied.id in money.sunk)


def _calendar(evidence: Evidence) -> Iterator[str]:
    found, money = rounds(evidence.topics), allocations(evidence.topics)
    for id, facts in evidence.topics.of("exhibition").items():
        words = {fact.word for fact in facts}
        state, allocation = found.get(id), money.get(id)
        if "call-opened" in words and state is None:
            yield f"{id}: its call has opened, but selection has no round"
        if state is not None and (state.status == "CANCELLED") != ("exhibition-cancelled" in words):
            yield f"{id}: cancelled in one service only"
        decreed = "participants-decreed" in _words(evidence, id)
        # A decree that crosses a cancellation changes nothing in registration.
        if decreed != ("exhibition-decreed" in words) and "exhibition-cancelled" not in words:
            yield f"{id}: decreed in one service only"
        numbers = {fact.data["decree"] for fact in facts if fact.word == "exhibition-decreed"}
        number = state.decree["number"] if state and state.decree else None
        if state is not None and numbers - {number}:
            yield f"{id}: decree {', '.join(numbers)} here, {number} in selection"
        if allocation:
            yield from _money(id, allocation, cancelled=bool(state and state.status == "CANCELLED"))


def _money(id: str, allocation: Allocation, *, cancelled: bool) -> Iterator[str]:
    if cancelled and not allocation.closed:
        yield f"{id} is cancelled, and its allocation is open"
    if allocation.closed and allocation.free_idr:
        yield f"{id} is cancelled, and Rp {allocation.free_idr:,} are not given back"
    if allocation.waiting and 0 < allocation.unit_cost_idr <= allocation.free_idr:
        yield f"{id}: Rp {allocation.free_idr:,} are free while a place waits"


def _words(evidence: Evidence, exhibition: str) -> set[str]:
    return {fact.word for fact in evidence.topics.of("round").get(exhibition, ())}
