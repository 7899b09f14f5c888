"""The tallies: added up event by event they equal a count from scratch, up as well as down."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from hypothesis import given as anything
from hypothesis import strategies as st

from services.reporting.views import tallies
from services.reporting.views.participation import participant_key, participants
from shared.contracts.event import Event, event_classes
from shared.contracts.registration.application import (
    AttendanceContested,
    OfferReceived,
    ParticipantAbsent,
    ParticipantAttended,
)
from shared.contracts.reporting.outcome import Rung
from shared.contracts.words import Scope
from shared.kernel.view import Cell, Tally
from tests.reporting.examples import applicant, folded
from tests.reporting.journeys import (
    FIRST_TIMER,
    SHOWS,
    History,
    application_histories,
    interleaved,
    journey,
    outcome_histories,
)

Numbers = dict[Cell, dict[str, int]]


def shown(cells: Mapping[Cell, Mapping[str, int]]) -> Numbers:
    """The cells without what is zero."""
    numbers = {
        cell: {measure: n for measure, n in numbers.items() if n} for cell, numbers in cells.items()
    }
    return {cell: left for cell, left in numbers.items() if left}


class Added:
    """A tally as the kernel keeps it: what each event changes, and the documents it is of."""

    def __init__(self, tally: Tally[Any]) -> None:
        self.tally = tally
        self.states: dict[str, Any] = {}
        self.cells: dict[Cell, Counter[str]] = defaultdict(Counter)

    def take(self, key: str, event: Event) -> None:
        """Fold an event and add the difference that it makes."""
        if type(event) not in event_classes(self.tally.of.follows):
            return
        before = self.states.get(key)
        self.states[key] = self.tally.of.evolve(before, event)
        for state, sign in ((before, -1), (self.states[key], 1)):
            for cell, numbers in self.tally.contribution(state).items() if state else ():
                for measure, number in numbers.items():
                    self.cells[cell][measure] += sign * number

    def scratch(self) -> Numbers:
        """The same from the documents alone."""
        cells: dict[Cell, Counter[str]] = defaultdict(Counter)
        for state in self.states.values():
            for cell, numbers in self.tally.contribution(state).items():
                cells[cell].update(numbers)
        return shown(cells)


def added(tally: Tally[Any], events: Sequence[tuple[str, Event]]) -> Added:
    """A tally after these events."""
    kept = Added(tally)
    for subject, event in events:
        kept.take(subject, event)
        assert shown(kept.cells) == kept.scratch()
        assert all(n >= 0 for numbers in kept.cells.values() for n in numbers.values())
    return kept


def enterprises_after(events: Sequence[tuple[str, Event]]) -> Added:
    """The tally of distinct enterprises, whose documents have a key of their own."""
    keyed = [
        (participant_key(event), event)
        for _, event in events
        if isinstance(event, ParticipantAttended | AttendanceContested)
    ]
    return added(tallies.enterprises, keyed)


def of_kind(histories: Sequence[History], cls: type[Any]) -> list[Any]:
    """The events of a kind, as the reference counts them."""
    return [event for _, events in histories for event in events if isinstance(event, cls)]


@anything(st.data(), application_histories())
def test_participations_equal_a_count_of_the_events(
    data: st.DataObject, histories: list[History]
) -> None:
    kept = added(tallies.participation, interleaved(data, histories))
    totals: Counter[str] = sum(map(Counter, kept.scratch().values()), Counter())
    contested = of_kind(histories, AttendanceContested)
    realised = len(of_kind(histories, ParticipantAttended)) - len(contested)
    assert totals["attended"] == realised
    assert totals["contested"] == len(contested)
    assert totals["absent"] == len(of_kind(histories, ParticipantAbsent))


@anything(st.data(), application_histories())
def test_the_funnel_counts_every_stage_that_was_ever_reached(
    data: st.DataObject, histories: list[History]
) -> None:
    cells = added(tallies.funnel, interleaved(data, histories)).scratch()
    for show, scope in SHOWS.items():
        there = [events for subject, events in histories if subject.startswith(f"{show}.")]
        stages = cells.get(("2018", scope.value, show), {})
        assert stages.get("submitted", 0) == len(there)
        assert stages.get("offered", 0) == sum(
            len(events) > 2 and _offered(events) for events in there
        )


def _offered(events: tuple[Event, ...]) -> bool:
    return OfferReceived in map(type, events)


@anything(st.data(), application_histories())
def test_an_enterprise_counts_once_a_scope_whatever_comes_first(
    data: st.DataObject, histories: list[History]
) -> None:
    kept = enterprises_after(interleaved(data, histories))
    again = enterprises_after(interleaved(data, histories))
    assert (kept.states, kept.scratch()) == (again.states, again.scratch())
    contested = {event.applicant.application for event in of_kind(histories, AttendanceContested)}
    there = {
        (event.applicant.scope.value, event.applicant.enterprise)
        for event in of_kind(histories, ParticipantAttended)
        if event.applicant.application not in contested
    }
    there |= {("ALL", enterprise) for _, enterprise in there}
    for name in ("DOMESTIC", "OVERSEAS", "ALL"):
        counted = [enterprise for scope, enterprise in there if scope == name]
        numbers = kept.scratch().get(("2018", name), {})
        assert numbers.get("enterprises", 0) == len(counted)
        assert numbers.get("first_timers", 0) == sum(FIRST_TIMER[item] for item in counted)


@anything(st.data(), outcome_histories())
def test_outcomes_are_counted_by_rung_and_status_and_follow_ups_once_more_on_their_own(
    data: st.DataObject, histories: list[History]
) -> None:
    kept = added(tallies.results, interleaved(data, histories))
    cells = kept.scratch()
    follow_ups = {cell: n for cell, n in cells.items() if cell[3] == Rung.FOLLOW_UP_REALISED}
    standing = sum(n["amount_idr"] for cell, n in follow_ups.items() if cell[4] != "VOID")
    assert standing == sum(n.get("followed_up_idr", 0) for n in cells.values())
    reported = sum(state.amount_idr for state in kept.states.values())
    assert reported == 1_000 * len(histories)
    counted = sum(n["count"] for cell, n in cells.items() if cell not in follow_ups)
    assert counted == len(histories)


def test_an_enterprise_at_two_exhibitions_of_a_scope_is_one_and_two_participations() -> None:
    came = []
    for show in ("inacraft-2018", "ifex-2018"):
        who = applicant("a", show, scope=Scope.DOMESTIC)
        came += [(who.application, event) for event in journey(who)[:6]]
    numbers = {"enterprises": 1, "first_timers": 1}
    assert enterprises_after(came).scratch() == {
        ("2018", "DOMESTIC"): numbers,
        ("2018", "ALL"): numbers,
    }
    cells = added(tallies.participation, came).scratch()
    assert sum(numbers["attended"] for numbers in cells.values()) == 2


def test_a_contested_participation_is_shown_apart() -> None:
    who = applicant("a")
    cell = ("2018", "OVERSEAS", "mihas-2018", "BPS-2018-31", "14", "SMALL")
    attended = [(who.application, event) for event in journey(who)[:6]]
    contested = [(who.application, event) for event in journey(who)]
    realised = {"attended": 1, "first_timers": 1}
    assert added(tallies.participation, attended).scratch() == {cell: realised}
    assert added(tallies.participation, contested).scratch() == {cell: {"contested": 1}}
    assert enterprises_after(contested).scratch() == {}


def test_the_view_is_one_document_a_programme_and_enterprise() -> None:
    (attended,) = [
        item for item in journey(applicant("a")) if isinstance(item, ParticipantAttended)
    ]
    assert participants.key(attended) == "2018.a"
    assert folded(participants, [attended]).scopes == {Scope.OVERSEAS}
