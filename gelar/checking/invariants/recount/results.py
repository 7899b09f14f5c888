"""Outcomes by rung and status, and the net devisa, counted from the events."""

from collections import Counter
from typing import Any

from gelar.checking.invariants.answers import Part
from gelar.checking.invariants.recount.coverage import covers
from gelar.checking.invariants.recount.outcomes import Outcome, outcomes
from gelar.checking.invariants.topics import Topics

Row = dict[str, Any]
STATUSES = ("VERIFIED", "REPORTED", "DISPUTED")


def results(topics: Topics, part: Part) -> Row:
    """Return the outcomes by rung and status without void ones, and the net devisa."""
    found = [state for state in outcomes(topics).values() if part.has(state.applicant)]
    return {
        "covers": covers(topics, part),
        "items": _rows(found),
        "devisa": {"items": _net_devisa(found)},
    }


def _rows(found: list[Outcome]) -> list[Row]:
    whole: dict[tuple[str, str], Counter[str]] = {}
    foreign: dict[tuple[str, str], Counter[str]] = {}
    for outcome in found:
        for rung, posting in outcome.postings():
            numbers = Counter(count=1, amount_idr=posting.amount_idr)
            if posting is outcome.own:
                for follow_up in outcome.counted:
                    numbers[f"followed_up_{follow_up.status.lower()}_idr"] += follow_up.amount_idr
            whole.setdefault((rung, posting.status), Counter()).update(numbers)
            if posting.devisa:
                foreign.setdefault((rung, posting.status), Counter()).update(numbers)
    return [
        {
            "rung": rung,
            "status": status,
            **_amounts(numbers),
            "devisa": _amounts(foreign.get((rung, status), Counter())),
        }
        for (rung, status), numbers in whole.items()
        if status in STATUSES
    ]


def _amounts(numbers: Counter[str]) -> Row:
    followed_up = {
        f"followed_up_{status.lower()}_idr": numbers[f"followed_up_{status.lower()}_idr"]
        for status in STATUSES
    }
    return {
        "count": numbers["count"],
        "amount_idr": numbers["amount_idr"],
        **followed_up,
        "rest_idr": numbers["amount_idr"] - sum(followed_up.values()),
    }


def _net_devisa(found: list[Outcome]) -> list[Row]:
    # Each rupiah once: a follow-up that is not void replaces its part of the outcome.
    net, potential = Counter[str](), Counter[str]()
    for outcome in found:
        if outcome.own.devisa:
            counts = potential if outcome.rung == "POTENTIAL" else net
            counts[outcome.own.status] += outcome.rest_idr
        for follow_up in outcome.counted:
            if follow_up.devisa:
                net[follow_up.status] += follow_up.amount_idr
    return [
        {"status": status, "net_idr": net[status], "potential_idr": potential[status]}
        for status in STATUSES
    ]
