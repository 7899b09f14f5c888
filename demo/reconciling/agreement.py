"""Agreement of the services at rest: seats, applications, money, and reporting's figures."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from demo.reconciling.checks import Check, Evidence

ENDED = frozenset({"WITHDRAWN", "DECLINED", "OFFER_EXPIRED", "LAPSED", "ABSENT"})
CAME = frozenset({"CONFIRMED", "ATTENDED", "ABSENT"})
STAGES = {
    "submitted": "application-submitted",
    "eligible": "application-verified",
    "rejected": "application-rejected",
    "offered": "offer-received",
    "accepted": "place-accepted",
    "declined": "place-declined",
    "expired": "offer-expired",
    "confirmed": "participation-confirmed",
    "attended": "participant-attended",
    "absent": "participant-absent",
    "withdrawn": "application-withdrawn",
    "lapsed": "application-lapsed",
}


def checks(report: dict[str, Any]) -> Iterator[Check]:
    """The checks of this module; `report` is the report of reporting's API."""
    yield Check(
        name="Seats, applications and money agree",
        figures=_seats_counted,
        differences=_seats,
    )
    yield Check(
        name="Annex less amendments = live seats; no money idle, no free seat",
        figures=lambda evidence: f"{len(evidence.books.kept['round'])} rounds",
        differences=_rounds,
    )
    yield Check(
        name="Reporting's funnel = the events of the applications",
        figures=lambda _: f"{len(STAGES)} stages",
        differences=lambda evidence: _funnel(evidence, report),
    )
    yield Check(
        name="Reporting's budget = the books of budget",
        figures=lambda _: f"{len(report['budget'])} rows",
        differences=lambda evidence: _budget(evidence, report),
    )


def _seats_counted(evidence: Evidence) -> str:
    seats = sum(len(state.seats) for state in evidence.books.states("round").values())
    return f"{seats:,} seats ever given"


def _seats(evidence: Evidence) -> Iterator[str]:
    applications = evidence.books.states("application")
    allocations = evidence.books.states("allocation")
    for id, round in evidence.books.states("round").items():
        money = allocations.get(id)
        for place, seat in round.seats.items():
            applied = applications[place]
            if not _agree(str(seat), applied, money, place):
                yield f"{place}: seat {seat}, application {applied.status}"


def _agree(seat: str, applied: Any, money: Any, place: str) -> bool:
    has = money is not None and (place in money.reserved or place in money.contracted)
    waits = money is not None and place in money.waiting
    match seat:
        case "WAITING":
            return applied.status == "ELIGIBLE" and waits and not has
        case "OFFERED":
            return applied.status == "OFFERED" and has
        case "CONFIRMED":
            return applied.status in CAME and (has or applied.status == "ABSENT")
        case _:
            sunk = money is not None and place in money.sunk
            ended = applied.status in ENDED or applied.contested
            return ended and not waits and (not has or sunk)


def _rounds(evidence: Evidence) -> Iterator[str]:
    exhibitions = evidence.books.states("exhibition")
    allocations = evidence.books.states("allocation")
    for id, round in evidence.books.states("round").items():
        if (round.status == "CANCELLED") != (exhibitions[id].status == "CANCELLED"):
            yield f"{id}: cancelled in one service only"
        if round.status == "APPROVED" and round.reserve and len(round.live) < round.places:
            yield f"{id}: a free seat while a reserve stands"
        if round.status == "DECREED" and set(round.decree.annex) != set(round.live):
            yield f"{id}: the annex is not the live seats"
        money = allocations.get(id)
        if money is not None and money.waiting and money.free_idr >= money.unit_cost_idr:
            yield f"{id}: money is idle while a place waits"


def _funnel(evidence: Evidence, report: dict[str, Any]) -> Iterator[str]:
    shown = {row["stage"]: row["count"] for row in report["funnel"]}
    for stage, word in STAGES.items():
        subjects = {event.subject for event, _ in evidence.published.each("application", word)}
        if shown.get(stage) != len(subjects):
            yield f"{stage}: reported {shown.get(stage)}, {len(subjects)} reached it"


def _budget(evidence: Evidence, report: dict[str, Any]) -> Iterator[str]:
    books: Counter[tuple[str, str]] = Counter()
    for envelope in evidence.books.states("envelope").values():
        for scope in (str(envelope.scope), "ALL"):
            books[scope, "pagu_idr"] += envelope.pagu_idr
            books[scope, "blocked_idr"] += envelope.blocked_idr
            books[scope, "available_idr"] += envelope.pagu_idr - envelope.blocked_idr
    for allocation in evidence.books.states("allocation").values():
        for scope in (str(allocation.scope), "ALL"):
            books[scope, "reserved_idr"] += allocation.reserved_idr
            books[scope, "committed_idr"] += allocation.contracted_idr
            books[scope, "realised_idr"] += allocation.realised_idr
            books[scope, "available_idr"] -= allocation.reserved_idr + allocation.contracted_idr
    for row in report["budget"]:
        for (scope, name), amount in books.items():
            if scope == row["scope"] and row[name] != amount:
                yield f"{scope} {name}: reported {row[name]:,}, the books have {amount:,}"
