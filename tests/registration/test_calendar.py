"""The calendar of exhibitions: its lists by month and city, and the feed for calendar programs."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given as over
from hypothesis import strategies as st
from icalendar import Calendar

from services.registration.domain.exhibition.state import Exhibition, evolve, months_of
from services.registration.responses.calendar import CalendarEntry, calendar_of
from shared.contracts.registration.exhibition import (
    CancellationCode,
    ExhibitionCancelled,
    ExhibitionRescheduled,
    ReschedulingCode,
)
from tests.registration.examples import CALLING, CLOSES_AT, EXHIBITION, EXHIBITION_FIELDS, PROPOSED
from tests.registration.registry import (
    EXHIBITION_PATH,
    PLAN,
    PLANNER,
    PROPOSAL,
    RESCHEDULING,
    Registry,
)
from tests.serving import code

CHANGED_AT = datetime(2018, 2, 1, 3, tzinfo=UTC)
CALENDAR = "/exhibitions/calendar.ics"
MAY = date(2018, 4, 28), date(2018, 5, 2)


def folded(*events: Any) -> Exhibition:
    """Return the exhibition of these events."""
    state = None
    for event in events:
        state = evolve(state, event)
    assert state is not None
    return state


def shown(*events: Any, version: int = 3) -> Calendar:
    """Return the calendar of the exhibition of these events, as a program reads it."""
    entry = CalendarEntry(
        id=EXHIBITION, version=version, changed_at=CHANGED_AT, state=folded(*events)
    )
    read = Calendar.from_ical(calendar_of([entry]))
    assert isinstance(read, Calendar)
    return read


def test_an_exhibition_is_an_event_of_whole_days_and_its_closing_call_another() -> None:
    show, closing = shown(*CALLING).events
    assert (show.uid, show.sequence) == (f"{EXHIBITION}@registration.kukm.go.id", 3)
    assert (show.start, show.end) == (date(2018, 4, 25), date(2018, 4, 30))
    assert (show.summary, show.location) == ("Inacraft 2018", "JCC, Jakarta")
    assert (show.description or "").splitlines() == [
        "Status: Panggilan Terbuka dibuka / the call is open",
        "Penyelenggara / organiser: ASEPHI",
        "Tempat / places: 15",
    ]
    assert show.categories == ["Dalam Negeri / domestic"]
    assert closing.uid == f"{EXHIBITION}.closing@registration.kukm.go.id"
    assert closing.summary == "Panggilan Terbuka ditutup / call closes: Inacraft 2018"
    assert isinstance(closing.start, datetime)
    assert (closing.start, str(closing.start.tzinfo)) == (CLOSES_AT, "Asia/Jakarta")
    for event in (show, closing):
        assert (event.last_modified, event.stamp, event.status) == (
            CHANGED_AT,
            CHANGED_AT,
            "CONFIRMED",
        )


def test_a_change_keeps_the_uid_and_raises_the_sequence() -> None:
    rescheduled = ExhibitionRescheduled(
        code=ReschedulingCode.VENUE, starts_on=MAY[0], ends_on=MAY[1], **EXHIBITION_FIELDS
    )
    before, after = shown(*CALLING), shown(*CALLING, rescheduled, version=4)
    assert [event.uid for event in before.events] == [event.uid for event in after.events]
    assert [event.sequence for event in after.events] == [4, 4]
    assert (after.events[0].start, after.events[0].end) == (MAY[0], date(2018, 5, 3))


def test_a_cancelled_exhibition_is_taken_away_from_the_programs() -> None:
    cancelled = ExhibitionCancelled(code=CancellationCode.NO_VENUE, **EXHIBITION_FIELDS)
    events = shown(*CALLING, cancelled).events
    assert [event.status for event in events] == ["CANCELLED", "CANCELLED"]


def test_the_call_closes_in_the_zone_of_the_host() -> None:
    abroad = [
        event.model_copy(update={"zone": "Europe/Rome"})
        if "zone" in type(event).model_fields
        else event
        for event in CALLING
    ]
    calendar = shown(*abroad)
    assert [str(zone.tz_name) for zone in calendar.timezones] == ["Europe/Rome"]
    closing = calendar.events[1].start
    assert isinstance(closing, datetime)
    assert (closing, closing.tzname()) == (CLOSES_AT, "CET")


def test_an_exhibition_without_days_is_in_no_calendar() -> None:
    assert shown(PROPOSED).events == []


def test_a_text_with_signs_of_the_format_stays_a_text() -> None:
    trick = replace_name("Pameran; BEGIN:VEVENT, \\n lagi")
    (show,) = shown(trick, CALLING[1]).events
    assert show.summary == "Pameran; BEGIN:VEVENT, \\n lagi"


def replace_name(name: str) -> Any:
    """Return the proposal with this name."""
    return PROPOSED.model_copy(update={"name": name})


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        (date(2018, 4, 25), date(2018, 4, 29), ("2018-04",)),
        (date(2018, 3, 28), date(2018, 4, 1), ("2018-03", "2018-04")),
        (date(2018, 12, 31), date(2019, 2, 1), ("2018-12", "2019-01", "2019-02")),
    ],
)
def test_an_exhibition_is_of_every_month_in_which_it_has_a_day(
    first: date, last: date, months: tuple[str, ...]
) -> None:
    assert months_of(first, last) == months


@over(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(0, 800))
def test_the_months_are_those_of_its_days(first: date, length: int) -> None:
    days = [date.fromordinal(first.toordinal() + passed) for passed in range(length + 1)]
    assert months_of(first, days[-1]) == tuple(sorted({f"{day:%Y-%m}" for day in days}))


def test_other_days_are_of_other_months() -> None:
    rescheduled = ExhibitionRescheduled(
        code=ReschedulingCode.VENUE, starts_on=MAY[0], ends_on=MAY[1], **EXHIBITION_FIELDS
    )
    calendar = folded(*CALLING, rescheduled).calendar
    assert calendar == replace(calendar, months=("2018-04", "2018-05"), city="jakarta")


async def ids(registry: Registry, **filters: str) -> list[str]:
    """Return the ids of the exhibitions with these filters."""
    return [item["id"] for item in (await registry.gets("/exhibitions", **filters))["items"]]


async def test_exhibitions_are_found_by_month_city_scope_and_status(registry: Registry) -> None:
    await registry.planned()
    other = {**PROPOSAL, "exhibition": "mihas-2018", "scope": "OVERSEAS", "city": "Kuala  Lumpur"}
    await registry.done(PLANNER, "/exhibitions", other)
    spans = {**PLAN, "starts_on": "2018-03-28", "ends_on": "2018-04-01"}
    await registry.done(PLANNER, "/exhibitions/mihas-2018/plan", spans)
    await registry.done(PLANNER, "/exhibitions", {**PROPOSAL, "exhibition": "later-2018"})
    both = [EXHIBITION, "mihas-2018"]
    assert await ids(registry, month="2018-04") == both
    in_order = ["mihas-2018", EXHIBITION]
    assert await ids(registry, month="2018-04", sort="starts_on") == in_order
    assert await ids(registry, month="2018-04", scope="OVERSEAS", sort="starts_on") == in_order[:1]
    assert await ids(registry, month="2018-03", status="PLANNED") == ["mihas-2018"]
    assert await ids(registry, month="2018-04", scope="DOMESTIC") == [EXHIBITION]
    assert await ids(registry, month="2018-04", programme="2019") == []
    assert await ids(registry, city="KUALA lumpur") == ["mihas-2018"]
    assert await ids(registry, city="jakarta") == [EXHIBITION, "later-2018"]
    await registry.done(PLANNER, f"{EXHIBITION_PATH}/rescheduling", RESCHEDULING)
    assert await ids(registry, month="2018-04") == ["mihas-2018"]
    assert await ids(registry, month="2018-06") == [EXHIBITION]
    for wrong in ("2018-13", "2018-4", "2018", "apr"):
        answer = await registry.api.query(PLANNER, "/exhibitions", month=wrong)
        assert code(answer) == (422, "malformed-request")


async def test_no_query_of_the_calendar_scans_the_collection(registry: Registry) -> None:
    await registry.planned()
    collection = registry.api.service.engine.database.collection("exhibition")
    for field in ("programme", "scope", "status", "slot", "calendar.months", "calendar.city"):
        query = {f"state.{field}": "x", "_id": {"$gt": "a"}}
        plan = await collection.find(query).sort("_id", 1).explain()
        stages = str(plan["queryPlanner"]["winningPlan"])
        assert "IXSCAN" in stages, field
        assert "COLLSCAN" not in stages, field
        assert "'SORT'" not in stages, field


async def test_a_program_subscribes_to_the_calendar(registry: Registry) -> None:
    await registry.calling()
    await registry.done(PLANNER, "/exhibitions", {**PROPOSAL, "exhibition": "later-2018"})
    await registry.settles()
    answer = await registry.api.query("ministry-system", CALENDAR)
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    read = Calendar.from_ical(answer.text)
    assert isinstance(read, Calendar)
    assert [(event.uid.partition("@")[0], event.sequence) for event in read.events] == [
        (EXHIBITION, 3),
        (f"{EXHIBITION}.closing", 3),
    ]
    assert {event.last_modified for event in read.events} == {registry.api.service.now()}
    # It is the same until something changes, so a program may ask for news only.
    token = registry.api.token("ministry-system")
    known = {"authorization": f"Bearer {token}", "if-none-match": answer.headers["etag"]}
    assert (await registry.api.client.get(CALENDAR, headers=known)).status_code == 304
    await registry.done(PLANNER, f"{EXHIBITION_PATH}/rescheduling", RESCHEDULING)
    await registry.settles()
    changed = await registry.api.client.get(CALENDAR, headers=known)
    assert changed.status_code == 200
    assert "SEQUENCE:4" in changed.text
    for filters in ({"programme": "2019"}, {"city": "Medan"}, {"scope": "OVERSEAS"}):
        none = await registry.api.query("ministry-system", CALENDAR, **filters)
        assert "VEVENT" not in none.text
    assert code(await registry.api.client.get(CALENDAR)) == (401, "token-missing")
