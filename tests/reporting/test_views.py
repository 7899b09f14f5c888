"""The mirrors of registration and selection in reporting, as whole documents."""

from dataclasses import replace
from datetime import date

import pytest

from services.reporting.app import service
from services.reporting.views import tallies
from services.reporting.views.applications import Application, Attendance, Stage, applications
from services.reporting.views.registration import (
    Enterprise,
    Exhibition,
    Phase,
    Programme,
    TargetSet,
    enterprises,
    exhibitions,
    programmes,
)
from services.reporting.views.selection import (
    Candidate,
    Rubric,
    candidates,
    rubrics,
)
from shared.contracts.budget import BudgetEvent
from shared.contracts.event import Event, event_classes
from shared.contracts.registration import RegistrationEvent
from shared.contracts.registration.application import (
    ApplicationResubmitted,
    ApplicationSubmitted,
    AttendanceCorrected,
    CorrectionRequested,
    ParticipantAbsent,
)
from shared.contracts.registration.application_codes import CorrectionField
from shared.contracts.registration.check_in import AttendanceRetracted
from shared.contracts.registration.enterprise import EnterpriseRegistered
from shared.contracts.registration.exhibition import (
    CallClosed,
    CallOpened,
    CancellationCode,
    ExhibitionCancelled,
    ExhibitionEnded,
    ExhibitionOpened,
    ExhibitionPlanned,
    ExhibitionProposed,
)
from shared.contracts.registration.programme import (
    ProgrammeAnnounced,
    TargetsRevised,
    TargetsRevisionCode,
)
from shared.contracts.reporting import ReportingEvent
from shared.contracts.selection import SelectionEvent
from shared.contracts.selection.candidate import CandidateEntered, CandidateScored
from shared.contracts.selection.rubric import RubricPublished
from shared.contracts.words import Indicator, Scope, Target, TargetScope
from tests.given import NOW
from tests.reporting.examples import (
    APPLICANT,
    ENTERPRISE,
    EXHIBITION,
    about,
    folded,
)
from tests.reporting.journeys import journey
from tests.rubrics import SPOKEN, criterion

ABOUT = about()
KUKM = Target(scope=TargetScope.ALL, indicator=Indicator.PARTICIPATIONS, value=700)
MORE = Target(scope=TargetScope.ALL, indicator=Indicator.PARTICIPATIONS, value=750)
PROPOSED = ExhibitionProposed(
    name="MIHAS 2018", city="Kuala Lumpur", country="MY", organiser="MATRADE", **ABOUT
)
OPENED = CallOpened(
    places=30,
    opened_at=NOW,
    closes_at=NOW,
    starts_on=date(2018, 4, 4),
    ends_on=date(2018, 4, 7),
    rule_set="r",
    requirements=(),
    rubric="r-1",
    threshold=7_000,
    sheets_min=3,
    offer_hours=72,
    **ABOUT,
)
RUNNING, ENDED = ExhibitionOpened(**ABOUT), ExhibitionEnded(**ABOUT)
CANCELLED = ExhibitionCancelled(code=CancellationCode.FORCE_MAJEURE, **ABOUT)


def test_every_kind_that_any_figure_may_count_is_mirrored() -> None:
    published = {
        (cls.service, cls.kind)
        for union in (RegistrationEvent, SelectionEvent, BudgetEvent, ReportingEvent)
        for cls in event_classes(union)
    }
    # No figure counts these.
    uncounted = ("briefing", "document", "dossier", "draft", "floor-plan", "import", "rule-set")
    published -= {("registration", "issued-document")}
    published -= {("registration", kind) for kind in uncounted}
    published -= {("registration", "suspicion")}
    published -= {("selection", "ranking")}
    assert {(mirror.service, mirror.kind) for mirror in service.mirrors} == published


def test_reporting_sends_commands_to_its_own_outcomes_only() -> None:
    assert [reaction.name for reaction in service.reactions] == ["restate-outcomes"]


def test_a_programme_keeps_its_original_targets_beside_every_revision() -> None:
    announced = ProgrammeAnnounced(
        programme="2018",
        title="Pameran 2018",
        targets=(KUKM,),
        document_number="D-1",
        signed_on=date(2018, 1, 2),
    )
    revised = TargetsRevised(
        programme="2018",
        targets=(MORE,),
        document_number="D-2",
        signed_on=date(2018, 8, 1),
        code=TargetsRevisionCode.BUDGET_CHANGED,
    )
    back = TargetsRevised(
        programme="2018",
        targets=(KUKM,),
        document_number="D-3",
        signed_on=date(2018, 8, 2),
        code=TargetsRevisionCode.COUNTING_CORRECTED,
    )
    original = TargetSet(items=(KUKM,), document_number="D-1", signed_on=date(2018, 1, 2))
    more = TargetSet(
        items=(MORE,), document_number="D-2", signed_on=date(2018, 8, 1), code="budget-changed"
    )
    again = TargetSet(
        items=(KUKM,), document_number="D-3", signed_on=date(2018, 8, 2), code="counting-corrected"
    )
    programme = folded(programmes, [announced, revised])
    assert programme == Programme(title="Pameran 2018", original=original, revisions=(more,))
    assert programme.present == more
    assert folded(programmes, [announced]).present == original
    assert folded(programmes, [announced, revised, back]).revisions == (more, again)


@pytest.mark.parametrize(
    ("events", "phase"),
    [
        ([PROPOSED], Phase.PROPOSED),
        ([PROPOSED, OPENED, CallClosed(**ABOUT)], Phase.CALLED),
        ([PROPOSED, OPENED, RUNNING], Phase.HELD),
        ([PROPOSED, OPENED, RUNNING, ENDED], Phase.HELD),
        ([PROPOSED, OPENED, CANCELLED], Phase.CANCELLED),
    ],
)
def test_an_exhibition_is_held_from_its_opening(events: list[Event], phase: Phase) -> None:
    expected = Exhibition(programme="2018", scope=Scope.OVERSEAS, name="MIHAS 2018", held=phase)
    assert folded(exhibitions, events) == expected


def test_an_exhibition_that_is_illustrative_says_so() -> None:
    flagged = PROPOSED.model_copy(update={"illustrative": True})
    assert not folded(exhibitions, [PROPOSED]).illustrative
    assert folded(exhibitions, [flagged, OPENED]).illustrative


def test_an_exhibition_has_its_planned_days() -> None:
    first, last = date(2018, 4, 4), date(2018, 4, 7)
    planned = ExhibitionPlanned(
        name="MIHAS", venue="MITEC", starts_on=first, ends_on=last, places=30, **ABOUT
    )
    state = folded(exhibitions, [PROPOSED, planned, OPENED])
    assert (state.starts_on, state.ends_on) == (first, last)


@pytest.mark.parametrize(
    ("phase", "numbers"),
    [
        (Phase.PROPOSED, {"proposed": 1, "called": 0, "held": 0, "cancelled": 0}),
        (Phase.CALLED, {"proposed": 1, "called": 1, "held": 0, "cancelled": 0}),
        (Phase.HELD, {"proposed": 1, "called": 1, "held": 1, "cancelled": 0}),
        (Phase.CANCELLED, {"proposed": 1, "called": 0, "held": 0, "cancelled": 1}),
    ],
)
def test_an_exhibition_counts_by_its_phase(phase: Phase, numbers: dict[str, int]) -> None:
    expected = Exhibition(programme="2018", scope=Scope.OVERSEAS, held=phase)
    assert tallies.exhibitions.contribution(expected) == {("2018", "OVERSEAS"): numbers}


def test_an_enterprise_has_no_personal_data() -> None:
    registered = EnterpriseRegistered(
        enterprise=ENTERPRISE,
        cooperative=True,
        province=APPLICANT.province,
        sector="14",
        net_assets_idr=1,
        annual_sales_idr=1,
        earlier_participations=0,
    )
    assert folded(enterprises, [registered]) == Enterprise(cooperative=True, sector="14")


def test_an_application_has_every_stage_that_it_reached_in_order() -> None:
    expected = folded(applications, journey(APPLICANT)[:6])
    assert expected == Application(
        applicant=APPLICANT,
        enterprise=ENTERPRISE,
        stages=(
            Stage.SUBMITTED,
            Stage.ELIGIBLE,
            Stage.OFFERED,
            Stage.ACCEPTED,
            Stage.CONFIRMED,
            Stage.ATTENDED,
        ),
        capacity=1,
    )


def test_a_recorded_attendance_is_realised_contested_or_missed_and_never_two_of_these() -> None:
    contested = folded(applications, journey(APPLICANT))
    stayed_away = AttendanceCorrected(applicant=APPLICANT, present=False)
    came = AttendanceCorrected(applicant=APPLICANT, present=True)
    assert folded(applications, journey(APPLICANT)[:5]).attendance is None
    assert folded(applications, journey(APPLICANT)[:6]).attendance is Attendance.ATTENDED
    assert contested.attendance is Attendance.CONTESTED
    corrected = [*journey(APPLICANT), stayed_away]
    assert folded(applications, corrected).attendance is Attendance.ABSENT
    assert folded(applications, [*corrected, came]).attendance is Attendance.CONTESTED


def test_a_contested_participant_has_attended_and_has_a_step_of_its_own() -> None:
    contested = folded(applications, journey(APPLICANT))
    # It has sold, so it may report outcomes.
    assert Stage.ATTENDED in contested.stages
    assert contested.counted_stages[-2:] == ["confirmed", "contested"]
    assert folded(applications, journey(APPLICANT)[:6]).counted_stages[-1] == "attended"


def test_a_corrected_attendance_takes_the_place_of_the_recorded_one() -> None:
    came = AttendanceCorrected(applicant=APPLICANT, present=True)
    stayed_away = AttendanceCorrected(applicant=APPLICANT, present=False)
    absent = (*journey(APPLICANT)[:5], ParticipantAbsent(applicant=APPLICANT))
    attended = journey(APPLICANT)[:6]
    retracted = AttendanceRetracted(applicant=APPLICANT)
    for events, like, corrected_to in (
        ([*absent, came], attended, Attendance.ATTENDED),
        ([*attended, stayed_away], absent, Attendance.ABSENT),
        ([*attended, stayed_away, came], attended, Attendance.ATTENDED),
        ([*attended, retracted], journey(APPLICANT)[:5], Attendance.ABSENT),
        ([*attended, retracted, attended[-1]], attended, Attendance.ATTENDED),
    ):
        recorded = folded(applications, like)
        assert folded(applications, events) == replace(recorded, corrected_to=corrected_to)


def test_a_correction_is_no_stage() -> None:
    submitted = ApplicationSubmitted(
        applicant=APPLICANT, submitted_at=NOW, capacity=1, rule_set="r"
    )
    requested = CorrectionRequested(
        applicant=APPLICANT, fields=(CorrectionField.DOCUMENTS,), deadline_at=NOW
    )
    expected = Application(
        applicant=APPLICANT, enterprise=ENTERPRISE, stages=(Stage.SUBMITTED,), capacity=1
    )
    assert folded(applications, [submitted, requested]) == expected
    delivered = ApplicationResubmitted(applicant=APPLICANT, capacity=7)
    assert folded(applications, [submitted, requested, delivered]) == replace(expected, capacity=7)


def test_a_rubric_and_a_candidate_have_public_data_only() -> None:
    published = RubricPublished(rubric="r-1", title=SPOKEN, criteria=(criterion(),), thresholds={})
    assert folded(rubrics, [published]) == Rubric(title=SPOKEN)
    entered = CandidateEntered(applicant=APPLICANT, submitted_at=NOW)
    scored = CandidateScored(applicant=APPLICANT, closing=1, scored=True)
    assert folded(candidates, [entered]) == Candidate(exhibition=EXHIBITION)
    assert folded(candidates, [entered, scored]) == Candidate(exhibition=EXHIBITION, scored=True)
