"""The rules of attendance: recorded once the show runs, corrected by another officer."""

import pytest

from services.registration.domain.application.attendance import (
    CorrectAttendance,
    RecordAttendance,
    correct_attendance,
    record_attendance,
)
from services.registration.domain.application.decider import application
from services.registration.domain.application.state import ExhibitionFacts, Status
from services.registration.domain.exhibition.state import Status as ExhibitionStatus
from shared.contracts.event import Event
from shared.contracts.registration.application import (
    ApplicationLapsed,
    AttendanceContested,
    AttendanceCorrected,
    ParticipantAbsent,
    ParticipantAttended,
)
from tests.given import When, given
from tests.registration.examples import (
    ACCEPTING,
    APPLICANT,
    CONFIRMING,
    ELIGIBLE,
    SUBMITTED,
    WITHDRAWN,
    application_after,
)

ATTENDED = ParticipantAttended(applicant=APPLICANT, recorded_by="tester")
ABSENT = ParticipantAbsent(applicant=APPLICANT, recorded_by="tester")
CONTESTED = AttendanceContested(applicant=APPLICANT, reason="no-funds")


def corrected(*, present: bool, by: str = "siti", contested: bool = False) -> AttendanceCorrected:
    return AttendanceCorrected(
        applicant=APPLICANT,
        present=present,
        contested=contested,
        reason="the list was read wrongly",
        corrected_by=by,
    )


def recording(
    *past: Event,
    present: bool = True,
    status: ExhibitionStatus = ExhibitionStatus.RUNNING,
    **about: object,
) -> When:
    return given(application, *past).when(
        RecordAttendance(present=present),
        rule=record_attendance,
        facts=ExhibitionFacts(exhibition=status),
        **about,
    )


def correcting(
    *past: Event,
    present: bool,
    status: ExhibitionStatus = ExhibitionStatus.ENDED,
    actor: str = "siti",
    **about: object,
) -> When:
    return given(application, *past).when(
        CorrectAttendance(present=present, reason="the list was read wrongly"),
        rule=correct_attendance,
        facts=ExhibitionFacts(exhibition=status),
        actor=actor,
        **about,
    )


@pytest.mark.parametrize(("present", "event"), [(True, ATTENDED), (False, ABSENT)])
@pytest.mark.parametrize("status", [ExhibitionStatus.RUNNING, ExhibitionStatus.ENDED])
def test_attendance_is_recorded_while_the_show_runs_or_after(
    present: bool, event: Event, status: ExhibitionStatus
) -> None:
    recording(*CONFIRMING, present=present, status=status).then(event)


@pytest.mark.parametrize("status", [ExhibitionStatus.DECREED, ExhibitionStatus.REPORTED])
def test_attendance_is_neither_recorded_nor_corrected_before_the_show_or_after_its_report(
    status: ExhibitionStatus,
) -> None:
    recording(*CONFIRMING, status=status).refused("not-held")
    correcting(*CONFIRMING, ABSENT, present=True, status=status).refused("not-held")


@pytest.mark.parametrize("past", [(SUBMITTED, ELIGIBLE), ACCEPTING, (SUBMITTED, WITHDRAWN)])
def test_attendance_is_recorded_of_the_confirmed(past: tuple[Event, ...]) -> None:
    recording(*past).refused("not-confirmed")
    correcting(*past, present=True).refused("not-recorded")


@pytest.mark.parametrize("event", [ATTENDED, ABSENT])
def test_attendance_is_recorded_once(event: Event) -> None:
    recording(*CONFIRMING, event).refused("already-recorded")


def test_a_recorded_attendance_is_corrected_by_another_officer_in_both_directions() -> None:
    was_there = corrected(present=True)
    correcting(*CONFIRMING, ABSENT, present=True).then(was_there)
    state = application_after(*CONFIRMING, ABSENT, was_there)
    assert (state.status, state.recorded_by) == (Status.ATTENDED, "siti")
    correcting(*CONFIRMING, ATTENDED, present=False).then(corrected(present=False))
    # Who corrected it does not take the correction back alone.
    again = (*CONFIRMING, ABSENT, was_there)
    correcting(*again, present=False).refused("same-person")
    correcting(*again, present=False, actor="budi").then(corrected(present=False, by="budi"))


def test_who_recorded_it_does_not_correct_it() -> None:
    correcting(*CONFIRMING, ABSENT, present=True, actor="tester").refused("same-person")


def test_a_correction_to_what_is_recorded_changes_nothing() -> None:
    correcting(*CONFIRMING, ABSENT, present=False).then()
    correcting(*CONFIRMING, ABSENT, present=False, actor="tester").then()


def test_a_correction_says_if_the_place_had_been_lost() -> None:
    correcting(*CONFIRMING, ABSENT, CONTESTED, present=True).then(
        corrected(present=True, contested=True)
    )


def test_nobody_records_or_corrects_its_own_enterprise() -> None:
    recording(*CONFIRMING, enterprise="e-1").refused("own-enterprise")
    correcting(*CONFIRMING, ABSENT, present=True, enterprise="e-1").refused("own-enterprise")
    recording(*CONFIRMING, enterprise="e-2").then(ATTENDED)


def test_an_application_that_was_never_submitted_has_no_attendance() -> None:
    recording().refused("not-found")
    correcting(present=True).refused("not-found")


def test_a_lapsed_application_has_none_either() -> None:
    lapsed = ApplicationLapsed(applicant=APPLICANT, reason="no-funds")
    correcting(*CONFIRMING, lapsed, present=True).refused("not-recorded")
