"""The rules of a briefing: scheduled before the show, held, attended, corrected by another."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.registration.domain.briefing.decider import (
    CancelBriefing,
    CorrectBriefingAttendance,
    RecordBriefingAttendance,
    RescheduleBriefing,
    ScheduleBriefing,
    briefing,
    correct_attendance,
    record_attendance,
    reschedule_briefing,
    schedule_briefing,
)
from services.registration.domain.briefing.state import Attendance, Briefing, Status, is_coming
from shared.contracts.event import Event
from shared.contracts.registration.briefing import (
    BriefingAttendanceCorrected,
    BriefingAttended,
    BriefingCancelled,
    BriefingRescheduled,
    BriefingScheduled,
)
from tests.given import NOW, When, given
from tests.registration.examples import (
    CALLED,
    CONFIRMING,
    ENTERPRISE,
    EXHIBITION,
    HOLDING,
    OFFERING,
    PLANNING,
    SUBMITTED,
    WITHDRAWN,
    application_after,
    exhibition_after,
)

ID = f"{EXHIBITION}.b-1"
STARTS_AT = datetime(2018, 4, 20, 3, tzinfo=UTC)
LATER = STARTS_AT + timedelta(days=1)
FIRST_DAY = datetime(2018, 4, 24, 17, tzinfo=UTC)
SCHEDULE = ScheduleBriefing(starts_at=STARTS_AT, place="JCC", link="https://example.id/x")
SCHEDULED = BriefingScheduled(
    exhibition=EXHIBITION,
    starts_at=STARTS_AT,
    minutes=120,
    place="JCC",
    link="https://example.id/x",
    scheduled_by="tester",
)
RESCHEDULE = RescheduleBriefing(starts_at=LATER, place="JCC", reason="the hall is taken")
RESCHEDULED = BriefingRescheduled(
    exhibition=EXHIBITION,
    starts_at=LATER,
    minutes=120,
    place="JCC",
    reason="the hall is taken",
    rescheduled_by="tester",
)
CANCELLED = BriefingCancelled(exhibition=EXHIBITION, reason="no trainer", cancelled_by="tester")
ATTENDED = BriefingAttended(
    exhibition=EXHIBITION, enterprise=ENTERPRISE, attended=True, recorded_by="tester"
)
CORRECTED = BriefingAttendanceCorrected(
    exhibition=EXHIBITION,
    enterprise=ENTERPRISE,
    attended=False,
    reason="another person",
    corrected_by="another",
)
AHEAD = exhibition_after(*CALLED)
PARTICIPANT = application_after(*CONFIRMING)


def scheduling(command: ScheduleBriefing, *past: Event, facts: Any = AHEAD) -> When:
    """Schedule a briefing."""
    return given(briefing, *past).when(command, rule=schedule_briefing, facts=facts, subject=ID)


def rescheduling(command: RescheduleBriefing, *past: Event, facts: Any = AHEAD) -> When:
    """Reschedule a briefing."""
    return given(briefing, *past).when(command, rule=reschedule_briefing, facts=facts, subject=ID)


def recording(*past: Event, attended: bool = True, facts: Any = PARTICIPANT, **about: Any) -> When:
    """Record an attendance, once the briefing has begun."""
    command = RecordBriefingAttendance(enterprise=ENTERPRISE, attended=attended)
    about = {"now": STARTS_AT} | about
    return given(briefing, *past).when(
        command, rule=record_attendance, facts=facts, subject=ID, **about
    )


def correcting(*past: Event, attended: bool = False, actor: str = "another", **about: Any) -> When:
    """Correct an attendance."""
    command = CorrectBriefingAttendance(
        enterprise=ENTERPRISE, attended=attended, reason="another person"
    )
    return given(briefing, *past).when(
        command,
        rule=correct_attendance,
        facts=PARTICIPANT,
        subject=ID,
        now=STARTS_AT,
        actor=actor,
        **about,
    )


def test_a_briefing_is_scheduled_before_the_first_day() -> None:
    scheduling(SCHEDULE).then(SCHEDULED)
    scheduling(SCHEDULE, SCHEDULED).refused("already-scheduled")
    scheduling(replace(SCHEDULE, starts_at=NOW)).refused("starts-in-the-past")
    scheduling(replace(SCHEDULE, starts_at=FIRST_DAY)).refused("starts-too-late")
    scheduling(replace(SCHEDULE, place=None, link=None)).refused("neither-place-nor-link")


@pytest.mark.parametrize("past", [PLANNING, HOLDING])
def test_only_an_exhibition_with_a_call_that_does_not_run_has_a_briefing(
    past: tuple[Event, ...],
) -> None:
    scheduling(SCHEDULE, facts=exhibition_after(*past)).refused("exhibition-not-ahead")


def test_a_briefing_is_rescheduled_until_it_was_held() -> None:
    rescheduling(RESCHEDULE, SCHEDULED).then(RESCHEDULED)
    rescheduling(RESCHEDULE, SCHEDULED, RESCHEDULED).then()
    rescheduling(RESCHEDULE, SCHEDULED, CANCELLED).refused("briefing-cancelled")
    rescheduling(RESCHEDULE, SCHEDULED, ATTENDED).refused("attendance-recorded")
    rescheduling(RESCHEDULE).refused("not-found")
    state = given(briefing, SCHEDULED, RESCHEDULED).state
    assert state == Briefing(
        exhibition=EXHIBITION,
        status=Status.SCHEDULED,
        starts_at=LATER,
        minutes=120,
        place="JCC",
        link="",
        words="the hall is taken",
    )
    assert (is_coming(state, LATER), is_coming(state, LATER + timedelta(hours=1))) == (True, False)


def test_a_briefing_is_cancelled_once() -> None:
    cancel = CancelBriefing(reason="no trainer")
    given(briefing, SCHEDULED).when(cancel, subject=ID).then(CANCELLED)
    given(briefing, SCHEDULED, CANCELLED).when(cancel, subject=ID).then()
    given(briefing, SCHEDULED, ATTENDED).when(cancel, subject=ID).refused("attendance-recorded")
    given(briefing).when(cancel, subject=ID).refused("not-found")
    assert not is_coming(given(briefing, SCHEDULED, CANCELLED).state, NOW)


def test_the_attendance_of_a_participant_is_recorded_once_the_briefing_has_begun() -> None:
    recording(SCHEDULED).then(ATTENDED)
    abroad = replace(PARTICIPANT, zone="Asia/Makassar")
    for facts, zone in ((PARTICIPANT, "WIB"), (abroad, "WITA"), (None, "WIB")):
        early = recording(SCHEDULED, now=STARTS_AT - timedelta(minutes=1), facts=facts)
        early.refused("not-yet", zone)
    recording(SCHEDULED, ATTENDED).then()
    recording(SCHEDULED, ATTENDED, attended=False).refused("already-recorded")
    recording(SCHEDULED, CANCELLED).refused("briefing-cancelled")
    recording().refused("not-found")


@pytest.mark.parametrize("past", [None, (SUBMITTED,), OFFERING, (*CONFIRMING, WITHDRAWN)])
def test_only_participants_have_an_attendance(past: tuple[Event, ...] | None) -> None:
    applied = application_after(*past) if past else None
    recording(SCHEDULED, facts=applied).refused("no-participant")


def test_another_officer_corrects_an_attendance() -> None:
    correcting(SCHEDULED, ATTENDED).then(CORRECTED)
    correcting(SCHEDULED, ATTENDED, attended=True).then()
    correcting(SCHEDULED, ATTENDED, actor="tester").refused("same-person")
    correcting(SCHEDULED).refused("not-recorded")
    correcting(SCHEDULED, ATTENDED, enterprise=ENTERPRISE).refused("own-enterprise")
    state = given(briefing, SCHEDULED, ATTENDED, CORRECTED).state
    assert state.attendance == {ENTERPRISE: Attendance(attended=False, recorded_by="another")}
