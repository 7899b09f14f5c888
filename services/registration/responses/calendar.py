"""The calendar of exhibitions as iCalendar (RFC 5545), for the calendar programs of officers.

A planned exhibition is an event of whole days; the close of its call is an event of its own. Both
have stable UIDs, and the version of the exhibition as their SEQUENCE: a program replaces what it
had. A cancelled exhibition stays, as STATUS:CANCELLED, so that programs take it away. Texts are in
Indonesian and in English.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event
from icalendar.enums import STATUS, TRANSP

from services.registration.domain.exhibition.state import Call, Exhibition, Plan, Status
from shared.contracts.words import Scope

NAME = "Pameran KUKM / KUKM exhibitions"
PRODUCT = "-//Gelar//registration//ID"
DOMAIN = "registration.kukm.go.id"
"""The right side of each UID; it is only a name, and it never changes."""

SCOPES = {Scope.DOMESTIC: "Dalam Negeri / domestic", Scope.OVERSEAS: "Luar Negeri / overseas"}
STATUSES = {
    Status.PROPOSED: "diusulkan / proposed",
    Status.PLANNED: "direncanakan / planned",
    Status.CALL_OPEN: "Panggilan Terbuka dibuka / the call is open",
    Status.CALL_CLOSED: "Panggilan Terbuka ditutup / the call has closed",
    Status.VERIFIED: "verifikasi selesai / verified",
    Status.DECREED: "peserta ditetapkan / decreed",
    Status.RUNNING: "berlangsung / running",
    Status.ENDED: "selesai / ended",
    Status.REPORTED: "dilaporkan / reported",
    Status.CANCELLED: "dibatalkan / cancelled",
}


@dataclass(frozen=True, kw_only=True)
class CalendarEntry:
    """An exhibition with its id, its version, and the time of its last change."""

    id: str
    version: int
    changed_at: datetime
    state: Exhibition


def calendar_of(entries: Iterable[CalendarEntry]) -> bytes:
    """Return the calendar of those of these exhibitions that have days."""
    events = [event for entry in entries for event in _events(entry)]
    calendar = Calendar.new(
        prodid=PRODUCT, name=NAME, uid=f"exhibitions@{DOMAIN}", subcomponents=events
    )
    days = [event.start for event in calendar.events]
    if days:
        # The rules of each zone for these years; a program may know no names of zones.
        years = [day.year for day in days]
        calendar.add_missing_timezones(date(min(years), 1, 1), date(max(years) + 1, 1, 1))
    content: bytes = calendar.to_ical()
    return content


def _events(entry: CalendarEntry) -> Iterator[Event]:
    if entry.state.plan is not None:
        yield _show(entry, entry.state.plan)
    if entry.state.call is not None:
        yield _closing(entry, entry.state.call)


def _show(entry: CalendarEntry, plan: Plan) -> Event:
    state = entry.state
    event = Event.new(
        uid=f"{entry.id}@{DOMAIN}",
        summary=state.name,
        start=plan.starts_on,
        # The end of whole days is the day after them (RFC 5545, 3.6.1).
        end=plan.ends_on + timedelta(days=1),
        location=f"{plan.venue}, {state.city}",
        description="\n".join(
            (
                f"Status: {STATUSES[state.status]}",
                f"Penyelenggara / organiser: {state.organiser}",
                f"Tempat / places: {plan.places}",
            )
        ),
        categories=[SCOPES[state.scope]],
    )
    return _versioned(event, entry)


def _closing(entry: CalendarEntry, call: Call) -> Event:
    event = Event.new(
        uid=f"{entry.id}.closing@{DOMAIN}",
        summary=f"Panggilan Terbuka ditutup / call closes: {entry.state.name}",
        start=call.closes_at.astimezone(ZoneInfo(entry.state.zone)),
        categories=[SCOPES[entry.state.scope]],
    )
    return _versioned(event, entry)


def _versioned(event: Event, entry: CalendarEntry) -> Event:
    cancelled = entry.state.status is Status.CANCELLED
    event.status = STATUS.CANCELLED if cancelled else STATUS.CONFIRMED
    event.transparency = TRANSP.TRANSPARENT
    event.sequence = entry.version
    event.stamp = event.last_modified = entry.changed_at
    return event
