"""The state of a briefing, and the fold of its events into it."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from shared.contracts.registration.briefing import (
    BriefingAttendanceCorrected,
    BriefingAttended,
    BriefingCancelled,
    BriefingEvent,
    BriefingRescheduled,
    BriefingScheduled,
)

# State


class Status(StrEnum):
    """The status of a briefing."""

    SCHEDULED = "SCHEDULED"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, kw_only=True)
class Attendance:
    """The attendance of a participant, and the officer who recorded or corrected it last."""

    attended: bool
    recorded_by: str


@dataclass(frozen=True, kw_only=True)
class Briefing:
    """A briefing: its time, its place or link, and the attendance by enterprise.

    There are at most as many participants as the exhibition has had seats. `words` are the private
    words beside its last change.
    """

    exhibition: str
    status: Status
    starts_at: datetime
    minutes: int
    place: str
    link: str
    words: str = ""
    attendance: dict[str, Attendance] = field(default_factory=dict)


# Rules


def is_coming(state: Briefing, now: datetime) -> bool:
    """Return True if the briefing is still to be held."""
    return state.status is Status.SCHEDULED and state.starts_at >= now


def evolve(state: Briefing | None, event: BriefingEvent) -> Briefing:
    """Fold an event."""
    match event:
        case BriefingScheduled():
            return Briefing(
                exhibition=event.exhibition,
                status=Status.SCHEDULED,
                starts_at=event.starts_at,
                minutes=event.minutes,
                place=event.place,
                link=event.link,
            )
        case _ if state is None:
            raise ValueError(f"the first event of a briefing was {type(event).__name__}")
        case BriefingRescheduled():
            return replace(
                state,
                starts_at=event.starts_at,
                minutes=event.minutes,
                place=event.place,
                link=event.link,
                words=event.reason,
            )
        case BriefingCancelled():
            return replace(state, status=Status.CANCELLED, words=event.reason)
        case BriefingAttended():
            return _recorded(state, event, event.recorded_by)
        case BriefingAttendanceCorrected():
            return replace(_recorded(state, event, event.corrected_by), words=event.reason)
        case _:
            assert_never(event)


def _recorded(
    state: Briefing, event: BriefingAttended | BriefingAttendanceCorrected, person: str
) -> Briefing:
    found = Attendance(attended=event.attended, recorded_by=person)
    return replace(state, attendance={**state.attendance, event.enterprise: found})
