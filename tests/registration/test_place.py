"""The rules of an applicant's place: answered in time, confirmed, attended, lost."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from services.registration.domain.application.decider import ApplicationCommand, application
from services.registration.domain.application.participations import (
    AcceptanceFacts,
    ParticipationFacts,
)
from services.registration.domain.application.place import (
    AcceptOffer,
    ConfirmParticipation,
    DeclineOffer,
    ExpireOffer,
    LapseApplication,
    ReceiveOffer,
    accept_offer,
    offer_deadline,
)
from services.registration.domain.application.state import TICK, Application, Status
from shared.contracts.event import Event
from shared.contracts.registration.application import (
    ApplicationLapsed,
    AttendanceContested,
    OfferExpired,
    ParticipantAbsent,
    PlaceDeclined,
)
from shared.contracts.registration.application_codes import DeclineReason
from shared.contracts.words import Scope
from shared.kernel.decider import Deadline, Origin
from tests.given import NOW, When, given
from tests.registration.examples import (
    ACCEPTED,
    ACCEPTING,
    APPLICANT,
    ATTENDED,
    CONFIRMED,
    CONFIRMING,
    DEADLINE_AT,
    ELIGIBLE,
    EXHIBITION,
    LATEST_AT,
    OFFERED,
    OFFERING,
    SUBMITTED,
    WITHDRAWN,
    application_after,
)

DECLINED = PlaceDeclined(applicant=APPLICANT)
EXPIRED = OfferExpired(applicant=APPLICANT)
LAPSED = ApplicationLapsed(applicant=APPLICANT, reason="no-funds")
ABSENT = ParticipantAbsent(applicant=APPLICANT)
CONTESTED = AttendanceContested(applicant=APPLICANT, reason="no-funds")
LAPSE = LapseApplication(reason="no-funds")
RECEIVE = ReceiveOffer(deadline_at=DEADLINE_AT, offer_hours=72, latest_at=LATEST_AT)

CAP_REACHED = PlaceDeclined(
    applicant=APPLICANT, reason=DeclineReason.CAP_REACHED, declined_by="tester"
)
ACCEPTED_BY_TESTER = ACCEPTED.model_copy(update={"accepted_by": "tester"})
DECLINED_BY_TESTER = DECLINED.model_copy(update={"declined_by": "tester"})


def having(*others: Application, slot: int | None = 1) -> AcceptanceFacts:
    """Return the facts of an acceptance by an enterprise with these other applications."""
    applications = (application_after(*OFFERING), *others)
    return AcceptanceFacts(
        participations=ParticipationFacts(applications=applications), places_max=3, slot=slot
    )


FREE = having()
WAITING = (SUBMITTED, ELIGIBLE)
ENDINGS = (
    (SUBMITTED, WITHDRAWN),
    (*OFFERING, DECLINED),
    (*OFFERING, EXPIRED),
    (*WAITING, LAPSED),
)


def reacting(command: ApplicationCommand, *past: Event) -> When:
    return given(application, *past).when(command, origin=Origin.REACTION)


def test_an_eligible_application_receives_the_offer() -> None:
    reacting(RECEIVE, *WAITING).then(OFFERED)


@pytest.mark.parametrize(
    ("arrives_at", "deadline_at"),
    [
        (NOW, DEADLINE_AT),
        (NOW + timedelta(days=30), NOW + timedelta(days=33)),
        (LATEST_AT - timedelta(hours=71), LATEST_AT),
        (LATEST_AT + timedelta(hours=1), LATEST_AT),
    ],
)
def test_the_hours_of_an_offer_count_from_its_arrival_until_the_day_before_the_show(
    arrives_at: datetime, deadline_at: datetime
) -> None:
    arriving = given(application, *WAITING).when(RECEIVE, origin=Origin.REACTION, now=arrives_at)
    arriving.then(OFFERED.model_copy(update={"deadline_at": deadline_at}))


@pytest.mark.parametrize("past", [(), (SUBMITTED,), OFFERING, ACCEPTING, *ENDINGS])
def test_an_offer_that_comes_late_changes_nothing(past: tuple[Event, ...]) -> None:
    reacting(RECEIVE, *past).then()


def test_an_answer_at_the_deadline_is_in_time() -> None:
    offered = given(application, *OFFERING)
    offered.when(AcceptOffer(), rule=accept_offer, facts=FREE, now=DEADLINE_AT).then(
        ACCEPTED_BY_TESTER
    )
    offered.when(DeclineOffer(), now=DEADLINE_AT).then(DECLINED_BY_TESTER)


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


@pytest.mark.parametrize("slot", [None, 3])
def test_the_acceptance_of_a_fourth_place_in_the_scope_declines_it(slot: int | None) -> None:
    full = having(*taken("ifex", "ifw", "tei"), slot=slot)
    offered = given(application, *OFFERING)
    offered.when(AcceptOffer(), rule=accept_offer, facts=full).then(CAP_REACHED)
    offered.when(DeclineOffer()).then(DECLINED_BY_TESTER)
    late = offered.when(AcceptOffer(), rule=accept_offer, facts=full, now=DEADLINE_AT + TICK)
    late.refused("offer-expired")


def test_the_third_place_is_accepted_whatever_is_taken_in_the_other_scope() -> None:
    overseas = taken("mihas", "chibimart", "moscow", scope=Scope.OVERSEAS)
    facts = having(*taken("ifex", "ifw"), *overseas, slot=3)
    third = ACCEPTED_BY_TESTER.model_copy(update={"slot": 3})
    given(application, *OFFERING).when(AcceptOffer(), rule=accept_offer, facts=facts).then(third)


def test_an_acceptance_waits_while_others_are_taking_the_last_slot() -> None:
    facts = having(*taken("ifex", "ifw"), slot=None)
    accepting = given(application, *OFFERING).when(AcceptOffer(), rule=accept_offer, facts=facts)
    accepting.refused("slots-busy")


def of_duplicate(*past: Event, exhibition: str = EXHIBITION) -> Application:
    """Return an application of a confirmed duplicate of the applicant, after these events."""
    state = application_after(*past)
    applicant = state.applicant.model_copy(update={"enterprise": "e-2", "exhibition": exhibition})
    return replace(state, exhibition=exhibition, enterprise="e-2", applicant=applicant)


@pytest.mark.parametrize("past", [ACCEPTING, CONFIRMING, (*CONFIRMING, ABSENT)])
def test_a_second_place_of_duplicates_at_one_exhibition_is_refused(past: tuple[Event, ...]) -> None:
    offered = given(application, *OFFERING)
    beside = having(of_duplicate(*past))
    offered.when(AcceptOffer(), rule=accept_offer, facts=beside).refused("duplicate-placed")
    elsewhere = having(of_duplicate(*past, exhibition="ifex"))
    offered.when(AcceptOffer(), rule=accept_offer, facts=elsewhere).then(ACCEPTED_BY_TESTER)


def test_places_of_duplicates_count_together() -> None:
    shows = ("ifex", "ifw", "tei")
    full = having(*(of_duplicate(*CONFIRMING, exhibition=show) for show in shows))
    given(application, *OFFERING).when(AcceptOffer(), rule=accept_offer, facts=full).then(
        CAP_REACHED
    )


@pytest.mark.parametrize(
    ("past", "held", "may_claim"),
    [
        (OFFERING, False, True),
        (ACCEPTING, True, False),
        (CONFIRMING, True, False),
        ((*CONFIRMING, ATTENDED), True, False),
        ((*CONFIRMING, ABSENT), True, False),
        ((*CONFIRMING, WITHDRAWN), False, False),
        ((*CONFIRMING, WITHDRAWN.model_copy(update={"after_decree": True})), True, False),
        ((*CONFIRMING, LAPSED), False, False),
        ((*OFFERING, DECLINED), False, False),
        ((*OFFERING, EXPIRED), False, False),
    ],
)
def test_a_slot_is_held_as_long_as_it_counts(
    past: tuple[Event, ...], *, held: bool, may_claim: bool
) -> None:
    state = application_after(*past)
    claims = {"slot/2018.DOMESTIC.e-1/1": "place"} if held else {}
    assert application.claims(state) == claims
    assert application.may_claim(state) is may_claim


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
    assert application.deadline(given(application, *past).state) is None


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


@pytest.mark.parametrize(
    ("recorded", "status"), [(ATTENDED, Status.ATTENDED), (ABSENT, Status.ABSENT)]
)
def test_an_attendance_of_a_place_that_was_lost_is_contested_once(
    recorded: Event, status: Status
) -> None:
    reacting(LAPSE, *CONFIRMING, recorded).then(CONTESTED)
    reacting(LAPSE, *CONFIRMING, recorded, CONTESTED).then()
    state = application_after(*CONFIRMING, recorded, CONTESTED)
    assert (state.status, state.contested) == (status, True)
