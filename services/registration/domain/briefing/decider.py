"""The briefing (Pembekalan): scheduled, rescheduled, cancelled, and attended by participants.

It has no consequence for a place (ours): those who judge if a participant is ready see who
attended. Another officer than the one who recorded an attendance corrects it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC
from typing import Annotated

from pydantic import Field

from services.registration.domain.application.judges import require_judge
from services.registration.domain.application.state import Application
from services.registration.domain.application.state import Status as Applied
from services.registration.domain.briefing.state import Briefing, Status, evolve
from services.registration.domain.exhibition.state import Exhibition
from services.registration.domain.exhibition.state import Status as ExhibitionStatus
from shared.contracts.calendar import local_midnight, moment
from shared.contracts.ids import exhibition_of
from shared.contracts.registration.briefing import (
    BriefingAttendanceCorrected,
    BriefingAttended,
    BriefingCancelled,
    BriefingEvent,
    BriefingRescheduled,
    BriefingScheduled,
    Link,
)
from shared.contracts.words import Id, Instant, Text
from shared.contracts.zones import JAKARTA
from shared.kernel.decider import Context, Decider, Refused, absent
from shared.kernel.four_eyes import RECORD_AND_CORRECT, require_another_person

# Commands


Minutes = Annotated[int, Field(ge=1, le=24 * 60)]


@dataclass(frozen=True, kw_only=True)
class ScheduleBriefing:
    """Schedule a briefing of the participants, at a place, by a link, or both."""

    starts_at: Instant
    minutes: Minutes = 120
    place: Text | None = None
    link: Link | None = field(default=None, repr=False)


@dataclass(frozen=True, kw_only=True)
class RescheduleBriefing:
    """Hold the briefing at another time or place; `reason` stays private."""

    starts_at: Instant
    minutes: Minutes = 120
    place: Text | None = None
    link: Link | None = field(default=None, repr=False)
    reason: Text


@dataclass(frozen=True, kw_only=True)
class CancelBriefing:
    """Do not hold the briefing; `reason` stays private."""

    reason: Text


@dataclass(frozen=True, kw_only=True)
class RecordBriefingAttendance:
    """Record that a participant attended the briefing, or did not."""

    enterprise: Id
    attended: bool


@dataclass(frozen=True, kw_only=True)
class CorrectBriefingAttendance:
    """Correct the attendance of a participant; `reason` stays private."""

    enterprise: Id
    attended: bool
    reason: Text


AHEAD = frozenset(
    {
        ExhibitionStatus.CALL_OPEN,
        ExhibitionStatus.CALL_CLOSED,
        ExhibitionStatus.VERIFIED,
        ExhibitionStatus.DECREED,
    }
)
"""The statuses of an exhibition that has applicants and does not run yet."""

PARTICIPATING = frozenset({Applied.ACCEPTED, Applied.CONFIRMED, Applied.ATTENDED, Applied.ABSENT})
"""The statuses of those who have a place, or had it when the exhibition ran."""

# Rules


def schedule_briefing(
    command: ScheduleBriefing, facts: Exhibition, state: Briefing | None, context: Context
) -> Sequence[BriefingEvent]:
    """Schedule a briefing before the first day of an exhibition that has a call."""
    if state is not None:
        raise Refused(
            "already-scheduled",
            "This briefing is scheduled already: schedule another one with a new Idempotency-Key.",
        )
    _require_time(command, facts, context)
    return [
        BriefingScheduled(
            exhibition=exhibition_of(context.subject),
            starts_at=command.starts_at.astimezone(UTC),
            minutes=command.minutes,
            place=command.place or "",
            link=command.link or "",
            scheduled_by=context.actor,
        )
    ]


def reschedule_briefing(
    command: RescheduleBriefing, facts: Exhibition, state: Briefing | None, context: Context
) -> Sequence[BriefingEvent]:
    """Change the time and place of a briefing whose attendance is not recorded yet."""
    if state is None:
        return absent(context, "briefing")
    _require_open(state)
    _require_time(command, facts, context)
    now = (command.starts_at, command.minutes, command.place or "", command.link or "")
    if now == (state.starts_at, state.minutes, state.place, state.link):
        return []
    return [
        BriefingRescheduled(
            exhibition=state.exhibition,
            starts_at=command.starts_at.astimezone(UTC),
            minutes=command.minutes,
            place=command.place or "",
            link=command.link or "",
            reason=command.reason,
            rescheduled_by=context.actor,
        )
    ]


def decide(
    command: CancelBriefing, state: Briefing | None, context: Context
) -> Sequence[BriefingEvent]:
    """Cancel a briefing once."""
    if state is None:
        return absent(context, "briefing")
    if state.status is Status.CANCELLED:
        return []
    _require_open(state)
    return [
        BriefingCancelled(
            exhibition=state.exhibition, reason=command.reason, cancelled_by=context.actor
        )
    ]


def record_attendance(
    command: RecordBriefingAttendance,
    facts: Application | None,
    state: Briefing | None,
    context: Context,
) -> Sequence[BriefingEvent]:
    """Record the attendance of a participant, once the briefing has begun."""
    if state is None:
        return absent(context, "briefing")
    _require_participant(facts, state, context)
    recorded = state.attendance.get(command.enterprise)
    if recorded is not None:
        if recorded.attended == command.attended:
            return []
        raise Refused(
            "already-recorded",
            "The attendance of this participant is recorded: correct it if that is wrong.",
        )
    return [
        BriefingAttended(
            exhibition=state.exhibition,
            enterprise=command.enterprise,
            attended=command.attended,
            recorded_by=context.actor,
        )
    ]


def correct_attendance(
    command: CorrectBriefingAttendance,
    facts: Application | None,
    state: Briefing | None,
    context: Context,
) -> Sequence[BriefingEvent]:
    """Correct a recorded attendance as another officer; do nothing if it is so already."""
    if state is None:
        return absent(context, "briefing")
    _require_participant(facts, state, context)
    recorded = state.attendance.get(command.enterprise)
    if recorded is None:
        raise Refused(
            "not-recorded", "The attendance of this participant is not recorded yet: record it."
        )
    if recorded.attended == command.attended:
        return []
    require_another_person(RECORD_AND_CORRECT, {recorded.recorded_by}, context)
    return [
        BriefingAttendanceCorrected(
            exhibition=state.exhibition,
            enterprise=command.enterprise,
            attended=command.attended,
            reason=command.reason,
            corrected_by=context.actor,
        )
    ]


def _require_time(
    command: ScheduleBriefing | RescheduleBriefing, facts: Exhibition, context: Context
) -> None:
    if facts.status not in AHEAD or facts.plan is None:
        raise Refused(
            "exhibition-not-ahead",
            f"The exhibition is {facts.status}: its participants are briefed after its call has "
            "opened and before it runs.",
        )
    if command.starts_at <= context.now:
        raise Refused(
            "starts-in-the-past",
            "The briefing would begin in the past: choose a later `starts_at`.",
        )
    first_day = local_midnight(facts.plan.starts_on, facts.zone)
    if command.starts_at >= first_day:
        raise Refused(
            "starts-too-late",
            f"The exhibition begins at {moment(first_day.astimezone(UTC), facts.zone)}: choose an "
            "earlier `starts_at`.",
        )
    if command.place is None and command.link is None:
        raise Refused(
            "neither-place-nor-link",
            "Participants must know where to come: name `place` or `link`.",
        )


def _require_open(state: Briefing) -> None:
    if state.status is Status.CANCELLED:
        raise Refused(
            "briefing-cancelled", "This briefing is cancelled: schedule another one instead."
        )
    if state.attendance:
        raise Refused(
            "attendance-recorded",
            "The attendance of this briefing is recorded, so it was held: you cannot change it.",
        )


def _require_participant(applied: Application | None, state: Briefing, context: Context) -> None:
    if state.status is Status.CANCELLED:
        raise Refused("briefing-cancelled", "This briefing is cancelled: it has no attendance.")
    if context.now < state.starts_at:
        zone = JAKARTA if applied is None else applied.zone
        raise Refused(
            "not-yet",
            f"The briefing begins at {moment(state.starts_at, zone)}: record attendance from then "
            "on.",
        )
    if applied is None or applied.status not in PARTICIPATING:
        raise Refused(
            "no-participant",
            "This enterprise has no place at the exhibition: name a participant.",
        )
    require_judge(applied, context)


briefing = Decider(
    kind="briefing",
    commands=ScheduleBriefing
    | RescheduleBriefing
    | CancelBriefing
    | RecordBriefingAttendance
    | CorrectBriefingAttendance,
    state=Briefing | None,
    events=BriefingEvent,
    initial=None,
    decide=decide,
    evolve=evolve,
    indexes=("exhibition", "status"),
    orders=(("exhibition", "starts_at"),),
)
