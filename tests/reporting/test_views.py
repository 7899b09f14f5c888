"""The mirrors of registration and selection in reporting, as whole documents."""

from datetime import date

import pytest

from services.reporting.app import service
from services.reporting.views import tallies
from services.reporting.views.registration import (
    Application,
    Enterprise,
    Exhibition,
    Phase,
    Programme,
    Stage,
    applications,
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
    ApplicationSubmitted,
    AttendanceCorrected,
    CorrectionField,
    CorrectionRequested,
    ParticipantAbsent,
)
from shared.contracts.registration.enterprise import EnterpriseRegistered
from shared.contracts.registration.exhibition import (
    CallClosed,
    CallOpened,
    CancellationCode,
    ExhibitionCancelled,
    ExhibitionEnded,
    ExhibitionOpened,
    ExhibitionProposed,
)
from shared.contracts.registration.programme import ProgrammeAnnounced, TargetsRevised
from shared.contracts.reporting import ReportingEvent
from shared.contracts.selection import SelectionEvent
from shared.contracts.selection.candidate import CandidateEntered, CandidateScored
from shared.contracts.selection.rubric import Criterion, RubricPublished
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
    requirements=(),
    rubric="r-1",
    threshold=7_000,
    sheets_min=3,
    offer_hours=72,
    **ABOUT,
)
RUNNING, ENDED = ExhibitionOpened(**ABOUT), ExhibitionEnded(**ABOUT)
CANCELLED = ExhibitionCancelled(code=CancellationCode.FORCE_MAJEURE, **ABOUT)


def test_every_kind_that_any_service_publishes_is_mirrored() -> None:
    published = {
        (cls.service, cls.kind)
        for union in (RegistrationEvent, SelectionEvent, BudgetEvent, ReportingEvent)
        for cls in event_classes(union)
    }
    assert {(mirror.service, mirror.kind) for mirror in service.mirrors} == published


def test_reporting_sends_no_commands() -> None:
    assert service.reactions == ()


def test_a_programme_has_its_revised_targets() -> None:
    announced = ProgrammeAnnounced(
        programme="2018", title="Pameran 2018", targets=(KUKM,), document_number="D-1"
    )
    revised = TargetsRevised(
        programme="2018", targets=(MORE,), document_number="D-2", reason="APBN-P"
    )
    expected = Programme(title="Pameran 2018", targets=(MORE,), document_number="D-2")
    assert folded(programmes, [announced, revised]) == expected


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
        stages=(
            Stage.SUBMITTED,
            Stage.ELIGIBLE,
            Stage.OFFERED,
            Stage.ACCEPTED,
            Stage.CONFIRMED,
            Stage.ATTENDED,
        ),
    )


def test_a_contested_participation_is_attended_but_not_realised() -> None:
    expected = folded(applications, journey(APPLICANT))
    assert Stage.ATTENDED in expected.stages
    assert (expected.contested, expected.attended) == (True, False)


def test_a_corrected_attendance_takes_the_place_of_the_recorded_one() -> None:
    came = AttendanceCorrected(applicant=APPLICANT, present=True)
    stayed_away = AttendanceCorrected(applicant=APPLICANT, present=False)
    absent = (*journey(APPLICANT)[:5], ParticipantAbsent(applicant=APPLICANT))
    attended = journey(APPLICANT)[:6]
    assert folded(applications, [*absent, came]) == folded(applications, attended)
    assert folded(applications, [*attended, stayed_away]) == folded(applications, absent)
    assert folded(applications, [*attended, stayed_away, came]) == folded(applications, attended)


def test_a_correction_is_no_stage() -> None:
    submitted = ApplicationSubmitted(applicant=APPLICANT, submitted_at=NOW, capacity=1)
    requested = CorrectionRequested(
        applicant=APPLICANT, fields=(CorrectionField.DOCUMENTS,), deadline_at=NOW
    )
    expected = Application(applicant=APPLICANT, stages=(Stage.SUBMITTED,))
    assert folded(applications, [submitted, requested]) == expected


def test_a_rubric_and_a_candidate_have_public_data_only() -> None:
    quality = Criterion(code="q", name="Quality", weight=100, levels=("1", "2", "3", "4", "5"))
    published = RubricPublished(rubric="r-1", title="2018", criteria=(quality,), thresholds={})
    assert folded(rubrics, [published]) == Rubric(title="2018")
    entered = CandidateEntered(applicant=APPLICANT, submitted_at=NOW)
    scored = CandidateScored(applicant=APPLICANT, closing=1, scored=True)
    assert folded(candidates, [entered]) == Candidate(exhibition=EXHIBITION)
    assert folded(candidates, [entered, scored]) == Candidate(exhibition=EXHIBITION, scored=True)
