"""The rules of check-ins: each day once, by the time of the scan, undone by another officer."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given as given_any
from hypothesis import strategies as st

from services.registration.domain.application.attendance import (
    CorrectAttendance,
    RecordAttendance,
    correct_attendance,
    record_attendance,
)
from services.registration.domain.application.check_in import (
    CheckInFacts,
    CheckInParticipant,
    UndoCheckIn,
    check_in_participant,
    undo_check_in,
)
from services.registration.domain.application.decider import application
from services.registration.domain.application.state import (
    Application,
    CheckIn,
    ExhibitionFacts,
    Status,
)
from services.registration.domain.exhibition.state import Status as ExhibitionStatus
from shared.contracts.event import Event
from shared.contracts.registration.application import (
    ApplicationLapsed,
    AttendanceContested,
    ParticipantAbsent,
    ParticipantAttended,
)
from shared.contracts.registration.check_in import (
    AttendanceRetracted,
    CheckInUndone,
    ParticipantCheckedIn,
)
from shared.kernel.decider import Rule, decide_command
from shared.kernel.errors import Problem
from tests.given import When, context, given
from tests.registration.examples import (
    ACCEPTING,
    APPLICANT,
    CONFIRMING,
    ENDS_ON,
    STARTS_ON,
    SUBMITTED,
    WITHDRAWN,
    application_after,
)

FIRST = datetime(2018, 4, 25, 2, 30, tzinfo=UTC)
"""Half past nine in Jakarta on the first day of the show."""
NEXT = FIRST + timedelta(days=1)
LATE = datetime(2018, 4, 30, 3, tzinfo=UTC)
"""The day after the last day of the show."""
FACTS = CheckInFacts(
    exhibition=ExhibitionFacts(exhibition=ExhibitionStatus.RUNNING),
    starts_on=STARTS_ON,
    ends_on=ENDS_ON,
    booth="A-12",
)
ATTENDED = ParticipantAttended(applicant=APPLICANT, checked_in=True, recorded_by="tester")
BY_HAND = ParticipantAttended(applicant=APPLICANT, recorded_by="tester")
ABSENT = ParticipantAbsent(applicant=APPLICANT, recorded_by="tester")
RETRACTED = AttendanceRetracted(applicant=APPLICANT)
CONTESTED = AttendanceContested(applicant=APPLICANT, reason="sanction")


def checked_in(scanned_at: datetime = FIRST, booth: str | None = "A-12") -> ParticipantCheckedIn:
    day = (scanned_at + timedelta(hours=7)).date()
    return ParticipantCheckedIn(
        applicant=APPLICANT, day=day, booth=booth, scanned_at=scanned_at, checked_by="tester"
    )


def undone(day: date = STARTS_ON) -> CheckInUndone:
    return CheckInUndone(applicant=APPLICANT, day=day, reason="another badge", undone_by="siti")


def facts(status: ExhibitionStatus, booth: str | None = "A-12") -> CheckInFacts:
    held = ExhibitionFacts(exhibition=status)
    return CheckInFacts(exhibition=held, starts_on=STARTS_ON, ends_on=ENDS_ON, booth=booth)


def scanning(
    *past: Event,
    now: datetime = FIRST,
    scanned_at: datetime | None = None,
    facts: CheckInFacts = FACTS,
    **about: Any,
) -> When:
    command = CheckInParticipant(check_in_code="the route has read it", scanned_at=scanned_at)
    return given(application, *past).when(
        command, rule=check_in_participant, facts=facts, now=now, **about
    )


def undoing(*past: Event, day: date = STARTS_ON, actor: str = "siti", **about: Any) -> When:
    command = UndoCheckIn(day=day, reason="another badge")
    held = ExhibitionFacts(exhibition=ExhibitionStatus.RUNNING)
    return given(application, *past).when(
        command, rule=undo_check_in, facts=held, actor=actor, now=NEXT, **about
    )


def test_the_first_check_in_records_the_attendance() -> None:
    scanning(*CONFIRMING).then(ATTENDED, checked_in())
    state = application_after(*CONFIRMING, ATTENDED, checked_in())
    assert (state.status, state.recorded_by) == (Status.ATTENDED, "tester")
    assert state.check_ins == (
        CheckIn(day=STARTS_ON, booth="A-12", scanned_at=FIRST, checked_by="tester"),
    )


def test_each_further_day_is_recorded_beside_it() -> None:
    scanning(*CONFIRMING, ATTENDED, checked_in(), now=NEXT).then(checked_in(NEXT))
    scanning(*CONFIRMING, BY_HAND, now=NEXT).then(checked_in(NEXT))


def test_a_second_scan_of_a_day_changes_nothing() -> None:
    past = (*CONFIRMING, ATTENDED, checked_in())
    scanning(*past, now=FIRST + timedelta(hours=5)).then()
    scanning(*past, now=FIRST + timedelta(hours=5), actor="siti").then()
    scanning(*past, now=LATE, scanned_at=FIRST, facts=facts(ExhibitionStatus.REPORTED)).then()


def test_a_participant_without_a_booth_is_checked_in_too() -> None:
    without = facts(ExhibitionStatus.RUNNING, booth=None)
    scanning(*CONFIRMING, facts=without).then(ATTENDED, checked_in(booth=None))


def test_a_scan_that_comes_late_is_of_the_day_of_the_scan() -> None:
    ended = facts(ExhibitionStatus.ENDED)
    late = scanning(*CONFIRMING, now=LATE, scanned_at=FIRST, facts=ended)
    late.then(ATTENDED, checked_in())
    past = (*CONFIRMING, ATTENDED, checked_in(NEXT))
    state = application_after(*past, checked_in())
    assert [each.day for each in state.check_ins] == [STARTS_ON, STARTS_ON + timedelta(days=1)]


@pytest.mark.parametrize(
    ("scanned_at", "refused"),
    [
        (datetime(2018, 4, 24, 16, 59, 59, tzinfo=UTC), True),
        (datetime(2018, 4, 24, 17, tzinfo=UTC), False),
        (datetime(2018, 4, 29, 16, 59, 59, tzinfo=UTC), False),
        (datetime(2018, 4, 29, 17, tzinfo=UTC), True),
    ],
)
def test_a_scan_is_of_a_day_of_the_exhibition(scanned_at: datetime, *, refused: bool) -> None:
    scan = scanning(*CONFIRMING, now=LATE, scanned_at=scanned_at)
    if refused:
        scan.refused("not-a-day-of-the-exhibition")
    else:
        scan.then(ATTENDED, checked_in(scanned_at))


@pytest.mark.parametrize(
    ("scanned_at", "refused"),
    [
        (datetime(2018, 4, 24, 14, 59, 59, tzinfo=UTC), True),
        (datetime(2018, 4, 24, 15, tzinfo=UTC), False),
        (datetime(2018, 4, 29, 14, 59, 59, tzinfo=UTC), False),
        (datetime(2018, 4, 29, 15, tzinfo=UTC), True),
    ],
)
def test_the_days_of_a_scan_are_those_of_the_host(scanned_at: datetime, *, refused: bool) -> None:
    in_jayapura = SUBMITTED.model_copy(update={"zone": "Asia/Jayapura"})
    past = [in_jayapura if event is SUBMITTED else event for event in CONFIRMING]
    scan = scanning(*past, now=LATE, scanned_at=scanned_at)
    if refused:
        scan.refused("not-a-day-of-the-exhibition", "2018-04-25")
    else:
        day = (scanned_at + timedelta(hours=9)).date()
        scan.then(ATTENDED, checked_in(scanned_at).model_copy(update={"day": day}))


def test_no_code_is_scanned_in_the_future() -> None:
    scanning(*CONFIRMING, scanned_at=FIRST).then(ATTENDED, checked_in())
    later = FIRST + timedelta(milliseconds=1)
    scanning(*CONFIRMING, scanned_at=later).refused("scanned-in-the-future", "clock of the device")


@pytest.mark.parametrize("past", [(SUBMITTED,), ACCEPTING, (SUBMITTED, WITHDRAWN)])
def test_only_a_confirmed_participant_is_checked_in(past: tuple[Event, ...]) -> None:
    scanning(*past).refused("not-confirmed", application_after(*past).status)


def test_who_lost_its_place_is_not_checked_in() -> None:
    lapsed = ApplicationLapsed(applicant=APPLICANT, reason="sanction")
    scanning(*CONFIRMING, lapsed).refused("not-confirmed", "LAPSED")


def test_who_is_recorded_as_absent_needs_a_correction_first() -> None:
    scanning(*CONFIRMING, ABSENT).refused("recorded-absent")


@pytest.mark.parametrize("status", [ExhibitionStatus.DECREED, ExhibitionStatus.REPORTED])
def test_codes_are_scanned_between_opening_and_report(status: ExhibitionStatus) -> None:
    scanning(*CONFIRMING, facts=facts(status)).refused("not-held")


def test_no_application_no_check_in() -> None:
    scanning().refused("not-found")
    undoing().refused("not-found")


def test_a_token_of_the_enterprise_checks_nothing_in() -> None:
    scanning(*CONFIRMING, enterprise=APPLICANT.enterprise).refused("own-enterprise")
    undoing(*CONFIRMING, enterprise=APPLICANT.enterprise).refused("own-enterprise")


def test_another_officer_undoes_a_check_in() -> None:
    past = (*CONFIRMING, ATTENDED, checked_in(), checked_in(NEXT))
    undoing(*past).then(undone())
    undoing(*past, actor="tester").refused("same-person")
    undoing(*past, day=ENDS_ON).refused("no-such-check-in")
    undoing(*past, undone()).refused("no-such-check-in")


def test_the_last_check_in_undone_takes_its_attendance_back() -> None:
    past = (*CONFIRMING, ATTENDED, checked_in())
    undoing(*past).then(undone(), RETRACTED)
    state = application_after(*past, undone(), RETRACTED)
    assert state == application_after(*CONFIRMING)
    scanning(*past, undone(), RETRACTED).then(ATTENDED, checked_in())


def test_an_attendance_that_an_officer_recorded_stays() -> None:
    past = (*CONFIRMING, BY_HAND, checked_in())
    undoing(*past).then(undone())
    assert application_after(*past, undone()).status is Status.ATTENDED


def test_a_contested_attendance_stays_for_the_auditors() -> None:
    undoing(*CONFIRMING, ATTENDED, checked_in(), CONTESTED).then(undone())


def test_who_was_checked_in_is_not_corrected_to_absent() -> None:
    past = (*CONFIRMING, BY_HAND, checked_in())
    command = CorrectAttendance(present=False, reason="mistaken")
    held = ExhibitionFacts(exhibition=ExhibitionStatus.RUNNING)
    by: dict[str, Any] = {"rule": correct_attendance, "facts": held, "actor": "siti"}
    given(application, *past).when(command, **by).refused("checked-in", "2018-04-25")
    assert given(application, *past, undone()).when(command, **by).events()


SCANS = st.builds(
    CheckInParticipant,
    check_in_code=st.just("x"),
    scanned_at=st.sampled_from([FIRST, NEXT, FIRST + timedelta(hours=9), LATE]),
)
STEPS = st.one_of(
    SCANS,
    st.builds(UndoCheckIn, day=st.sampled_from([STARTS_ON, NEXT.date()]), reason=st.just("x")),
    st.builds(RecordAttendance, present=st.booleans()),
    st.builds(CorrectAttendance, present=st.booleans(), reason=st.just("x")),
)
HELD = ExhibitionFacts(exhibition=ExhibitionStatus.RUNNING)
RULES: dict[type[object], tuple[Rule[Any, Any, Any], object]] = {
    CheckInParticipant: (check_in_participant, FACTS),
    UndoCheckIn: (undo_check_in, HELD),
    RecordAttendance: (record_attendance, HELD),
    CorrectAttendance: (correct_attendance, HELD),
}


@given_any(st.lists(st.tuples(STEPS, st.sampled_from(("tester", "siti"))), max_size=30))
def test_no_order_of_officers_makes_an_absent_participant_with_days(
    steps: list[tuple[object, str]],
) -> None:
    state: Application | None = application_after(*CONFIRMING)
    for command, actor in steps:
        rule, facts = RULES[type(command)]
        by = context(actor=actor, now=LATE)
        try:
            events = decide_command(application, command, state, by, rule=rule, facts=facts)
        except Problem:
            continue
        for event in events:
            state = application.evolve(state, event)
        assert state is not None
        days = [each.day for each in state.check_ins]
        assert days == sorted(set(days))
        assert not days or state.status is Status.ATTENDED
        assert all(STARTS_ON <= day <= ENDS_ON for day in days)
        assert not state.attended_by_check_in or days
