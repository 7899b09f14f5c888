"""The rules of an applicant's place: answered in time, confirmed, attended, lost."""

from datetime import timedelta

import pytest

from services.registration.domain.application.decider import ApplicationCommand, application
from services.registration.domain.application.participation_cap import ParticipationFacts
from services.registration.domain.application.place import (
    AcceptOffer,
    AttendanceFacts,
    ConfirmParticipation,
    DeclineOffer,
    ExpireOffer,
    LapseApplication,
    ReceiveOffer,
    RecordAttendance,
    accept_offer,
    offer_deadline,
    record_attendance,
)
from services.registration.domain.application.state import Application, Status
from services.registration.domain.exhibition.state import Status as ExhibitionStatus
from shared.contracts.event import Event
from shared.contracts.registration.application import (
    ApplicationLapsed,
    ApplicationWithdrawn,
    AttendanceContested,
    OfferExpired,
    ParticipantAbsent,
    PlaceDeclined,
)
from shared.contracts.words import Scope
from shared.kernel.decider import Deadline, Origin
from tests.given import When, given
from tests.registration.examples import (
    ACCEPTED,
    ACCEPTING,
    APPLICANT,
    ATTENDED,
    CONFIRMED,
    CONFIRMING,
    DEADLINE_AT,
    ELIGIBLE,
    OFFERED,
    OFFERING,
    SUBMITTED,
    application_after,
)

TICK = timedelta(milliseconds=1)
DECLINED = PlaceDeclined(applicant=APPLICANT)
EXPIRED = OfferExpired(applicant=APPLICANT)
LAPSED = ApplicationLapsed(applicant=APPLICANT, reason="no-funds")
WITHDRAWN = ApplicationWithdrawn(applicant=APPLICANT, reason="too busy")
ABSENT = ParticipantAbsent(applicant=APPLICANT)
CONTESTED = AttendanceContested(applicant=APPLICANT, reason="no-funds")
LAPSE = LapseApplication(reason="no-funds")
RECEIVE = ReceiveOffer(deadline_at=DEADLINE_AT)
HELD = AttendanceFacts(exhibition=ExhibitionStatus.RUNNING)

FREE = ParticipationFacts(applications=(application_after(*OFFERING),))

WAITING = (SUBMITTED, ELIGIBLE)
ENDINGS = (
    (SUBMITTED, WITHDRAWN),
    (*OFFERING, DECLINED),
    (*OFFERING, EXPIRED),
    (*WAITING, LAPSED),
    (*CONFIRMING, ABSENT),
)


def reacting(command: ApplicationCommand, *past: Event) -> When:
    return given(application, *past).when(command, origin=Origin.REACTION)


def test_an_eligible_application_receives_the_offer() -> None:
    reacting(RECEIVE, *WAITING).then(OFFERED)


@pytest.mark.parametrize("past", [(), (SUBMITTED,), OFFERING, ACCEPTING, *ENDINGS])
def test_an_offer_that_comes_late_changes_nothing(past: tuple[Event, ...]) -> None:
    reacting(RECEIVE, *past).then()


def test_an_answer_at_the_deadline_is_in_time() -> None:
    offered = given(application, *OFFERING)
    offered.when(AcceptOffer(), rule=accept_offer, facts=FREE, now=DEADLINE_AT).then(ACCEPTED)
    offered.when(DeclineOffer(), now=DEADLINE_AT).then(DECLINED)


@pytest.mark.parametrize("past", [OFFERING, (*OFFERING, EXPIRED)])
def test_a_late_answer_is_refused_before_and_after_the_sweep(
    past: tuple[Event, ...],
) -> None:
    late, offered = DEADLINE_AT + TICK, given(application, *past)
    offered.when(AcceptOffer(), rule=accept_offer, facts=FREE, now=late).refused("offer-expired")
    offered.when(DeclineOffer(), now=late).refused("offer-expired")


@pytest.mark.parametrize("past", [WAITING, ACCEPTING, CONFIRMING, (*OFFERING, DECLINED)])
def test_only_an_offer_is_answered(past: tuple[Event, ...]) -> None:
    given(application, *past).when(AcceptOffer(), rule=accept_offer, facts=FREE).refused("no-offer")
    given(application, *past).when(DeclineOffer()).refused("no-offer")


def taken(*shows: str, scope: Scope = Scope.DOMESTIC) -> tuple[Application, ...]:
    """Return the same enterprise's accepted places at other shows."""
    applicants = (
        APPLICANT.model_copy(update={"exhibition": show, "scope": scope}) for show in shows
    )
    return tuple(
        application_after(
            *(event.model_copy(update={"applicant": applicant}) for event in ACCEPTING)
        )
        for applicant in applicants
    )


def test_a_fourth_place_in_the_scope_is_not_accepted_but_may_be_declined() -> None:
    full = ParticipationFacts(applications=(*FREE.applications, *taken("ifex", "ifw", "tei")))
    offered = given(application, *OFFERING)
    offered.when(AcceptOffer(), rule=accept_offer, facts=full).refused("cap-reached")
    offered.when(DeclineOffer()).then(DECLINED)
    late = offered.when(AcceptOffer(), rule=accept_offer, facts=full, now=DEADLINE_AT + TICK)
    late.refused("offer-expired")


def test_the_third_place_is_accepted_whatever_is_taken_in_the_other_scope() -> None:
    overseas = taken("mihas", "chibimart", "moscow", scope=Scope.OVERSEAS)
    facts = ParticipationFacts(applications=(*FREE.applications, *taken("ifex", "ifw"), *overseas))
    given(application, *OFFERING).when(AcceptOffer(), rule=accept_offer, facts=facts).then(ACCEPTED)


def test_an_offer_expires_by_itself_just_after_its_deadline() -> None:
    deadline = Deadline(at=DEADLINE_AT + TICK, command=ExpireOffer())
    assert offer_deadline(application_after(*OFFERING)) == deadline
    sweep = {"origin": Origin.SWEEP, "now": deadline.at}
    given(application, *OFFERING).when(ExpireOffer(), **sweep).then(EXPIRED)


def test_the_sweep_does_nothing_at_the_deadline() -> None:
    sweep = {"origin": Origin.SWEEP, "now": DEADLINE_AT}
    given(application, *OFFERING).when(ExpireOffer(), **sweep).then()


@pytest.mark.parametrize("past", [(), WAITING, ACCEPTING, *ENDINGS])
def test_an_answered_offer_does_not_expire(past: tuple[Event, ...]) -> None:
    sweep = {"origin": Origin.SWEEP, "now": DEADLINE_AT + TICK}
    given(application, *past).when(ExpireOffer(), **sweep).then()
    assert offer_deadline(given(application, *past).state) is None


def test_no_person_makes_an_offer_expire_early() -> None:
    given(application, *OFFERING).when(ExpireOffer()).refused("no-late-offer")


def test_an_accepted_place_is_confirmed() -> None:
    reacting(ConfirmParticipation(), *ACCEPTING).then(CONFIRMED)


@pytest.mark.parametrize("past", [(), OFFERING, CONFIRMING, (*ACCEPTING, WITHDRAWN), *ENDINGS])
def test_a_confirmation_that_comes_late_changes_nothing(past: tuple[Event, ...]) -> None:
    reacting(ConfirmParticipation(), *past).then()


@pytest.mark.parametrize("past", [WAITING, OFFERING, ACCEPTING, CONFIRMING])
def test_a_lost_place_ends_the_application(past: tuple[Event, ...]) -> None:
    reacting(LAPSE, *past).then(LAPSED)


@pytest.mark.parametrize("past", [(), (SUBMITTED,), *ENDINGS])
def test_an_application_without_a_place_does_not_lapse(past: tuple[Event, ...]) -> None:
    reacting(LAPSE, *past).then()


def test_an_attendance_after_the_place_was_lost_is_contested_once() -> None:
    reacting(LAPSE, *CONFIRMING, ATTENDED).then(CONTESTED)
    reacting(LAPSE, *CONFIRMING, ATTENDED, CONTESTED).then()
    state = application_after(*CONFIRMING, ATTENDED, CONTESTED)
    assert (state.status, state.contested) == (Status.ATTENDED, True)


@pytest.mark.parametrize(("present", "event"), [(True, ATTENDED), (False, ABSENT)])
@pytest.mark.parametrize("status", [ExhibitionStatus.RUNNING, ExhibitionStatus.ENDED])
def test_attendance_is_recorded_while_the_show_runs_or_after(
    present: bool, event: Event, status: ExhibitionStatus
) -> None:
    facts = AttendanceFacts(exhibition=status)
    given(application, *CONFIRMING).when(
        RecordAttendance(present=present), rule=record_attendance, facts=facts
    ).then(event)


@pytest.mark.parametrize("status", [ExhibitionStatus.DECREED, ExhibitionStatus.REPORTED])
def test_attendance_is_not_recorded_before_the_show_or_after_its_report(
    status: ExhibitionStatus,
) -> None:
    facts = AttendanceFacts(exhibition=status)
    recording = given(application, *CONFIRMING).when(
        RecordAttendance(present=True), rule=record_attendance, facts=facts
    )
    recording.refused("not-held")


@pytest.mark.parametrize("past", [WAITING, ACCEPTING, (*CONFIRMING, ATTENDED), *ENDINGS])
def test_attendance_is_recorded_once_of_the_confirmed(past: tuple[Event, ...]) -> None:
    recording = given(application, *past).when(
        RecordAttendance(present=True), rule=record_attendance, facts=HELD
    )
    recording.refused("not-confirmed")
