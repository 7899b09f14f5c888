"""The checks on events alone: each finds what it is there to find."""

import json
from typing import Any

from demo.reconciling.published import Published
from demo.reconciling.seats import replayed
from shared.kernel.wire import EventFrame

A, B, C = "mihas-2018.a", "mihas-2018.b", "mihas-2018.c"


def heard(kind: str, subject: str, sequence: int, word: str, **data: Any) -> EventFrame:
    """An event as it is read from a topic."""
    return EventFrame(
        id=f"{kind}/{subject}@{sequence:020d}",
        service="selection",
        kind=kind,
        type=f"id.go.kukm.selection.{word}.v1",
        subject=subject,
        sequence=sequence,
        time="2018-02-14T02:00:00.000Z",
        actor="service:selection",
        correlation="-",
        data=json.dumps(data).encode(),
    )


def faults(*happened: tuple[str, dict[str, Any]]) -> list[str]:
    """Return the faults of a round with a single place."""
    opened: tuple[str, dict[str, Any]] = ("round-opened", {"places": 1})
    approved = ("selection-approved", {"selected": [A], "reserve": [B, C]})
    events = [
        heard("round", "mihas-2018", number, word, **data)
        for number, (word, data) in enumerate((opened, approved, *happened), 1)
    ]
    return replayed("mihas-2018", events).faults


def test_a_lost_seat_goes_to_the_next_reserve() -> None:
    lost = ("place-lost", {"application": A, "reason": "declined"})
    assert faults(lost, ("reserve-promoted", {"application": B})) == []


def test_a_reserve_that_is_passed_over_is_found() -> None:
    lost = ("place-lost", {"application": A, "reason": "declined"})
    assert faults(lost, ("reserve-promoted", {"application": C}))


def test_a_seat_that_stays_free_is_found() -> None:
    lost = ("place-lost", {"application": A, "reason": "expired"})
    assert faults(lost, ("participants-decreed", {"annex": []}))


def test_more_seats_than_places_are_found() -> None:
    assert faults(("reserve-promoted", {"application": B}))


def test_after_the_decree_nobody_follows() -> None:
    decreed = ("participants-decreed", {"annex": [A]})
    lost = ("place-lost", {"application": A, "reason": "withdrawn"})
    assert faults(decreed, lost) == []


def test_a_message_that_came_twice_counts_once_and_a_gap_is_a_fault() -> None:
    events = [heard("round", "x", number, "place-lost") for number in (1, 2, 2, 1, 4)]
    published = Published.of_events(events)
    assert (published.messages, published.count("round")) == (5, 3)
    assert len(published.faults) == 1
