"""The tallies: added up event by event, they equal a count from scratch, up as well as down."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given as anything
from hypothesis import strategies as st

from services.reporting.views import tallies
from services.reporting.views.participation import (
    AttendanceEvent,
    Participation,
    participant_key,
    participants,
)
from shared.contracts.event import Event, event_classes
from shared.contracts.registration.application import (
    AttendanceContested,
    OfferReceived,
    ParticipantAttended,
)
from shared.contracts.reporting.outcome import Rung
from shared.contracts.words import Applicant, Scope
from shared.kernel.view import Cell, Tally
from tests.reporting.examples import applicant, folded
from tests.reporting.journeys import (
    FIRST_TIMER,
    RECORDS,
    SHOWS,
    History,
    application_histories,
    interleaved,
    journey,
    outcome_histories,
    says_present,
)

Numbers = dict[Cell, dict[str, int]]


def without_zeros(cells: Mapping[Cell, Mapping[str, int]]) -> Numbers:
    """Return the cells without numbers that are zero."""
    numbers = {
        cell: {measure: n for measure, n in numbers.items() if n} for cell, numbers in cells.items()
    }
    return {cell: rest for cell, rest in numbers.items() if rest}


class AddedTally:
    """A tally that is updated with each event as in the kernel, with the documents it counts."""

    def __init__(self, tally: Tally[Any]) -> None:
        self.tally = tally
        self.states: dict[str, Any] = {}
        self.cells: dict[Cell, Counter[str]] = defaultdict(Counter)

    def apply(self, key: str, event: Event) -> None:
        """Fold an event; subtract the old contribution of its document and add the new one."""
        if type(event) not in event_classes(self.tally.of.follows):
            return
        before = self.states.get(key)
        self.states[key] = self.tally.of.evolve(before, event)
        for state, sign in ((before, -1), (self.states[key], 1)):
            for cell, numbers in self.tally.contribution(state).items() if state else ():
                for measure, number in numbers.items():
                    self.cells[cell][measure] += sign * number

    def counted_from_scratch(self) -> Numbers:
        """Count the same tally from the documents alone."""
        cells: dict[Cell, Counter[str]] = defaultdict(Counter)
        for state in self.states.values():
            for cell, numbers in self.tally.contribution(state).items():
                cells[cell].update(numbers)
        return without_zeros(cells)


def added(tally: Tally[Any], events: Sequence[tuple[str, Event]]) -> AddedTally:
    """Return a tally after these events; after each event it equals a count from scratch."""
    result = AddedTally(tally)
    for subject, event in events:
        result.apply(subject, event)
        assert without_zeros(result.cells) == result.counted_from_scratch()
        assert all(n >= 0 for numbers in result.cells.values() for n in numbers.values())
    return result


def enterprises_after(events: Sequence[tuple[str, Event]]) -> AddedTally:
    """Return the tally of enterprises after these events; its documents have keys of their own."""
    keyed = [
        (participant_key(event), event) for _, event in events if isinstance(event, AttendanceEvent)
    ]
    return added(tallies.enterprises, keyed)


def of_kind(histories: Sequence[History], cls: type[Any]) -> list[Any]:
    """Return the events of this type, for the reference count."""
    return [event for _, events in histories for event in events if isinstance(event, cls)]


def recorded_last(histories: Sequence[History], *, present: bool) -> list[Applicant]:
    """Return the applicants whose last record of attendance says this; some are taken back."""
    found = []
    for _, events in histories:
        records = [event for event in events if isinstance(event, RECORDS)]
        if records and says_present(records[-1]) is present:
            found.append(records[-1].applicant)
    return found


def totals_of(cells: Mapping[Cell, Mapping[str, int]]) -> Counter[str]:
    """Return the sum of all cells."""
    return sum(map(Counter, cells.values()), Counter())


def recorded_contested(histories: Sequence[History]) -> int:
    """Count the contested attendances that were not corrected to an absence."""
    contested = {event.applicant.application for event in of_kind(histories, AttendanceContested)}
    last = {applicant.application for applicant in recorded_last(histories, present=True)}
    return len(contested & last)


@anything(st.data(), application_histories())
def test_participations_equal_a_count_of_the_events(
    data: st.DataObject, histories: list[History]
) -> None:
    tally = added(tallies.attendance, interleaved(data, histories))
    totals = totals_of(tally.counted_from_scratch())
    contested = recorded_contested(histories)
    assert totals["attended"] == len(recorded_last(histories, present=True)) - contested
    assert totals["contested"] == contested
    assert totals["absent"] == len(recorded_last(histories, present=False))


@anything(st.data(), application_histories())
def test_the_summaries_of_every_part_add_up_to_its_participations(
    data: st.DataObject, histories: list[History]
) -> None:
    events = interleaved(data, histories)
    attendance = added(tallies.attendance, events).counted_from_scratch()
    breakdown = added(tallies.breakdown, events).counted_from_scratch()
    parts = [("2018",), *{cell[:2] for cell in attendance}, *attendance]
    for part in parts:
        expected = totals_of({c: n for c, n in attendance.items() if c[: len(part)] == part})
        for by in ("province", "sector", "size_class"):
            key = (".".join(part), by)
            summary = {c: n for c, n in breakdown.items() if c[:2] == key}
            assert totals_of(summary) == expected


@anything(st.data(), application_histories())
def test_the_funnel_and_the_participations_have_one_count_of_attended(
    data: st.DataObject, histories: list[History]
) -> None:
    events = interleaved(data, histories)
    reached = totals_of(added(tallies.funnel, events).counted_from_scratch())
    totals = totals_of(added(tallies.attendance, events).counted_from_scratch())
    for name in ("attended", "contested", "absent"):
        assert reached[name] == totals[name]


@anything(st.data(), application_histories())
def test_the_funnel_counts_every_stage_that_was_reached(
    data: st.DataObject, histories: list[History]
) -> None:
    cells = added(tallies.funnel, interleaved(data, histories)).counted_from_scratch()
    for show, scope in SHOWS.items():
        applications = [events for subject, events in histories if subject.startswith(f"{show}.")]
        stages = cells.get(("2018", scope.value, show), {})
        assert stages.get("submitted", 0) == len(applications)
        assert stages.get("offered", 0) == sum(
            len(events) > 2 and _offered(events) for events in applications
        )


def _offered(events: tuple[Event, ...]) -> bool:
    return OfferReceived in map(type, events)


@anything(st.data(), application_histories())
def test_an_enterprise_counts_once_in_each_scope_in_any_order_of_events(
    data: st.DataObject, histories: list[History]
) -> None:
    tally = enterprises_after(interleaved(data, histories))
    reordered = enterprises_after(interleaved(data, histories))
    assert (tally.states, tally.counted_from_scratch()) == (
        reordered.states,
        reordered.counted_from_scratch(),
    )
    contested = {event.applicant.application for event in of_kind(histories, AttendanceContested)}
    attended = {
        (applicant.scope.value, applicant.enterprise)
        for applicant in recorded_last(histories, present=True)
        if applicant.application not in contested
    }
    attended |= {("ALL", enterprise) for _, enterprise in attended}
    for name in ("DOMESTIC", "OVERSEAS", "ALL"):
        counted = [enterprise for scope, enterprise in attended if scope == name]
        numbers = tally.counted_from_scratch().get(("2018", name), {})
        assert numbers.get("enterprises", 0) == len(counted)
        assert numbers.get("first_timers", 0) == sum(FIRST_TIMER[item] for item in counted)


@anything(st.data(), outcome_histories())
def test_outcomes_are_counted_by_rung_and_status_and_follow_ups_in_a_rung_of_their_own(
    data: st.DataObject, histories: list[History]
) -> None:
    tally = added(tallies.results, interleaved(data, histories))
    cells = tally.counted_from_scratch()
    follow_ups = {cell: n for cell, n in cells.items() if cell[3] == Rung.FOLLOW_UP_REALISED}
    for status in ("REPORTED", "VERIFIED", "DISPUTED"):
        amount = sum(n["amount_idr"] for cell, n in follow_ups.items() if cell[4] == status)
        measure = f"followed_up_{status.lower()}_idr"
        assert amount == sum(n.get(measure, 0) for n in cells.values())
    reported = sum(state.amount_idr for state in tally.states.values())
    assert reported == 1_000 * len(histories)
    counted = sum(n["count"] for cell, n in cells.items() if cell not in follow_ups)
    assert counted == len(histories)


def test_an_enterprise_at_two_exhibitions_counts_once_with_two_participations() -> None:
    attended: list[tuple[str, Event]] = []
    for show in ("inacraft-2018", "ifex-2018"):
        participant = applicant("a", show, scope=Scope.DOMESTIC)
        attended += [(participant.application, event) for event in journey(participant)[:6]]
    numbers = {"enterprises": 1, "first_timers": 1}
    assert enterprises_after(attended).counted_from_scratch() == {
        ("2018", "DOMESTIC"): numbers,
        ("2018", "ALL"): numbers,
    }
    cells = added(tallies.attendance, attended).counted_from_scratch()
    assert sum(numbers["attended"] for numbers in cells.values()) == 2


@pytest.mark.parametrize("turn", [1, -1])
def test_a_first_timer_is_one_in_each_participation_in_any_order(turn: int) -> None:
    # An attendance of an earlier programme may be recorded between two applications.
    attended: list[tuple[str, Event]] = []
    for show, first_timer in (("inacraft-2018", True), ("ifex-2018", False))[::turn]:
        participant = applicant("a", show, scope=Scope.DOMESTIC, first_timer=first_timer)
        attended += [(participant.application, event) for event in journey(participant)[:6]]
    numbers = {"enterprises": 1}
    assert enterprises_after(attended).counted_from_scratch() == {
        ("2018", "DOMESTIC"): numbers,
        ("2018", "ALL"): numbers,
    }


def test_a_contested_participation_is_counted_separately() -> None:
    participant = applicant("a")
    cell = ("2018", "OVERSEAS", "mihas-2018")
    attended = [(participant.application, event) for event in journey(participant)[:6]]
    contested = [(participant.application, event) for event in journey(participant)]
    realised = {"attended": 1, "first_timers": 1}
    assert added(tallies.attendance, attended).counted_from_scratch() == {cell: realised}
    assert added(tallies.attendance, contested).counted_from_scratch() == {cell: {"contested": 1}}
    stages = added(tallies.funnel, contested).counted_from_scratch()[cell]
    assert ("attended" in stages, stages["contested"]) == (False, 1)
    assert enterprises_after(contested).counted_from_scratch() == {}


def test_a_participation_is_summarised_in_its_three_parts() -> None:
    participant = applicant("a")
    attended = [(participant.application, event) for event in journey(participant)[:6]]
    numbers = {"attended": 1, "first_timers": 1}
    assert added(tallies.breakdown, attended).counted_from_scratch() == {
        (part, by, value): numbers
        for part in ("2018", "2018.OVERSEAS", "2018.OVERSEAS.mihas-2018")
        for by, value in (("province", "ID-JK"), ("sector", "14"), ("size_class", "SMALL"))
    }


def test_the_view_has_a_document_for_each_programme_and_enterprise() -> None:
    (attended,) = [
        item for item in journey(applicant("a")) if isinstance(item, ParticipantAttended)
    ]
    assert participants.key(attended) == "2018.a"
    (found,) = folded(participants, [attended]).by_scope().items()
    assert found == (Scope.OVERSEAS, Participation(scope=Scope.OVERSEAS, first_timer=True))


def test_an_enterprise_that_came_to_illustrative_exhibitions_only_is_counted_apart() -> None:
    (at_expo,) = [item for item in journey(applicant("a")) if isinstance(item, ParticipantAttended)]
    expo = at_expo.applicant.model_copy(update={"exhibition": "expo", "illustrative": True})
    at_expo = at_expo.model_copy(update={"applicant": expo})
    real = expo.model_copy(update={"exhibition": "real", "illustrative": False})
    at_real = at_expo.model_copy(update={"applicant": real})
    for events, illustrative in (([at_expo], 1), ([at_real], 0), ([at_expo, at_real], 0)):
        contribution = tallies.enterprises.contribution(folded(participants, events))
        for scope in ("OVERSEAS", "ALL"):
            assert contribution["2018", scope]["illustrative"] == illustrative
            assert contribution["2018", scope]["enterprises"] == 1
