"""The rules of check-ins: a code is scanned on a day of the exhibition, each day once.

The first check-in also records the attendance, unless an officer has recorded it. A device that was
offline sends the time of its scan later: that time decides the day. Another officer undoes a wrong
check-in. Undoing the last one takes the attendance back that only check-ins had shown, so that a
participant whose code was scanned by mistake is neither present nor absent. The code itself is
`services.registration.domain.check_in_code`; the route finds the participant by it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Annotated, assert_never

from pydantic import StringConstraints

from services.registration.domain.application.attendance import require_held
from services.registration.domain.application.judges import require_judge
from services.registration.domain.application.state import (
    Application,
    CheckIn,
    ExhibitionFacts,
    Status,
)
from shared.contracts.calendar import local_date, moment
from shared.contracts.registration.application import ApplicationEvent, ParticipantAttended
from shared.contracts.registration.check_in import (
    AttendanceRetracted,
    CheckInUndone,
    ParticipantCheckedIn,
)
from shared.contracts.words import Instant, Text
from shared.kernel.decider import Context, Refused, absent
from shared.kernel.four_eyes import CHECK_IN_AND_UNDO, require_another_person

# Commands


@dataclass(frozen=True, kw_only=True)
class CheckInParticipant:
    """Check in the participant whose code was scanned, now or at an earlier `scanned_at`."""

    check_in_code: Annotated[str, StringConstraints(min_length=1, max_length=40)] = field(
        repr=False
    )
    scanned_at: Instant | None = None


@dataclass(frozen=True, kw_only=True)
class UndoCheckIn:
    """Undo the check-in of a day, as another officer; `reason` stays private."""

    day: date
    reason: Text


@dataclass(frozen=True, kw_only=True)
class CheckInFacts:
    """The status of the exhibition, its days, and the booth of the participant."""

    exhibition: ExhibitionFacts
    starts_on: date
    ends_on: date
    booth: str | None


# Rules


def check_in_participant(
    command: CheckInParticipant,
    facts: CheckInFacts,
    state: Application | None,
    context: Context,
) -> Sequence[ApplicationEvent]:
    """Record that a participant was there on a day; a second scan of that day changes nothing."""
    if state is None:
        return absent(context, "application")
    require_judge(state, context)
    _require_present(state)
    scanned_at = (command.scanned_at or context.now).astimezone(UTC)
    day = local_date(scanned_at, state.zone)
    if any(each.day == day for each in state.check_ins):
        return []
    require_held(facts.exhibition)
    _check_time(scanned_at, facts, state, context)
    checked_in = ParticipantCheckedIn(
        applicant=state.applicant,
        day=day,
        booth=facts.booth,
        scanned_at=scanned_at,
        checked_by=context.actor,
    )
    if state.status is Status.ATTENDED:
        return [checked_in]
    attended = ParticipantAttended(
        applicant=state.applicant, checked_in=True, recorded_by=context.actor
    )
    return [attended, checked_in]


def undo_check_in(
    command: UndoCheckIn, facts: ExhibitionFacts, state: Application | None, context: Context
) -> Sequence[ApplicationEvent]:
    """Undo the check-in of a day until the exhibition is reported."""
    if state is None:
        return absent(context, "application")
    require_judge(state, context)
    require_held(facts)
    undone = next((each for each in state.check_ins if each.day == command.day), None)
    if undone is None:
        raise Refused(
            "no-such-check-in",
            f"There is no check-in of {command.day} for this application: name one of its days.",
        )
    require_another_person(CHECK_IN_AND_UNDO, {undone.checked_by}, context)
    events: list[ApplicationEvent] = [
        CheckInUndone(
            applicant=state.applicant,
            day=command.day,
            reason=command.reason,
            undone_by=context.actor,
        )
    ]
    # Whose place was lost cannot be a confirmed participant again: an officer corrects that.
    if state.attended_by_check_in and len(state.check_ins) == 1 and not state.contested:
        events.append(AttendanceRetracted(applicant=state.applicant))
    return events


def evolve_check_ins(
    state: Application, event: ParticipantCheckedIn | CheckInUndone
) -> Application:
    """Fold an event about a day of a participant."""
    others = tuple(each for each in state.check_ins if each.day != event.day)
    match event:
        case ParticipantCheckedIn():
            added = CheckIn(
                day=event.day,
                booth=event.booth,
                scanned_at=event.scanned_at,
                checked_by=event.checked_by,
            )
            by_day = sorted((*others, added), key=lambda each: each.day)
            return replace(state, check_ins=tuple(by_day))
        case CheckInUndone():
            return replace(state, check_ins=others)
        case _:
            assert_never(event)


def _require_present(state: Application) -> None:
    if state.status is Status.ABSENT:
        raise Refused(
            "recorded-absent",
            "This participant is recorded as absent: let another officer correct the attendance, "
            "and scan the code again.",
        )
    if state.status not in (Status.CONFIRMED, Status.ATTENDED):
        raise Refused(
            "not-confirmed",
            f"The application of this code is {state.status}, so it has no confirmed place: do not "
            "let it set up, and ask the programme officer.",
        )


def _check_time(
    scanned_at: datetime, facts: CheckInFacts, state: Application, context: Context
) -> None:
    if scanned_at > context.now:
        raise Refused(
            "scanned-in-the-future",
            f"The code was scanned at {moment(scanned_at, state.zone)}, and it is "
            f"{moment(context.now, state.zone)}: set the clock of the device, and scan the code "
            "again.",
        )
    day = local_date(scanned_at, state.zone)
    if not facts.starts_on <= day <= facts.ends_on:
        raise Refused(
            "not-a-day-of-the-exhibition",
            f"The code was scanned on {day}, and the exhibition is from "
            f"{facts.starts_on} to {facts.ends_on}: scan it on one of these days.",
        )
